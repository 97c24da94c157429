package words

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A caveat has the figures of the kind, and of what is about points it says at which.
func TestCaveat(t *testing.T) {
	at := func(k warning.Kind, workers int, f warning.Figures) warning.Warning {
		p := point()
		p.Workers = workers
		w := warning.OfPoint(k, p)
		w.Figures = f
		return w
	}
	run := warning.Warning{Kind: warning.NoTrace, Subject: warning.Subject{Workload: "w", Run: sweep.Run{Point: point()}}}
	for _, tt := range []struct {
		all  []warning.Warning
		want string
	}{
		{[]warning.Warning{at(warning.Outliers, 1, warning.Figures{}), at(warning.Outliers, 1, warning.Figures{}), at(warning.Outliers, 2, warning.Figures{})}, "some launches took far more or less time than the rest: 2 workers"},
		{[]warning.Warning{at(warning.FailedTimed, 1, warning.Figures{Count: 1, Of: 10}), at(warning.FailedTimed, 2, warning.Figures{Count: 2, Of: 10}), at(warning.FailedTimed, 2, warning.Figures{Count: 2, Of: 10})}, "3 timed runs did not succeed, of 20 at their points: 2 workers"},
		{[]warning.Warning{at(warning.NotExplained, 1, warning.Figures{Ratio: 0.25}), at(warning.NotExplained, 2, warning.Figures{Ratio: 0.1})}, "up to 25" + NoBreak + "% of the lost core time is not explained: 2 workers"},
		{
			[]warning.Warning{at(warning.Withheld, 1, warning.Figures{Ratio: 0.01}), at(warning.Withheld, 2, warning.Figures{AgainstRatio: 0.3})},
			"up to 0" + NoBreak + "% of the lost core time may be noise and tracing, and is no finding: 2 workers",
		},
		{
			[]warning.Warning{at(warning.CausesExceed, 2, warning.Figures{Ratio: 0.74, AgainstRatio: 0.4})},
			"causes take 0.74× together and other rows give part of it back, so that 0.40× is lost: 2 workers",
		},
		{[]warning.Warning{at(warning.TracedLoses, 2, warning.Figures{Ratio: 0.11, AgainstRatio: 0.05})}, "traced runs lose 0.11×, timed ones 0.05×, maybe to other causes: 2 workers"},
		{[]warning.Warning{at(warning.NotExplained, 1, warning.Figures{Ratio: 0.25})}, "25" + NoBreak + "% of the lost core time is not explained: 2 workers"},
		{[]warning.Warning{{Kind: warning.AboveQuota, Figures: warning.Figures{Ratio: 1.5, Count: 2}}}, "a CPU quota of 1.50 cores holds points on 2 cores or more back"},
		{[]warning.Warning{{Kind: warning.ShortRuns, Figures: warning.Figures{Against: 50 * time.Millisecond, Count: 4, Of: 5}}}, "traced runs below 50.0" + NoBreak + "ms at 4 of 5 points: few samples"},
		{[]warning.Warning{{Kind: warning.Interrupted, Figures: warning.Figures{Count: 1, Of: 9}}}, "1 run was interrupted and does not count"},
		{
			[]warning.Warning{at(warning.TracedOutside, 2, warning.Figures{Ratio: 1.07})},
			"the work of traced runs took 1.07× that of timed ones, start-up apart: 2 workers",
		},
		{
			[]warning.Warning{at(warning.TracedOutside, 1, warning.Figures{Ratio: 1.13}), at(warning.TracedOutside, 2, warning.Figures{Ratio: 1.11})},
			"the work of traced runs took 1.11–1.13× that of timed ones, start-up apart: 2 workers",
		},
		{[]warning.Warning{run, run}, "traces are missing: 2 workers"},
		{[]warning.Warning{{Kind: warning.Recorded, Text: "in the words of a reader"}}, ""},
		{nil, ""},
	} {
		if got := Caveat(tt.all, "2 workers"); got != tt.want {
			t.Errorf("%+v\n got %q\nwant %q", tt.all, got, tt.want)
		}
	}
}

// Of many points the first are named.
func TestPlaces(t *testing.T) {
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{nil, ""},
		{[]string{"a"}, "a"},
		{[]string{"a", "b", "c"}, "a, b and c"},
		{[]string{"a", "b", "c", "d"}, "a, b, c and 1 more point"},
		{[]string{"a", "b", "c", "d", "e"}, "a, b, c and 2 more points"},
	} {
		if got := Places(tt.names); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.names, got, tt.want)
		}
	}
}
