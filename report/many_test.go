package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// manyOf is so many benchmarks with two cores, of which two in ten get faster, one slower, one changes nothing, one
// keeps one core busy, and the rest are disturbed.
func manyOf(n int) *fake {
	f := newFake(2)
	for i := range n {
		name, k := fmt.Sprintf("package.bench-%03d", i), i%10
		two := time.Duration([]int{210, 480, 330, 399, 395, 405, 398, 390, 385, 420}[k]) * ms
		cpu := two + 150*ms
		if k == 3 {
			cpu = two
		}
		f.sweep(name, sweep.Threads, sweep.Strong, 5, spot{1, 400 * ms, 4 * ms, 396 * ms}, spot{2, two, 4 * ms, cpu})
		if k < 5 {
			continue
		}
		for j := range f.in.Results {
			if r := &f.in.Results[j]; r.Point.Workload == name && r.Kind == sweep.Timed {
				had := r.Total * sweep.Seconds(r.Point.Cores)
				r.Noise = sweep.Noise{Noisy: true, CPUs: &sweep.Taken{Had: had, Others: had / 4}}
			}
		}
	}
	for i := range f.in.Header.Workloads {
		f.in.Header.Workloads[i].Command = &sweep.Command{Argv: []string{"p.test"}, Benchmark: &sweep.Benchmark{Name: "BenchmarkX", Package: "p"}}
	}
	f.in.Resamples = 50
	return f
}

// TestCountsAddUp: of many benchmarks the sentence, the picture and the table count the same of each outcome, and these
// are all of them. A sentence left out those without a change once, and a footnote put them with the noisy.
func TestCountsAddUp(t *testing.T) {
	const n = 60
	r := Build(study.Analyze(manyOf(n).in))
	shown := map[string]int{} // by the table
	for _, row := range r.View.Overview.Table.Rows {
		shown[row[6]]++
	}
	drawn := map[overview.Outcome]int{}
	for _, item := range figure(t, r, "speedup").Chart.(chart.Ranked).Items {
		drawn[item.Outcome]++
	}
	sum := 0
	for _, of := range overview.Outcomes() {
		count := r.View.Study.Overview.Count(of)
		sum += count
		if got := shown[words.Outcome(of)]; got != count || drawn[of] != count {
			t.Errorf("%s: %d counted, %d in the table, %d in the picture", of, count, got, drawn[of])
		}
		if said := strconv.Itoa(count); count > 0 && !regexp.MustCompile(`\b`+said+`\b`).MatchString(r.View.Title) {
			t.Errorf("%q does not say that %d are %s", r.View.Title, count, of)
		}
	}
	if sum != n || len(shown) < 4 {
		t.Errorf("%d of %d are counted, as %v", sum, n, shown)
	}
	if got := figure(t, r, "speedup").Chart.(chart.Ranked).Title; !regexp.MustCompile(`^\d+ of 60 workloads get faster, seen up to 1\.9×$`).MatchString(got) {
		t.Errorf("the picture's title is %q", got)
	}
	for _, want := range []string{"cannot follow the count", "get slower", "no change is shown for", "too noisy to tell"} {
		if !strings.Contains(r.View.Title, want) {
			t.Errorf("%q lacks %q", r.View.Title, want)
		}
	}
}
