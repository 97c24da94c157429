package predict_test

import (
	"math"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Ten goroutines hold a lock for 10 ms each and then work for 90: on 64 cores 190 ms of 1000. Without the lock these
// are 100, with what is done under it twice as fast 50 + 90, with the work twice as fast 100 + 45.
func TestChanges(t *testing.T) {
	p := fork(90, 90, 90, 90, 90, 90, 90, 90, 90, 90)
	p.Objects = append(p.Objects, program.Object{})
	at := func(name string) gotrace.StackID {
		return p.Symbols.InternStack([]gotrace.Frame{{Func: name, File: "main.go", Line: 1}})
	}
	first, hold, work := at("main.first"), at("main.hold"), at("main.work")
	p.Objects[1].Stack = first
	for i := range p.Goroutines[1:] {
		g := &p.Goroutines[i+1]
		g.Ops[0].Ref = int32(work)
		g.Ops = append([]program.Op{
			{Kind: program.Lock, Ref: 1, D: int64(i)},
			{Kind: program.Run, D: 10 * ms, Ref: int32(hold)},
			{Kind: program.Unlock, Ref: 1},
		}, g.Ops...)
	}
	c := predict.Of(p, &critical.Path{}, predict.Request{Cores: []int{1, 64}, Changes: []int{64, 7}})
	want := []predict.Change{
		{Kind: predict.WithoutLock, Stack: first, Speedup: 10, Gain: 0.9},
		{Kind: predict.FasterFunction, Func: "main.hold", Speedup: 1000. / 140, Gain: 190./140 - 1},
		{Kind: predict.FasterFunction, Func: "main.work", Speedup: 1000. / 145, Gain: 190./145 - 1},
	}
	if len(c.Changes) != len(want) {
		t.Fatalf("%+v", c.Changes)
	}
	for i, x := range c.Changes {
		w := want[i]
		near(t, "speedup", x.Speedup, w.Speedup, 0.01)
		if x.Kind != w.Kind || x.Stack != w.Stack || x.Func != w.Func || x.Cores != 64 || math.Abs(x.Gain-w.Gain) > 0.01 {
			t.Errorf("%d: %+v, want %+v", i, x, w)
		}
	}
}

// A function that is named is tried where that one calls it, and what never ran is not: two goroutines run a helper for
// 100 ms each, called by different packages. On 2 cores half of one of them is no gain, on one core 150 of 200 ms.
func TestNamedFunction(t *testing.T) {
	p := fork(100, 100)
	for i, caller := range []string{"example.com/b.x", "example.com/c.x"} {
		p.Goroutines[1+i].Ops[0].Ref = int32(p.Symbols.InternStack([]gotrace.Frame{
			{Func: "example.com/a.helper", File: "/a/x.go", Line: 1}, {Func: caller, File: "/b/x.go", Line: i},
		}))
	}
	r := predict.Request{Cores: []int{1, 2}, Changes: []int{1, 2}, Functions: []place.Function{
		{Name: "example.com/a.helper", Caller: "example.com/c.x"}, {Name: "example.com/a.helper", Caller: "example.com/d.x"},
	}}
	gains := map[int]float64{1: 200. / 150, 2: 1}
	named := 0
	for _, x := range predict.Of(p, &critical.Path{}, r).Changes {
		if x.Low > x.Speedup || x.Speedup > x.High || x.Forced != 0 {
			t.Errorf("%+v", x)
		}
		if x.Caller == "" {
			continue
		}
		named++
		if x.Caller != "example.com/c.x" || math.Abs(1+x.Gain-gains[x.Cores]) > 0.01 {
			t.Errorf("%+v, want %v", x, gains[x.Cores])
		}
	}
	if named != 2 {
		t.Errorf("%d changes of the named function, want one on each number of cores", named)
	}
}

// A crew of 8 tasks on 4 cores: twice as many workers as cores take turns and gain nothing. Of one worker on 4 cores a
// second one halves the tasks: 100 + 200 of 500 ms. The collector, which ran for 100 ms in between, takes 100 of 600.
func TestChangedWorkers(t *testing.T) {
	r := predict.Request{Cores: []int{4}, Changes: []int{4}, WorkersAsCores: true}
	if x := predict.Of(crew(), &critical.Path{}, r).Changes; len(x) != 1 || x[0].Workers != 8 || math.Abs(x[0].Gain) > 0.01 {
		t.Errorf("%+v", x)
	}
	r.WorkersAsCores = false
	if x := predict.Of(crew(), &critical.Path{}, r).Changes; len(x) != 1 || x[0].Workers != 2 || math.Abs(x[0].Gain-5./3+1) > 0.01 {
		t.Errorf("%+v", x)
	}
	p := fork(500)
	p.Cycles = []time.Duration{100 * time.Millisecond}
	g := &p.Goroutines[1]
	g.Ops = append([]program.Op{{Kind: program.Run, D: 100 * ms, Flags: program.Collecting}}, g.Ops...)
	r.Cores, r.Changes = []int{1}, []int{1}
	x := predict.Of(p, &critical.Path{}, r).Changes
	if len(x) != 1 || x[0].Kind != predict.WithoutCollector || math.Abs(x[0].Gain-0.2) > 0.01 {
		t.Errorf("%+v", x)
	}
	if x := predict.Of(&program.Program{}, &critical.Path{}, r).Changes; x != nil {
		t.Errorf("of nothing: %+v", x)
	}
}
