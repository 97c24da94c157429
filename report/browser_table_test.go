package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/browsertest"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A sorting is a table of a page, and the orders in which its rows stood after each press of the buttons in its head.
type sorting struct {
	Label   string
	Heads   []string
	Rows    [][]cell // as the page was read
	Presses [][]pressed
}

// A cell is what a cell of a table shows, and the number that it gives for it.
type cell struct{ Text, V string }

// A pressed is what a press of a column's button made.
type pressed struct {
	Order []int    // of Rows
	Sort  []string // aria-sort of each column
}

// sortAll presses each button in the head of each table three times.
const sortAll = `Array.from(document.querySelectorAll("table"), (table) => {
	const rows = Array.from(table.tBodies[0].rows), heads = Array.from(table.tHead.rows[0].cells);
	const order = () => ({
		Order: Array.from(table.tBodies[0].rows, (r) => rows.indexOf(r)), Sort: heads.map((h) => h.getAttribute("aria-sort") || ""),
	});
	return {
		Label: table.caption.textContent, Heads: heads.map((h) => h.textContent),
		Rows: rows.map((r) => Array.from(r.cells, (c) => ({Text: c.textContent, V: c.dataset.v || ""}))),
		Presses: heads.map((h) => {
			const b = h.querySelector("button");
			return b ? [1, 2, 3].map(() => { b.click(); return order(); }) : [];
		}),
	};
})`

// TestSort: every table is sorted by every column that has a name: ascending, descending, and back as it was, by the
// numbers that its cells show; what has none stands last; rows that are alike keep their order.
func TestSort(t *testing.T) {
	browser := browsertest.Start(t)
	grid := newFake(4)
	grid.grid()
	costs := newFake(2)
	costs.pi()
	costs.sweep("pi", sweep.Threads, sweep.Weak, 5, spot{1, 400 * ms, 4 * ms, 396 * ms}, spot{2, 1410 * ms, 4 * ms, 800 * ms}, spot{4, 410 * ms, 4 * ms, 900 * ms})
	for name, in := range map[string]study.Input{"both modes": full().in, "grid": grid.in, "two scalings": costs.in, "sizes": manySizes().in} {
		t.Run(name, func(t *testing.T) {
			p := browser.Open(t, pageOf(t, in), wide)
			tables := browsertest.Value[[]sorting](p, sortAll)
			if len(tables) < 3 {
				t.Fatalf("%d tables", len(tables))
			}
			for _, table := range tables {
				for _, fault := range table.faults() {
					t.Errorf("%s: %s", table.Label, fault)
				}
			}
			for _, line := range p.Console() {
				t.Errorf("console: %s", line)
			}
		})
	}
}

// TestSortByHand: the button in the head is clicked, and pressed by keys.
func TestSortByHand(t *testing.T) {
	p := browsertest.Start(t).Open(t, pageOf(t, full().in), wide)
	const first = `document.querySelector("table[data-sort] tbody").rows[0].cells[0].textContent + " " + document.querySelector("th[aria-sort]")?.ariaSort`
	browsertest.Value[bool](p, `document.querySelectorAll("table[data-sort]").forEach((t, i) => { t.id ||= "sorted" + i; t.closest("details")?.setAttribute("open", ""); }) === undefined`)
	head := `table[data-sort] th:nth-child(2) button`
	p.Click(head)
	asc := browsertest.Value[string](p, first)
	p.Press(kb.Enter)
	desc := browsertest.Value[string](p, first)
	p.Press(" ")
	none := browsertest.Value[string](p, first)
	if !strings.HasSuffix(asc, " ascending") || !strings.HasSuffix(desc, " descending") || !strings.HasSuffix(none, " undefined") {
		t.Errorf("clicked: %q; then Enter: %q; then the space bar: %q", asc, desc, none)
	}
}

// faults is what is wrong with the orders of s.
func (s *sorting) faults() (out []string) {
	for col, presses := range s.Presses {
		if len(presses) == 0 {
			if len(s.Rows) > 1 && s.Heads[col] != "" {
				out = append(out, fmt.Sprintf("no button in %q", s.Heads[col]))
			}
			continue
		}
		for k, want := range []string{"ascending", "descending", ""} {
			got := presses[k]
			for i, sort := range got.Sort {
				if (i == col) != (sort != "") && want != "" || i == col && sort != want {
					out = append(out, fmt.Sprintf("%q, press %d: column %q says %q", s.Heads[col], k+1, s.Heads[i], sort))
				}
			}
			if fault := s.unordered(got.Order, col, want); fault != "" {
				out = append(out, fmt.Sprintf("%q, press %d: %s", s.Heads[col], k+1, fault))
			}
		}
	}
	return out
}

