package analysis

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/goroutines"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
)

func at(frames ...string) (out []gotrace.Frame) {
	for i, f := range frames {
		out = append(out, gotrace.Frame{Func: f, File: "/src/x.go", Line: 10 + i})
	}
	return out
}

// sample is a second on two Ps: 1.2 core-seconds of own code, 0.7 of waiting for a lock of which 0.5 and 0.1 are in the
// same functions, and 0.1 that is the runtime's. Path: 0.8 s of 1.2 s of work, so the parallelism is 1.5.
func sample() *Analysis {
	const s = ledger.CoreTime(time.Second)
	return &Analysis{
		Traces: []Trace{
			{File: "p0.trace", Go: "go1.26", Events: 1000, Bytes: 5000, Duration: time.Second},
			{
				File: "cut.trace", Go: "go1.25", Events: 10, Bytes: 50, Duration: time.Second,
				Damage: &Damage{Lost: 77, Reason: "it is cut"},
			},
		},
		Use: &cores.Use{Start: 5e9, End: 6e9, MaxPs: 2, Mean: 1.3, Profile: []time.Duration{0, 7e8, 3e8}},
		Ledger: &ledger.Ledger{
			Level: ledger.Ps, Wall: time.Second, Total: 2 * s,
			Warnings: []warning.Warning{warning.OfProcess(warning.LedgerEmpty, 1)},
			Rows: []ledger.Row{
				{
					Cause: cause.User, Time: 12 * s / 10,
					Stacks: []ledger.Stack{{Time: 12 * s / 10, Waiting: at("main.work", "main.main")}},
				},
				{Cause: cause.Runtime, Time: s / 10, Stacks: []ledger.Stack{{Time: s / 10}}},
				{Cause: cause.Mutex, Time: 7 * s / 10, Stacks: []ledger.Stack{
					{
						Time: 5 * s / 10, Waiting: at("sync.(*Mutex).Lock", "main.lock", "main.worker"),
						Blamed: at("main.hold", "main.worker"),
					},
					{Time: s / 10, Waiting: at("sync.(*Mutex).Lock", "main.other", "sync.(*WaitGroup).Go.func1")},
					{
						Time: s / 10, Waiting: at("x", "sync.(*Mutex).Lock", "main.lock", "main.worker")[1:],
						Blamed: at("main.hold", "main.worker"),
					},
				}},
			},
		},
		Path: &critical.Path{
			Work: 1200 * time.Millisecond, Span: 800 * time.Millisecond, Least: 800 * time.Millisecond,
			Parallelism: 1.5, Recorded: 800 * time.Millisecond,
			Steps: []critical.Step{
				{Cause: cause.User, Time: 500 * time.Millisecond, Stack: at("main.work", "main.main")},
				{Cause: cause.User, Time: 200 * time.Millisecond, Stack: at("", "main.work", "main.main")[1:]},
				{Cause: cause.Net, Time: 100 * time.Millisecond},
			},
		},
		Goroutines: &goroutines.Table{Groups: []goroutines.Group{{
			Start: "main.worker", Count: 3,
			Running: goroutines.Spread{Count: 3, Total: 1.2e9, Min: 3e8, Median: 4e8, Max: 5e8},
			Blocked: []goroutines.Blocked{{
				Cause:  cause.Mutex,
				Spread: goroutines.Spread{Count: 1, Total: 7e8, Min: 7e8, Median: 7e8, Max: 7e8},
			}},
		}}},
	}
}

// TestParallelismAtMost: of the sample's path, with 0.4 s more that are work or waits, one core takes 1.2 s to 1.6 s:
// the parallelism is 1.5 to 2, and its upper end is called that.
func TestParallelismAtMost(t *testing.T) {
	a := sample()
	a.Path.Unclear, a.Path.Parallelism = 400*time.Millisecond, 2
	var b bytes.Buffer
	if err := a.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if want := "one core takes 1.20 s to 1.60 s: parallelism at most 2.00\n"; !strings.Contains(b.String(), want) {
		t.Errorf("not in the text: %q\n%s", want, b.String())
	}
	if d := a.Document(); *d.Parallelism != 2 || math.Abs(*d.ParallelismLeast-1.5) > 1e-9 {
		t.Errorf("parallelism %v to %v", *d.ParallelismLeast, *d.Parallelism)
	}
}

