package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/figures"
	"github.com/corecurve/corecurve/report/text"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// studies are made-up studies of every shape; what must hold for every document is tested on all of them.
func studies() map[string]study.Input {
	two := both()
	two.fetch()

	one := newFake(4)
	one.sweep("pi", sweep.Threads, sweep.Strong, 10, spot{1, 400 * ms, 4 * ms, 396 * ms}, spot{3, 150 * ms, 4 * ms, 400 * ms})

	few := newFake(2)
	few.sweep("pi", sweep.Threads, sweep.Strong, 3, spot{1, 400 * ms, 4 * ms, 396 * ms}, spot{2, 210 * ms, 4 * ms, 400 * ms})
	few.spin()

	weak := newFake(2)
	weak.sweep("pi", sweep.Threads, sweep.Weak, 10, spot{1, 400 * ms, 4 * ms, 396 * ms}, spot{2, 410 * ms, 4 * ms, 800 * ms})
	weak.spin()

	sizes := newFake(2)
	sizes.pi()
	sizes.sweep("pi", sweep.Threads, sweep.Weak, 5, spot{1, 400 * ms, 4 * ms, 396 * ms}, spot{2, 410 * ms, 4 * ms, 800 * ms})

	noBase := newFake(2)
	noBase.sweep("pi", sweep.Threads, sweep.Strong, 10, spot{n: 1}, spot{2, 210 * ms, 4 * ms, 400 * ms})

	noTrace := both()
	clear(noTrace.in.Explained)

	quota := both()
	quota.in.Header.Host.QuotaCores = 1.5
	quota.in.Header.Host.SMT, quota.in.Header.Host.Physical = true, 1

	grid := newFake(4)
	grid.grid()

	return map[string]study.Input{
		"two workloads, both modes": two.in, "one mode": one.in, "few runs": few.in, "weak": weak.in, "two scalings": sizes.in,
		"no base": noBase.in, "no traces": noTrace.in, "quota": quota.in, "failures": failing().in, "grid": grid.in,
		"nothing": {Header: newFake(2).in.Header}, "accounts": locked().in,
	}
}

// grid is one sweep for every number of processes.
func (f *fake) grid() {
	for _, procs := range []int{1, 2} {
		s := sweep.Sweep{Workload: "pi", Mode: sweep.Grid, Scaling: sweep.Strong, Size: 1000, Series: fmt.Sprintf("procs=%d", procs)}
		for _, workers := range []int{1, 2} {
			p := sweep.Point{Workload: "pi", Procs: procs, Workers: workers, Cores: procs * workers, Size: 1000}
			s.Points = append(s.Points, p)
			f.runs(p, spot{procs * workers, 400 * ms / time.Duration(procs*workers), 4 * ms, 396 * ms}, 10)
		}
		f.in.Header.Sweeps = append(f.in.Header.Sweeps, s)
	}
}

// failing is pi whose runs on 4 workers all failed, and whose name for the error would steer a terminal and a page.
func failing() *fake {
	f := newFake(2)
	f.sweep("pi", sweep.Threads, sweep.Strong, 10, spot{1, 512 * ms, 4 * ms, 508 * ms}, spot{2, 266 * ms, 4 * ms, 512 * ms}, spot{4, 264 * ms, 4 * ms, 514 * ms})
	for i := range f.in.Results {
		r := &f.in.Results[i]
		if r.Point.Workers == 4 {
			r.Status, r.Error = sweep.Failed, "exit status 1: \x1b[31m<script>alert(1)</script>\nboom | `x`"
		}
		if r.Point.Workers == 2 && r.Rep == 0 && r.Kind == sweep.Timed {
			r.Noise = sweep.Noise{Noisy: true, Share: 0.3, Reasons: []string{"other programs used 30 % of the CPU time"}}
			r.Warnings = []string{"one span is missing"}
		}
	}
	return f
}

