package critical

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A script makes events by hand. All times are in microseconds.
type script struct {
	sym    gotrace.Symbols
	replay replay.Replay
	b      Builder
}

const none = gotrace.None

func (s *script) add(ev gotrace.Event) {
	ev.Time *= 1000
	s.b.Symbols, s.replay.Symbols = &s.sym, &s.sym
	s.b.Add(s.replay.Append(nil, ev))
}

func (s *script) stack(f string) gotrace.StackID {
	if f == "" {
		return 0
	}
	return s.sym.InternStack([]gotrace.Frame{{Func: f}})
}

// g is a transition of goroutine id, in the context of goroutine by at that stack; a wait and a system call are at that
// stack too.
func (s *script) g(t, by, id int64, from, to gotrace.State, why gotrace.Reason, at string) {
	ev := gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: by, P: none, M: none, Subject: id, From: from, To: to,
		Reason: why, Stack: s.stack(at),
	}
	if by == id {
		ev.SubjectStack = ev.Stack
	}
	s.add(ev)
}

func (s *script) create(t, by, id int64, site string) {
	s.g(t, by, id, gotrace.NotExist, gotrace.Runnable, 0, site)
}

func (s *script) run(t, id int64) { s.g(t, none, id, gotrace.Runnable, gotrace.Running, 0, "") }

func (s *script) block(t, id int64, why gotrace.Reason, at string) {
	s.g(t, id, id, gotrace.Running, gotrace.Waiting, why, at)
}

func (s *script) wake(t, by, id int64, at string) {
	s.g(t, by, id, gotrace.Waiting, gotrace.Runnable, 0, at)
}

func (s *script) end(t, id int64, at string) {
	s.g(t, id, id, gotrace.Running, gotrace.NotExist, 0, at)
}

func (s *script) finish(t *testing.T) *Path {
	t.Helper()
	p := s.b.Finish()
	if err := Validate(p); err != nil {
		t.Fatal(err)
	}
	return p
}

// A part is a step in microseconds.
type part struct {
	Cause cause.Cause
	Func  string
	US    int64
}

func parts(p *Path) []part {
	var out []part
	for _, s := range p.Steps {
		f := ""
		if len(s.Stack) > 0 {
			f = s.Stack[0].Func
		}
		out = append(out, part{s.Cause, f, int64(s.Time / time.Microsecond)})
	}
	return out
}

const us = time.Microsecond

func check(t *testing.T, p *Path, work, span time.Duration, want []part) {
	t.Helper()
	if p.Work != work || p.Span != span {
		t.Errorf("work %v, span %v, want %v and %v", p.Work, p.Span, work, span)
	}
	if diff := cmp.Diff(want, parts(p)); diff != "" {
		t.Error(diff)
	}
}

// TestJoin: on one P, main runs for 100 and creates two goroutines at one place: the first runs for 500 and ends, the
// second for 200, and is the last to be done. The join depends on both: 100 + 500, and 50 of main after it.
func TestJoin(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.create(100, 1, 2, "main.main")
	s.create(100, 1, 3, "main.main")
	s.block(100, 1, gotrace.SyncWait, "sync.(*WaitGroup).Wait")
	s.run(100, 2)
	s.end(600, 2, "main.long")
	s.run(600, 3)
	s.wake(800, 3, 1, "main.short")
	s.end(800, 3, "main.short")
	s.run(800, 1)
	s.block(850, 1, gotrace.Forever, "main.main")
	check(t, s.finish(t), 850*us, 650*us, []part{{cause.User, "main.long", 500}, {cause.User, "main.main", 150}})
}

// TestSerialTenth: main runs for 6400 and creates 64 goroutines of 900 each, which run one after the other on one P:
// the work is 6400 + 64·900 = 64,000, the span 6400 + 900 = 7300, and the parallelism 8.767 = 1/(0.1 + 0.9/64).
func TestSerialTenth(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	for id := range int64(64) {
		s.create(6400, 1, id+2, "main.main")
	}
	s.block(6400, 1, gotrace.SyncWait, "sync.(*WaitGroup).Wait")
	for id := range int64(64) {
		at := 6400 + 900*id
		s.run(at, id+2)
		if id == 63 {
			s.wake(at+900, id+2, 1, "main.task")
		}
		s.end(at+900, id+2, "main.task")
	}
	p := s.finish(t)
	check(t, p, 64_000*us, 7300*us, []part{{cause.User, "main.main", 6400}, {cause.User, "main.task", 900}})
	if p.Parallelism < 8.767 || p.Parallelism > 8.768 {
		t.Errorf("parallelism %v", p.Parallelism)
	}
	if low, high := p.Bounds(4); low > 4 || high != 4 || low < 2 {
		t.Errorf("bounds on 4 cores %v … %v", low, high)
	}
}

// TestSend: goroutine 2 runs for 300 until it blocks in a send; 3, which ran for 100, receives from it and goes on for
// 50. The receiver depends on the sender's arrival: 300 + 50.
func TestSend(t *testing.T) {
	s := &script{}
	s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(300, 2, gotrace.ChanSend, "main.send")
	s.create(300, none, 3, "")
	s.run(300, 3)
	s.wake(400, 3, 2, "main.receive")
	s.end(450, 3, "main.use")
	check(t, s.finish(t), 450*us, 350*us, []part{{cause.User, "main.send", 300}, {cause.User, "main.use", 50}})
}

