package words_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
)

func framesOf(functions ...string) []gotrace.Frame {
	var out []gotrace.Frame
	for i, f := range functions {
		out = append(out, gotrace.Frame{Func: f, File: "/src/" + place.Package(f) + "/x.go", Line: i + 1})
	}
	return out
}

func TestPlace(t *testing.T) {
	const corecurve = "github.com/corecurve/corecurve/"
	for _, tt := range []struct {
		name  string
		stack []gotrace.Frame
		want  string
	}{
		{"empty", nil, ""},
		{"runtime alone", framesOf("runtime.gcBgMarkWorker"), ""},
		{"behind the library", framesOf("internal/sync.(*Mutex).lockSlow", "sync.(*Mutex).Lock", "main.(*cache).get", "main.main"), "main.(*cache).get (x.go:3)"},
		{"a helper and its caller", framesOf("example.com/a/spin.Steps", "example.com/a/job.Run", "main.main"), "spin.Steps (x.go:1), called by job.Run (x.go:2)"},
		{
			"workload", framesOf(corecurve+"examples/serial.First.func2", corecurve+"trace/workload.guard", corecurve+"trace/workload.Child", "main.main"),
			"serial.First.func2 (x.go:1)",
		},
		{"waiting in the starter", framesOf("sync.(*WaitGroup).Wait", corecurve+"trace/workload.(*solo).run", "main.main"), ""},
		{
			"inlined function literal",
			[]gotrace.Frame{
				{Func: "example.com/alloc.build", File: "/src/alloc/alloc.go", Line: 70}, {Func: "example.com/all.Workload.func1", File: "/src/alloc/alloc.go", Line: 55},
			},
			"alloc.build (alloc.go:70)",
		},
		{
			"inlined function literal of a redacted report",
			[]gotrace.Frame{
				{Func: "example.com/alloc.build", File: "…/alloc.go", Line: 70},
				{Func: "example.com/all.Workload.func1", File: "…/alloc.go", Line: 55},
				{Func: "example.com/job.Run", File: "…/job.go", Line: 5},
			},
			"alloc.build (alloc.go:70), called by job.Run (job.go:5)",
		},
		{"type arguments", framesOf("slices.SortFunc[go.shape.[]example.com/x.T]", "example.com/x/y.Sort[example.com/z.T]"), "y.Sort[example.com/z.T] (x.go:2)"},
		{"module without a dot", framesOf("shop/cart.(*Cart).Add"), "cart.(*Cart).Add (x.go:1)"},
		{
			"assembly of the runtime",
			[]gotrace.Frame{{Func: "gcWriteBarrier", File: "/go/src/runtime/asm_amd64.s", Line: 1}, {Func: "main.link", File: "/src/main.go", Line: 2}},
			"main.link (main.go:2)",
		},
		{"C", []gotrace.Frame{{Func: "dgemm", File: "/src/blas.c", Line: 3}}, "dgemm (blas.c:3)"},
		{"a lock that has only a name", []gotrace.Frame{{Func: "GIL"}}, "GIL"},
		{"no file", []gotrace.Frame{{Func: "main.f"}}, "main.f"},
	} {
		if got := words.Place(tt.stack); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func FuzzPlace(f *testing.F) {
	f.Add("main.f[", "a/b.c", "x.go")
	f.Fuzz(func(t *testing.T, a, b, file string) {
		stack := []gotrace.Frame{{Func: a, File: file, Line: 1}, {Func: b}}
		if _, ok := place.Of(stack); ok != (words.Place(stack) != "") {
			t.Errorf("a place without words, or the other way round: %q", words.Place(stack))
		}
	})
}
