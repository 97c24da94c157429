package predict_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
)

// contended is a program of random goroutines that take turns at two locks, and yield now and then.
func contended(rng *rand.Rand) *program.Program {
	n := 2 + rng.IntN(6)
	times := make([]int64, n)
	p := fork(times...)
	p.Synced, p.Ps, p.Objects = true, 1, make([]program.Object, 3)
	for i := range p.Goroutines {
		g := &p.Goroutines[i]
		if g.Creator == program.None {
			continue
		}
		last := g.Ops[len(g.Ops)-1]
		g.Ops = nil
		for range 1 + rng.IntN(40) {
			lock := int32(1 + rng.IntN(2)) // 0 is the group that main waits for
			g.Ops = append(g.Ops, run(rng.Int64N(5*ms)), program.Op{Kind: program.Lock, Ref: lock},
				run(rng.Int64N(5*ms)), program.Op{Kind: program.Unlock, Ref: lock}, program.Op{Kind: program.Yield})
		}
		g.Ops = append(g.Ops, last)
	}
	return p
}

// Nothing is predicted beyond what is said to be the most, whatever the order in which goroutines take turns at locks,
// and whatever the scheduler takes on one core: the bound is over the same time as the speedups.
func TestNothingBeyondMost(t *testing.T) {
	known, open := 0, 0
	for seed := range uint64(200) {
		p := contended(rand.New(rand.NewPCG(seed, 1)))
		p.Latency.Switch = 2 * time.Microsecond
		c := predict.Of(p, &critical.Path{}, predict.Request{Cores: []int{1, 2, 3, 4, 128}})
		if math.IsNaN(c.Most) {
			open++
			continue
		}
		known++
		for _, q := range c.Predictions {
			if q.Speedup > c.Most || q.High > c.Most {
				t.Errorf("program %d: %v, up to %v, on %d cores, at most %v", seed, q.Speedup, q.High, q.Cores, c.Most)
			}
		}
	}
	if known == 0 || open == 0 {
		t.Errorf("%d bounds are known, %d are not", known, open)
	}
}
