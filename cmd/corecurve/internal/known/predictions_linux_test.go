package known

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/examples/known"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// The goals of predictions that rest on recordings with sync events.
const (
	limitGoal = 0.03 // of the limit that arithmetic tells
	twoGoal   = 0.06 // of the measured speedup on two cores
	// quiet is how wide an interval of the measured speedup may be, up and down, of it.
	quiet = 0.03
	// recordings are how many are made, of which the shortest counts: whatever others do makes a run longer.
	recordings = 5
)

// A told is what one recording tells.
type told struct {
	two, most float64 // speedups on two cores, and on any number; NaN: withheld
	// What all recordings tell: which goroutine takes which core first is chance, in a program as in a replay.
	twos, mosts reach
	forced      int
	reasons     []string // warnings, and why something is withheld
}

// A reach is the least and the most of what recordings tell.
type reach struct{ low, high float64 }

func (r *reach) add(x float64) {
	if r.low == 0 {
		r.low, r.high = x, x
	}
	r.low, r.high = min(r.low, x), max(r.high, x)
}

// within reports whether a value of the reach may be off want by no more than goal.
func (r *reach) within(want, goal float64) bool {
	return r.low <= want*(1+goal) && r.high >= want*(1-goal)
}

// A ratio is a median with its interval.
type ratio struct{ median, low, high float64 }

func ratioOf(x []float64) ratio {
	low, high := stat.MedianRanks(x, 0.95)
	return ratio{stat.Median(x), low, high}
}

// wide reports whether the interval is too wide to judge by.
func (r ratio) wide() bool { return r.high-r.low > 2*quiet*r.median }

func (r ratio) String() string { return fmt.Sprintf("%.2f (%.2f–%.2f)", r.median, r.low, r.high) }

// TestPredictions measures all programs and predicts them.
func TestPredictions(t *testing.T) {
	n := pairs(t)
	stock, synced := build(t)
	noise := watch()
	costs := scheduler(t)
	table := table{rows: [][]string{{
		"program", "limit", "measured S₂", "stock P=1: S₂/limit", "stock P=2", "sync events P=1", "sync events P=2",
		"forced", "warned",
	}}}
	var misses []miss
	for _, p := range known.All() {
		measured := measure(n, func(procs int) time.Duration { return stock.run(t, p.Name, procs, "") })
		all := []told{
			stock.predict(t, p.Name, 1, costs), stock.predict(t, p.Name, 2, costs),
			synced.predict(t, p.Name, 1, costs), synced.predict(t, p.Name, 2, costs),
		}
		row := []string{p.Name, fmt.Sprintf("%.2f", p.Limit), measured.String()}
		forced := 0
		var reasons []string
		for i := range all {
			row = append(row, all[i].String())
			forced = max(forced, all[i].forced)
			reasons = append(reasons, all[i].reasons...)
		}
		table.rows = append(table.rows, append(row, fmt.Sprint(forced), table.notes.of(reasons)))
		for i, of := range []string{"stock P=1", "stock P=2", "sync events P=1", "sync events P=2"} {
			for _, m := range all[i].wrong(p.Limit, measured, i >= 2) {
				m.text = fmt.Sprintf("%s, %s: %s", p.Name, of, m.text)
				misses = append(misses, m)
			}
		}
	}
	t.Logf("%s\n%s", words.Scheduler(costs), &table)
	judge(t, misses, noise())
}

// TestDoubtful: a prediction of a program that does something else on other numbers of cores says why it is not to be
// relied on. Which goroutine comes first is chance, so of several recordings most say so.
func TestDoubtful(t *testing.T) {
	pairs(t)
	_, synced := build(t)
	for program, kind := range map[string]warning.Kind{
		"known-collects": warning.PredictCalls, "known-tries": warning.PredictTries,
		"known-sieve": warning.PredictBrief, "known-hedges": warning.PredictAdrift,
	} {
		for procs := 1; procs <= 2; procs++ {
			said := 0
			for range recordings {
				file := filepath.Join(synced.dir, "trace")
				synced.run(t, program, procs, file)
				c := curve(t, file, nil)
				all := c.Warnings
				if w := c.Predictions[0].Unknown; w != nil {
					all = append(all, *w)
				}
				if slices.ContainsFunc(all, func(w warning.Warning) bool { return w.Kind == kind }) {
					said++
				}
			}
			if said <= recordings/2 {
				t.Errorf("%s from %d Ps: %d of %d predictions are warned of by %s", program, procs, said, recordings, kind)
			}
		}
	}
}

// judge fails t for what is missed and no noise explains. On a machine that others use a goal is missed by as much
// again.
func judge(t *testing.T, misses []miss, noise sweep.Noise) {
	t.Helper()
	for _, why := range noise.Reasons {
		t.Log(why)
	}
	for _, m := range misses {
		if m.noisy || noise.Noisy && m.by < 2 {
			t.Logf("too noisy to tell: %s", m.text)
		} else {
			t.Error(m.text)
		}
	}
}

