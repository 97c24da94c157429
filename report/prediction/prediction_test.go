package prediction

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// made is a prediction of a program that holds a lock for 100 of 800 ms, and sleeps for 20.
func made() *Prediction {
	var s gotrace.Symbols
	lock := s.InternStack([]gotrace.Frame{{Func: "main.hold", File: "hold.go", Line: 7}})
	return &Prediction{
		File: "p.trace", Go: "go1.26", Events: 99,
		Curve: &predict.Curve{
			Predictions: []predict.Prediction{
				{Cores: 1, Speedup: 1, Low: 1, High: 1},
				{Cores: 2, Speedup: 1.9, Low: 1.9, High: 2},
				{Cores: 8, Speedup: 5, Low: 5, High: 6.5, Forced: 3},
			},
			Work: 800 * time.Millisecond, OneCore: 820 * time.Millisecond, Span: 120 * time.Millisecond, Most: 820. / 120,
			Chain: []simulate.Step{
				{Time: 100 * time.Millisecond, Stack: lock, Object: 0, Cause: cause.User},
				{Time: 20 * time.Millisecond, Object: program.None, Cause: cause.Sleep},
			},
			Limits: []predict.Limit{
				{Kind: predict.ByLock, Time: 100 * time.Millisecond, AtMost: 8, Stack: lock},
				{Kind: predict.ByGoroutine, Time: time.Millisecond, AtMost: 800, Name: "main.tick"},
			},
			Synced: true, Recorded: 820 * time.Millisecond, Ps: 1, Objects: []program.Object{{Stack: lock}}, Symbols: &s,
			Warnings: []warning.Warning{{Kind: warning.PredictForced, Figures: warning.Figures{Count: 3, Of: 8}}},
		},
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := made().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `Predicted: 1.90× (1.90–2.00) on 2 cores, 5.00× (5.00–6.50) on 8, no more than
6.83× on any number, for the longest chain takes 120 ms of 820 ms.
p.trace: a trace with sync events of go1.26, 820 ms on 1 P, 800 ms of work

cores  speedup   from     to  efficiency
    1    1.00×  1.00×  1.00×       100 %
    2    1.90×  1.90×  2.00×        95 %
    8    5.00×  5.00×  6.50×        62 %
To: with a scheduler and locks that cost nothing.

The longest chain:
- 83 %, 100 ms: main.hold (hold.go:7), holding the lock of main.hold (hold.go:7)
- 17 %, 20.0 ms: sleep

What goes on one after the other:
- at most 8.00×: the lock first used at main.hold (hold.go:7) is held for 100 ms

Warnings:
- on 8 cores the replay came to a stop 3 times, and what was done first in the
  recording was let through: the program may choose differently there
`
	if diff := cmp.Diff(want, strings.ReplaceAll(b.String(), "\u00a0", " ")); diff != "" {
		t.Error(diff)
	}
}

// What is not known is null, with the reason; and the title says why.
func TestUnknown(t *testing.T) {
	p := made()
	why := &warning.Warning{Kind: warning.PathTurns, Figures: warning.Figures{
		Count: 9, Time: time.Second, Against: 2 * time.Second,
	}}
	nan := math.NaN()
	p.Curve.Most, p.Curve.Warnings = nan, nil
	p.Curve.Predictions = []predict.Prediction{{
		Cores: 4, Speedup: nan, Low: nan, High: nan, Unknown: why, NoLow: why, NoHigh: why,
	}}
	var b bytes.Buffer
	if err := p.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Finding       string
		AtMost        *float64 `json:"at_most_speedup"`
		AtMostReason  string   `json:"at_most_speedup_reason"`
		Predicted     []map[string]any
		Limits, Chain []map[string]any
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	q := got.Predicted[0]
	if q["speedup"] != nil || q["low"] != nil || q["high"] != nil || got.AtMost != nil {
		t.Errorf("a figure that is not known: %s", b.String())
	}
	for _, reason := range []any{q["speedup_reason"], q["low_reason"], q["high_reason"], got.AtMostReason, got.Finding} {
		if s, _ := reason.(string); !strings.Contains(s, "9 goroutines took turns") {
			t.Errorf("reason %q", reason)
		}
	}
	if len(got.Limits) != 2 || got.Limits[0]["kind"] != "lock" || got.Chain[0]["lock"] == nil {
		t.Errorf("limits %v, chain %v", got.Limits, got.Chain)
	}
	if p.Figure() == nil || !strings.HasPrefix(p.finding(), "No speedup can be predicted") {
		t.Errorf("%s", p.finding())
	}
}
