package schema

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

func written(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A document that adds a key to each row: the key stands behind those of the row, and what a stack lacks is an empty
// list.
func TestLedger(t *testing.T) {
	type counted struct {
		Row
		Others int `json:"others"`
	}
	l := &ledger.Ledger{
		Level: ledger.Ps, Total: 3e9,
		Rows: []ledger.Row{{Cause: cause.Mutex, Time: 3e9, Stacks: []ledger.Stack{
			{Time: 2e9, Waiting: []gotrace.Frame{{Func: "main.f[<T>]", File: "f.go", Line: 7}}},
			{Time: 1e9},
		}}}, Warnings: []warning.Warning{{Kind: warning.LedgerGap}},
	}
	want := `{
  "level": "P",
  "core_seconds": 3,
  "causes": [
    {
      "cause": "block.mutex",
      "core_seconds": 3,
      "stacks": [
        {
          "core_seconds": 2,
          "waiting": [
            {
              "func": "main.f[<T>]",
              "file": "f.go",
              "line": 7
            }
          ],
          "blamed": []
        }
      ],
      "others": 1
    }
  ]
}
`
	got := written(t, LedgerOf(l, func(r ledger.Row) counted {
		row, others := RowOf(r, 1)
		return counted{row, len(others)}
	}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if row, others := RowOf(l.Rows[0], 5); len(row.Stacks) != 2 || len(others) != 0 {
		t.Errorf("of 2 stacks, 5 at most: %d and %d others", len(row.Stacks), len(others))
	}
}

// Lists are never null, numbers that are none are, with a reason.
func TestMissing(t *testing.T) {
	type document struct {
		Estimate
		Steps   []Step  `json:"steps"`
		Profile []Busy  `json:"profile"`
		Frames  []Frame `json:"frames"`
	}
	want := `{
  "value": 0.25,
  "low": 0.125,
  "high": null,
  "high_reason": "the counts are too few for an interval",
  "steps": [],
  "profile": [],
  "frames": []
}
`
	got := written(t, document{
		EstimateOf(law.Param{Value: 0.25, Low: 0.125, High: math.Inf(1)}), Steps(nil),
		Profile(nil), Frames(nil),
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTimes(t *testing.T) {
	steps := Steps([]critical.Step{{Cause: cause.User, Time: 1500 * time.Millisecond}})
	if diff := cmp.Diff([]Step{{Cause: cause.User, Duration: 1.5, Stack: []Frame{}}}, steps); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Busy{{0, 0.25}, {1, 2}},
		Profile([]time.Duration{250 * time.Millisecond, 2 * time.Second})); diff != "" {
		t.Error(diff)
	}
}