// measure returns the speedup on two Ps over one of what run does.
func measure(pairs int, run func(procs int) time.Duration) ratio {
	x := make([]float64, pairs)
	for i := range x {
		took := map[int]time.Duration{}
		for k := range 2 {
			procs := 1 + (i+k)%2 // either goes first as often
			took[procs] = run(procs)
		}
		x[i] = took[1].Seconds() / took[2].Seconds()
	}
	return ratioOf(x)
}

// predict returns what the shortest of some recordings of a program on so many Ps tells.
func (b *binary) predict(t *testing.T, program string, procs int, costs *simulate.Costs) told {
	t.Helper()
	file := filepath.Join(b.dir, "trace")
	return shortest(t, file, costs, func() time.Duration { return b.run(t, program, procs, file) })
}

// shortest returns what the shortest of the recordings tells that record makes, one after the other in one file.
func shortest(t *testing.T, file string, costs *simulate.Costs, record func() time.Duration) told {
	t.Helper()
	var out told
	var least time.Duration
	var twos, mosts reach
	for range recordings {
		took := record()
		tells := foretell(t, file, costs)
		twos.add(tells.two)
		mosts.add(tells.most)
		if least == 0 || took < least {
			least, out = took, tells
		}
	}
	out.twos, out.mosts = twos, mosts
	return out
}

// foretell returns what a recording tells.
func foretell(t *testing.T, file string, costs *simulate.Costs) told {
	t.Helper()
	c := curve(t, file, costs)
	out := told{two: c.Predictions[0].Speedup, most: c.Most, forced: c.Predictions[0].Forced}
	out.reasons = words.Warnings(c.Warnings)
	if w := c.Predictions[0].Unknown; w != nil {
		out.reasons = append(out.reasons, words.Warnings([]warning.Warning{*w})...)
	}
	return out
}

// curve returns what is predicted from a recording for two cores.
func curve(t *testing.T, file string, costs *simulate.Costs) *predict.Curve {
	t.Helper()
	files, err := captures.OpenFiles([]string{file}, nil, gotrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer captures.CloseFiles(files)
	rec := recording.Read([]recording.Process{{Reader: files[0].Reader}}, recording.Options{Programs: true})
	if rec.Damage[0] != nil {
		t.Fatal(rec.Damage[0])
	}
	return predict.Of(rec.Programs[0], rec.Paths[0], predict.Request{Cores: []int{2}, Costs: costs})
}

func (f told) String() string {
	number := func(x float64) string {
		if math.IsNaN(x) {
			return "–"
		}
		return fmt.Sprintf("%.2f", x)
	}
	return number(f.two) + " / " + number(f.most)
}

// A miss is a goal that was not reached.
type miss struct {
	text  string
	by    float64 // in units of the goal
	noisy bool    // recordings, or measured pairs, differ by as much
}

// wrong returns what f tells that is wrong. What is withheld, or warned of, is not: but with sync events all must be
// told, except of a program whose goroutines share out work by what no trace shows.
func (f told) wrong(limit float64, measured ratio, synced bool) (out []miss) {
	if len(f.reasons) > 0 && (!synced || math.IsNaN(f.two)) {
		return nil
	}
	off := func(x, want, goal float64) (by float64, missed bool) {
		by = math.Abs(x/want-1) / goal
		return by, !(by <= 1)
	}
	if by, missed := off(f.most, limit, limitGoal); missed {
		text := fmt.Sprintf("the limit is %.2f, not %.2f (%.2f to %.2f by all recordings)", limit, f.most, f.mosts.low,
			f.mosts.high)
		out = append(out, miss{text, by, f.mosts.within(limit, limitGoal)})
	}
	if by, missed := off(f.two, measured.median, twoGoal); missed {
		text := fmt.Sprintf("S₂ is %v, not %.2f (%.2f to %.2f by all recordings)", measured, f.two, f.twos.low,
			f.twos.high)
		out = append(out, miss{text, by, measured.wide() || f.twos.within(measured.median, twoGoal)})
	}
	if synced && f.forced > 0 {
		out = append(out, miss{fmt.Sprintf("%d operations were forced", f.forced), math.Inf(1), false})
	}
	return out
}

// notes are the texts below a table, by number.
type notes []string

// of returns the numbers of texts.
func (n *notes) of(texts []string) string {
	var out []string
	for _, text := range slices.Compact(slices.Sorted(slices.Values(texts))) {
		// Figures differ from one recording to the next: a note is a kind of text.
		kind := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' || r == '.' || r == ',' {
					return -1
				}
				return r
			}, s)
		}
		i := slices.IndexFunc(*n, func(s string) bool { return kind(s) == kind(text) })
		if i < 0 {
			i = len(*n)
			*n = append(*n, text)
		}
		out = append(out, fmt.Sprintf("[%d]", i+1))
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	return strings.Join(slices.Compact(out), " ")
}

// A table is written in Markdown.
type table struct {
	rows  [][]string // the first has the names of the columns
	notes notes
}

func (t *table) String() string {
	var b strings.Builder
	for i, r := range t.rows {
		fmt.Fprintln(&b, "| "+strings.Join(r, " | ")+" |")
		if i == 0 {
			fmt.Fprintln(&b, "|"+strings.Repeat("---|", len(r)))
		}
	}
	for i, n := range t.notes {
		fmt.Fprintf(&b, "\n[%d] %s\n", i+1, n)
	}
	return b.String()
}