// TestTextOfPs: core-seconds stood there as if every busy P had had a core.
func TestTextOfPs(t *testing.T) {
	const caveat = "a busy P need not have had a core"
	for _, ofPs := range []bool{false, true} {
		a := sample()
		a.Use.OfPs = ofPs
		var b bytes.Buffer
		if err := a.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(strings.Join(strings.Fields(b.String()), " "), caveat); said != ofPs {
			t.Errorf("of Ps %v: %s", ofPs, b.String())
		}
	}
}

// The whole text, as a person reads it. The bounds on 4 cores are 1.2/(1.2/4 + 0.8·3/4) = 1.33 and 1.2/max(1.2/4, 0.8)
// = 1.5.
func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `1.30 of 2 Ps were busy on average over 1.00 s; the largest loss is mutex
(block.mutex): 0.70 core-s, 35 % of all core time and 88 % of what is lost,
while others were at main.hold (x.go:10).

p0.trace: go1.26, 1000 events in 1.00 s
cut.trace: go1.25, 10 events in 1.00 s

Where the core time went: 2.00 core-s in 1.00 s
cause                          core-s  share
own code (user)                  1.20   60 %
  main.work (x.go:10)            1.20   60 %
mutex (block.mutex)              0.70   35 %
  main.lock (x.go:11)            0.60   30 %
    while main.hold (x.go:10)
  main.other (x.go:11)           0.10    5 %
Go runtime (runtime)             0.10    5 %

Critical path: 800 ms; one core takes 1.20 s: parallelism 1.50
cause and place                   s  share
own code: main.work (x.go:10)  0.70   87 %
network                        0.10   12 %

Speedup over one core that this work can have on so many cores, if it takes no
longer there, if goroutines depend on each other as here, and if no others took
the cores while this was recorded (Brent's bounds):
cores        1     2     4     8    16    32    64
at least  1.00  1.20  1.33  1.41  1.45  1.48  1.49
at most   1.00  1.50  1.50  1.50  1.50  1.50  1.50

Goroutines: 3, by start function
           count   total   least  median    most
main.worker
  running      3  1.20 s  300 ms  400 ms  500 ms
  mutex        1  700 ms  700 ms  700 ms  700 ms

Warnings
- cut.trace: it is cut (77 bytes lost)
- ledger of process 1: the trace has no events
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

func TestJSON(t *testing.T) {
	a := sample()
	a.Top = 1
	var b bytes.Buffer
	if err := a.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"schema", "traces", "cores", "ledger", "work_s", "span_s", "parallelism", "predicted", "critical_path",
		"goroutines", "warnings",
	} {
		if doc[key] == nil {
			t.Errorf("no key %q", key)
		}
	}
	d := a.Document()
	if d.Schema != "corecurve/analysis/1" || *d.Work != 1.2 || *d.Span != 0.8 || *d.Parallelism != 1.5 {
		t.Errorf("schema %q, work %v, span %v, parallelism %v", d.Schema, *d.Work, *d.Span, *d.Parallelism)
	}
	if d.Traces[0].Damaged != nil || d.Traces[1].Damaged.Lost != 77 {
		t.Errorf("damage %v and %v", d.Traces[0].Damaged, d.Traces[1].Damaged)
	}
	mutex := d.Ledger.Causes[2]
	want := schema.Held{
		CoreSeconds: 0.5,
		Waiting: []schema.Frame{
			{Func: "sync.(*Mutex).Lock", File: "/src/x.go", Line: 10},
			{Func: "main.lock", File: "/src/x.go", Line: 11},
			{Func: "main.worker", File: "/src/x.go", Line: 12},
		},
		Blamed: []schema.Frame{
			{Func: "main.hold", File: "/src/x.go", Line: 10},
			{Func: "main.worker", File: "/src/x.go", Line: 11},
		},
	}
	if diff := cmp.Diff([]schema.Held{want}, mutex.Stacks); diff != "" || math.Abs(mutex.Omitted-0.2) > 1e-12 {
		t.Errorf("%v omitted; %s", mutex.Omitted, diff)
	}
	if p := d.Predicted[2]; p.Cores != 4 || p.Speedup != nil || math.Abs(*p.High-1.5) > 1e-12 {
		t.Errorf("predicted %+v", p)
	}
	if len(d.CriticalPath) != 3 {
		t.Errorf("%d steps, want all 3", len(d.CriticalPath))
	}
}

// With sync events the text names what was waited for under its site, JSON has kind, capacity and place, and where the
// bounds leave something open the text says what can tell it.
func TestObjects(t *testing.T) {
	a := sample()
	stack := &a.Ledger.Rows[2].Stacks[0]
	stack.Objects = []ledger.Object{
		{Thing: gotrace.Channel, Capacity: 8, Origin: at("runtime.makechan", "main.build"), Made: true, Part: 0.5},
		{Thing: gotrace.Lock, Origin: at("main.lock"), Number: ledger.Several, Part: 0.25},
	}
	a.Path.Operated = true
	a.Path.Unknown = []warning.Warning{{Kind: warning.PathTurns}}
	var b bytes.Buffer
	if err := a.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"    while main.hold (x.go:10)\n    for a channel of 8 made at x.go:11    0.25   12 %\n",
		"This trace tells what was done with locks and channels: corecurve predict\nreplays that.",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	eight := 8
	want := []schema.Object{
		{Kind: "chan", Capacity: &eight, Made: schema.Frames(at("runtime.makechan", "main.build")), Share: 0.5},
		{Kind: "Mutex", FirstUsed: schema.Frames(at("main.lock")), Several: true, Share: 0.25},
	}
	if diff := cmp.Diff(want, a.Document().Ledger.Causes[2].Stacks[0].Objects); diff != "" {
		t.Error(diff)
	}
}

// What is missing is null with a reason, and no list is null.
func TestEmpty(t *testing.T) {
	for _, a := range []*Analysis{{}, {
		Use: &cores.Use{}, Ledger: &ledger.Ledger{}, Path: &critical.Path{},
		Goroutines: &goroutines.Table{},
	}} {
		var b, text bytes.Buffer
		if err := a.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		if err := a.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		for key, v := range doc {
			if _, ok := doc[key+"_reason"]; v == nil && !ok {
				t.Errorf("%s is null without a reason", key)
			}
		}
		if !strings.HasPrefix(text.String(), "No time passed") || len(a.Figures()) != 0 {
			t.Errorf("%d pictures of nothing; text %q", len(a.Figures()), text.String())
		}
	}
}

// Names that are long or hostile neither break the lines nor steer a terminal.
func TestHostile(t *testing.T) {
	a := sample()
	name := "main.\x1b[31m" + strings.Repeat("ü", 200)
	a.Traces[0].File = name
	a.Ledger.Rows[0].Stacks[0].Waiting = at(name)
	a.Goroutines.Groups[0].Start = name
	a.Timeline = &timeline.Timeline{Warnings: []warning.Warning{{
		Kind:    warning.TimelineAgain,
		Subject: warning.Subject{Name: name},
	}}}
	a.Filter, a.Part = name, "from 1s on"
	var b bytes.Buffer
	if err := a.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(b.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(l, "\n")); n > 80 {
			t.Errorf("%d columns: %q", n, l)
		}
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Error("an escape character reaches the terminal")
	}
}

// The start function is the outermost frame, or what a starter of the standard library calls.
func TestNarrow(t *testing.T) {
	a := sample()
	a.Timeline = &timeline.Timeline{Lanes: []timeline.Lane{
		{Kind: timeline.P},
		{Kind: timeline.Goroutine, Name: "main.main"},
		{Kind: timeline.Goroutine, Name: "main.worker"},
	}}
	a.Narrow(func(start string) bool { return start == "main.worker" || start == "main.other" })
	var counts []int
	for _, r := range a.Ledger.Rows {
		counts = append(counts, len(r.Stacks))
	}
	if d := cmp.Diff([]int{0, 0, 3}, counts); d != "" {
		t.Error(d)
	}
	if len(a.Path.Steps) != 0 || len(a.Timeline.Lanes) != 2 {
		t.Errorf("%d steps, %d lanes", len(a.Path.Steps), len(a.Timeline.Lanes))
	}
	if d := a.Document().Ledger.Causes[0]; d.Omitted != 1.2 || len(d.Stacks) != 0 {
		t.Errorf("own code: %+v", d)
	}
}

func TestFigures(t *testing.T) {
	a := sample()
	a.Timeline = &timeline.Timeline{Start: 5e9, End: 6e9, Lanes: []timeline.Lane{{Kind: timeline.P, Name: "P 0"}}}
	a.Part = "from 1s on"
	var names []string
	for _, f := range a.Figures() {
		names = append(names, f.Name)
		var svg bytes.Buffer
		if err := chart.WriteSVG(&svg, f.Figure); err != nil {
			t.Fatal(err)
		}
		// Nobody knows when workers of a foreign trace were released.
		if since := strings.Contains(svg.String(), "from the start of the window"); since != (f.Name != "ledger") ||
			strings.Contains(svg.String(), "release of") {
			t.Errorf("%s: what its axis has at 0", f.Name)
		}
	}
	if d := cmp.Diff([]string{"timeline", "cores", "ledger"}, names); d != "" {
		t.Error(d)
	}
}

// TestNoLossToName: of two core-seconds 10 ms, half a per cent, went to a lock, which was announced as the largest
// loss. Where more is lost, but nothing takes 1 % of it, that is said.
func TestNoLossToName(t *testing.T) {
	a := sample()
	a.Ledger = &ledger.Ledger{Total: 2 * ledger.CoreTime(time.Second), Rows: []ledger.Row{
		{Cause: cause.User, Time: 1990 * ledger.CoreTime(time.Millisecond)},
		{Cause: cause.Mutex, Time: 10 * ledger.CoreTime(time.Millisecond)},
	}}
	const want = "; nothing to gain from less waiting or overhead: 100 % of the core time was used, and 0.5 % lost."
	if got := words.Plain(a.Finding()); !strings.HasSuffix(got, want) {
		t.Errorf("%q", got)
	}
	a.Ledger.Rows = []ledger.Row{{Cause: cause.User, Time: 1860 * ledger.CoreTime(time.Millisecond)}}
	for c := cause.Mutex; len(a.Ledger.Rows) < 8; c++ {
		a.Ledger.Rows = append(a.Ledger.Rows, ledger.Row{Cause: c, Time: 19 * ledger.CoreTime(time.Millisecond)})
	}
	if got := words.Plain(a.Finding()); !strings.HasSuffix(got, "; no loss is as much as 1 % of all core time.") {
		t.Errorf("%q", got)
	}
}

// TestIdleIsNoLoss: of two core-seconds 1.5 had nothing to run, and 0.1 went to a lock, the only loss.
func TestIdleIsNoLoss(t *testing.T) {
	a := sample()
	a.Ledger = &ledger.Ledger{Total: 2 * ledger.CoreTime(time.Second), Rows: []ledger.Row{
		{Cause: cause.User, Time: 400 * ledger.CoreTime(time.Millisecond)},
		{Cause: cause.Mutex, Time: 100 * ledger.CoreTime(time.Millisecond)},
		{Cause: cause.Idle, Time: 1500 * ledger.CoreTime(time.Millisecond)},
	}}
	const want = "; during 75 % of all core time there was nothing to run; the largest loss is mutex (block.mutex): " +
		"0.10 core-s, 5 % of all core time."
	if got := words.Plain(a.Finding()); !strings.HasSuffix(got, want) {
		t.Errorf("%q", got)
	}
}
