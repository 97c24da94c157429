package simulate

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/program"
)

// crew adds workers that main creates after a serial part, and for which it waits, once for each. Each runs for as long
// as begin, and then does the chunks, which belong to the workers in turn as by says.
func (p *made) crew(
	main int32, serial, begin time.Duration, workers int, by func(chunk int) int, chunks ...program.Chunk,
) {
	p.run(main, serial)
	var crew program.Crew
	for range workers {
		crew.Workers = append(crew.Workers, p.goroutine(main))
	}
	for _, w := range crew.Workers {
		p.run(w, begin)
	}
	for i, c := range chunks {
		w := crew.Workers[by(i)]
		p.do(w, program.Take, int32(len(p.Chunks)), 0)
		p.run(w, time.Duration(c.Hi-c.Lo)*ms)
		p.Chunks = append(p.Chunks, c)
	}
	for _, w := range crew.Workers {
		p.do(w, program.Leave, 0, 0)
		p.pause(main, w, cause.Join)
	}
	p.Crews = append(p.Crews, crew)
}

// ones returns n chunks of one task of 1 ms each.
func ones(n int) (out []program.Chunk) {
	for i := range n {
		out = append(out, program.Chunk{Lo: i, Hi: i + 1})
	}
	return out
}

func first(int) int { return 0 }

// One worker did all: 64 tasks of 1 ms after 16 ms alone. So many workers, each of which runs for 2 ms before it takes
// a chunk, need 16 + 2 + ceil(64/n) ms on as many Ps, and main goes on for 8 ms only when all are done.
func TestCrewOfOne(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	p.crew(main, 16*ms, 2*ms, 1, first, ones(64)...)
	p.run(main, 8*ms)
	x := New(&p.Program)
	for _, n := range []int{1, 2, 3, 8, 64, 100} {
		each := time.Duration(math.Ceil(64 / float64(n)))
		r := x.Run(Config{Ps: n, Workers: n})
		if want := (16 + 2 + each + 8) * ms; r.Time != want || r.Forced > 0 {
			t.Errorf("%d workers: %+v, want %v", n, r, want)
		}
		if want := p.Work() + time.Duration(n-1)*2*ms; r.Busy != want {
			t.Errorf("%d workers: busy for %v, want %v", n, r.Busy, want)
		}
	}
	if got := x.Span(Config{Workers: x.Items()}).Time; got != 27*ms {
		t.Errorf("longest chain %v", got)
	}
	if r := x.Run(Config{Ps: 64}); r.Time != p.Work() {
		t.Errorf("as recorded: %v of %v", r.Time, p.Work())
	}
}

// Of four workers one did all. On one P as on four, all four share the work; with two the others do nothing.
func TestCrewOfFour(t *testing.T) {
	p := &made{}
	p.crew(p.goroutine(none), 0, 0, 4, first, ones(64)...)
	x := New(&p.Program)
	for _, tt := range []struct {
		c    Config
		want time.Duration
	}{
		{Config{Ps: 1}, 64 * ms},
		{Config{Ps: 4}, 16 * ms},
		{Config{Ps: 8}, 16 * ms},
		{Config{Ps: 4, Workers: 2}, 32 * ms},
		{Config{Ps: 8, Workers: 8}, 8 * ms},
		{Config{Ps: 2, Workers: 8}, 32 * ms},
	} {
		if r := x.Run(tt.c); r.Time != tt.want || r.Busy != 64*ms || r.Forced > 0 {
			t.Errorf("%+v: %+v, want %v", tt.c, r, tt.want)
		}
	}
	if !x.Crews() || x.Workers() != 4 || x.Items() != 64 || !x.Pooled(1) || x.Pooled(0) {
		t.Errorf("crews %v, %d workers, %d items", x.Crews(), x.Workers(), x.Items())
	}
}

// The last task is as long as 32 others together. By demand two workers do 16 of these each, and then one the long one;
// evenly dealt, one does 17 of the 33 and the other the long one with 15.
func TestUnequalTasks(t *testing.T) {
	tasks := append(ones(32), program.Chunk{Lo: 32, Hi: 33})
	p := &made{}
	p.crew(p.goroutine(none), 0, 0, 1, first, tasks...)
	ops := p.Goroutines[1].Ops
	for i := range ops {
		if ops[i].Kind == program.Take && ops[i].Ref == 32 {
			ops[i+1].D = int64(32 * ms)
		}
	}
	x := New(&p.Program)
	if r := x.Run(Config{Ps: 2, Workers: 2}); r.Time != 48*ms {
		t.Errorf("by demand: %v", r.Time)
	}
	if r := x.Run(Config{Ps: 2, Workers: 2, Even: true}); r.Time != 47*ms {
		t.Errorf("evenly: %v", r.Time)
	}
}

