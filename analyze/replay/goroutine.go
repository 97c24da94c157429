package replay

import (
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// spare is how many slots of ended goroutines stay unused, so that folds can look back at the goroutines that ended
// last.
const spare = 64

// Slots returns how many goroutines r tells apart, or has told apart at the same moment: what memory depends on.
func (r *Replay) Slots() int { return len(r.gs) }

// goroutine returns the slot of goroutine id, and assigns one if it has none.
func (r *Replay) goroutine(id int64) int32 {
	if i, ok := r.slots.Find(id); ok {
		return i
	}
	var i int32
	if len(r.free) > spare {
		i = r.free[0]
		r.free = r.free[1:]
	} else {
		i = int32(len(r.gs))
		r.gs, r.parts = append(r.gs, goroutine{}), append(r.parts, part{})
	}
	r.gs[i] = goroutine{id: id, alive: true, gc: cause.GCDedicated, p: None, m: None}
	r.parts[i] = part{worker: None}
	r.slots.Put(id, i)
	r.about(Born, i).ID = id
	return i
}

// acting returns the slot of the goroutine that an event happened on: most likely the one that its P has.
func (r *Replay) acting(ev *gotrace.Event) int32 {
	if p := uint64(ev.P); p < uint64(len(r.ps)) {
		if i := r.ps[p].g; i != None && r.gs[i].id == ev.G {
			return i
		}
	}
	return r.goroutine(ev.G)
}

func (r *Replay) goTransition(ev *gotrace.Event) {
	if ev.Subject == gotrace.None || ev.From == ev.To {
		return // the new generation repeats what is known
	}
	var i int32
	if ev.Subject == ev.G {
		i = r.acting(ev)
	} else {
		i = r.goroutine(ev.Subject)
	}
	by := int32(None)
	if ev.G != gotrace.None && ev.G != ev.Subject {
		by = r.by(i, ev)
	}
	g := &r.gs[i]
	if ev.To == gotrace.Syscall || g.foreign {
		r.learnForeign(i, ev)
	}
	if !g.named {
		r.learnStart(i, ev)
	}
	was, ended := g.state, Wait{}
	if was == gotrace.Waiting {
		ended = endedBy(by, g.wait)
	}
	g.state, g.wait = ev.To, Wait{}
	odd := false
	switch ev.To {
	case gotrace.Running:
		r.setThread(i, ev.M, ev.P)
		odd = r.take(i, ev.P)
	case gotrace.Syscall:
		if g.m == None {
			r.setThread(i, ev.M, ev.P)
		}
		if g.p == None { // in the system call since before the trace began
			g.wait = g.outside(Doubtful)
		}
	case gotrace.Waiting:
		r.release(g)
		g.wait = r.classes.wait(ev, g.whose)
	case gotrace.NotExist:
		r.release(g)
		s := r.drop(i, ev.From)
		s.Stack, s.Was = ev.SubjectStack, was
		return
	default:
		r.release(g)
	}
	s := r.next()
	r.describe(s, Change, i)
	s.Since, s.ID, s.By, s.Stack, s.ByStack, s.Name = r.t, 0, by, ev.SubjectStack, ev.Stack, 0
	s.From, s.Was, s.Odd = ev.From, was, odd
	if ev.To != gotrace.Waiting && ev.To != gotrace.Syscall {
		s.Wait = ended
	}
	if ev.From == gotrace.Undetermined && r.syncs <= 1 {
		s.Since = r.since
	}
}

// by returns the goroutine that creates the one in slot i or ends its wait, or None. The event must have happened on
// another goroutine.
func (r *Replay) by(i int32, ev *gotrace.Event) int32 {
	g := &r.gs[i]
	switch {
	case ev.From == gotrace.NotExist:
		return r.acting(ev)
	case g.state != gotrace.Waiting, r.classes.restarts(ev.Stack):
		return None
	case g.whose == OfProgram && (g.wait.Cause == cause.Sleep || g.wait.Cause == cause.Net),
		g.wait.Cause == cause.Tracer:
		return None
	}
	u := r.acting(ev)
	if r.gs[u].whose != OfProgram {
		return None
	}
	return u
}

// drop ends the goroutine in slot i and returns the step that says so. Folds keep what they know of it until the slot
// changes hands.
func (r *Replay) drop(i int32, from gotrace.State) *Step {
	g := &r.gs[i]
	of := &r.parts[i]
	if of.worker != None {
		r.leave(i)
	}
	for of.serial > 0 {
		of.serial--
		r.about(SerialEnd, i)
	}
	r.release(g)
	g.stops, g.state = 0, gotrace.NotExist
	r.slots.Drop(g.id)
	g.alive = false
	r.free = append(r.free, i)
	s := r.about(Change, i)
	s.From = from
	return s
}

// A creation is the pair of stacks that tells a start function: the goroutine's own and its creator's.
type creation struct{ own, creator gotrace.StackID }

// A start is how a goroutine starts.
type start struct {
	of    creation
	stack gotrace.StackID
	name  gotrace.StringID
	whose Whose
}

// learnStart notes where a goroutine starts: the outermost frame of its stack, which is the only frame if it is new. A
// goroutine that is running when the recording begins has no stack yet; that of a later event of its own tells.
func (r *Replay) learnStart(i int32, ev *gotrace.Event) {
	key := creation{own: ev.SubjectStack}
	if ev.From == gotrace.NotExist {
		key.creator = ev.Stack
	} else if key.own == 0 && ev.G == ev.Subject {
		key.own = ev.Stack
	}
	if key.own == 0 {
		return
	}
	known := r.start(key)
	if known == nil {
		return
	}
	g := &r.gs[i]
	g.named = true
	if known.whose != OfProgram {
		g.whose = known.whose
	}
	var s *Step
	if n := len(r.steps) - 1; n >= 0 && r.steps[n].Kind == Born && r.steps[n].G == i && r.steps[n].Time == r.t {
		s = &r.steps[n] // it is known by this event
	} else {
		s = r.about(Named, i)
	}
	s.Stack, s.Name, s.Whose = known.stack, known.name, g.whose
}

// start returns what a pair of stacks tells, or nil if it is a thread of C, which starts in no function of Go.
func (r *Replay) start(key creation) *start {
	for int(key.own) >= len(r.recent) {
		r.recent = append(r.recent, nil)
	}
	recent := &r.recent[key.own]
	if *recent != nil && (*recent).of == key {
		return *recent
	}
	known, ok := r.starts[key]
	if !ok {
		own := r.Symbols.Stack(key.own)
		if len(own) > 0 && own[len(own)-1].Func == "" {
			return nil
		}
		known = &start{
			key, key.own, r.Symbols.Intern(startFunction(own, r.Symbols.Stack(key.creator))), r.classes.whose(key.own),
		}
		if len(own) > 1 {
			known.stack = r.Symbols.InternStack(own[len(own)-1:])
		}
		r.starts[key] = known
	}
	*recent = known
	return known
}

// learnForeign takes a goroutine of which nothing is known but that it is in a system call, without having run before,
// for the runtime's, until it leaves that: so Go up to 1.21 shows a thread that waits to be called from C, and the
// program loses nothing there.
func (r *Replay) learnForeign(i int32, ev *gotrace.Event) {
	g := &r.gs[i]
	is := ev.To == gotrace.Syscall && !g.named && g.p == None && ev.SubjectStack == 0 && ev.From != gotrace.Running
	if is == g.foreign {
		return
	}
	g.foreign, g.whose = is, OfProgram
	if is {
		g.whose = OfRuntime
	}
	r.about(Relabel, i)
}

// startFunction names the function that a goroutine was started with. Where that only calls another function, it names
// the creator as well.
func startFunction(own, creator []gotrace.Frame) string {
	if len(own) == 0 {
		return ""
	}
	name := own[len(own)-1].Func
	for _, via := range [...]struct{ prefix, short string }{
		{"sync.(*WaitGroup).Go.", "WaitGroup.Go"},
		{"golang.org/x/sync/errgroup.(*Group).Go.", "Group.Go"},
		{"golang.org/x/sync/errgroup.(*Group).TryGo", "Group.TryGo"},
	} {
		if !strings.HasPrefix(name, via.prefix) {
			continue
		}
		for _, f := range creator {
			if !strings.HasPrefix(f.Func, "sync.") && !strings.HasPrefix(f.Func, "golang.org/x/sync/") {
				return f.Func + " " + via.short
			}
		}
	}
	return name
}
