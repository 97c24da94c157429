package study

import "github.com/corecurve/corecurve/trace/sweep"

// A Failure is one or more runs of a point that ended in the same way.
type Failure struct {
	Point  sweep.Point
	Kind   sweep.Kind
	Status sweep.Status
	Error  string
	Stderr string   // its end, of the first of them
	Runs   []string // directories below runs/
}

// Failures are the runs that are no measurements, in the order in which the first of each was made.
func (s *Study) Failures() []Failure {
	type key struct {
		point  sweep.Point
		kind   sweep.Kind
		status sweep.Status
		err    string
	}
	at := map[key]int{}
	var out []Failure
	for i := range s.Results {
		r := &s.Results[i]
		if r.Status == sweep.OK {
			continue
		}
		k := key{r.Point, r.Kind, r.Status, r.Error}
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k] = n
			out = append(out, Failure{
				Point: r.Point, Kind: r.Kind, Status: r.Status, Error: r.Error, Stderr: r.StderrTail,
			})
		}
		out[n].Runs = append(out[n].Runs, r.Dir())
	}
	return out
}
