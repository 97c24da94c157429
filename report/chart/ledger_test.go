package chart

import (
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/trace/gotrace"
)

func coreMS(v float64) ledger.CoreTime { return ledger.CoreTime(v * float64(time.Millisecond)) }

// frames is a stack of a function of the user's below one of the library.
func frames(fn, file, lib string) []gotrace.Frame {
	return []gotrace.Frame{{Func: lib, File: "/usr/go/lib.go", Line: 7}, {Func: fn, File: "/home/u/" + file, Line: 95}}
}

func ledgerPicture() Ledger {
	cart := frames("example.org/shop/cart.(*Cart).Add", "cart.go", "sync.(*Mutex).Lock")
	long := frames("example.org/very/long/import/path/warehouse.(*InventorySynchroniser[go.shape.int]).reconcileEverything.func1", "reconcile.go", "runtime.chansend1")
	row := func(c cause.Cause, v float64, s ...ledger.Stack) ledger.Row {
		return ledger.Row{Cause: c, Time: coreMS(v), Stacks: s}
	}
	l := &ledger.Ledger{
		Level: ledger.Ps, Wall: 600 * time.Millisecond, Rows: []ledger.Row{
			row(cause.User, 1120, ledger.Stack{Time: coreMS(900), Waiting: frames("example.org/shop/cart.price", "price.go", "math.Exp")},
				ledger.Stack{Time: coreMS(220)}),
			row(cause.GCDedicated, 130), row(cause.GCAssist, 60), row(cause.GCSTW, 2.5), row(cause.Tracer, 0.4), row(cause.SchedLatency, 70),
			row(cause.Mutex, 610, ledger.Stack{Time: coreMS(590), Waiting: cart, Blamed: cart}, ledger.Stack{Time: coreMS(20), Waiting: long}),
			row(cause.ChanSend, 140, ledger.Stack{Time: coreMS(140), Waiting: long, Blamed: cart}),
			row(cause.Sleep, 47), row(cause.Serial, 180, ledger.Stack{Time: coreMS(180), Blamed: frames("main.load", "main.go", "os.ReadFile")}), row(cause.Startup, 40.1),
		},
	}
	for _, r := range l.Rows {
		l.Total += r.Time
	}
	return Ledger{
		Words: Words{
			Title:    "trace.out: of 4 Ps 1.87 ran the program; 25 % of the core time waited for a mutex, cart.(*Cart).Add (cart.go:95)",
			Subtitle: "600 ms, 4 Ps, go1.26",
			Footnote: "Core time: time summed over Ps, the processors of Go’s scheduler.",
		},
		Ledger: l,
	}
}

func TestLedger(t *testing.T) {
	// All rows together are 2,400 ms; the mutex has 610, which is 25 %.
	svg := svgOf(t, ledgerPicture())
	wants(
		t, svg,
		"mutex: 610 core-ms, 25 %", ">2.40 core-s<", "mutex, 590 core-ms: cart.(*Cart).Add (cart.go:95); waited for: cart.(*Cart).Add (cart.go:95)",
		"(reconcile.go:95)<", // the function is shortened, and not its line
		">The stacks with most of it<", "main.load (main.go:95)",
	)
	if strings.Contains(svg, "NaN") {
		t.Error("NaN")
	}
}

func TestLedgerEdges(t *testing.T) {
	for name, l := range map[string]*ledger.Ledger{
		"none":      nil,
		"empty":     {},
		"no stacks": {Total: 10, Rows: []ledger.Row{{Cause: cause.User, Time: 10}}},
		"tiny rows": {Total: 1e12 + 2, Rows: []ledger.Row{{Cause: cause.User, Time: 1e12}, {Cause: cause.Net, Time: 1}, {Cause: cause.Sleep, Time: 1}}},
	} {
		t.Run(name, func(t *testing.T) { svgOf(t, Ledger{Words: Words{Title: name}, Ledger: l}) })
	}
}