func parse(t *testing.T, r *Report) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestKeys holds report.json to the keys that others rely on.
func TestKeys(t *testing.T) {
	doc := parse(t, Build(study.Analyze(both().in)))
	need := func(where string, object any, keys string) {
		t.Helper()
		m, ok := object.(map[string]any)
		if !ok {
			t.Fatalf("%s is no object: %v", where, object)
		}
		for k := range strings.FieldsSeq(keys) {
			if _, ok := m[k]; !ok {
				t.Errorf("%s lacks %q", where, k)
			}
		}
	}
	need("document", doc, "schema curves findings warnings")
	if doc["schema"] != "corecurve/report/1" {
		t.Errorf("schema is %v", doc["schema"])
	}
	c := doc["curves"].([]any)[0].(map[string]any)
	need("curve", c, "workload mode scaling size axis series base points models recommended verdict")
	need("base", c["base"], "point median_s")
	need("verdict", c["verdict"], "bound evidence")
	p := c["points"].([]any)[1]
	need("point", p, `procs workers cores gomaxprocs size n runs failed noisy measure median_s work_median_s startup_s speedup efficiency interval
		karp_flatt cpu_s sys_s max_rss_bytes mean_busy_cores trace_overhead ledger stack`)
	need("interval", p.(map[string]any)["interval"], "method level low high")
}

// TestReasons holds every null to a reason beside it.
func TestReasons(t *testing.T) {
	for name, in := range studies() {
		var walk func(path string, v any)
		walk = func(path string, v any) {
			switch v := v.(type) {
			case []any:
				for i, e := range v {
					walk(fmt.Sprintf("%s[%d]", path, i), e)
				}
			case map[string]any:
				for k, e := range v {
					if e == nil {
						if why, _ := v[k+"_reason"].(string); why == "" {
							t.Errorf("%s: %s.%s is null without a reason", name, path, k)
						}
					}
					walk(path+"."+k, e)
				}
			}
		}
		doc := parse(t, Build(study.Analyze(in)))
		delete(doc, "study") // as it was read
		walk("", doc)
	}
}

// TestValues checks a point whose figures can be worked out by hand: all launches of a point are alike.
func TestValues(t *testing.T) {
	f := newFake(2)
	f.sweep("pi", sweep.Threads, sweep.Strong, 5, spot{1, 400 * ms, 0, 390 * ms}, spot{2, 250 * ms, 10 * ms, 400 * ms})
	f.sweep(sweep.SpinWorkload, sweep.Threads, sweep.Weak, 5, spot{1, 100 * ms, 0, 0}, spot{2, 125 * ms, 0, 0})
	for i := range f.in.Results {
		r := &f.in.Results[i]
		switch r.Point.Workload {
		case "pi":
			r.Total = sweep.Seconds(map[int]time.Duration{1: 400 * ms, 2: 250 * ms}[r.Point.Workers])
		default:
			r.Total = sweep.Seconds(map[int]time.Duration{1: 100 * ms, 2: 125 * ms}[r.Point.Workers])
		}
		r.Work = r.Total - r.Startup
	}
	c := parse(t, Build(study.Analyze(f.in)))["curves"].([]any)[0].(map[string]any)
	got := c["points"].([]any)[1].(map[string]any)
	want := map[string]any{
		"n": 2., "runs": 5., "failed": 0., "noisy": 0., "measure": "total",
		"median_s": 0.25, "work_median_s": 0.24, "startup_s": 0.01,
		"speedup":    1.6,  // 400 / 250
		"efficiency": 0.8,  // 1.6 / 2
		"karp_flatt": 0.25, // (1/1.6 − 1/2) / (1 − 1/2) = 0.125 / 0.5
		"interval":   map[string]any{"method": "bootstrap-percentile", "level": 0.95, "low": 1.6, "high": 1.6},
		// The ceiling at 2 is 2 × 100 / 125 = 1.6.
		"share_of_ceiling": 1.,
		"mean_busy_cores":  1.6, // 400 ms CPU time in 250 ms
		"trace_overhead":   1.,
		"stack":            []any{}, "ledger": nil,
	}
	for k, w := range want {
		g := got[k]
		if gf, ok := g.(float64); ok && math.Abs(gf-w.(float64)) < 1e-12 {
			continue
		}
		if diff := cmp.Diff(w, g); diff != "" {
			t.Errorf("%s:\n%s", k, diff)
		}
	}
	if diff := cmp.Diff(0.4, c["base"].(map[string]any)["median_s"]); diff != "" {
		t.Error(diff)
	}
}

