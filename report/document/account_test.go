package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
)

// TestLedgerOmits sums up the stacks beyond those wanted.
func TestLedgerOmits(t *testing.T) {
	l := &ledger.Ledger{Total: 6e9, Rows: []ledger.Row{{Cause: cause.Sleep, Time: 6e9, Stacks: []ledger.Stack{{Time: 3e9}, {Time: 2e9}, {Time: 1e9}}}}}
	d := ledgerDoc(l, 1)
	if diff := cmp.Diff(&Omitted{Count: 2, CoreSeconds: 3}, d.Causes[0].Omitted); diff != "" || len(d.Causes[0].Stacks) != 1 {
		t.Error(diff, d.Causes[0].Stacks)
	}
}
