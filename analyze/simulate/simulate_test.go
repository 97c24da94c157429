package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Whatever a program is, of which what depends on what is the same in every schedule: without costs, N Ps take no less
// than T1/N and T∞, and no more than both together (Brent); they are busy for as long; nothing has to be forced; one P
// takes all the work; and the same gives the same.
func TestBounds(t *testing.T) {
	for seed := range uint64(300) {
		p := random(seed)
		x := New(&p.Program)
		one, span := p.Work(), x.Span(Config{})
		for _, greedy := range []bool{false, true} {
			for _, n := range []int{1, 2, 3, 4, 7, 16, 64} {
				c := Config{Ps: n, Greedy: greedy}
				r := x.Run(c)
				low := max(one/time.Duration(n), span.Time)
				high := float64(one)/float64(n) + float64(span.Time)*(1-1/float64(n))
				switch {
				case r.Forced > 0 || r.Stuck || span.Forced > 0:
					t.Errorf("seed %d: %+v: %d forced, %d for the span", seed, c, r.Forced, span.Forced)
				case r.Busy != one:
					t.Errorf("seed %d: %+v: busy for %d of %d", seed, c, r.Busy, one)
				case r.Time < low || float64(r.Time) > high+1:
					t.Errorf("seed %d: %+v: %d, want %d to %.0f", seed, c, r.Time, low, high)
				case n == 1 && r.Time != one:
					t.Errorf("seed %d: one P takes %d for %d", seed, r.Time, one)
				}
				if again := x.Run(c); !cmp.Equal(r, again) {
					t.Errorf("seed %d: %+v: again: %s", seed, c, cmp.Diff(r, again))
				}
			}
		}
	}
}

// With costs, too, nothing is forced and all the work is done; and the costs are not taken for work.
func TestCosts(t *testing.T) {
	for seed := range uint64(100) {
		p := random(seed)
		x := New(&p.Program)
		for _, n := range []int{1, 2, 5, 32} {
			r := x.Run(Config{Ps: n, Costs: Usual()})
			if r.Forced > 0 || r.Stuck || r.Busy != p.Work() || r.Time < r.Busy/time.Duration(n) {
				t.Errorf("seed %d, %d Ps: %+v for %d", seed, n, r, p.Work())
			}
		}
	}
}

// A known is a program whose speedup on unlimited Ps is known.
type known struct {
	name  string
	make  func(*made, int32)
	limit float64
	off   float64 // by how much the limit may be off
}

const ms = time.Millisecond

// The limits, of all work over the longest chain:
//
//   - tasks of 3, 5, 8, 13 and 21: 50 / 21.
//   - ten times 1 serial and 64 tasks of 9/64: 10 × 10 over 10 × (1 + 9/64).
//   - 32 workers that hold a lock for 1 of 10, 100 times: the lock is held for a tenth of all work. At both ends of the
//     recording not all compete.
//   - a pipeline of stages of 1, 3 and 2: 6 / 3 per item.
//   - 320 items of 1 that 32 workers take, of which a single one did all in the recording: 32.
//   - an item takes 1 to make and 4 to use: 5 / 1.
//   - two that wait for each other in turn: 1.
//   - 8 readers of a lock beside each other; 8 writers one after the other.
var limits = []known{
	{"fork", func(p *made, main int32) {
		p.fork(main, 5, func(g int32, i int) { p.run(g, []time.Duration{3, 5, 8, 13, 21}[i]*ms) })
	}, 50. / 21, 0},
	{"amdahl", func(p *made, main int32) {
		for range 10 {
			p.run(main, 64*ms)
			p.fork(main, 64, func(g int32, _ int) { p.run(g, 9*ms) })
		}
	}, 640. / 73, 1e-9},
	{"mutex", func(p *made, main int32) {
		lock := p.object(0)
		p.fork(main, 32, func(g int32, _ int) {
			for range 100 {
				p.do(g, program.Lock, lock, 0)
				p.run(g, ms)
				p.do(g, program.Unlock, lock, 0)
				p.run(g, 9*ms)
			}
		})
	}, 10, 0.03},
	{"pipeline", func(p *made, main int32) { p.stages(main, 0) }, 2, 0.03},
	{"buffered pipeline", func(p *made, main int32) { p.stages(main, 16) }, 2, 0.03},
	{"pool", func(p *made, main int32) { p.pool(main, 0, ms) }, 32, 1e-9},
	{"producer", func(p *made, main int32) { p.pool(main, ms, 4*ms) }, 5, 0.03},
	{"ping-pong", func(p *made, main int32) {
		a, b := p.object(0), p.object(0)
		other := p.goroutine(main)
		for range 100 {
			p.run(main, ms)
			p.do(main, program.Send, a, 0)
			p.do(other, program.Recv, a, 0)
			p.run(other, ms)
			p.do(other, program.Send, b, 0)
			p.do(main, program.Recv, b, 0)
		}
	}, 1, 1e-9},
	{"readers", func(p *made, main int32) { p.shared(main, program.RLock, program.RUnlock) }, 8, 1e-9},
	{"writers", func(p *made, main int32) { p.shared(main, program.Lock, program.Unlock) }, 1, 1e-9},
}

