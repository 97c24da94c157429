package gating_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/gate"
	"github.com/corecurve/corecurve/report/gating"
)

// parsed reads a least speedup.
func parsed(t *testing.T, text string) gate.Gate {
	t.Helper()
	g, err := gate.Parse(gate.MinSpeedup, text)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestSummary(t *testing.T) {
	least, nowhere := parsed(t, "1.8@2"), parsed(t, "2@64")
	outcome := func(holds bool, value float64) gate.Outcome {
		return gate.Outcome{Gate: least, Label: "w, threads", N: 2, Value: value, Bound: value, Holds: holds}
	}
	for _, tt := range []struct {
		name     string
		gates    []gate.Gate
		outcomes []gate.Outcome
		want     []string
	}{
		{"holds", []gate.Gate{least}, []gate.Outcome{outcome(true, 1.9)}, []string{"### The gate holds\n", "| 1.900 | holds |"}},
		{"all hold", []gate.Gate{least}, []gate.Outcome{outcome(true, 1.9), outcome(true, 1.95)}, []string{"### All 2 gates hold\n"}},
		{"fails", []gate.Gate{least}, []gate.Outcome{outcome(false, 1.7)}, []string{"### The gate does not hold\n", "| 1.700 | **fails** |"}},
		{"one of two", []gate.Gate{least}, []gate.Outcome{outcome(true, 1.9), outcome(false, math.NaN())}, []string{
			"### 1 of 2 gates does not hold\n", "| not measured | **fails** |\n| --min-speedup 1.8\\@2 | w, threads | 2 | 1.900 | holds |",
		}},
		{"both", []gate.Gate{least}, []gate.Outcome{outcome(false, 1), outcome(false, 1)}, []string{"### 2 of 2 gates do not hold\n"}},
		{"nowhere", []gate.Gate{nowhere}, nil, []string{"### Not all gates could be held against the study\n", "- --min-speedup 2\\@64\n"}},
	} {
		var b strings.Builder
		if err := (&gating.Check{Study: "a <study>", Gates: tt.gates, Outcomes: tt.outcomes}).WriteSummary(&b); err != nil {
			t.Fatal(err)
		}
		for _, want := range append(tt.want, "\nStudy: a &lt;study&gt;\n") {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: lacks %q: %s", tt.name, want, &b)
			}
		}
		if strings.Contains(b.String(), "| gate |") != (len(tt.outcomes) > 0) {
			t.Errorf("%s: %s", tt.name, &b)
		}
	}
}

// Of many outcomes those that do not hold come first, and it says how many there are beside.
func TestSummaryOfMany(t *testing.T) {
	c := gating.Check{Gates: []gate.Gate{parsed(t, "1.8@2")}}
	for i := range 100 {
		c.Outcomes = append(c.Outcomes, gate.Outcome{Gate: c.Gates[0], Label: fmt.Sprint("w", i), N: 2, Value: 1, Bound: 1, Holds: i%10 != 9})
	}
	var b strings.Builder
	if err := c.WriteSummary(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "**fails**"); n != 10 {
		t.Errorf("%d fail: %s", n, &b)
	}
	if !strings.Contains(b.String(), "60 more are in what check prints.") {
		t.Errorf("what is left out is not said: %s", &b)
	}
}

// A summary of a gate, for a pull request.
func Example() {
	g, err := gate.Parse(gate.MinSpeedup, "1.8@2")
	if err != nil {
		fmt.Println(err)
		return
	}
	c := gating.Check{Study: "study", Gates: []gate.Gate{g}, Outcomes: []gate.Outcome{
		{Gate: g, Label: "pi, threads", N: 2, Value: 1.9, Bound: 1.85, Method: "bootstrap-percentile", Holds: true},
	}}
	if err := c.WriteSummary(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// ### The gate holds
	//
	// Study: study
	//
	// | gate | curve | n | figure | result |
	// |---|---|---:|---|---|
	// | --min-speedup 1.8\@2 | pi, threads | 2 | 1.900, lower bound 1.850 | holds |
}