// Chunks of five tasks are cut where shares are: two workers do 10 of 20 tasks each, three 7, 7 and 6.
func TestCutChunks(t *testing.T) {
	p := &made{}
	chunks := []program.Chunk{{Lo: 0, Hi: 5}, {Lo: 5, Hi: 10}, {Lo: 10, Hi: 15}, {Lo: 15, Hi: 20}}
	p.crew(p.goroutine(none), 0, 0, 1, first, chunks...)
	x := New(&p.Program)
	for n, want := range map[int]time.Duration{1: 20, 2: 10, 3: 7, 4: 5, 20: 1, 30: 1} {
		r := x.Run(Config{Ps: n, Workers: n, Even: true})
		if off := r.Time - want*ms; off.Abs() > time.Microsecond || r.Busy != 20*ms {
			t.Errorf("%d workers: %+v, want %v ms", n, r, want)
		}
	}
}

// Two workers that did half of the tasks each, in several chunks, had them dealt: so have four. One worker alone, or a
// chunk each, does not tell.
func TestDealtEvenly(t *testing.T) {
	for _, tt := range []struct {
		name    string
		workers int
		by      func(int) int
		chunks  []program.Chunk
		want    bool
	}{
		{"halves", 2, func(i int) int { return i / 8 }, ones(16), true},
		{"in turn", 2, func(i int) int { return i % 2 }, ones(16), false},
		{"one", 1, first, ones(16), false},
		{"a chunk each", 2, func(i int) int { return i }, ones(2), false},
	} {
		p := &made{}
		p.crew(p.goroutine(none), 0, 0, tt.workers, tt.by, tt.chunks...)
		if got := New(&p.Program).pools[0].crew.even; got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// With operations, main receives the outcome of each worker over a channel: of further ones, too.
func TestCrewOverChannel(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	p.crew(main, 0, 0, 1, first, ones(8)...)
	p.Pauses, p.Synced = nil, true
	for i := range p.Goroutines {
		ops := p.Goroutines[i].Ops
		p.Goroutines[i].Ops = ops[:len(ops)-1] // the wait
	}
	results := p.object(1)
	p.do(1, program.Send, results, 0)
	p.do(main, program.Recv, results, 0)
	p.run(main, 5*ms)
	x := New(&p.Program)
	for n, want := range map[int]time.Duration{1: 13, 2: 9, 8: 6} {
		if r := x.Run(Config{Ps: n, Workers: n}); r.Time != want*ms || r.Forced > 0 {
			t.Errorf("%d workers: %+v, want %v ms", n, r, want)
		}
	}
}

// With a worker for each chunk a crew is a graph of work, whatever its tasks are: without costs, N Ps take no less than
// T1/N and T∞, and no more than both together (Brent), and are busy for as long.
func TestCrewWithinBounds(t *testing.T) {
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 3))
		work := func() time.Duration { return time.Duration(rng.IntN(1000) + 1) }
		p := &made{}
		main := p.goroutine(none)
		workers := rng.IntN(4) + 1
		p.crew(main, work(), 0, workers, func(int) int { return rng.IntN(workers) }, ones(rng.IntN(40)+1)...)
		p.run(main, work())
		for i := range p.Goroutines[1:] {
			for k := range p.Goroutines[i+1].Ops {
				if op := &p.Goroutines[i+1].Ops[k]; op.D > 0 {
					op.D = int64(work())
				}
			}
		}
		x := New(&p.Program)
		one, span := p.Work(), x.Span(Config{Workers: x.Items()}).Time
		for _, n := range []int{1, 2, 3, 7, 64} {
			r := x.Run(Config{Ps: n, Workers: max(x.Items(), workers)})
			low := max(one/time.Duration(n), span)
			high := float64(one)/float64(n) + float64(span)*(1-1/float64(n))
			if r.Forced > 0 || r.Busy != one || r.Time < low || float64(r.Time) > high+1 {
				t.Errorf("seed %d, %d Ps: %+v of %v, want %v to %v", seed, n, r, one, low, time.Duration(high))
			}
		}
	}
}

// Main waits for one crew after the other, with something to do alone before each: further workers of the first have
// left before the second begins. With a WaitGroup of its own for each, as where no mark tells of them, it is the same.
func TestCrewsInTurn(t *testing.T) {
	for _, synced := range []bool{false, true} {
		p := &made{}
		main := p.goroutine(none)
		for range 3 {
			p.crew(main, 2*ms, 0, 2, first, ones(16)...)
			crew := p.Crews[len(p.Crews)-1]
			if !synced {
				continue
			}
			p.Pauses = nil
			group := p.object(0)
			for _, w := range crew.Workers {
				ops := p.Goroutines[w].Ops
				p.Goroutines[w].Ops = ops[:len(ops)-1] // the wake
				p.do(w, program.Add, group, -1)
			}
			ops := p.Goroutines[main].Ops
			p.Goroutines[main].Ops = append(ops[:len(ops)-4:len(ops)-4], // without the waits
				program.Op{Kind: program.Add, Ref: group, D: 2}, ops[len(ops)-4], ops[len(ops)-3])
			p.do(main, program.Wait, group, 0)
		}
		x := New(&p.Program)
		for n, want := range map[int]time.Duration{1: 54, 2: 30, 4: 18, 16: 9} {
			if r := x.Run(Config{Ps: n, Workers: n}); r.Time != want*ms || r.Forced > 0 {
				t.Errorf("with operations %v, %d workers: %+v, want %v ms", synced, n, r, want)
			}
		}
	}
}