// TestMeasure makes the same curve of the work instead of the total. CPU times are those of the whole run all the same,
// which is said where they stand beside shorter times.
func TestMeasure(t *testing.T) {
	in := both().in
	noted := 0
	for _, in.Measure = range []curve.Measure{curve.Total, curve.Work} {
		for _, table := range Build(study.Analyze(in)).View.Workloads[0].Tables {
			notes := strings.Join(table.Notes, "\n")
			if !strings.Contains(notes, "CPU/wall (busy)") {
				continue
			}
			if noted++; strings.Contains(notes, "of the whole run") != (in.Measure == curve.Work) {
				t.Errorf("%s: %s", in.Measure, notes)
			}
		}
	}
	if noted != 2 { // notes that two tables share stand once
		t.Errorf("%d tables by two measures say what CPU times hold", noted)
	}
	doc := Build(study.Analyze(in)).Document
	p := doc.Curves[0].Points[0]
	if p.Measure != curve.Work || *p.Median != *p.WorkMedian {
		t.Errorf("measure %q, median %g, median of the work %g", p.Measure, *p.Median, *p.WorkMedian)
	}
}

func TestFailures(t *testing.T) {
	doc := Build(study.Analyze(failing().in)).Document
	// The ten timed runs are one entry and the traced run another.
	if len(doc.Failures) != 2 || len(doc.Failures[0].Runs) != 10 || doc.Failures[1].Kind != sweep.Traced {
		t.Errorf("failures: %+v", doc.Failures)
	}
	p := doc.Curves[0].Points[2]
	if p.Failed != 10 || p.Median != nil || p.MedianReason == "" || p.Speedup != nil {
		t.Errorf("point without measurement: %+v", p)
	}
	all := strings.Join(doc.Warnings, "\n")
	for _, want := range []string{"pi: one span is missing", "1 of 20 timed runs were noisy", "other programs used 30 %"} {
		if !strings.Contains(all, want) {
			t.Errorf("warnings lack %q:\n%s", want, all)
		}
	}
}

