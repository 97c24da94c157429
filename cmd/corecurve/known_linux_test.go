package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// cause STUDY WORKLOAD N CAUSE FUNC: the first finding for n of that workload has a cause that begins so, and names a
// function that contains FUNC. It is not asserted where the machine is too small or other programs took part, which
// also shows as goroutines that wait for a core.
func cmdCause(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: cause study workload n cause func")
	}
	workload, want, function := args[1], args[3], args[4]
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	b, err := os.ReadFile(filepath.Join(ts.MkAbs(args[0]), "report", "report.json"))
	ts.Check(err)
	var doc struct {
		Curves []struct {
			Workload string
			Points   []struct{ N, Cores, Runs, Noisy int }
		}
		Findings []struct {
			Workload string
			N        int
			Cause    cause.Cause
			Share    float64
			Title    string
			Stack    []gotrace.Frame
		}
		Warnings []string
	}
	ts.Check(json.Unmarshal(b, &doc))
	noisy := 0
	for _, c := range doc.Curves {
		for _, p := range c.Points {
			switch {
			case c.Workload != workload:
			case p.N == n && p.Cores < n:
				ts.Logf("%s: not asserted: %d workers had %d cores", workload, n, p.Cores)
				return
			default:
				noisy += p.Noisy
			}
		}
	}
	for _, f := range doc.Findings {
		switch {
		case f.Workload != workload || f.N != n:
			continue
		case noisy > 0 && !strings.HasPrefix(f.Cause.String(), want):
			ts.Logf("%s: not asserted: %d runs were noisy; it says %q", workload, noisy, f.Title)
		case !strings.HasPrefix(f.Cause.String(), want):
			ts.Fatalf("%s is due to %s: %s", workload, f.Cause, f.Title)
		case !slices.ContainsFunc(f.Stack, func(g gotrace.Frame) bool { return strings.Contains(g.Func, function) }):
			if f.Share < finding.MinTop || noisy > 0 {
				ts.Logf("%s: not asserted: %d runs were noisy; the place is %q", workload, noisy, f.Title)
				return
			}
			ts.Fatalf("%s is due to %s, but not in %s: %v", workload, f.Title, function, f.Stack)
		default:
			ts.Logf("%s: %s", workload, f.Title)
		}
		return
	}
	withheld := func(w string) bool {
		return strings.HasPrefix(w, workload+",") && strings.Contains(w, "not named, because noise")
	}
	if noisy == 0 && !slices.ContainsFunc(doc.Warnings, withheld) {
		ts.Fatalf("%s: there is no finding, and nothing says why", workload)
	}
	ts.Logf("%s: not asserted: findings are withheld, as %d runs were noisy", workload, noisy)
}
