package statements_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
)

func mapKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// names are the values that rules know, as the checker counts them.
func names[K ~string, V any](rules map[K]V) []string {
	var out []string
	for v := range rules {
		out = append(out, fmt.Sprintf("%T %s", v, v))
	}
	return out
}

// stated are the values that random studies must give rise to.
func stated() []string {
	all := slices.Concat(
		names(boundRules()), names(evidenceRules()), names(riseRules()), names(afterRules()), names(versusRules()),
		names(reasonRules()),
		names(modelRules()), names(methodRules()), names(choiceRules()), names(noteRules()), names(gateRules()),
		names(gateReasonRules()),
		names(warningRules()), names(progressRules()), names(gradeRules()), names(foretoldRules()),
		names(noReplayRules()), names(certaintyRules()), names(absenceRules()),
		names(kindRules()), names(needRules()), names(overheadRules()), names(lostRules()), names(meanRules()),
		names(outcomeRules()),
	)
	return slices.DeleteFunc(all, func(v string) bool {
		return slices.Contains([]string{
			"law.ChoiceKind asked", "law.NoteKind taken-as-weak", // of files of measurements
			"finding.NoFigure busy-waiting", "verdict.Bound busy-waiting-suspected", "verdict.Kind new_function_share", // of profiles
			"finding.NoFigure not-known",                                                                // no loss gives back more than there is
			"law.NoteKind not-at-rest",                                                                  // no fit is known that does not come to rest
			"pop.Grade ",                                                                                // every worker of the random runs does something useful
			"finding.NoReplay not-predicted", "finding.NoReplay other-count", "finding.NoReplay misses", // of TestPredictedCurves
			"finding.NoReplay doubtful", "finding.NoReplay no-change", "finding.NoReplay ",
			"gate.Reason no-interval", // every point beyond the base that was measured has one
		}, v)
	})
}

// TestEveryValueHasARule reads the source of the facts: no value may be stated that nobody checks.
func TestEveryValueHasARule(t *testing.T) {
	var declared []string
	for _, pkg := range []string{
		"verdict", "noise", "finding", "recommend", "law", "gate", "warning", "compare", "curve",
		"pop", "sizes", "overview", "history",
	} {
		declared = append(declared, values(t, pkg)...)
	}
	known := slices.Concat(
		stated(), names(choiceRules()), names(noteRules()), names(gateReasonRules()), names(traceRules()), names(foretoldRules()),
		names(noReplayRules()),
		names(boundRules()), names(evidenceRules()),
		names(comparedRules()), names(loneRules()), names(differenceRules()), names(comparedLawRules()),
		names(remarkRules()), names(quantityRules()), names(originRules()),
	)
	// what is not said needs no constant
	rules := slices.DeleteFunc(known, func(v string) bool { return strings.HasSuffix(v, " ") })
	slices.Sort(declared)
	slices.Sort(rules)
	rules = slices.Compact(rules)
	if d := cmp.Diff(declared, rules); d != "" {
		t.Errorf("values of the source (-) and rules (+):\n%s", d)
	}
}

// TestEveryCauseIsKnown: of every cause it is said what is lost to it.
func TestEveryCauseIsKnown(t *testing.T) {
	n, of := 0, ""
	constants(t, "cause", func(v *ast.ValueSpec) {
		if v.Values != nil { // those behind it are of the same type
			of = fmt.Sprint(v.Type)
		}
		if of == "Cause" {
			n += len(v.Names)
		}
	})
	for c := range cause.NotExplained + 1 {
		if _, is := kinds()[c]; !is {
			t.Errorf("cause %s: it is not said what is lost to it", c)
		}
	}
	if n != len(kinds()) {
		t.Errorf("%d causes in the source, %d here", n, len(kinds()))
	}
}

// values are the constants of string types in a package of the analysis: "verdict.Bound cpu-bound".
func values(t *testing.T, pkg string) []string {
	t.Helper()
	var out []string
	constants(t, pkg, func(v *ast.ValueSpec) { out = append(out, value(t, pkg, v)...) })
	return out
}

// constants calls f with every declaration of constants in a package of the analysis.
func constants(t *testing.T, pkg string, f func(*ast.ValueSpec)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "analyze", pkg, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", pkg, len(files), err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			g, is := d.(*ast.GenDecl)
			if !is || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				f(spec.(*ast.ValueSpec))
			}
		}
	}
}

// value is what a declaration of constants gives to a string type.
func value(t *testing.T, pkg string, v *ast.ValueSpec) []string {
	t.Helper()
	name, is := v.Type.(*ast.Ident)
	if !is || pkg+"."+name.Name == "curve.Measure" { // which time a curve is made of is asked for, not stated
		return nil
	}
	var out []string
	for _, x := range v.Values {
		lit, is := x.(*ast.BasicLit)
		if !is || lit.Kind != token.STRING {
			continue
		}
		text, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		if text != "" {
			out = append(out, pkg+"."+name.Name+" "+text)
		}
	}
	return out
}
