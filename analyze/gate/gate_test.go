package gate_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/gate"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		kind gate.Kind
		text string
		want gate.Gate
		err  string
	}{
		{gate.MinSpeedup, "1.8@2", gate.Gate{Limit: 1.8, N: 2}, ""},
		{gate.MinEfficiency, "75%@4", gate.Gate{Limit: 0.75, N: 4}, ""},
		{gate.MinEfficiency, "0.75@4", gate.Gate{Limit: 0.75, N: 4}, ""},
		{gate.MaxShare, "block.mutex=10%", gate.Gate{Limit: 0.1, Cause: "block.mutex"}, ""},
		{gate.MaxShare, "gc=0.2@8", gate.Gate{Limit: 0.2, Cause: "gc", N: 8}, ""},
		{gate.MinSpeedup, "1.8", gate.Gate{}, "want a value and a count"},
		{gate.MinSpeedup, "180%@2", gate.Gate{}, "a speedup is no share"},
		{gate.MinSpeedup, "x@2", gate.Gate{}, "want a number"},
		{gate.MinSpeedup, "NaN@2", gate.Gate{}, "want a number"},
		{gate.MinSpeedup, "-1@2", gate.Gate{}, "not negative"},
		{gate.MinSpeedup, "1@0", gate.Gate{}, "want a whole number"},
		{gate.MaxShare, "10%", gate.Gate{}, "want a cause"},
		{gate.MaxShare, "mutex=10%", gate.Gate{}, "causes are user gc.dedicated"},
		{gate.MaxShare, "=10%", gate.Gate{}, "want a cause"},
	} {
		got, err := gate.Parse(tt.kind, tt.text)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s %s: error %v, want %q", tt.kind, tt.text, err, tt.err)
			}
			continue
		}
		tt.want.Kind, tt.want.Text = tt.kind, tt.text
		if d := cmp.Diff(tt.want, got); d != "" || err != nil {
			t.Errorf("%s %s: %v, %v", tt.kind, tt.text, d, err)
		}
	}
}

func TestCheck(t *testing.T) {
	nan := math.NaN()
	c := &curve.Curve{Points: []curve.Point{
		{N: 1, Runs: 10, Speedup: 1},
		{
			N: 2, Runs: 10, Speedup: 1.9,
			Interval: &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 1.7, High: 2},
		},
		{N: 4, Runs: 3, Speedup: 3.2, Interval: &curve.Interval{Method: curve.MinMax, Low: 3, High: 3.4}},
		{N: 8, Speedup: nan},
	}}
	s := gate.Subject{
		Label: "w", Curve: c, Shares: [][]map[cause.Cause]float64{
			nil,
			{{cause.Mutex: 0.04, cause.GCAssist: 0.06, cause.GCSweep: 0.03}},
			nil,
			{{cause.Mutex: 0.04}, {cause.Mutex: 0.3}, {cause.Mutex: 0.05}},
		},
	}
	one := func(k gate.Kind, text string) []gate.Outcome {
		g, err := gate.Parse(k, text)
		if err != nil {
			t.Fatal(err)
		}
		out := gate.Check([]gate.Gate{g}, []gate.Subject{s})
		for i := range out {
			out[i].Gate, out[i].Label = gate.Gate{}, ""
		}
		return out
	}
	for _, tt := range []struct {
		kind gate.Kind
		text string
		want []gate.Outcome
	}{
		// The value meets it and the lower bound does not.
		{gate.MinSpeedup, "1.8@2", []gate.Outcome{{N: 2, Value: 1.9, Bound: 1.7, Method: curve.Bootstrap, Runs: 10}}},
		{
			gate.MinSpeedup, "1.7@2", []gate.Outcome{
				{N: 2, Value: 1.9, Bound: 1.7, Method: curve.Bootstrap, Runs: 10, Holds: true},
			},
		},
		{
			gate.MinEfficiency, "75%@4", []gate.Outcome{
				{N: 4, Value: 0.8, Bound: 0.75, Method: curve.MinMax, Runs: 3, Holds: true, Reason: gate.LowestSeen},
			},
		},
		{
			gate.MinSpeedup, "1@1", []gate.Outcome{
				{N: 1, Value: 1, Bound: 1, Runs: 10, Holds: true, Reason: gate.IsBase},
			},
		},
		{gate.MinSpeedup, "1@8", []gate.Outcome{{N: 8, Value: nan, Bound: nan, Reason: gate.NoRun}}},
		{gate.MinSpeedup, "1@3", nil},
		{
			gate.MaxShare, "block.mutex=4%",
			[]gate.Outcome{{
				N: 2, Value: 0.04, Bound: 0.04, Runs: 10, Holds: true, Reason: gate.OneRun,
				Traced: 1, Low: 0.04, High: 0.04,
			}, {
				N: 8, Value: 0.05, Bound: 0.05, Reason: gate.MedianRun,
				Traced: 3, Low: 0.04, High: 0.3,
			}},
		},
		{gate.MaxShare, "gc=8%@2", []gate.Outcome{{N: 2, Value: 0.09, Bound: 0.09, Runs: 10, Reason: gate.OneRun, Traced: 1, Low: 0.09, High: 0.09}}},
		{gate.MaxShare, "gc=8%@4", []gate.Outcome{{N: 4, Value: nan, Bound: nan, Runs: 3, Reason: gate.NotTraced}}},
	} {
		if d := cmp.Diff(tt.want, one(tt.kind, tt.text), cmpopts.EquateNaNs(),
			cmpopts.EquateApprox(1e-12, 0)); d != "" {
			t.Errorf("%s %s: %s", tt.kind, tt.text, d)
		}
	}
}
