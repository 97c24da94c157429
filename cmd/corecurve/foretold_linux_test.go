package main

import (
	"encoding/json"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/corecurve/corecurve/trace/osched"
)

// foretold FILE WORKLOAD MODE N LOW HIGH: by the JSON of the predictions of a study, n give that workload a speedup
// between the two at no cost of scheduler or coordinator. It is not asserted where the kernel does not tell what of a
// recording others interrupted.
func cmdForetold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 6 {
		ts.Fatalf("usage: foretold file workload mode n low high")
	}
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
			Workload, Mode string
			Predicted      []struct {
				Cores int
				High  float64
			}
		}
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
	for _, c := range doc.Curves {
		for _, p := range c.Predicted {
			if c.Workload != args[1] || c.Mode != args[2] || p.Cores != n {
				continue
			}
			if p.High < low || p.High > high {
				ts.Fatalf("%s, %s: %d give %v, want %v to %v", c.Workload, c.Mode, n, p.High, low, high)
			}
			ts.Logf("%s, %s: %d give %v", c.Workload, c.Mode, n, p.High)
			return
		}
	}
	ts.Fatalf("%s, %s: nothing is predicted for %d", args[1], args[2], n)
}
