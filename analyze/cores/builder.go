package cores

import (
	"cmp"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A Builder makes the core use of a run from the steps of all its processes, in time order, and keeps none of them. Set
// the fields before the first Add. The zero value is ready.
type Builder struct {
	// From and To bound the window, such as the work of the run. 0: the first event, the last.
	From, To clock.Time
	Cores    int // that the run was confined to; 0 if not known
	MaxSteps int // kept before they are folded; 0: 65536 (1 MiB)
	NumBins  int // of the fold; 0: 4096

	begun      bool
	first, now clock.Time // times of events
	procs      []process
	busy       int     // Ps that have a goroutine, in all processes
	maxPs, ps  int     // largest sum of GOMAXPROCS, sum now
	psTime     float64 // Ps times nanoseconds, up to psAt
	psAt       clock.Time
	told       bool       // GOMAXPROCS of some process
	at         clock.Time // up to which busy is accounted for
	profile    []time.Duration
	steps      []Step
	bins       *fold
	late       int // steps that came out of time order
	odd        int // events that name an impossible P
	unfolded   int // late statuses whose past was folded already
}

// A process is what the Builder knows of one process.
type process struct {
	gomaxprocs int
	least      int    // GOMAXPROCS within the window; 0: not told
	busy       int    // Ps that have a goroutine
	has        []bool // a P; by slot of goroutine
}

func (b *Builder) start(t clock.Time) {
	b.begun, b.first, b.now = true, t, t
	b.at = cmp.Or(b.From, t)
	b.MaxSteps = cmp.Or(b.MaxSteps, 1<<16)
	b.NumBins = cmp.Or(b.NumBins, 4096)
}

// Add takes the next steps. Their process is number proc of the traces, from 0 (not its rank).
func (b *Builder) Add(proc int, steps []replay.Step) {
	if len(steps) == 0 {
		return
	}
	if !b.begun {
		b.start(steps[0].Time)
	}
	for len(b.procs) <= proc {
		b.procs = append(b.procs, process{})
	}
	p := &b.procs[proc]
	now := b.now
	for i := range steps {
		s := &steps[i]
		if s.Time < now {
			b.late++
		} else {
			now = s.Time
		}
		if s.Odd && s.Kind != replay.Lost {
			b.odd++
		}
		switch s.Kind {
		case replay.Change, replay.Lost:
			if has := s.P != replay.None; has != p.has[s.G] {
				p.has[s.G] = has
				b.account(now)
				b.hold(p, s)
			}
		case replay.Born:
			for int(s.G) >= len(p.has) {
				p.has = append(p.has, false)
			}
		case replay.Procs, replay.Gap:
			b.now = now
			b.others(p, s)
		}
	}
	b.now = now
}

// others takes the steps that are about no goroutine.
func (b *Builder) others(p *process, s *replay.Step) {
	if s.Kind == replay.Procs {
		b.setProcs(p, int(s.ID))
		return
	}
	// Which Ps have a goroutine is not known until each gets its next one.
	b.account(b.now)
	b.busy -= p.busy
	p.busy = 0
	clear(p.has)
}

// Set says that from t on that many cores are busy, by the OS scheduler's records. It must not be mixed with Add.
func (b *Builder) Set(t clock.Time, busy int) {
	if !b.begun {
		b.start(t)
	}
	b.now = max(b.now, t)
	b.account(b.now)
	b.busy = busy
}

// hold counts the P that a goroutine has got or lost now, or has had since earlier if the trace tells that late.
func (b *Builder) hold(p *process, s *replay.Step) {
	if s.P == replay.None {
		p.busy--
		b.busy--
		return
	}
	p.busy++
	b.busy++
	if s.Since < s.Time {
		b.backdate(s.Since)
	}
}

// setProcs sets the number of Ps of a process. The first of all holds since the start, for a trace tells it soon after.
func (b *Builder) setProcs(p *process, n int) {
	b.accountPs(b.now)
	if !b.told {
		b.told, b.psTime = true, float64(n)*float64(max(b.now-b.from(), 0))
	}
	if before := b.now <= b.from(); before || p.least == 0 {
		p.least = n
	}
	if b.To == 0 || b.now < b.To {
		p.least = min(p.least, n)
	}
	b.ps += n - p.gomaxprocs
	p.gomaxprocs = n
	if b.To != 0 && b.now >= b.To {
		return
	}
	if b.now <= b.from() {
		b.maxPs = 0 // what was before the window does not count
	}
	b.maxPs = max(b.maxPs, b.ps)
}

// from returns the start of the window.
func (b *Builder) from() clock.Time { return max(b.From, b.first) }

// accountPs accounts for the Ps up to t.
func (b *Builder) accountPs(t clock.Time) {
	if b.To != 0 {
		t = min(t, b.To)
	}
	if from := max(b.psAt, b.from()); t > from {
		b.psTime += float64(b.ps) * float64(t-from)
		b.psAt = t
	}
}

// account accounts for the time up to t with the present number of busy Ps.
func (b *Builder) account(t clock.Time) {
	if b.To != 0 {
		t = min(t, b.To)
	}
	if t <= b.at {
		return
	}
	if b.busy >= len(b.profile) {
		b.grow(b.busy)
	}
	if b.bins == nil {
		b.keep(t)
	} else if t > b.bins.lastTo {
		b.bins.sum(b.profile)
		b.bins.add(b.at, t, b.busy)
	}
	b.profile[b.busy] += t.Sub(b.at)
	b.at = t
}

// keep adds a step up to t. If there are too many, it folds them.
func (b *Builder) keep(t clock.Time) {
	switch n := len(b.steps); {
	case n > 0 && b.steps[n-1].Busy == b.busy:
	case n < b.MaxSteps:
		b.steps = append(b.steps, Step{b.at, b.busy})
	default:
		b.fold(t)
		b.bins.add(b.at, t, b.busy)
	}
}

func (b *Builder) grow(busy int) {
	for len(b.profile) <= busy {
		b.profile = append(b.profile, 0)
	}
}

// fold moves the steps, which reach up to b.at, into bins.
func (b *Builder) fold(end clock.Time) {
	b.bins = newFold(b.steps[0].Start, max(end, b.To), b.NumBins)
	b.bins.summed = make([]time.Duration, len(b.profile))
	for i, s := range b.steps {
		end := b.at
		if i+1 < len(b.steps) {
			end = b.steps[i+1].Start
		}
		b.bins.add(s.Start, end, s.Busy)
	}
	b.steps = nil
}

// backdate counts one more P as busy from t until now: the trace tells it late.
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
	if !exact { // t lies inside a step: cut it in two
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

// Finish returns the core use of the steps so far. The Builder must not be used afterwards.
func (b *Builder) Finish() *Use {
	u := &Use{Start: b.From, End: b.From, Cores: b.Cores}
	if !b.begun {
		u.warn(warning.UseEmpty, warning.Figures{})
		return u
	}
	u.Start = cmp.Or(u.Start, b.first)
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
	if b.bins != nil {
		b.bins.sum(b.profile)
	}
	u.Profile, u.Steps, u.bins = b.profile, b.steps, b.bins
	u.MaxPs, u.OfPs = max(b.maxPs, 0), len(b.procs) > 0
	for _, p := range b.procs {
		u.MinPs += p.least
	}
	b.accountPs(u.End)
	u.MeanPs = float64(u.MaxPs)
	if u.End > u.Start {
		u.MeanPs = b.psTime / float64(u.End-max(u.Start, b.first))
	}
	for len(u.Profile) > 1 && u.Profile[len(u.Profile)-1] == 0 {
		u.Profile = u.Profile[:len(u.Profile)-1]
	}
	if most := len(u.Profile) - 1; u.OfPs && !b.told && most > 0 {
		u.MaxPs, u.MinPs, u.MeanPs = most, most, float64(most)
		u.warn(warning.PsSeen, warning.Figures{Count: most})
	}
	if u.End > u.Start {
		u.Mean = float64(u.Busy()) / float64(u.End-u.Start)
	}
	for _, w := range []warning.Warning{
		{Kind: warning.UseLate, Figures: warning.Figures{Count: b.late}},
		{Kind: warning.UseOdd, Figures: warning.Figures{Count: b.odd}},
		{Kind: warning.UseUntold, Figures: warning.Figures{Count: b.unfolded}},
	} {
		if w.Figures.Count > 0 {
			u.Warnings = append(u.Warnings, w)
		}
	}
	return u
}

func (u *Use) warn(k warning.Kind, f warning.Figures) {
	u.Warnings = append(u.Warnings, warning.Warning{Kind: k, Figures: f})
}
