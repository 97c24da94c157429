package threads

import (
	"math/bits"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/osched"
)

// A State is what a thread does.
type State uint8

// The states.
const (
	Unknown State = iota // records were lost, or it was only just heard of
	Running              // on a core
	Ready                // without a core: preempted, or just made
	Blocked              // waiting for something
	Gone                 // ended
)

// A Change is the end of a thread's stay in one state and the beginning of the next. Where records were lost, Since and
// At lie before earlier changes.
type Change struct {
	Thread    int // index in [Threads.Threads]
	Since, At clock.Time
	Was, Is   State
}

// nearby is the greatest age of a sample that still says why a thread blocked again: ten of the longest sampling
// periods.
const nearby = 500 * clock.Time(time.Millisecond)

// A task is a thread in the making.
type task struct {
	Thread
	index  int32
	lane   int32
	state  State
	since  clock.Time
	cpu    int32 // the latest
	forked bool
	blocks []block
	open   int // slices in the last block

	waits   map[waitKey]*waited
	stretch []seen        // in the present stretch of being blocked
	why     osched.Reason // by the last sample
	whyAt   clock.Time
	inside  bool // the last sample was taken in this stretch
	known   bool // it stands in Builder.known

	told, toldReady     int64 // by the last Usage
	placed, placedReady int64 // of that, shown on the lane
}

// A waitKey tells the waits of samples apart.
type waitKey struct {
	reason osched.Reason
	object uint64
	on     string
}

// A waited is what the samples say of one wait.
type waited struct {
	samples   int
	stretches int           // that they were taken in; at level osched.Sampled, where none are known, the samples
	time      time.Duration // of these stretches
	place     int           // in the present stretch, from 1; 0: not in it
}

// A seen is how often one wait was sampled in a stretch.
type seen struct {
	wait *waited
	n    int
}

// sampled takes a sample of why th is blocked. A sample that comes while it runs is stale. Waits beyond those that a
// run may have are told apart by their reason alone.
func (b *Builder) sampled(th *task, r *osched.Record) {
	if th.state != Blocked && b.Level != osched.Sampled {
		return
	}
	k := waitKey{reason: r.Reason, on: r.Name}
	if r.Reason == osched.Futex || r.Name != "" {
		k.object = r.Object
	}
	if r.Name == osched.GIL {
		k.object = 0 // its mutex and its condition are one lock
	}
	w := th.waits[k]
	if w == nil && b.waits >= limits.Waits {
		b.alike++
		k = waitKey{reason: r.Reason}
		w = th.waits[k]
	}
	if w == nil {
		if th.waits == nil {
			th.waits = make(map[waitKey]*waited)
		}
		w = &waited{}
		th.waits[k] = w
		b.waits++
	}
	w.samples++
	switch {
	case b.Level == osched.Sampled:
		w.stretches++
	case w.place > 0:
		th.stretch[w.place-1].n++
	default:
		th.stretch = append(th.stretch, seen{w, 1})
		w.place = len(th.stretch)
	}
	th.why, th.whyAt, th.inside = r.Reason, b.now, true
}

// explain gives the time of a stretch that ends to the waits that were sampled in it. What nobody sampled is shared out
// at the end.
func (th *task) explain(d time.Duration) {
	all, upTo := 0, 0
	for _, s := range th.stretch {
		all += s.n
	}
	var given time.Duration
	for _, s := range th.stretch {
		upTo += s.n
		part := share(d, upTo, all) - given
		given += part
		s.wait.time += part
		s.wait.stretches++
		s.wait.place = 0
	}
	th.stretch = th.stretch[:0]
}

// share returns d × part / of, rounded down.
func share(d time.Duration, part, of int) time.Duration {
	hi, lo := bits.Mul64(uint64(d), uint64(part))
	q, _ := bits.Div64(hi, lo, uint64(of))
	return time.Duration(q)
}

// set ends the state of th and begins another.
func (b *Builder) set(th *task, t clock.Time, to State) {
	t = max(t, th.since)
	d := t.Sub(th.since)
	switch th.state {
	case Running:
		th.OnCPU += d
		b.keep(th, block{start: th.since, end: t, on: d})
		c := b.core(th.cpu)
		b.show(&c.strip, th.since, t, b.forWhom(th))
		if c.task == th {
			c.task = nil
		}
	case Ready:
		th.Ready += d
		b.keepReady(th, d)
	case Blocked:
		th.Blocked += d
		th.explain(d)
	case Unknown:
		th.Unknown += d
	}
	b.show(&b.lanes[th.lane].strip, th.since, t, th.shown())
	if th.state == Blocked {
		th.inside = false
	}
	if b.Watch != nil {
		b.Watch(Change{Thread: int(th.index), Since: th.since, At: t, Was: th.state, Is: to})
	}
	th.state, th.since = to, t
	if (to == Ready || to == Blocked) && !th.known {
		th.known = true
		b.known = append(b.known, th)
	}
}