// unordered is what is wrong with an order of the rows by a column: the first two that stand the wrong way round.
func (s *sorting) unordered(order []int, col int, want string) string {
	sorted := slices.Clone(order)
	slices.Sort(sorted)
	for i, at := range sorted {
		if i != at || len(order) != len(s.Rows) {
			return fmt.Sprintf("rows %v of %d", order, len(s.Rows))
		}
	}
	if want == "" {
		if !slices.IsSorted(order) {
			return fmt.Sprintf("rows %v, which is not as they were", order)
		}
		return ""
	}
	number := func(row int) (float64, bool) {
		text := s.Rows[row][col].Text
		if text == "base" && s.Rows[row][col].V == "1" {
			return 1, true
		}
		if s.Heads[col] == "interval" && col > 0 { // in the unit of what stands before it
			if m := shownRE.FindStringSubmatch(s.Rows[row][col-1].Text); m != nil && m[2] != "" {
				first, _, _ := strings.Cut(text, "–")
				text = first + "\u00a0" + m[2]
			}
		}
		return shownNumber(text)
	}
	numbers := slices.ContainsFunc(order, func(row int) bool { _, ok := number(row); return ok })
	for i := 1; i < len(order); i++ {
		same := s.Rows[order[i-1]][col] == s.Rows[order[i]][col]
		a, b := s.Rows[order[i-1]][col].Text, s.Rows[order[i]][col].Text
		x, isX := number(order[i-1])
		y, isY := number(order[i])
		switch {
		case same && order[i-1] > order[i]:
			return fmt.Sprintf("rows %d and %d, both %q, do not keep their order", order[i-1], order[i], a)
		case numbers && !isX && isY:
			return fmt.Sprintf("%q, which is no number, stands before %q", a, b)
		case numbers && isX && isY && (want == "ascending" && x > y || want == "descending" && x < y):
			return fmt.Sprintf("%q stands before %q", a, b)
		case !numbers && (want == "ascending" && a > b || want == "descending" && a < b):
			return fmt.Sprintf("%q stands before %q", a, b)
		}
	}
	return ""
}

var (
	shownRE = regexp.MustCompile(`^(?:≤\x{a0}|about\x{a0})?([-−]?[0-9][0-9,]*(?:\.[0-9]+)?(?:e[+−-][0-9]+)?)(?:\x{a0}?(ns|µs|ms|s|min|h|million|billion)\b)?`)
	gridRE  = regexp.MustCompile(`^([0-9]+)×([0-9]+)$`)
)

// shownNumber is the number with which a text begins, times in seconds; that of a place in a grid is its product.
func shownNumber(text string) (float64, bool) {
	if m := gridRE.FindStringSubmatch(text); m != nil {
		procs, _ := strconv.Atoi(m[1])
		workers, _ := strconv.Atoi(m[2])
		return float64(procs * workers), true
	}
	m := shownRE.FindStringSubmatch(strings.ReplaceAll(text, " ", "\u00a0"))
	if m == nil {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.NewReplacer("−", "-", ",", "").Replace(m[1]), 64)
	unit := map[string]float64{"": 1, "ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "million": 1e6, "billion": 1e9}[m[2]]
	return v * unit, err == nil
}

// TestSortFaults: the test would see it if rows stood by their texts, in reverse where they are alike, or unmarked.
func TestSortFaults(t *testing.T) {
	table := sorting{Heads: []string{"time"}, Rows: [][]cell{{{Text: "9.0\u00a0ms"}}, {{Text: "10\u00a0ms"}}, {{Text: "2\u00a0s"}}, {{Text: "–"}}, {{Text: "10\u00a0ms"}}}}
	good := [][]int{{0, 1, 4, 2, 3}, {2, 1, 4, 0, 3}, {0, 1, 2, 3, 4}}
	press := func(change func(orders [][]int, sort []string)) []pressed {
		orders, sort := [][]int{slices.Clone(good[0]), slices.Clone(good[1]), slices.Clone(good[2])}, []string{"ascending", "descending", ""}
		change(orders, sort)
		var out []pressed
		for i := range orders {
			out = append(out, pressed{orders[i], sort[i : i+1]})
		}
		return out
	}
	for want, change := range map[string]func([][]int, []string){
		"":                        func([][]int, []string) {},
		`stands before "9.0`:      func(o [][]int, _ []string) { o[0] = []int{1, 4, 2, 0, 3} },
		"do not keep their order": func(o [][]int, _ []string) { o[1] = []int{2, 4, 1, 0, 3} },
		"which is no number":      func(o [][]int, _ []string) { o[1] = []int{3, 2, 1, 4, 0} },
		"not as they were":        func(o [][]int, _ []string) { o[2] = o[0] },
		"of 5":                    func(o [][]int, _ []string) { o[0] = []int{0, 0, 1, 2, 3} },
		`says "descending"`:       func(_ [][]int, s []string) { s[0] = "descending" },
	} {
		table.Presses = [][]pressed{press(change)}
		if got := strings.Join(table.faults(), "; "); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
