package statements_test

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A loss is a cause that takes a part of the workers' time.
type loss struct {
	cause cause.Cause
	alone float64 // part with one worker
	grows float64 // part that it approaches with many
}

func (m *maker) loss() loss {
	causes := slices.DeleteFunc(cause.All(), func(c cause.Cause) bool {
		return c == cause.User || c == cause.Startup || c == cause.Teardown
	})
	return loss{pick(m, causes...), pick(m, 0, 0, 0.05, 0.3), pick(m, 0, 0.004, 0.03, 0.2, 0.5)}
}

// parts divides one among causes for a point; the program's own code has the rest.
func (m *maker) parts(of *program, p sweep.Point) map[cause.Cause]float64 {
	out, left := map[cause.Cause]float64{}, 1.0
	for _, l := range of.losses {
		x := (l.alone + l.grows*(1-1/float64(p.Parallelism()))) * m.between(0.9, 1.1)
		x = min(x, 0.9*left)
		out[l.cause] += x
		left -= x
	}
	out[cause.User] += left
	return out
}

// ledger is what a traced run might have left.
func (m *maker) ledger(of *program, r *sweep.Result) *ledger.Ledger {
	p := r.Point
	parts := m.parts(of, p)
	l := &ledger.Ledger{
		Level: ledger.Cores, Wall: time.Duration(r.Total), Descendants: of.by,
		Total: ledger.CoreTime(p.Cores) * ledger.CoreTime(r.Total),
	}
	left := l.Total
	times := map[cause.Cause]ledger.CoreTime{
		cause.Startup:  ledger.CoreTime(p.Cores) * ledger.CoreTime(r.Startup),
		cause.Teardown: ledger.CoreTime(p.Cores) * ledger.CoreTime(r.Teardown),
	}
	work := left - times[cause.Startup] - times[cause.Teardown]
	for c, x := range parts {
		if c != cause.User {
			times[c] = ledger.CoreTime(x * float64(work))
		}
	}
	for _, t := range times {
		left -= t
	}
	times[cause.User] = left
	for _, c := range cause.All() {
		if times[c] > 0 {
			l.Rows = append(l.Rows, ledger.Row{Cause: c, Time: times[c], Stacks: m.stacks(times[c])})
		}
	}
	if !of.workers {
		return l
	}
	for i := range p.Parallelism() {
		w := ledger.WorkerTime{
			Rank: i / p.Workers, ID: i % p.Workers, Wall: time.Duration(r.Work),
			ByCause: map[cause.Cause]time.Duration{},
		}
		rest := w.Wall
		for _, c := range cause.All() {
			if c == cause.User {
				continue
			}
			if d := time.Duration(min(1, parts[c]*m.between(0.8, 1.1)) * float64(w.Wall)); d > 0 {
				d = min(d, rest)
				w.ByCause[c] = d
				rest -= d
			}
		}
		w.ByCause[cause.User] = rest
		l.Workers = append(l.Workers, w)
	}
	return l
}

// stacks divides a time among a few functions.
func (m *maker) stacks(t ledger.CoreTime) []ledger.Stack {
	var out []ledger.Stack
	left := t
	for range m.rng.IntN(4) {
		s := ledger.Stack{
			Time: ledger.CoreTime(float64(left) * m.rng.Float64()), Waiting: m.frames(),
			Blamed: m.frames(),
		}
		s.Objects = objects(s.Waiting)
		out, left = append(out, s), left-s.Time
	}
	if len(out) > 0 {
		out[0].Time += left
	}
	return out
}

// objects are what waits at a stack are for: of a short one mostly one lock, of a longer one no one mostly.
func objects(waiting []gotrace.Frame) []ledger.Object {
	o := ledger.Object{Thing: gotrace.Lock, Origin: waiting, Number: 7, Part: 0.9}
	switch len(waiting) {
	case 0:
		return nil
	case 2:
		return []ledger.Object{o}
	}
	o.Part = 0.45
	p := o
	p.Number, p.Origin = 8, waiting[:2]
	return []ledger.Object{o, p}
}

// frames is a call stack, innermost first; perhaps none.
func (m *maker) frames() []gotrace.Frame {
	if m.chance(0.2) {
		return nil
	}
	out := []gotrace.Frame{{Func: "sync.(*Mutex).Lock", File: "/usr/go/src/sync/mutex.go", Line: 90}}
	for range 1 + m.rng.IntN(3) {
		f := string(rune('a' + m.rng.IntN(6)))
		pkg := pick(m, "main", "example.com/other")
		out = append(out, gotrace.Frame{
			Func: pkg + "." + f, File: fmt.Sprintf("/src/%s.go", f),
			Line: 10 + int(math.Floor(m.between(0, 5))),
		})
	}
	return out
}