// show adds what of a stretch lies in the window to a lane.
func (b *Builder) show(strip *timeline.Strip, from, to clock.Time, s timeline.State) {
	if b.To > 0 {
		from, to = max(from, b.From), min(to, b.To)
	}
	strip.Add(from, to, s)
}

// forWhom returns what a core shows while th has it.
func (b *Builder) forWhom(th *task) timeline.State {
	if b.Works != nil && !b.Works(int(th.index)) {
		return timeline.Others
	}
	return timeline.Running
}

// shown returns what the lane shows for the present state.
func (th *task) shown() timeline.State {
	switch th.state {
	case Running:
		return timeline.Running
	case Ready:
		return timeline.Ready
	case Blocked:
		if !th.inside && (th.waits == nil || th.since > th.whyAt+nearby) {
			return timeline.Unknown
		}
		return th.waiting()
	case Unknown:
		return timeline.Unknown
	default:
		return timeline.Absent
	}
}

func (th *task) waiting() timeline.State {
	if th.why == osched.Futex || th.why == osched.FileLock {
		return timeline.Lock
	}
	return timeline.Waiting
}

// usage places what a thread has run and waited since the last time; where inside, nobody knows. It is shown at the
// end, since a thread that does not run is not mentioned. The kernel counts at ticks and so tells some of it late: what
// does not fit is carried on.
func (b *Builder) usage(th *task, on, waited int64) {
	if b.Level != osched.Sampled {
		return // switches tell it better
	}
	th.told, th.toldReady = max(th.told, on), max(th.toldReady, waited)
	length := b.now.Sub(th.since)
	run := min(time.Duration(th.told-th.placed), length)
	wait := min(time.Duration(th.toldReady-th.placedReady), length-run)
	rest := length - run - wait
	th.placed, th.placedReady = th.placed+int64(run), th.placedReady+int64(wait)
	th.OnCPU, th.Ready, th.Blocked = th.OnCPU+run, th.Ready+wait, th.Blocked+rest
	why := timeline.Unknown
	if th.inside {
		why = th.waiting()
	}
	strip := &b.lanes[th.lane].strip
	a, z := th.since+clock.Time(rest), b.now-clock.Time(run)
	b.keepReady(th, wait)
	b.show(strip, th.since, a, why)
	b.show(strip, a, z, timeline.Ready)
	b.show(strip, z, b.now, timeline.Running)
	if run > 0 {
		b.keep(th, block{start: z, end: b.now, on: run})
		th.Slices++
	}
	th.inside, th.since = false, b.now
}

// keep adds a slice.
func (b *Builder) keep(th *task, s block) {
	if s.start == s.end {
		return
	}
	if n := len(th.blocks); n > 0 && th.open < b.per {
		last := &th.blocks[n-1]
		last.end, last.on = s.end, last.on+s.on
		th.open++
		return
	}
	th.blocks = append(th.blocks, s)
	th.open = 1
	if b.kept++; b.kept > b.MaxSlices {
		b.coarsen()
	}
}

// keepReady adds ready time after the latest slice, or before the first.
func (b *Builder) keepReady(th *task, d time.Duration) {
	if d == 0 {
		return
	}
	if len(th.blocks) == 0 {
		th.blocks, th.open = append(th.blocks, block{start: th.since, end: th.since}), b.per
		b.kept++
	}
	th.blocks[len(th.blocks)-1].ready += d
}

// coarsen joins neighbouring blocks of every thread two by two. Where that does not help, since so many threads have
// one block each, the limit rises.
func (b *Builder) coarsen() {
	b.per *= 2
	b.kept = 0
	for _, th := range b.all {
		n := 0
		for i := 0; i < len(th.blocks); i += 2 {
			s := th.blocks[i]
			if i+1 < len(th.blocks) {
				s.end = th.blocks[i+1].end
				s.on, s.ready = s.on+th.blocks[i+1].on, s.ready+th.blocks[i+1].ready
			}
			th.blocks[n] = s
			n++
		}
		if len(th.blocks)%2 == 0 {
			th.open += b.per / 2
		}
		th.blocks = th.blocks[:n]
		b.kept += n
	}
	if b.kept > b.MaxSlices/4*3 {
		b.MaxSlices = 2 * b.kept
	}
}