// TestWarnings counts what many runs share, and names the quota and forced segments.
func TestWarnings(t *testing.T) {
	f := both()
	f.in.Header.Host.QuotaCores = 1.5
	f.in.Header.Host.Limits = []string{"no perf events"}
	f.in.Header.Resumes = []sweep.Resume{{At: "2026-11-22T00:00:00Z", FirstRun: 7, Forced: true, Different: []string{"kernel", "boot"}}}
	f.in.Damage = append(f.in.Damage, "line 3 is damaged")
	for i := range 4 {
		f.in.Results[i].Warnings = []string{"clock jumped"}
	}
	got := strings.Join(Build(study.Analyze(f.in)).Document.Warnings, "\n")
	for _, want := range []string{
		"Line 3 is damaged", "No perf events", "pi: clock jumped (4 runs)", "1.50 cores: points on 2 cores or more",
		"forced to go on at 2026-11-22T00:00:00Z after 7 runs although the machine or the program differ: kernel and boot",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
}

// TestNotices puts warnings of one kind together. Five points of pi and two of the spin loop have 70 timed runs.
func TestNotices(t *testing.T) {
	f := both()
	f.in.Results[0].Warnings = []string{"clock jumped by 3 ms", "lost p0.trace"}
	f.in.Results[1].Warnings = []string{"clock jumped by 17.5 ms"}
	f.in.Results[2].Warnings = []string{"clock jumped by 17.5 ms"}
	for i := range 3 {
		f.in.Results[i].Noise = sweep.Noise{Noisy: true, Share: 0.1 * float64(i+1), Reasons: []string{fmt.Sprint("reason ", i)}}
	}
	r := Build(study.Analyze(f.in))
	want := []view.Notice{
		{
			Text:    "3 of 70 timed runs were noisy (3 of pi); intervals hold what that can explain; other programs took up to 30 % of the CPU time",
			Details: []string{"pi-p1-w1-c1-s1000-r00: reason 0", "pi-p1-w1-c1-s1000-r01: reason 1", "pi-p1-w1-c1-s1000-r02: reason 2"},
			Sums:    true,
		},
		{Text: "pi: clock jumped by 3 ms"},
		{Text: "pi: lost p0.trace"},
		{Text: "pi: clock jumped by 17.5 ms (2 runs)"},
	}
	facts := cmpopts.IgnoreFields(view.Notice{}, "Of")
	if diff := cmp.Diff(want, view.Notices(study.Analyze(f.in)), facts); diff != "" {
		t.Error(diff)
	}
	if n := len(r.Document.Warnings); n != 4+3 {
		t.Errorf("report.json has %d warnings: %q", n, r.Document.Warnings)
	}
}

// TestOutside warns of a traced run outside the range of the timed ones only if it is 5 % off as well.
func TestOutside(t *testing.T) {
	for _, test := range []struct {
		factor float64
		warns  bool
	}{{1.04, false}, {0.96, false}, {1.08, true}, {0.9, true}} {
		f := newFake(2)
		f.sweep("pi", sweep.Threads, sweep.Strong, 10, spot{1, 400 * ms, 0, 390 * ms}, spot{2, 250 * ms, 0, 400 * ms})
		for i := range f.in.Results {
			r := &f.in.Results[i]
			if r.Work = sweep.Seconds(400 * ms); r.Kind == sweep.Traced {
				r.Work = sweep.Seconds(test.factor * float64(400*ms))
			}
		}
		n := slices.DeleteFunc(view.Notices(study.Analyze(f.in)), func(n view.Notice) bool { return !strings.Contains(n.Text, "outside the range") })
		if (len(n) == 1) != test.warns || test.warns && len(n[0].Details) != 2 {
			t.Errorf("%.2f: %+v", test.factor, n)
		}
	}
}

// TestCeilingNoisy keeps silent about a ceiling of which noise may explain a quarter.
func TestCeilingNoisy(t *testing.T) {
	f := both()
	evidence := func() bool {
		for _, c := range Build(study.Analyze(f.in)).Document.Curves {
			for _, e := range c.Verdict.Evidence {
				if e.Name == "share_of_ceiling" {
					return true
				}
			}
		}
		return false
	}
	if !evidence() {
		t.Error("no share of the ceiling")
	}
	for i := range f.in.Results {
		if r := &f.in.Results[i]; r.Point.Workload == sweep.SpinWorkload {
			r.Noise.Steal = r.Total / 4
		}
	}
	if evidence() {
		t.Error("a share of a ceiling that was mostly noise")
	}
	// The line above the curves and the table of what ran gave it two names.
	r := Build(study.Analyze(f.in))
	for name, said := range map[string]string{
		"text":     written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{}) }),
		"markdown": written(t, func(w io.Writer) error { return r.WriteMarkdown(w, nil) }),
	} {
		said = strings.Join(strings.Fields(said), " ")
		if !strings.Contains(said, "not known: noise can explain") || strings.Contains(said, "counts in registers") {
			t.Errorf("the ceiling in %s: %s", name, said)
		}
	}
}

