package cores

import (
	"cmp"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder makes the core use of a run from the events of the traces of all its processes, in the order of their times (as a
// gotrace.Merger delivers them), and keeps none of them. The fields may be set before the first Add. Its zero value is ready.
type Builder struct {
	// From and To are the part that is wanted, such as the work of the run. 0: from the first event, to the last.
	From, To clock.Time
	Cores    int // that the run was confined to; 0: not known
	MaxSteps int // that are kept before they are folded; 0: 65536 (1 MiB)
	NumBins  int // of the fold; 0: 4096

	begun      bool
	first, now clock.Time // of the first event, of the last
	procs      []process
	busy       int        // Ps that have a goroutine, of all processes
	maxPs, ps  int        // largest sum of GOMAXPROCS, sum now
	at         clock.Time // up to which busy has been accounted for
	profile    []time.Duration
	steps      []Step
	bins       *fold
	late       int // events that came after one of a later time
	odd        int // events that name a processor that cannot be
	gaps       int // parts of traces that could not be read
	unfolded   int // statuses that came when their past was folded already
}

// A process is what the Builder knows of one process.
type process struct {
	begun      bool
	first      clock.Time
	syncs      int
	gomaxprocs int
	ps         []int64         // goroutine that each P has; gotrace.None
	gs         map[int64]int32 // P that a goroutine has, while it has one
	recent     [1024]heldP     // of gs, by the low bits of the goroutine's number
}

// A heldP is the P that a goroutine has.
type heldP struct {
	g int64
	p int32
	// known says that the entry is current: p may be noP.
	known bool
}

const (
	noP      = -1
	maxProcs = 1 << 16 // Ps of one process that are believed
)

func (b *Builder) start(t clock.Time) {
	b.begun, b.first, b.now = true, t, t
	b.at = t
	if b.From != 0 {
		b.at = b.From
	}
	if b.MaxSteps <= 0 {
		b.MaxSteps = 1 << 16
	}
	if b.NumBins <= 0 {
		b.NumBins = 4096
	}
}

// Add takes the next event, which is of process number proc of the traces, counted from 0 (not its rank).
func (b *Builder) Add(proc int, ev *gotrace.Event) {
	t := ev.Time
	if !b.begun {
		b.start(t)
	}
	if t < b.now {
		b.late++
		t = b.now
	}
	b.now = t
	for len(b.procs) <= proc {
		b.procs = append(b.procs, process{gs: make(map[int64]int32)})
	}
	p := &b.procs[proc]
	if !p.begun {
		p.begun, p.first = true, t
	}
	switch ev.Kind {
	case gotrace.GoTransition:
		b.goTransition(p, ev)
	case gotrace.ProcTransition:
		if ev.To != gotrace.Running && ev.From != ev.To && b.believe(p, ev.Subject) {
			b.release(p, int32(ev.Subject))
		}
	case gotrace.MetricValue:
		if ev.Metric == gotrace.GOMAXPROCS {
			b.ps += int(min(ev.Value, maxProcs)) - p.gomaxprocs
			p.gomaxprocs = int(min(ev.Value, maxProcs))
			if b.To == 0 || t < b.To {
				if t <= max(b.From, b.first) {
					b.maxPs = 0 // what was before the wanted part does not count
				}
				b.maxPs = max(b.maxPs, b.ps)
			}
		}
	case gotrace.Sync:
		p.syncs++
	case gotrace.Gap:
		// Which Ps have a goroutine is not known until each has got its next one.
		b.gaps++
		for id := range p.ps {
			b.release(p, int32(id))
		}
	}
}

// believe makes room for a P with that number, unless it cannot be one.
func (b *Builder) believe(p *process, id int64) bool {
	if id < 0 || id >= maxProcs {
		b.odd++
		return false
	}
	for int64(len(p.ps)) <= id {
		p.ps = append(p.ps, gotrace.None)
	}
	return true
}

func (b *Builder) goTransition(p *process, ev *gotrace.Event) {
	if ev.From == ev.To || ev.Subject == gotrace.None {
		return // a generation repeats what is known
	}
	switch ev.To {
	case gotrace.Running:
		if ev.P != gotrace.None && b.believe(p, ev.P) {
			b.take(p, ev.Subject, int32(ev.P), ev.From == gotrace.Undetermined && p.syncs <= 1)
		}
	case gotrace.Syscall: // the P stays, until it is taken away
	default:
		if ev.From == gotrace.Running || ev.From == gotrace.Syscall {
			if held := p.held(ev.Subject); held != noP {
				b.release(p, held)
			}
		}
	}
}

// held returns the P that goroutine g has, or noP.
func (p *process) held(g int64) int32 {
	c := &p.recent[uint64(g)%uint64(len(p.recent))]
	if c.known && c.g == g {
		return c.p
	}
	held, ok := p.gs[g]
	if !ok {
		return noP
	}
	return held
}

func (p *process) setHeld(g int64, held int32) {
	c := &p.recent[uint64(g)%uint64(len(p.recent))]
	if c.known && c.g != g {
		// The one that is pushed out goes to the map, which therefore sees only what the array is too small for.
		if c.p == noP {
			delete(p.gs, c.g)
		} else {
			p.gs[c.g] = c.p
		}
	}
	*c = heldP{g: g, p: held, known: true}
}

// take gives P number id to goroutine g. Early: it had it since the process's first event.
func (b *Builder) take(p *process, g int64, id int32, early bool) {
	if had := p.held(g); had == id && p.ps[id] == g {
		return
	} else if had != noP {
		b.release(p, had)
	}
	if old := p.ps[id]; old != gotrace.None {
		p.setHeld(old, noP)
	} else {
		b.change(+1)
		if early {
			b.backdate(p.first)
		}
	}
	p.ps[id] = g
	p.setHeld(g, id)
}

// release takes P number id away from its goroutine, if it has one.
func (b *Builder) release(p *process, id int32) {
	g := p.ps[id]
	if g == gotrace.None {
		return
	}
	p.ps[id] = gotrace.None
	p.setHeld(g, noP)
	b.change(-1)
}

// change accounts for the time until now and changes the number of busy Ps.
func (b *Builder) change(d int) {
	b.account(b.now)
	b.busy += d
}

// account puts the time up to t down to the present number of busy Ps.
func (b *Builder) account(t clock.Time) {
	if b.To != 0 {
		t = min(t, b.To)
	}
	if t <= b.at {
		return
	}
	b.grow(b.busy)
	b.profile[b.busy] += t.Sub(b.at)
	switch n := len(b.steps); {
	case b.bins != nil:
		b.bins.add(b.at, t, b.busy)
	case n > 0 && b.steps[n-1].Busy == b.busy:
	case n < b.MaxSteps:
		b.steps = append(b.steps, Step{b.at, b.busy})
	default:
		b.fold(t)
		b.bins.add(b.at, t, b.busy)
	}
	b.at = t
}

func (b *Builder) grow(busy int) {
	for len(b.profile) <= busy {
		b.profile = append(b.profile, 0)
	}
}

// fold moves the steps, which reach up to b.at, into bins.
func (b *Builder) fold(end clock.Time) {
	b.bins = newFold(b.steps[0].Start, max(end, b.To), b.NumBins)
	for i, s := range b.steps {
		end := b.at
		if i+1 < len(b.steps) {
			end = b.steps[i+1].Start
		}
		b.bins.add(s.Start, end, s.Busy)
	}
	b.steps = nil
}

// backdate counts one P more as busy from t until now: it was, but the trace has told so only now.
func (b *Builder) backdate(t clock.Time) {
	if t >= b.at || len(b.steps) == 0 && b.bins == nil {
		return
	}
	if b.bins != nil {
		b.unfolded++
		return
	}
	t = max(t, b.steps[0].Start)
	i, exact := slices.BinarySearchFunc(b.steps, t, func(s Step, t clock.Time) int { return cmp.Compare(s.Start, t) })
	if !exact { // the step in which t lies is cut in two
		b.steps = slices.Insert(b.steps, i, Step{t, b.steps[i-1].Busy})
	}
	for k := i; k < len(b.steps); k++ {
		end := b.at
		if k+1 < len(b.steps) {
			end = b.steps[k+1].Start
		}
		s := &b.steps[k]
		b.grow(s.Busy + 1)
		b.profile[s.Busy] -= end.Sub(s.Start)
		s.Busy++
		b.profile[s.Busy] += end.Sub(s.Start)
	}
}

// Finish returns the core use of the events so far. The Builder must not be used any more.
func (b *Builder) Finish() *Use {
	u := &Use{Start: b.From, End: b.From, Cores: b.Cores}
	if !b.begun {
		u.warn(warning.UseEmpty, warning.Figures{})
		return u
	}
	if u.Start == 0 {
		u.Start = b.first
	}
	u.End = b.now
	if b.To != 0 {
		u.End = min(u.End, b.To)
		if b.now < b.To {
			u.warn(warning.UseEnds, warning.Figures{Time: b.To.Sub(b.now)})
		}
	}
	if b.From != 0 && b.first > b.From {
		u.warn(warning.UseBegins, warning.Figures{Time: b.first.Sub(b.From)})
	}
	u.End = max(u.End, u.Start)
	b.account(u.End)
	u.Profile, u.Steps, u.bins = b.profile, b.steps, b.bins
	u.MaxPs = max(b.maxPs, 0)
	for len(u.Profile) > 1 && u.Profile[len(u.Profile)-1] == 0 {
		u.Profile = u.Profile[:len(u.Profile)-1]
	}
	if u.End > u.Start {
		u.Mean = float64(u.Busy()) / float64(u.End-u.Start)
	}
	if b.late > 0 {
		u.warn(warning.UseLate, warning.Figures{Count: int(b.late)})
	}
	if b.gaps > 0 {
		u.warn(warning.UseGap, warning.Figures{Count: int(b.gaps)})
	}
	if b.odd > 0 {
		u.warn(warning.UseOdd, warning.Figures{Count: int(b.odd)})
	}
	if b.unfolded > 0 {
		u.warn(warning.UseUntold, warning.Figures{Count: int(b.unfolded)})
	}
	return u
}

func (u *Use) warn(k warning.Kind, f warning.Figures) {
	u.Warnings = append(u.Warnings, warning.Warning{Kind: k, Figures: f})
}