// stages adds a pipeline of three stages and 200 items.
func (p *made) stages(main int32, buffer int) {
	in := int32(none)
	p.fork(main, 3, func(g int32, i int) {
		out := p.object(buffer)
		for range 200 {
			if in != none {
				p.do(g, program.Recv, in, 0)
			}
			p.run(g, []time.Duration{1, 3, 2}[i]*ms)
			if i < 2 {
				p.do(g, program.Send, out, 0)
			}
		}
		in = out
	})
}

// pool adds 32 workers, of which the first did all of 320 items.
func (p *made) pool(main int32, produce, use time.Duration) {
	ch, group := p.object(0), p.object(0)
	p.do(main, program.Add, group, 32)
	var workers []int32
	for range 32 {
		workers = append(workers, p.goroutine(main))
	}
	for range 320 {
		if produce > 0 {
			p.run(main, produce)
		}
		p.do(main, program.Send, ch, 0)
		p.do(workers[0], program.Recv, ch, 0)
		p.run(workers[0], use)
	}
	p.do(main, program.Close, ch, 0)
	for _, w := range workers {
		p.do(w, program.Recv, ch, 0).Flags = program.Ended
		p.do(w, program.Add, group, -1)
	}
	p.do(main, program.Wait, group, 0)
}

// shared adds goroutines that do the same under one lock.
func (p *made) shared(main int32, lock, unlock program.Kind) {
	o := p.object(0)
	p.fork(main, 8, func(g int32, _ int) {
		p.do(g, lock, o, 0)
		p.run(g, ms)
		p.do(g, unlock, o, 0)
	})
}

func TestKnown(t *testing.T) {
	for _, k := range limits {
		p := &made{}
		k.make(p, p.goroutine(none))
		x := New(&p.Program)
		span := x.Span(Config{})
		if got := p.Work().Seconds() / span.Time.Seconds(); math.Abs(got/k.limit-1) > k.off+1e-9 || span.Forced > 0 {
			t.Errorf("%s: limit %.3f (%d forced), want %.3f", k.name, got, span.Forced, k.limit)
		}
		var chain time.Duration
		for _, s := range span.Path {
			chain += s.Time
		}
		if chain != span.Time {
			t.Errorf("%s: the steps of the chain are %v of %v", k.name, chain, span.Time)
		}
		for _, locks := range []Locks{GoLocks, IdealLocks} {
			for _, n := range []int{1, 2, 8, 64} {
				r := x.Run(Config{Ps: n, Locks: locks})
				if r.Forced > 0 || r.Busy != p.Work() {
					t.Errorf("%s, %d Ps, locks %d: %+v for %v", k.name, n, locks, r, p.Work())
				}
				if n == 64 && locks == IdealLocks && math.Abs(r.Time.Seconds()/span.Time.Seconds()-1) > 0.03 {
					t.Errorf("%s: 64 Ps take %v, unlimited ones %v", k.name, r.Time, span.Time)
				}
			}
		}
	}
}

// What-ifs: of 10 rounds of 64 serial and 64 tasks of 9, the serial part twice as fast gives 640 over 32 + 9; without
// the lock, 8 writers run beside each other; and 64 workers instead of 32 finish a pool of 320 in 5 rounds instead of
// 10.
func TestWhatIf(t *testing.T) {
	speedup := func(kind string, c Config) float64 {
		for _, k := range limits {
			if k.name == kind {
				p := &made{}
				k.make(p, p.goroutine(none))
				return p.Work().Seconds() / New(&p.Program).Span(c).Time.Seconds()
			}
		}
		t.Fatal(kind)
		return 0
	}
	for _, c := range []struct {
		name string
		got  float64
		want float64
	}{
		{"no lock", speedup("writers", Config{Without: func(gotrace.StackID) bool { return true }}), 8},
		{"twice as fast", speedup("ping-pong", Config{Faster: func(gotrace.StackID) float64 { return 2 }}), 2},
		{"more workers", speedup("pool", Config{Workers: 64}), 64},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%s: %.3f, want %.3f", c.name, c.got, c.want)
		}
	}
}

