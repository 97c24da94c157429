package place_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

func frames(functions ...string) []gotrace.Frame {
	var out []gotrace.Frame
	for i, f := range functions {
		out = append(out, gotrace.Frame{Func: f, File: "/src/" + place.Package(f) + "/x.go", Line: i + 1})
	}
	return out
}

func TestStarts(t *testing.T) {
	const workload = "github.com/corecurve/corecurve/trace/workload.Child"
	for _, tt := range []struct {
		stack []gotrace.Frame
		want  bool
	}{
		{nil, false},
		{frames("os.(*File).Read", workload, "main.main"), true},
		{frames("os.(*File).Read", "example.com/job.Run", workload, "main.main"), false},
		{frames("runtime.gopark"), false},
	} {
		if got := place.Starts(tt.stack); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.stack, got, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	for _, tt := range []struct {
		stack []gotrace.Frame
		want  string
	}{
		{nil, ""},
		{frames("runtime.gopark", "runtime.selectgo", "net/http.(*conn).serve"), "net/http.(*conn).serve"},
		{frames("sync.runtime_Semacquire", "sync.(*WaitGroup).Wait", "net/http.serve"), "sync.(*WaitGroup).Wait"},
		{frames("internal/runtime/sys.f", "runtime.gopark", "runtime.bgsweep", "runtime.goexit"), "runtime.bgsweep"},
		{frames("runtime.gopark"), "runtime.gopark"},
		{frames("", "time.Sleep"), ""},
	} {
		if got, ok := place.Nearest(tt.stack); got.Func != tt.want || ok != (len(tt.stack) > 0) {
			t.Errorf("%v: %q, %v; want %q", tt.stack, got.Func, ok, tt.want)
		}
	}
}

func TestPackage(t *testing.T) {
	got := map[string]string{}
	want := map[string]string{
		"net/http.(*Server).Serve": "net/http", "main.main": "main", "f": "f", "": "",
		"example.com/a.b/c.F[example.com/d.T]": "example.com/a.b/c",
	}
	for f := range want {
		got[f] = place.Package(f)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
