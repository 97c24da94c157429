package main

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/sweep"
)

// quietEnough is the share of a run's CPUs up to which what others took makes a prediction no smaller than it is.
const quietEnough = 0.05

// foretold STUDY FILE WORKLOAD MODE N LOW HIGH: by the JSON of the predictions of a study, n give that workload a
// speedup between the two at no cost of scheduler or coordinator. What others interrupt looks longer than it is, so
// that less is foretold: the lower bound is not asserted where they took more than a little of a traced run. Nothing is
// where the kernel does not tell what they interrupted, or where the timed runs do not agree with what is foretold, so
// that it is withheld.
func cmdForetold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 7 {
		ts.Fatalf("usage: foretold study file workload mode n low high")
	}
	s, err := sweep.ReadStudy(ts.MkAbs(args[0]))
	ts.Check(err)
	args = args[1:]
	noisy := slices.ContainsFunc(s.Results, func(r sweep.Result) bool {
		t := r.Noise.CPUs
		return r.Kind == sweep.Traced && r.Point.Workload == args[1] && t != nil && float64(t.Sum()) > quietEnough*float64(t.Had)
	})
	if level, err := osched.Probe(); level != osched.Switches {
		ts.Logf("not asserted: the OS scheduler is recorded at level %q only: %v", level, err)
		return
	}
	n, err := strconv.Atoi(args[3])
	ts.Check(err)
	low, err := strconv.ParseFloat(args[4], 64)
	ts.Check(err)
	high, err := strconv.ParseFloat(args[5], 64)
	ts.Check(err)
	var doc struct {
		Curves []struct {
			Workload, Mode, Finding string
			Predicted               []struct {
				Cores int
				High  *float64
			}
		}
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
	for _, c := range doc.Curves {
		for _, p := range c.Predicted {
			if c.Workload != args[1] || c.Mode != args[2] || p.Cores != n {
				continue
			}
			switch {
			case p.High == nil && strings.HasPrefix(c.Finding, "Not predicted: a replay gives "):
				ts.Logf("not asserted: %s", c.Finding)
			case p.High == nil:
				ts.Fatalf("%s, %s: nothing is known of %d: %s", c.Workload, c.Mode, n, c.Finding)
			case *p.High < low && noisy:
				ts.Logf("not asserted: others took part in the runs that were replayed")
			case *p.High < low || *p.High > high:
				ts.Fatalf("%s, %s: %d give %v, want %v to %v", c.Workload, c.Mode, n, *p.High, low, high)
			default:
				ts.Logf("%s, %s: %d give %v", c.Workload, c.Mode, n, *p.High)
			}
			return
		}
	}
	ts.Fatalf("%s, %s: nothing is predicted for %d", args[1], args[2], n)
}
