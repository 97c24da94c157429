package figures

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/view"
)

// The title of a stack is of the bar that loses most of its ideal, of those that their curves are judged by: not of one
// whose ideal the cores do not allow, while there are others.
func TestSpokenOf(t *testing.T) {
	at := func(label string, n, judged int, usable, speedup float64) view.StackAt {
		c := &study.Curve{Curve: curve.Curve{Points: []curve.Point{{N: 1}, {N: 2}, {N: 4}}}, Judged: judged}
		return view.StackAt{
			Curve: &view.Curve{Curve: c, Label: label}, N: n,
			Stack: &stack.Stack{N: float64(n), Usable: usable, Speedup: speedup},
		}
	}
	beyond := at("beyond the cores", 4, 2, 2, 0.9)
	for _, tt := range []struct {
		want string
		of   []view.StackAt
	}{
		{"processes", []view.StackAt{at("threads", 2, 1, 2, 1.8), at("processes", 2, 1, 2, 1.3), at("not judged", 4, 1, 2, 1.1)}},
		{"threads", []view.StackAt{at("threads", 2, 1, 2, 1.8), beyond}},
		{"beyond the cores", []view.StackAt{at("not judged", 2, -1, 2, 0.5), beyond}},
		{"not judged", []view.StackAt{at("not judged", 2, -1, 2, 1.8), at("neither", 2, -1, 2, 0.5)}},
	} {
		if got := spokenOf(tt.of).Curve.Label; got != tt.want {
			t.Errorf("spoken of is %q, want %q", got, tt.want)
		}
	}
}
