package view

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/study"
)

// TestLawTable: where too few counts name no law its parameters stand in no table.
func TestLawTable(t *testing.T) {
	for kind, tables := range map[law.ChoiceKind]int{law.Unnamed: 0, law.Asked: 1} {
		c := &study.Curve{Laws: &law.Result{
			Choice: law.Choice{Kind: kind, Counts: 2, Needed: 4, Law: law.Amdahl},
			Models: []law.Model{{Name: law.Amdahl, Params: []law.Param{{Name: "gamma"}, {Name: "alpha"}}}},
		}}
		w := &Workload{Curves: []Curve{{c, "threads"}}}
		if w.laws(); len(w.LawTables) != tables || len(w.Laws) != 1 {
			t.Errorf("%s: %d tables, %d claims", kind, len(w.LawTables), len(w.Laws))
		}
	}
}