func TestFigures(t *testing.T) {
	two := both()
	two.fetch()
	names := func(in study.Input) (out []string) {
		for _, f := range Build(study.Analyze(in)).Figures() {
			if f.Title == "" || f.Caption == "" && f.Place != view.Lead || f.Alt == "" {
				t.Errorf("%s: title %q, caption %q, alt %q", f.Name, f.Title, f.Caption, f.Alt)
			}
			out = append(out, f.Name)
		}
		return out
	}
	want := []string{
		"speedup", "timeline-pi-2", "timeline-pi-4", // no timeline of the base
		"cores-pi-p1-w1-c1-s1000", // once, although it is the base of both curves
		"cores-pi-p1-w2-c2-s1000", "cores-pi-p1-w4-c2-s1000", "cores-pi-p2-w1-c2-s1000", "cores-pi-p4-w1-c2-s1000",
	}
	if diff := cmp.Diff(want, names(both().in)); diff != "" {
		t.Error(diff)
	}
	got := names(two.in)
	if want := []string{"speedup", "speedup-pi", "timeline-pi-2"}; !slices.Equal(got[:3], want) || !slices.Contains(got, "speedup-fetch") {
		t.Errorf("two workloads: %q", got)
	}
	for name, in := range studies() {
		got := names(in)
		if slices.Sort(got); len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Errorf("%s: two pictures of one name: %q", name, got)
		}
	}
}

// The pictures mark the efficiency that the recommendation goes by.
func TestWorthwhile(t *testing.T) {
	for asked, want := range map[float64]float64{0: 0.75, 0.9: 0.9} {
		in := both().in
		in.Efficiency = asked
		r := Build(study.Analyze(in))
		if got := figure(t, r, "speedup").Chart.(chart.Speedup).Worthwhile; got != want {
			t.Errorf("--efficiency %v: the line is at %v, want %v", asked, got, want)
		}
	}
}

// TestTimelineBegin: the title of a picture named how much later processes start in the timed runs, which it does not
// show.
func TestTimelineBegin(t *testing.T) {
	f := both()
	for i := range f.in.Results {
		if r := &f.in.Results[i]; r.Kind == sweep.Timed && r.Point.Procs > 1 {
			r.Startup, r.Total = r.Startup+sweep.Seconds(400*ms), r.Total+sweep.Seconds(400*ms)
		}
	}
	title := words.Plain(figure(t, Build(study.Analyze(f.in)), "timeline-pi-2").Title)
	if strings.Contains(title, "later") {
		t.Errorf("title %q, though the runs that are drawn start 8 ms apart", title)
	}
}

func TestTimelineGroups(t *testing.T) {
	r := Build(study.Analyze(both().in))
	f := figure(t, r, "timeline-pi-2")
	var got []string
	for _, g := range f.Chart.(chart.Timeline).Groups {
		got = append(got, g.Title)
	}
	// Threads stand above processes, whatever the order of the curves.
	if diff := cmp.Diff([]string{"threads: 2 workers in 1 process", "processes: 2 processes of 1 worker"}, got); diff != "" {
		t.Error(diff)
	}
	// 12 − 4 = 8 ms is 3 % of 266 ms, which is worth saying; on n = 2 512 ms of CPU time in about 266 ms are 1.92 cores.
	if want, title := "pi, n = 2: workers are busy for 100 % of the time; 2 processes start 8 ms later (8–8)", words.Plain(f.Title); title != want {
		t.Errorf("title %q, want %q", title, want)
	}
	if subtitle := words.Plain(f.Chart.(chart.Timeline).Subtitle); !strings.Contains(subtitle, "threads keep 1.9") {
		t.Errorf("subtitle %q", subtitle)
	}
}

// figure is the picture of that name.
func figure(t *testing.T, r *Report, name string) figures.Figure {
	t.Helper()
	all := r.Figures()
	i := slices.IndexFunc(all, func(f figures.Figure) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no picture %s", name)
	}
	return all[i]
}

func BenchmarkReport(b *testing.B) {
	f := both()
	f.fetch()
	for b.Loop() {
		r := Build(study.Analyze(f.in))
		var out bytes.Buffer
		for _, err := range []error{
			r.WriteText(&out, text.Options{}), r.WriteJSON(&out), r.WriteMarkdown(&out, nil), r.WriteHTML(&out, nil),
		} {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
