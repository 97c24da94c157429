// Package recording makes all analyses of a run in one pass over the execution traces of its processes.
//
// The events of all processes are merged by time, and a replay of each process (package replay) turns them into steps.
// A batch of these goes to every analysis, which is a fold over them: in turn on one core, beside each other and beside
// the reading on several. The few batches that exist are used again and again. So traces are read once, memory is that
// of the builders and readers, and the results are the same on any number of cores.
package recording

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/goroutines"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/limits"
)

// A Process is the trace of one process of a run.
type Process struct {
	Rank   int // -1 for the coordinator
	Reader *gotrace.Reader
}

// Options say what to analyse.
type Options struct {
	// From and To bound the window; 0: the first event, the last. With SinceFirst they count from the first event of
	// all traces, and To is 0 for no end.
	From, To   clock.Time
	SinceFirst bool

	// WorkFrom and WorkTo bound the window of core use, ledgers and paths, such as the work of a run; both 0: the same
	// window. SinceFirst does not apply to them.
	WorkFrom, WorkTo clock.Time
	Cores            int // that the run was confined to; 0 if not known

	// OnCPU and Slices tell when OS threads were on cores, as in ledger.Builder and timeline.Builder; nil if not known.
	OnCPU  func(thread int64, from, to clock.Time) (on, ready time.Duration)
	Slices func(thread int64, from, to clock.Time, f func(from, to clock.Time))

	Goroutines bool                    // make the table of goroutines
	Wanted     func(start string) bool // for the table, by start function; nil means all

	Programs bool // keep what every goroutine did, for a simulation; it takes memory by the event
}

// A Recording is what the traces of a run tell.
type Recording struct {
	Timeline   *timeline.Timeline
	Use        *cores.Use
	Ledgers    []*ledger.Ledger   // by process
	Paths      []*critical.Path   // by process
	Goroutines *goroutines.Table  // nil if not asked for
	Programs   []*program.Program // by process; nil if not asked for
	Extents    []Extent           // by process
	Damage     []error            // by process: what could not be read, or nil
}

// An Extent is when the trace of a process begins and ends.
type Extent struct {
	First, Last clock.Time
	Events      int64 // 0: the times mean nothing
}

// Duration returns the time from the first event to the last.
func (e Extent) Duration() time.Duration { return e.Last.Sub(e.First) }

// Whole returns the extent of all processes together.
func (r *Recording) Whole() Extent {
	var whole Extent
	for _, x := range r.Extents {
		switch {
		case x.Events == 0:
		case whole.Events == 0:
			whole = x
		default:
			whole.First, whole.Last = min(whole.First, x.First), max(whole.Last, x.Last)
			whole.Events += x.Events
		}
	}
	return whole
}

// Apart looks for a time without any process: it returns the process that ended before it, the one that began after it,
// and its length, which is 0 if there is none. The processes of one run are never apart.
func (r *Recording) Apart() (before, after int, gap time.Duration) {
	var order []int
	for i, x := range r.Extents {
		if x.Events > 0 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(r.Extents[a].First, r.Extents[b].First) })
	for k, i := range order {
		x := r.Extents[i]
		if k == 0 || x.Last > r.Extents[before].Last {
			if k > 0 && x.First > r.Extents[before].Last {
				return before, i, x.First.Sub(r.Extents[before].Last)
			}
			before = i
		}
	}
	return 0, 0, 0
}

// A pass is a Read in progress.
type pass struct {
	procs   []Process
	opt     Options
	begun   bool
	use     cores.Builder
	each    []builders
	extents []Extent
	slots   int // of goroutines, in all processes
	folds   folds
	batch   *batch // being filled
}

// builders are the builders of one process.
type builders struct {
	replay     replay.Replay
	timeline   timeline.Builder
	ledger     ledger.Builder
	path       critical.Builder
	goroutines goroutines.Builder
	program    program.Builder
}

// Read reads the traces of procs to their ends, whatever is damaged.
func Read(procs []Process, opt Options) *Recording {
	p := &pass{procs: procs, opt: opt, each: make([]builders, len(procs)), extents: make([]Extent, len(procs))}
	readers := make([]*gotrace.Reader, len(procs))
	for i := range procs {
		readers[i] = procs[i].Reader
	}
	out := &Recording{Damage: make([]error, len(procs))}
	m := gotrace.NewMerger(readers...)
	for {
		events, i, err := m.Batch()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			out.Damage[i] = errors.Join(out.Damage[i], err)
			continue
		}
		if !p.add(i, events) {
			out.Damage[i] = errors.Join(out.Damage[i],
				limits.More(procs[i].Reader.Name(), "goroutines at the same moment: nothing is read after that", limits.Goroutines))
			break
		}
	}
	p.start(0)
	p.folds.give(p.batch)
	p.folds.end()
	p.finish(out)
	return out
}

