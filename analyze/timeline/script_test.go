package timeline

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A script makes events by hand.
type script struct {
	sym gotrace.Symbols
	evs []gotrace.Event
}

func (s *script) add(ev gotrace.Event) { s.evs = append(s.evs, ev) }

// g is a transition of goroutine id, in the context of itself on that P (on thread 100 + P). A wait for reason sync is
// for a mutex.
func (s *script) g(t, id, p int64, from, to gotrace.State, why gotrace.Reason) {
	ctx, m := id, int64(gotrace.None)
	if p >= 0 {
		m = 100 + p
	}
	if from == gotrace.Runnable || from == gotrace.Waiting || from == gotrace.NotExist {
		ctx = gotrace.None
	}
	ev := gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: ctx, P: p, M: m, Subject: id, From: from, To: to,
		Reason: why,
	}
	if why == gotrace.SyncWait {
		ev.SubjectStack = s.sym.InternStack([]gotrace.Frame{{Func: "sync.(*Mutex).Lock"}, {Func: "main.work"}})
	}
	s.add(ev)
}

func (s *script) create(t, id int64, start string) {
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: gotrace.None, P: gotrace.None, M: gotrace.None, Subject: id,
		From: gotrace.NotExist, To: gotrace.Runnable, SubjectStack: s.sym.InternStack([]gotrace.Frame{{Func: start}}),
	})
}

// p is a transition of P 0.
func (s *script) p(t clock.Time, from, to gotrace.State) {
	s.add(gotrace.Event{
		Kind: gotrace.ProcTransition, Time: t, G: gotrace.None, P: gotrace.None, M: gotrace.None, Subject: 0,
		From: from, To: to,
	})
}

func (s *script) region(t, g int64, name string, begin bool) {
	k := gotrace.RegionEnd
	if begin {
		k = gotrace.RegionBegin
	}
	s.add(gotrace.Event{
		Kind: k, Time: clock.Time(t), G: g, P: gotrace.None, M: gotrace.None, Subject: gotrace.None,
		Name: s.sym.Intern(name),
	})
}

// assist is the begin or end of a mark assist.
func (s *script) assist(t, g int64, begin bool) {
	k := gotrace.RangeEnd
	if begin {
		k = gotrace.RangeBegin
	}
	s.add(gotrace.Event{
		Kind: k, Time: clock.Time(t), G: g, P: gotrace.None, M: gotrace.None, Subject: g, Range: gotrace.GCMarkAssist,
	})
}

func (s *script) sync(t clock.Time) {
	s.add(gotrace.Event{
		Kind: gotrace.Sync, Time: t, G: gotrace.None, P: gotrace.None, M: gotrace.None, Subject: gotrace.None,
	})
}

// feed returns a function that gives b the steps of an event.
func feed(b *Builder) func(*gotrace.Event) {
	r := replay.Replay{Rank: b.Rank, Symbols: b.Symbols}
	return func(ev *gotrace.Event) {
		b.Add(r.Append(nil, *ev))
	}
}

// build gives the events to b and checks what comes out.
func (s *script) build(t *testing.T, b *Builder) *Timeline {
	t.Helper()
	b.Symbols = &s.sym
	add := feed(b)
	for i := range s.evs {
		add(&s.evs[i])
	}
	tl := b.Finish()
	if err := Validate(tl); err != nil {
		t.Fatal(err)
	}
	return tl
}

// find returns a lane of process 0.
func find(t *testing.T, tl *Timeline, kind LaneKind, id int64) *Lane {
	t.Helper()
	for i := range tl.Lanes {
		if l := &tl.Lanes[i]; l.Kind == kind && l.Rank == 0 && l.ID == id {
			return l
		}
	}
	t.Fatalf("no lane of kind %d, number %d", kind, id)
	return nil
}

const (
	notExist  = gotrace.NotExist
	runnable  = gotrace.Runnable
	running   = gotrace.Running
	waiting   = gotrace.Waiting
	inSyscall = gotrace.Syscall
	none      = gotrace.None
	unknown   = gotrace.Undetermined
)
