package predict_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/warning"
)

// each puts operations before those of every goroutine but main.
func each(p *program.Program, ops ...program.Op) *program.Program {
	for i := range p.Goroutines[1:] {
		g := &p.Goroutines[i+1]
		g.Ops = append(append([]program.Op{}, ops...), g.Ops...)
	}
	return p
}

// warned returns the figures of a kind of warning of a prediction of p, and whether there is one.
func warned(p *program.Program, k warning.Kind) (f warning.Figures, ok bool) {
	c := predict.Of(p, &critical.Path{}, predict.Request{Cores: []int{2}})
	for i := range c.Warnings {
		if w := &c.Warnings[i]; w.Kind == k {
			return w.Figures, true
		}
	}
	return f, false
}

// Program waits for the collector that it called for some of the 400 ms of the recording: from a twentieth on, 20 ms,
// there is only a bound, which is the replay without the waits.
func TestCalls(t *testing.T) {
	for _, tt := range []struct {
		awaited time.Duration
		warned  bool
	}{{19 * time.Millisecond, false}, {21 * time.Millisecond, true}} {
		p := fork(100, 100, 100, 100)
		p.Recorded, p.Awaits, p.Awaited = 400*time.Millisecond, 3, tt.awaited
		q := predict.Of(p, &critical.Path{}, predict.Request{Cores: []int{2}}).Predictions[0]
		near(t, "bound", q.High, 2, 0.01)
		if !tt.warned {
			near(t, "speedup", q.Speedup, 2, 0.01)
			continue
		}
		if w := q.Unknown; w == nil || w.Kind != warning.PredictCalls || q.NoHigh != nil {
			t.Fatalf("%+v", q)
		}
		want := warning.Figures{Count: 3, Time: tt.awaited, Against: p.Recorded}
		if diff := cmp.Diff(want, q.Unknown.Figures); diff != "" {
			t.Error(diff)
		}
	}
}

// Four goroutines of 100 ms each try for a lock or a channel after 25, and have it for 25:
//
//   - a lock that all of them try may not be free on more cores: they do 300 of 400 ms from there on;
//   - one that only one goroutine uses is always free;
//   - four sends to a channel with room for three may not all be done, with room for four they are.
func TestTries(t *testing.T) {
	try := func(begin, end program.Kind, flags program.Flags) []program.Op {
		return []program.Op{
			run(25 * ms), {Kind: begin, Ref: 1, Flags: flags}, run(25 * ms), {Kind: end, Ref: 1},
		}
	}
	for _, tt := range []struct {
		name     string
		ops      []program.Op
		alone    bool // the first goroutine only
		capacity int
		want     warning.Figures
	}{
		{"lock", try(program.Lock, program.Unlock, program.Tried), false, 0, warning.Figures{Count: 4, Ratio: 0.75}},
		{"waiting for it", try(program.Lock, program.Unlock, 0), false, 0, warning.Figures{}},
		{"lock of its own", try(program.Lock, program.Unlock, program.Tried), true, 0, warning.Figures{}},
		{"tokens", try(program.Send, program.Recv, program.Tried), false, 3, warning.Figures{Count: 4, Ratio: 0.75}},
		{"enough tokens", try(program.Send, program.Recv, program.Tried), false, 4, warning.Figures{}},
	} {
		p := fork(50, 50, 50, 50)
		p.Objects = append(p.Objects, program.Object{Capacity: tt.capacity})
		if tt.alone {
			p.Goroutines[1].Ops = append(tt.ops, p.Goroutines[1].Ops...)
		} else {
			each(p, tt.ops...)
		}
		got, ok := warned(p, warning.PredictTries)
		if diff := cmp.Diff(tt.want, got); diff != "" || ok != (tt.want.Count > 0) {
			t.Errorf("%s: warned %v (-want +got):\n%s", tt.name, ok, diff)
		}
	}
}

