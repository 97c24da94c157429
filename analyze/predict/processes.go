package predict

import (
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Run is a recorded run of a workload with tasks in several processes.
type Run struct {
	// Programs are those of its processes, of one window: the work. The coordinator's rank is less than 0.
	Programs []*program.Program
	// Result tells when its processes were started. nil: not known; then speedups are those of the work.
	Result *sweep.Result
	// Even says that tasks are dealt evenly beforehand.
	Even bool
}

// Processes predicts the speedups of a run over one process, which does the tasks without a coordinator. Predictions
// are by the number of processes, each with as many workers as recorded and cores for them all.
//
//  1. What the coordinator's main goroutine runs for is done alone: before the tasks and after them.
//  2. Chunks of tasks are dealt by demand, in order, or in even shares. Each takes as long as it ran and was outside,
//     and as much longer as the garbage collector of its process takes; one that waited for other goroutines of its
//     process takes as long as it did.
//  3. The coordinator is a serial server: what its other goroutines ran for is divided evenly among the chunks. A
//     worker waits for its next chunk from when it has done one: for the server, and for what messages take on their
//     way, which is the rest of the lower quartile of recorded waits.
//  4. To start a process costs the coordinator the least time between two starts. Then all are ready after the least
//     time that one took: those that others disturbed, or that had to share cores, took longer.
//
// The greatest speedup is that with a coordinator and starts that cost nothing.
func Processes(run Run, counts []int) *Curve {
	c := &Curve{Rank: -1, Most: math.NaN()}
	d, why := dealingOf(run, c)
	for _, n := range counts {
		if why != nil {
			c.Predictions = append(c.Predictions, unknown(n, why))
			continue
		}
		one := d.start.one + d.end + d.time(1, false)
		speedup := one.Seconds() / (d.start.of(n) + d.end + d.time(n, true)).Seconds()
		ideal := one.Seconds() / (d.start.one + d.end + d.time(n, false)).Seconds()
		c.Predictions = append(c.Predictions, Prediction{
			Cores: n, Speedup: speedup, Low: min(speedup, ideal), High: max(speedup, ideal),
		})
	}
	if why == nil {
		d.describe(c)
	}
	return c
}

// A dealing is how the tasks of a run were dealt and done.
type dealing struct {
	alone   time.Duration
	chunks  []program.Chunk // in order
	service time.Duration   // of the coordinator, for each
	way     time.Duration   // of a message
	between time.Duration   // two chunks of a worker that has its share
	workers int             // of each process
	even    bool
	start   starting
	end     time.Duration // after the work
}

// A starting is how long it takes until processes can work.
type starting struct {
	one  time.Duration // of a process without others
	till time.Duration // the first is started by the coordinator
	each time.Duration // until the next one is
	then time.Duration // until that is ready
}

// of returns how long n processes take.
func (s *starting) of(n int) time.Duration {
	if n < 2 {
		return s.one
	}
	return s.till + time.Duration(n-1)*s.each + s.then
}

// dealingOf returns how tasks were dealt, and adds to c what is known of the recording; or why nothing is known.
func dealingOf(run Run, c *Curve) (*dealing, *warning.Warning) {
	d := &dealing{even: run.Even}
	var gaps []float64
	var coordinator *program.Program
	var waited, lost int
	var collected time.Duration
	for _, p := range run.Programs {
		lost += p.Lost
		if p.Rank < 0 {
			coordinator = p
			continue
		}
		c.Recorded, c.Ps, c.Symbols = max(c.Recorded, p.Recorded), c.Ps+p.Ps, p.Symbols
		for _, crew := range p.Crews {
			d.workers = max(d.workers, len(crew.Workers))
			for _, w := range crew.Workers {
				gaps, waited = d.gather(p, w, gaps, waited)
			}
		}
		for _, t := range p.Cycles {
			collected += t
		}
	}
	slices.SortStableFunc(d.chunks, func(a, b program.Chunk) int { return a.Lo - b.Lo })
	add := func(k warning.Kind, f warning.Figures) *warning.Warning {
		w := warning.OfProcess(k, -1)
		w.Figures = f
		c.Warnings = append(c.Warnings, w)
		return &w
	}
	if coordinator == nil || len(d.chunks) == 0 {
		return nil, add(warning.PredictNoTasks, warning.Figures{})
	}
	if waited > 0 {
		add(warning.PredictTasksWait, warning.Figures{Count: waited, Of: len(d.chunks)})
	}
	if lost > 0 {
		add(warning.PredictLost, warning.Figures{Count: lost})
	}
	d.collect(collected)
	d.serve(coordinator, gaps)
	if run.Result != nil {
		d.starts(run.Result)
	}
	return d, nil
}

// gather adds the chunks of a worker, the times between one and the next, and how many waited for others.
func (d *dealing) gather(p *program.Program, worker int32, gaps []float64, waited int) ([]float64, int) {
	var before *program.Chunk
	for _, op := range p.Goroutines[worker].Ops {
		if op.Kind != program.Take {
			continue
		}
		c := &p.Chunks[op.Ref]
		if c.End == 0 {
			continue
		}
		if before != nil {
			gaps = append(gaps, float64(c.Begin-before.End))
		}
		before = c
		d.chunks = append(d.chunks, *c)
		if c.Waited {
			waited++
			d.chunks[len(d.chunks)-1].Took = c.End - c.Begin
		}
	}
	return gaps, waited
}

// collect lets chunks take as much longer as the garbage collectors of their processes ran for.
func (d *dealing) collect(collected time.Duration) {
	var all int64
	for i := range d.chunks {
		all += d.chunks[i].Took
	}
	for i := range d.chunks {
		if all > 0 {
			d.chunks[i].Took += int64(collected.Seconds() / time.Duration(all).Seconds() * float64(d.chunks[i].Took))
		}
	}
}

// serve takes what the coordinator does, and what a worker waits for it.
func (d *dealing) serve(p *program.Program, gaps []float64) {
	var all int64
	for i := range p.Goroutines {
		g := &p.Goroutines[i]
		var took int64
		for _, op := range g.Ops {
			if op.Kind == program.Run || op.Kind == program.Outside && g.Main() {
				took += op.D
			}
		}
		if g.Main() {
			d.alone += time.Duration(took)
		} else {
			all += took
		}
	}
	for _, t := range p.Cycles {
		all += int64(t)
	}
	d.service = time.Duration(all / int64(len(d.chunks)))
	gap := time.Duration(0)
	if len(gaps) > 0 {
		gap = time.Duration(stat.Quantile(gaps, 0.25))
	}
	if d.even {
		d.between = gap
		return
	}
	d.way = max(0, gap-d.service) / 2
}

// starts takes when the processes were started, and could work.
func (d *dealing) starts(r *sweep.Result) {
	var launched, took []float64
	ready, entered := sweep.Seconds(0), sweep.Seconds(0)
	for i := range r.Processes {
		switch p := &r.Processes[i]; p.Role {
		case sweep.Coordinator:
			entered = p.Entered
		case sweep.Worker:
			launched, took = append(launched, float64(p.Launched)), append(took, float64(p.Ready-p.Launched))
			ready = max(ready, p.Ready)
		}
	}
	if len(launched) == 0 {
		return
	}
	slices.Sort(launched)
	var apart []float64
	for i, t := range launched[1:] {
		apart = append(apart, t-launched[i])
	}
	rest := time.Duration(max(0, r.Startup-ready))
	d.start.one = time.Duration(entered) + rest
	d.start.till = time.Duration(launched[0])
	d.start.then = time.Duration(slices.Min(took)) + rest
	if len(apart) > 0 {
		d.start.each = time.Duration(slices.Min(apart))
	}
	d.end = time.Duration(r.Teardown)
}

// describe adds what is known of the whole to a curve.
func (d *dealing) describe(c *Curve) {
	var longest time.Duration
	for _, ch := range d.chunks {
		c.Work += time.Duration(ch.Took)
		longest = max(longest, time.Duration(ch.Took))
	}
	c.Work += d.alone
	c.OneCore = d.start.one + d.time(1, false) + d.end
	c.Span = d.start.one + d.alone + longest + d.end
	c.bound(c.OneCore)
	if busy := d.alone + time.Duration(len(d.chunks))*d.service; busy > 0 {
		c.Limits = []Limit{{Kind: ByCoordinator, Time: busy, AtMost: c.Work.Seconds() / busy.Seconds()}}
	}
}
