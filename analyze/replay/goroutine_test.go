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
