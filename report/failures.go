package report

import (
	"fmt"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// failures groups the runs that are no measurements by point and by how they ended.
func failures(results []sweep.Result) []FailureDoc {
	type key struct {
		point  sweep.Point
		kind   sweep.Kind
		status sweep.Status
		err    string
	}
	at := map[key]int{}
	out := []FailureDoc{}
	for i := range results {
		r := &results[i]
		if r.Status == sweep.OK {
			continue
		}
		k := key{r.Point, r.Kind, r.Status, r.Error}
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k] = n
			out = append(out, FailureDoc{Point: r.Point, Kind: r.Kind, Status: r.Status, Error: r.Error, Stderr: r.StderrTail})
		}
		out[n].Runs = append(out[n].Runs, r.Dir())
	}
	return out
}

// text says a failure in a sentence.
func (f *FailureDoc) text() string {
	how := map[sweep.Status]string{
		sweep.Failed: "failed", sweep.TimedOut: "timed out", sweep.Killed: "were killed", sweep.Mismatch: "gave other results",
	}[f.Status]
	if f.Status == sweep.Killed && len(f.Runs) == 1 {
		how = "was killed"
	}
	if how == "" {
		how = "ended as " + string(f.Status)
	}
	kind := ""
	if f.Kind == sweep.Traced {
		kind = "traced "
	}
	s := fmt.Sprintf("%s: %s %s", f.Point, words.Plural(len(f.Runs), kind+"run", kind+"runs"), how)
	if f.Error != "" {
		s += ": " + words.Printable(f.Error)
	}
	return words.Sentence(s)
}
