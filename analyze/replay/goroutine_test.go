package replay

import (
	"testing"

	"github.com/corecurve/corecurve/trace/gotrace"
)

// A goroutine that does nothing but call another function is named by who made it.
func TestStartFunction(t *testing.T) {
	frames := func(names ...string) (out []gotrace.Frame) {
		for _, n := range names {
			out = append(out, gotrace.Frame{Func: n})
		}
		return out
	}
	for _, c := range []struct {
		own, creator []gotrace.Frame
		want         string
	}{
		{frames("main.main.func1"), frames("main.main"), "main.main.func1"},
		{frames("main.inner", "main.outer"), nil, "main.outer"},
		{
			frames("sync.(*WaitGroup).Go.func1"), frames("sync.(*WaitGroup).Go", "main.run", "main.main"),
			"main.run WaitGroup.Go",
		},
		{
			frames("golang.org/x/sync/errgroup.(*Group).Go.func1"),
			frames("golang.org/x/sync/errgroup.(*Group).Go", "main.run"), "main.run Group.Go",
		},
		{frames("sync.(*WaitGroup).Go.func1"), nil, "sync.(*WaitGroup).Go.func1"},
		{nil, nil, ""},
	} {
		if got := startFunction(c.own, c.creator); got != c.want {
			t.Errorf("%v made by %v: %q, want %q", c.own, c.creator, got, c.want)
		}
	}
}

// The goroutines of the runtime by the functions in which releases of Go from 1.11 to 1.26 have started them.
func TestWhoseOf(t *testing.T) {
	for whose, starts := range map[Whose][]string{
		OfProgram: {
			"", "main.main", "runtime.main", "runtime_test.TestSweep.func1", "runtime/trace_test.TestStress.func5",
			"os/signal.NotifyContext.func1", "net/http.(*conn).serve", "testing.tRunner", "uniqueness.run",
			"runtime.cgocallback", // C called into Go
		},
		OfGC: {"runtime.gcBgMarkWorker", "runtime.gcBgMarkStartWorkers.gowrap1"},
		OfRuntime: {
			"runtime.bgsweep", "runtime.bgscavenge", "runtime.gcenable.func1", "runtime.gcenable.gowrap2",
			"runtime.forcegchelper", "runtime.init.4", "runtime.runfinq", "runtime.createfing", "runtime.runFinalizers",
			"runtime.runCleanups", "runtime.timerproc", "runtime.ensureSigM.func1", "runtime.updateMaxProcsGoroutine",
			"os/signal.loop", "unique.runtime_registerUniqueMapCleanup.func1",
		},
		OfTracer: {
			"runtime/trace.Start.func1", "runtime/trace.(*traceMultiplexer).startLocked.func1",
			"runtime.(*traceAdvancerState).start.func1", "runtime.traceStartReadCPU.func1",
			"runtime/pprof.profileWriter",
		},
	} {
		for _, start := range starts {
			if got := WhoseOf(start); got != whose {
				t.Errorf("%q is %d, want %d", start, got, whose)
			}
		}
	}
}
