package statements_test

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	pictures "github.com/corecurve/corecurve/report/figures"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// What a cause takes from the speedup of a point is one figure: its bar in the picture, its cell in the table and its
// part of a finding all say it, and a column of the table adds up to the ideal.
func TestOneFigureForOneCause(t *testing.T) {
	bars, found := 0, 0
	for seed := range uint64(100) {
		v := view.Of(study.Analyze(random(seed)))
		for i := range v.Workloads {
			w := &v.Workloads[i]
			if len(w.Accounts) != 1 {
				continue // of several, points of one name stand for several sizes
			}
			cells := cellsOf(t, w.Accounts[0])
			for point, takes := range drawnOf(t, v, w.Name) {
				bars++
				if cell, ok := cells[point]; ok && cell != takes {
					t.Errorf("study %d, %s, %s: %s in the picture, %s in the table", seed, w.Name, point, takes, cell)
				} else if !ok && takes != "0.00" {
					t.Errorf("study %d, %s, %s: %s in the picture, and not in the table", seed, w.Name, point, takes)
				}
			}
			for _, c := range slices.Concat(w.Findings, w.Others) {
				found++
				said(t, fmt.Sprintf("study %d, %s", seed, w.Name), c, cells)
			}
		}
	}
	if bars < 500 || found < 100 {
		t.Errorf("%d bars and %d findings", bars, found)
	}
}

// cellsOf reads the table of a stack, by point and cause, and adds its columns up.
func cellsOf(t *testing.T, table page.Table) map[string]string {
	t.Helper()
	cells := map[string]string{}
	for k, head := range table.Head[1:] {
		sum := 0.0
		for i, row := range table.Rows {
			value := table.Values[i][k+1]
			if row[0] != "ideal" {
				cells[head.Name+": "+row[0]] = row[k+1]
				sum += value
			} else if missing := sum - value; math.Abs(missing) > 0.005*float64(cause.Count) {
				t.Errorf("%s, %s: the column adds up to %v, not to %v", table.Caption, head.Name, sum, value)
			}
		}
	}
	return cells
}

// drawnOf reads the pictures of the stacks of a workload.
func drawnOf(t *testing.T, v *view.View, workload string) map[string]string {
	t.Helper()
	out := map[string]string{}
	drawn, _ := pictures.Of(v)
	for _, f := range drawn {
		if _, is := f.Chart.(chart.Stack); !is || f.Workload != workload {
			continue
		}
		var svg bytes.Buffer
		if err := chart.WriteSVG(&svg, f.Chart); err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`<title>(.*?)</title>`).FindAllStringSubmatch(svg.String(), -1) {
			point, says, ok := strings.Cut(html.UnescapeString(m[1]), ": ")
			if !ok || strings.HasPrefix(says, "speedup ") {
				continue
			}
			for _, c := range derived() {
				name := words.Cause(c)
				takes := regexp.MustCompile(regexp.QuoteMeta(name) + `(?: takes)? ([0-9.,]+)×`).FindStringSubmatch(says)
				if takes != nil {
					out[point+": "+name] = takes[1]
				}
			}
		}
	}
	return out
}

// said holds the figures of a finding against the table.
func said(t *testing.T, where string, c view.Claim, cells map[string]string) {
	t.Helper()
	evidence := words.Plain(strings.Join(c.Evidence, "\n"))
	takes := regexp.MustCompile(`this takes ([0-9.,]+)× of`).FindStringSubmatch(evidence)
	at := words.Plain(c.Found.Where)
	if takes == nil {
		t.Fatalf("%s: %q does not say what it takes", where, evidence)
	}
	sum, parts := 0.0, 0
	consists := regexp.MustCompile(`It consists of (.*)\.`).FindStringSubmatch(evidence)
	if consists != nil {
		for part := range strings.SplitSeq(consists[1], ", ") {
			id, figure, _ := strings.Cut(part, " ")
			all := derived()
			k := slices.IndexFunc(all, func(c cause.Cause) bool { return c.String() == id })
			if k < 0 {
				t.Fatalf("%s, %s: there is no cause %q", where, at, id)
			}
			if cell := cells[at+": "+words.Cause(all[k])] + "×"; cell != figure {
				t.Errorf("%s, %s: %s takes %s by the finding, %s by the table", where, at, id, figure, cell)
			}
			sum += number(t, figure)
			parts++
		}
	} else {
		_, name, _ := strings.Cut(words.Plain(c.Found.Bar), ": ")
		sum, parts = number(t, cells[at+": "+name]), 1
	}
	if total := number(t, takes[1]); math.Abs(total-sum) > 0.005*float64(cause.Count) {
		t.Errorf("%s, %s: takes %v, and its %d rows %v", where, at, total, parts, sum)
	}
}

// derived are all causes that a speedup stack can have.
func derived() []cause.Cause { return append(cause.All(), cause.WorkInflation, cause.NotExplained) }

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(strings.NewReplacer("−", "-", ",", "", "×", "").Replace(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
