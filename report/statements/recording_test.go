package statements_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/report/analysis"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestHeadlineOfARecording checks what is announced of single recordings: how many Ps were busy, and the largest loss,
// if it is one.
func TestHeadlineOfARecording(t *testing.T) {
	k := &checker{t: t, met: map[string]int{}, complaints: map[string]int{}}
	busy, small, large := 0, 0, 0
	for k.number = range 1000 {
		m := &maker{rng: rand.New(rand.NewPCG(uint64(k.number), 42))}
		p := sweep.Point{Workload: "w", Procs: 1, Workers: 1 + m.rng.IntN(8), Cores: 1 + m.rng.IntN(8), Size: 1}
		r := m.result(m.program("w"), p, 0, sweep.Traced)
		of := m.program("w")
		switch {
		case m.chance(0.1): // of which none is large
			of.losses = nil
			for c := cause.Mutex; len(of.losses) < 8; c++ {
				of.losses = append(of.losses, loss{c, 0.009, 0})
			}
			r.Startup, r.Teardown, r.Total = 0, 0, r.Work
		case m.chance(0.3):
			of.losses = []loss{{cause.Mutex, m.between(0, 0.02), 0}}
			r.Startup, r.Teardown, r.Total = 0, 0, r.Work
		}
		a := analysis.Analysis{Ledger: m.ledger(of, &r)}
		a.Use = &cores.Use{End: clock.Time(r.Total), MaxPs: p.Cores, Mean: m.between(0, float64(p.Cores))}
		// Core time is written as time is.
		text := strings.ReplaceAll(a.Finding(), "core-", "")
		if r.Total <= 0 {
			k.said(text, figures{})
			continue
		}
		f := figures{must: []float64{a.Use.Mean, float64(a.Use.MaxPs), r.Total.Float()}}
		row, lost := largest(a.Ledger)
		share := float64(row.Time) / float64(a.Ledger.Total)
		idle := float64(a.Ledger.Of(cause.Idle)) / float64(a.Ledger.Total)
		k.hold(strings.Contains(text, "nothing to run") == (idle >= 0.01), "%q, and %v is idle", text, idle)
		if idle >= 0.01 {
			f.must = append(f.must, idle)
		}
		switch {
		case lost == 0:
			k.hold(!strings.Contains(text, "loss"), "%q, and nothing is lost", text)
		case float64(lost) < 0.05*float64(a.Ledger.Total):
			busy++
			part := float64(lost) / float64(a.Ledger.Total)
			f.must = append(f.must, 1-part-idle, part)
			k.hold(strings.Contains(text, "nothing to gain"), "%q, and %v is lost", text, part)
		case share < 0.01:
			small++
			f.must = append(f.must, 0.01)
			k.hold(!strings.Contains(text, "the largest loss"), "%q, and that is %v of all core time", text, share)
		default:
			large++
			f.must = append(f.must, row.Time.Seconds(), share)
			f.may = append(f.may, float64(row.Time)/float64(lost))
			k.hold(strings.Contains(text, row.Cause.String()), "%q: the largest loss is %s", text, row.Cause)
			k.hold(strings.Contains(text, "of what is lost") == (lost > row.Time), "%q: %v of %v", text, row.Time, lost)
		}
		var frames []gotrace.Frame
		for _, s := range row.Stacks {
			frames = append(append(frames, s.Waiting...), s.Blamed...)
		}
		k.places(text, frames)
		k.said(text, f)
	}
	if busy == 0 || small == 0 || large == 0 {
		t.Errorf("nothing to gain %d times, %d small losses, %d large ones", busy, small, large)
	}
}

// largest is the row that takes the most core time of those that are neither work nor idle, and how much all of them
// take.
func largest(l *ledger.Ledger) (row ledger.Row, lost ledger.CoreTime) {
	for _, r := range l.Rows {
		if r.Cause == cause.User || r.Cause == cause.Syscall || r.Cause == cause.Idle {
			continue
		}
		lost += r.Time
		if r.Time > row.Time {
			row = r
		}
	}
	return row, lost
}
