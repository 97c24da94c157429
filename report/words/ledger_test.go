package words_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
)

func TestObject(t *testing.T) {
	from := []gotrace.Frame{{Func: "runtime.makechan"}, {Func: "main.run", File: "/src/main.go", Line: 31}}
	for want, o := range map[string]ledger.Object{
		"a channel of 8 made at main.go:31":              {Thing: gotrace.Channel, Capacity: 8, Origin: from, Made: true},
		"an unbuffered channel first used at main.go:31": {Thing: gotrace.Channel, Origin: from},
		"channels made at main.go:31": {
			Thing: gotrace.Channel, Capacity: ledger.Several, Origin: from, Made: true, Number: ledger.Several,
		},
		"locks first used at main.go:31":             {Thing: gotrace.Lock, Origin: from, Number: ledger.Several},
		"a WaitGroup first used at main.go:31":       {Thing: gotrace.Group, Origin: from},
		"a sync.Cond first used in runtime.makechan": {Thing: gotrace.Cond, Origin: from[:1]},
		"a sync.Once first used in main.f":           {Thing: gotrace.Once, Origin: []gotrace.Frame{{Func: "main.f"}}},
	} {
		if got := words.Object(&o); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