// TestOutside: a sleep and a system call without a P take as long as they did; being ready takes no time; garbage
// collection that was waited for neither.
func TestOutside(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(100, 1, gotrace.Sleep, "main.nap")
	s.wake(300, none, 1, "")
	s.run(350, 1)
	s.g(400, 1, 1, gotrace.Running, gotrace.Syscall, 0, "main.read")
	s.g(470, 1, 1, gotrace.Syscall, gotrace.Running, 0, "")
	s.block(500, 1, gotrace.GCAssistWait, "main.alloc")
	s.wake(600, none, 1, "")
	s.run(600, 1)
	s.end(640, 1, "main.end")
	check(t, s.finish(t), 220*us, 490*us, []part{
		{cause.Sleep, "main.nap", 200},
		{cause.User, "main.nap", 100},
		{cause.BlockSyscall, "main.read", 70},
		{cause.User, "main.read", 50},
		{cause.User, "main.end", 40},
		{cause.User, "main.alloc", 30},
	})
}

// TestTicker: a goroutine that only waits for the clock, as it did before, is not what the end waits for.
func TestTicker(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.create(100, 1, 2, "main.tick")
	s.run(100, 2)
	s.block(101, 2, gotrace.ChanReceive, "main.tick")
	s.wake(200, none, 2, "")
	s.run(200, 2)
	s.block(201, 2, gotrace.ChanReceive, "main.tick")
	s.end(150, 1, "main.main") // time does not go back: at 201
	if p := s.finish(t); p.Span != 201*us {
		t.Errorf("span %v", p.Span)
	}
}

// TestRecorder: a handler that waits until there is enough of a recording, and then for the end of it, has run for no
// more than its 10 + 5 + 5: the span is the 60 of the goroutine that does the program's work.
func TestRecorder(t *testing.T) {
	s := &script{}
	s.g(0, none, 7, gotrace.Undetermined, gotrace.Running, 0, "")
	s.g(0, none, 8, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(10, 7, gotrace.Select, "net/http/pprof.sleep")
	s.end(60, 8, "main.work")
	s.wake(900, none, 7, "")
	s.run(900, 7)
	s.block(905, 7, gotrace.SyncWait, "runtime.traceAdvance")
	s.wake(990, 8, 7, "main.work")
	s.run(990, 7)
	s.block(995, 7, gotrace.SyncWait, "runtime.traceAdvance")
	check(t, s.finish(t), 80*us, 60*us, []part{{cause.User, "main.work", 60}})
}

// TestWindow: only what lies between 200 and 400 counts.
func TestWindow(t *testing.T) {
	s := &script{b: Builder{From: 200_000, To: 400_000}}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(300, 1, gotrace.Sleep, "main.nap")
	s.wake(350, none, 1, "")
	s.run(350, 1)
	s.end(900, 1, "main.main")
	check(t, s.finish(t), 150*us, 200*us, []part{{cause.User, "main.nap", 150}, {cause.Sleep, "main.nap", 50}})
}

// TestMemory hands over between two goroutines a million times, at changing stacks, while a third has waited since the
// beginning. Each of them has a path of its own, so that no more nodes may be alive than a small multiple of the first
// limit. There are more stacks than a step looks back for one of its kind.
func TestMemory(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.create(1, 1, 2, "main.a")
	s.create(1, 1, 3, "main.b")
	s.run(1, 3)
	s.block(2, 3, gotrace.Select, "main.watch")
	s.block(3, 1, gotrace.ChanReceive, "main.a")
	most := 0
	at, cur, other := int64(3), int64(2), int64(1)
	sites := make([]string, 5*near)
	for i := range sites {
		sites[i] = fmt.Sprintf("main.site%d", i)
	}
	for i := range 1_000_000 {
		s.run(at, cur)
		at += 2
		s.wake(at, cur, other, sites[i%len(sites)])
		at++
		s.block(at, cur, gotrace.ChanReceive, sites[i%2])
		cur, other = other, cur
		most = max(most, len(s.b.tree.nodes)+s.b.tree.bundled)
	}
	p := s.finish(t)
	if most > 2*firstLimit {
		t.Errorf("%d nodes and steps at a time", most)
	}
	if len(s.b.tree.bundles) == 0 {
		t.Error("no chain has been joined")
	}
	// Of every 3 µs the wake-up comes after 2: the path goes from wake-up to wake-up. Before, main runs for 3 and the
	// third for 1.
	if p.Work != 3_000_004*us || p.Span < 2_000_000*us || p.Span > 2_000_010*us {
		t.Errorf("work %v, span %v", p.Work, p.Span)
	}
	// Each site has its share of the 2 s; but at the first wake-up, after 2, main has come as far by itself, and the
	// last blocks 1 after its wake-up.
	share := 2_000_000 * us / time.Duration(len(sites))
	steps := 0
	for _, step := range p.Steps {
		if len(step.Stack) > 0 && strings.HasPrefix(step.Stack[0].Func, "main.site") {
			steps++
			if step.Time < share-2*us || step.Time > share+2*us {
				t.Errorf("%s has %v of the path, want %v", step.Stack[0].Func, step.Time, share)
			}
		}
	}
	if steps != len(sites) {
		t.Errorf("%d sites are on the path, want %d", steps, len(sites))
	}
}

func TestMerge(t *testing.T) {
	p := Merge(
		&Path{
			Work: 3, Span: 1, Least: 1, Steps: []Step{{Cause: cause.User, Time: 1}},
			Warnings: []warning.Warning{{Kind: warning.PathEmpty}},
		},
		&Path{Work: 5, Span: 4, Least: 4, Steps: []Step{{Cause: cause.User, Time: 4}}},
	)
	if p.Work != 8 || p.Span != 4 || p.Parallelism != 2 || len(p.Warnings) != 1 || Validate(p) != nil {
		t.Errorf("%+v", p)
	}
	if p := (&Builder{}).Finish(); len(p.Warnings) != 1 || p.Parallelism != 0 || Validate(p) != nil {
		t.Errorf("no events: %+v", p)
	}
}