// A goroutine tries for a channel without room and, as somebody takes it, creates another, whose 60 ms are done by
// itself where nobody does: with its own 20 after that they are 80 of 100.
func TestTriesOfCreators(t *testing.T) {
	p := fork(40)
	p.Objects = append(p.Objects, program.Object{})
	p.Goroutines[1].Ops = append([]program.Op{
		run(20 * ms), {Kind: program.Send, Ref: 1, Flags: program.Tried}, {Kind: program.Create, Ref: 2}, run(20 * ms),
	}, p.Goroutines[1].Ops[1:]...)
	p.Goroutines = append(p.Goroutines, program.Goroutine{
		ID: 3, Creator: 1, Over: true, Ops: []program.Op{run(60 * ms), {Kind: program.Recv, Ref: 1}},
	})
	got, _ := warned(p, warning.PredictTries)
	if diff := cmp.Diff(warning.Figures{Count: 1, Ratio: 0.8}, got); diff != "" {
		t.Error(diff)
	}
}

// Four goroutines have a lock or a channel 1000 times, and run for so long each time: 999 times from one to the next.
// Beside 1 ms of other work each, 1 µs at a lock is brief, and 999 of 2000 µs; beside 20 ms it is less than a tenth. At
// a lock 3 µs are not brief, but at a channel they are. Nor does a lock count that only one goroutine has.
func TestBrief(t *testing.T) {
	for _, tt := range []struct {
		kind      program.Kind
		ns, other int64 // other: ms
		alone     bool
		below     time.Duration // 0: nothing is warned of
		share     float64
	}{
		{program.Lock, 1000, 1, false, 2 * time.Microsecond, 999. / 2000},
		{program.Lock, 1000, 20, false, 0, 0},
		{program.Lock, 3000, 1, false, 0, 0},
		{program.Lock, 1000, 1, true, 0, 0},
		{program.Send, 3000, 1, false, 5 * time.Microsecond, 2997. / 4000},
		{program.Send, 6000, 1, false, 0, 0},
	} {
		p := fork(tt.other, tt.other, tt.other, tt.other)
		for i := range p.Goroutines[1:] {
			object := int32(1)
			if tt.alone {
				object = int32(1 + i)
			}
			p.Objects = append(p.Objects, program.Object{Capacity: 4000})
			g := &p.Goroutines[i+1]
			var ops []program.Op
			for range 1000 {
				ops = append(ops, program.Op{Kind: tt.kind, Ref: object}, run(tt.ns*3/4))
				if tt.kind == program.Lock {
					ops = append(ops, program.Op{Kind: program.Unlock, Ref: object})
				}
				ops = append(ops, run(tt.ns/4))
			}
			g.Ops = append(ops, g.Ops...)
		}
		f, ok := warned(p, warning.PredictBrief)
		if ok != (tt.below > 0) {
			t.Fatalf("%+v: warned %v, %+v", tt, ok, f)
		}
		if ok {
			near(t, "share", f.Ratio, tt.share, 1e-9)
			if f.Count != 4*999 || f.Time != tt.below {
				t.Errorf("%+v", f)
			}
		}
	}
}

// Main asks three goroutines, which run for 100, 200 and 300 ms and send, and takes the first answer: with room in the
// channel the others do 500 of 600 ms for nobody. If main takes them all they do not.
func TestAdrift(t *testing.T) {
	for _, answers := range []int{1, 3} {
		p := fork(100, 200, 300)
		p.Objects = append(p.Objects, program.Object{Capacity: 3})
		main := &p.Goroutines[0]
		main.Ops = main.Ops[:len(main.Ops)-1]
		for range answers {
			main.Ops = append(main.Ops, program.Op{Kind: program.Recv, Ref: 1})
		}
		for i := range p.Goroutines[1:] {
			p.Goroutines[i+1].Ops[1] = program.Op{Kind: program.Send, Ref: 1, D: int64(i) * 100 * ms}
		}
		f, ok := warned(p, warning.PredictAdrift)
		if ok != (answers == 1) {
			t.Fatalf("%d answers: warned %v, %+v", answers, ok, f)
		}
		if ok && f.Count != 2 {
			t.Errorf("%+v", f)
		}
		if ok {
			near(t, "share", f.Ratio, 500./600, 1e-9)
		}
	}
	if f, ok := warned(fork(100, 200, 300), warning.PredictAdrift); ok {
		t.Errorf("a join: %+v", f)
	}
}