// In the recording the goroutine that sends was first: a receiver that finds nobody has to wait for it, though the
// trace of a sender that waited says only who ended its wait.
func TestRendezvous(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	sender := p.goroutine(main)
	p.run(sender, 10*ms)
	p.run(main, ms)
	p.pause(sender, main, cause.ChanSend)
	p.run(main, ms)
	if got := New(&p.Program).Run(Config{Ps: 2}); got.Time != 11*ms || got.Forced > 0 {
		t.Errorf("%+v, want 11ms", got)
	}
}

// A join of stock traces waits for all siblings, not only for the one that was last in the recording.
func TestJoins(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	long, last := p.goroutine(main), p.goroutine(main)
	p.run(long, 10*ms)
	p.run(last, ms)
	p.pause(main, last, cause.Join)
	p.Pauses[0].First, p.Pauses[0].Count, p.Joins = 0, 1, []int32{long}
	p.run(main, ms)
	if got := New(&p.Program).Run(Config{Ps: 3}); got.Time != 11*ms || got.Forced > 0 {
		t.Errorf("%+v, want 11ms", got)
	}
}

// Two goroutines that wait for each other first cannot go on: the operation that was first in the recording is forced,
// and counted.
func TestForced(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	a, b := p.object(0), p.object(0)
	other := p.goroutine(main)
	p.do(other, program.Recv, a, 0)
	p.do(main, program.Recv, b, 0)
	p.run(main, ms)
	p.do(main, program.Send, a, 0)
	p.do(other, program.Send, b, 0)
	if got := New(&p.Program).Run(Config{Ps: 2}); got.Forced != 1 || got.Stuck || got.Time != ms {
		t.Errorf("%+v, want one forced operation and 1ms", got)
	}
}

// Of two goroutines each tries to put a token into a channel with room for one, has it taken out in the end, and waits
// for the other before: in the recording one was through before the other began. Neither waits for room.
func TestTried(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	token, there := p.object(1), p.object(2)
	for range 2 {
		g := p.goroutine(main)
		p.do(g, program.Send, token, 0).Flags = program.Tried
		p.run(g, ms)
		p.do(g, program.Send, there, 0)
		p.do(main, program.Recv, there, 0)
		p.do(main, program.Recv, token, 0)
	}
	x := New(&p.Program)
	x.program.Goroutines[main].Ops = []program.Op{
		{Kind: program.Create, Ref: 1},
		{Kind: program.Create, Ref: 2},
		{Kind: program.Recv, Ref: there},
		{Kind: program.Recv, Ref: there},
		{Kind: program.Recv, Ref: token},
		{Kind: program.Recv, Ref: token},
	}
	if got := x.Run(Config{Ps: 2}); got.Forced > 0 || got.Time != ms {
		t.Errorf("%+v, want 1ms and nothing forced", got)
	}
}

// Who keeps a lock in the end was the last to acquire it in the recording: others who come later in a replay have it.
func TestKept(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	lock, late := p.object(0), p.goroutine(main)
	p.run(late, 5*ms)
	p.do(late, program.Lock, lock, 0)
	p.run(late, ms)
	p.do(late, program.Unlock, lock, 0)
	p.do(main, program.Lock, lock, 0).Flags = program.Kept
	p.run(main, ms)
	if got := New(&p.Program).Run(Config{Ps: 2}); got.Forced > 0 || got.Time != 6*ms {
		t.Errorf("%+v, want 6ms and nothing forced", got)
	}
}

// A goroutine that selects takes what comes first: in the recording the slow sender came first.
func TestSelect(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	fast, slow := p.object(0), p.object(0)
	senders := []int32{p.goroutine(main), p.goroutine(main)}
	for i, ch := range []int32{slow, fast} {
		p.run(senders[i], []time.Duration{10 * ms, ms}[i])
		p.do(senders[i], program.Send, ch, 0)
		p.do(main, program.Recv, ch, 0).Flags = program.Selected
		p.run(main, 5*ms)
	}
	if got := New(&p.Program).Run(Config{Ps: 3}); got.Time != 15*ms || got.Forced > 0 {
		t.Errorf("%+v, want 15ms", got)
	}
}

