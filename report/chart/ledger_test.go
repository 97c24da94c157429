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
			row(cause.User, 1120, ledger.Stack{
				Time:    coreMS(900),
				Waiting: frames("example.org/shop/cart.price", "price.go", "math.Exp"),
			},
				ledger.Stack{Time: coreMS(220)}),
			row(cause.GCDedicated, 130), row(cause.GCAssist, 60), row(cause.GCSTW, 2.5), row(cause.Tracer, 0.4),
			row(cause.SchedLatency, 70),
			row(cause.Mutex, 610, ledger.Stack{Time: coreMS(590), Waiting: cart, Blamed: cart},
				ledger.Stack{Time: coreMS(20), Waiting: long}),
			row(cause.ChanSend, 140, ledger.Stack{Time: coreMS(140), Waiting: long, Blamed: cart}),
			row(cause.Sleep, 47), row(cause.Serial, 180, ledger.Stack{
				Time:   coreMS(180),
				Blamed: frames("main.load", "main.go", "os.ReadFile"),
			}), row(cause.Startup, 40.1),
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
		"mutex (block.mutex): 0.61 core-s, 25 %", ">2.40 core-s<",
		"mutex, 0.59 core-s: cart.(*Cart).Add (cart.go:95); waited for: cart.(*Cart).Add (cart.go:95)",
		"(reconcile.go:95)<", // the function is shortened, and not its line
		// Five places are known, and five losses of 1 % and more have none, of which one is among the five largest. The
		// others are 70 + 60 + 47 + 40.1 + 20.
		">Where it went, losses first<", "main.load (main.go:95)", ">0.24 core-s<", ">5 more<",
		"GC workers, 0.13 core-s: no place is known", "own code, 0.90 core-s: cart.price (price.go:95)",
		// Two causes have less than 1 %: 2.5 and 0.4 of 2,400.
		">2 smaller causes 0.1 %<", "GC stops the world (gc.stw): 0.0025 core-s, 0.1 %; tracing (tracer): 0.0004 core-s, &lt; 0.1 %",
	)
	if strings.Contains(svg, "NaN") {
		t.Error("NaN")
	}
}

// A loop of three lines is one row, and who called it tells rows of one function apart.
func TestLedgerRows(t *testing.T) {
	spin := func(line int, caller string) []gotrace.Frame {
		return []gotrace.Frame{
			{Func: "example.org/spin.Steps", File: "/u/spin/spin.go", Line: line},
			{Func: "main." + caller, File: "/u/main.go", Line: 20},
		}
	}
	l := &ledger.Ledger{Total: coreMS(1000), Rows: []ledger.Row{{Cause: cause.User, Time: coreMS(1000)}}}
	for i, ms := range []float64{300, 200, 150, 100} {
		l.Rows[0].Stacks = append(l.Rows[0].Stacks,
			ledger.Stack{Time: coreMS(ms), Waiting: spin(13+i, []string{"hold", "iterate"}[i%2])})
	}
	for _, c := range "abcdef" { // more functions than there are rows
		l.Rows[0].Stacks = append(l.Rows[0].Stacks,
			ledger.Stack{Time: coreMS(40), Waiting: frames("main."+string(c), "x.go", "math.Exp")})
	}
	svg := svgOf(t, Ledger{Words: Words{Title: "rows"}, Ledger: l})
	wants(
		t, svg, ">3 more<", ">0.12 core-s<", // 3 × 40
		"own code, 0.45 core-s: spin.Steps (spin.go:13), called by main.hold (main.go:20)<", // 300 + 150
		"own code, 0.30 core-s: spin.Steps (spin.go:14), called by main.iterate (main.go:20)<",
		">called by main.iterate (main.go:20)<", ">main.c (x.go:95)<",
	)
	if strings.Contains(svg, "waited for") {
		t.Error("there is a column for what nothing waited for")
	}
}

func TestLedgerEdges(t *testing.T) {
	for name, l := range map[string]*ledger.Ledger{
		"none":      nil,
		"empty":     {},
		"no stacks": {Total: 10, Rows: []ledger.Row{{Cause: cause.User, Time: 10}}},
		"tiny rows": {Total: 1e12 + 2, Rows: []ledger.Row{
			{Cause: cause.User, Time: 1e12},
			{Cause: cause.Net, Time: 1},
			{Cause: cause.Sleep, Time: 1},
		}},
	} {
		t.Run(name, func(t *testing.T) { svgOf(t, Ledger{Words: Words{Title: name}, Ledger: l}) })
	}
}

// Losses stand before what was used, the largest first, in the legend as in the bar and in the table.
func TestLedgerOrder(t *testing.T) {
	var got []string
	for _, r := range ledgerPicture().rows() {
		got = append(got, r.Cause.String())
	}
	want := "block.mutex serial block.chan.send gc.dedicated sched.latency gc.assist block.sleep startup gc.stw tracer user"
	if strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", strings.Join(got, " "), want)
	}
	if first := ledgerPicture().held()[0]; first.cause != cause.Mutex {
		t.Errorf("the first place is of %s, want that of the largest loss", first.cause)
	}
	// What is too small to be told stands behind the losses and before what is used.
	var pieces []string
	for _, p := range ledgerPicture().pieces() {
		pieces = append(pieces, p.look.Name)
	}
	if got := strings.Join(pieces[len(pieces)-3:], ", "); got != "start-up, smaller causes, own code" {
		t.Errorf("the last are %q", got)
	}
	// One that is small alone stands for itself.
	busy := Ledger{Ledger: &ledger.Ledger{Total: coreMS(1000), Rows: []ledger.Row{
		{Cause: cause.User, Time: coreMS(997)}, {Cause: cause.Mutex, Time: coreMS(3)},
	}}}
	if first := busy.pieces()[0]; first.name != "mutex (block.mutex)" {
		t.Errorf("the first is %q", first.name)
	}
	// A file is as high as it needs.
	if few, many := height(busy), height(ledgerPicture()); few >= many || many > Height {
		t.Errorf("two causes are %v high, eleven with their places %v", few, many)
	}
}