// start sets the builders up at the first event, which tells when the recording begins.
func (p *pass) start(first clock.Time) {
	if p.begun {
		return
	}
	p.begun = true
	from, to := p.opt.From, p.opt.To
	if p.opt.SinceFirst {
		from += first
		if to != 0 {
			to += first
		}
	}
	workFrom, workTo := from, to
	if p.opt.WorkFrom != 0 || p.opt.WorkTo != 0 {
		workFrom, workTo = p.opt.WorkFrom, p.opt.WorkTo
	}
	p.use = cores.Builder{From: workFrom, To: workTo, Cores: p.opt.Cores}
	for i := range p.each {
		rank, symbols := p.procs[i].Rank, p.procs[i].Reader.Symbols()
		b := &p.each[i]
		b.replay = replay.Replay{Rank: rank, Symbols: symbols}
		b.timeline = timeline.Builder{Rank: rank, Symbols: symbols, From: from, To: to, OnCPU: p.opt.Slices}
		b.ledger = ledger.Builder{Rank: rank, Symbols: symbols, From: workFrom, To: workTo, OnCPU: p.opt.OnCPU}
		b.path = critical.Builder{Rank: rank, Symbols: symbols, From: workFrom, To: workTo, OnCPU: p.opt.OnCPU}
		b.goroutines = goroutines.Builder{Symbols: symbols, From: from, To: to, Wanted: p.opt.Wanted}
		b.program = program.Builder{Rank: rank, Symbols: symbols, From: workFrom, To: workTo, OnCPU: p.opt.OnCPU}
	}
	each := []fold{
		p.use.Add,
		func(i int, steps []replay.Step) { p.each[i].timeline.Add(steps) },
		func(i int, steps []replay.Step) { p.each[i].ledger.Add(steps) },
		func(i int, steps []replay.Step) { p.each[i].path.Add(steps) },
	}
	if p.opt.Goroutines {
		each = append(each, func(i int, steps []replay.Step) { p.each[i].goroutines.Add(steps) })
	}
	if p.opt.Programs {
		each = append(each, func(i int, steps []replay.Step) { p.each[i].program.Add(steps) })
	}
	p.folds.start(each)
	p.batch = p.folds.next()
}

// add takes events of process i. It returns false when there are too many goroutines, and takes no event after that.
func (p *pass) add(i int, events []gotrace.Event) bool {
	p.start(events[0].Time)
	r, x := &p.each[i].replay, &p.extents[i]
	for len(events) > 0 {
		some := events
		if p.slots+perEvent*len(events) > limits.Goroutines { // near the limit each event is looked at
			some = events[:1]
		}
		events = events[len(some):]
		if x.Events == 0 {
			x.First = some[0].Time
		}
		x.Last = some[len(some)-1].Time
		x.Events += int64(len(some))
		b, before, slots := p.batch, len(p.batch.steps), r.Slots()
		b.steps = r.Append(b.steps, some...)
		b.mark(i, len(b.steps)-before)
		if len(b.steps) >= batchSize {
			p.folds.give(b)
			p.batch = p.folds.next()
		}
		if p.slots += r.Slots() - slots; p.slots > limits.Goroutines {
			return false
		}
	}
	return true
}

// perEvent is how many goroutines an event can bring at most: its own and its subject.
const perEvent = 2

func (p *pass) finish(out *Recording) {
	out.Extents = p.extents
	out.Use = p.use.Finish()
	parts := make([]*timeline.Timeline, len(p.each))
	tables := make([]*goroutines.Builder, len(p.each))
	for i := range p.each {
		parts[i] = p.each[i].timeline.Finish()
		out.Ledgers = append(out.Ledgers, p.each[i].ledger.Finish())
		out.Paths = append(out.Paths, p.each[i].path.Finish())
		tables[i] = &p.each[i].goroutines
		if p.opt.Programs {
			out.Programs = append(out.Programs, p.each[i].program.Finish())
		}
	}
	out.Timeline = timeline.Merge(parts...)
	if p.opt.Goroutines {
		out.Goroutines = goroutines.Merge(tables...)
	}
}