// A manager takes work and news of what is done, starts a goroutine for the work if none runs, and waits for more at
// the end. In the recording all work came first, in the replay all else is done before: the manager must not end with
// the news that was the last there. Nor must workers of a pool that is never closed end with their last item there.
func TestWaitsForMore(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	work, done := p.object(0), p.object(0)
	manager := p.goroutine(main)
	hears := func(ch int32) { p.do(manager, program.Recv, ch, 0).Flags = program.Selected }
	for range 3 {
		p.run(main, 10*ms)
		p.do(main, program.Send, work, 0)
	}
	hears(work)
	first := p.goroutine(manager)
	hears(work)
	hears(work)
	for g := first; ; g = p.goroutine(manager) {
		p.run(g, ms)
		p.do(g, program.Send, done, 0)
		if hears(done); g == first+2 {
			break
		}
	}
	p.open(manager)
	items := p.object(0)
	workers := []int32{p.goroutine(main), p.goroutine(main)}
	for _, of := range []int{0, 1, 1, 1} {
		p.do(main, program.Send, items, 0)
		p.do(workers[of], program.Recv, items, 0)
		p.run(workers[of], ms)
	}
	p.open(workers[0])
	p.open(workers[1])
	for _, n := range []int{1, 2, 4} {
		got := New(&p.Program).Run(Config{Ps: n})
		if got.Forced > 0 || got.Stuck || got.Busy != 37*ms {
			t.Errorf("%d Ps: %+v, want all done and nothing forced", n, got)
		}
	}
}

// A cycle of the garbage collector takes a P from the program, or as many as a quarter of them.
func TestCollector(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	p.do(main, program.Collect, 0, 0)
	p.run(main, 10*ms)
	p.Cycles = []time.Duration{20 * ms}
	x := New(&p.Program)
	for _, tt := range []struct {
		c    Config
		want time.Duration
	}{
		{Config{Ps: 2}, 20 * ms},
		{Config{Ps: 1, Costs: Costs{Quantum: 10 * ms}}, 30 * ms},
		{Config{Ps: 1, Costs: Costs{Quantum: ms}}, 30 * ms},
		{Config{Ps: 9}, 10 * ms},
		{Config{Ps: 1, Costs: Costs{Quantum: ms}, NoCollector: true}, 10 * ms},
	} {
		if got := x.Run(tt.c); got.Time != tt.want {
			t.Errorf("%+v: %v, want %v", tt.c, got.Time, tt.want)
		}
	}
}

// Whatever a damaged trace makes of a program, a replay ends, with nobody busier than there are Ps; and the same gives
// the same.
func TestAnyProgram(t *testing.T) {
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 3))
		p := &made{}
		for range 6 {
			p.goroutine(none)
		}
		for range 4 {
			p.object(rng.IntN(2))
		}
		p.Cycles = []time.Duration{50}
		for range 200 {
			g, kind := rng.Int32N(6), program.Kind(rng.IntN(int(program.Wait)+1))
			switch kind {
			case program.Create:
				p.do(g, kind, rng.Int32N(6), 0)
			case program.Wake, program.Block:
				p.pause(g, rng.Int32N(6), []cause.Cause{cause.ChanSend, cause.ChanRecv}[rng.IntN(2)])
			case program.Collect, program.Run, program.Outside:
				p.do(g, kind, 0, rng.Int64N(100))
			default:
				p.do(g, kind, rng.Int32N(4), rng.Int64N(3)-1).Flags = program.Flags(rng.IntN(8))
			}
		}
		x := New(&p.Program)
		for _, c := range []Config{{Ps: 1}, {Ps: 3, Costs: Usual()}, {Ps: 5, Locks: IdealLocks, Greedy: true}} {
			r := x.Run(c)
			if r.Busy > r.Time*time.Duration(c.Ps) || !cmp.Equal(r, x.Run(c)) {
				t.Errorf("seed %d: %+v: %+v", seed, c, r)
			}
		}
		x.Span(Config{})
	}
}

// A million operations on each number of Ps.
func BenchmarkRun(b *testing.B) {
	p := &made{}
	main := p.goroutine(none)
	for range 1000 {
		p.fork(main, 100, func(g int32, _ int) {
			for range 3 {
				p.run(g, 10*time.Microsecond)
				p.do(g, program.Yield, 0, 0)
			}
			p.run(g, time.Microsecond)
		})
	}
	ops := 0
	for i := range p.Goroutines {
		ops += len(p.Goroutines[i].Ops)
	}
	x := New(&p.Program)
	for _, n := range []int{1, 2, 16, 128} {
		b.Run(fmt.Sprintf("ps=%d", n), func(b *testing.B) {
			for b.Loop() {
				if r := x.Run(Config{Ps: n, Costs: Usual()}); r.Forced > 0 {
					b.Fatal("forced")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(ops), "ns/operation")
		})
	}
}
