package fit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/trace/measurements"
)

func series(t *testing.T, text string) measurements.Series {
	t.Helper()
	list, err := measurements.Read("f.csv", strings.NewReader(text), measurements.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// The ray tracer of Gunther, "Guerrilla Capacity Planning", table 5.1 (R package usl, data/raytracer.rda).
const raytracer = "n,throughput\n1,20\n4,78\n8,130\n12,170\n16,190\n20,200\n24,210\n28,230\n32,260\n48,280\n64,310\n"

// amdahl is six launches of Amdahl's law with 0.1 at 1, 2, 4, 8, 16, within half a percent of it.
func amdahl() string {
	var b strings.Builder
	b.WriteString("n,seconds\n")
	for _, n := range []float64{1, 2, 4, 8, 16} {
		for _, off := range []float64{0.995, 0.997, 0.999, 1.001, 1.003, 1.005} {
			fmt.Fprintf(&b, "%g,%g\n", n, off*(0.1+0.9/n))
		}
	}
	return b.String()
}

func document(t *testing.T, f *Fit) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := WriteJSON(&b, []*Fit{f}); err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(b.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// at follows keys and indices.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			o, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("%v: %T has no keys", path, v)
			}
			if v, ok = o[p]; !ok {
				t.Fatalf("%v: no key %q", path, p)
			}
		case int:
			v = v.([]any)[p]
		}
	}
	return v
}

func TestDocument(t *testing.T) {
	d := document(t, New(series(t, raytracer), Options{Equal: true}))
	for _, w := range []struct {
		path []any
		want any
	}{
		{[]any{"schema"}, "corecurve/fit/1"},
		{[]any{"weights"}, "equal"},
		{[]any{"base", "throughput"}, 20.},
		{[]any{"points", 1, "n"}, 4.},
		{[]any{"points", 1, "throughput"}, 78.},
		{[]any{"points", 1, "speedup"}, 3.9},
		{[]any{"points", 0, "interval"}, nil},
		{[]any{"points", 0, "interval_reason"}, "this is the base"},
		{[]any{"best"}, "amdahl"},
		{[]any{"models", 1, "name"}, "usl"},
		{[]any{"models", 1, "params", "beta", "value"}, 0.},
		{[]any{"models", 1, "params", "beta", "one_sided"}, true},
		{[]any{"models", 1, "peak"}, nil},
		{[]any{"models", 1, "peak_reason"}, "the data show no peak"},
		{[]any{"models", 1, "lack_of_fit"}, nil},
		{[]any{"karp_flatt", 0, "n"}, 4.},
	} {
		if d := cmp.Diff(w.want, at(t, d, w.path...)); d != "" {
			t.Errorf("%v: %s", w.path, d)
		}
	}
	if v := at(t, d, "models", 1, "asymptote").(float64); math.Abs(v-378.2) > 0.05 {
		t.Errorf("asymptote = %v, want 378.2", v)
	}
	// (1/3.9 − 1/4) / (1 − 1/4) = 0.0085470.
	if v := at(t, d, "karp_flatt", 0, "e").(float64); math.Abs(v-0.0085470) > 1e-7 {
		t.Errorf("karp_flatt = %v", v)
	}
	if n := len(at(t, d, "karp_flatt").([]any)); n != 10 {
		t.Errorf("%d fractions, want 10", n)
	}
}

func TestDocumentWithoutBase(t *testing.T) {
	d := document(t, New(series(t, "n,throughput\n2,39\n4,78\n8,130\n"), Options{}))
	for path, want := range map[string]any{
		"base": nil, "base_reason": noBase, "best": nil, "karp_flatt_line": nil,
		"karp_flatt_line_reason": "there are fewer than two fractions",
		"best_why":               "no law is named from 3 counts; it takes 4",
	} {
		if d := cmp.Diff(want, at(t, d, path)); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
	if got := at(t, d, "points", 0, "speedup_reason"); got != noBase {
		t.Errorf("reason = %v", got)
	}
	if got := at(t, d, "models", 1, "rse_reason"); got != "there are as many parameters as counts" {
		t.Errorf("reason = %v", got)
	}
	if got := at(t, d, "models", 1, "params", "alpha", "low"); got != nil {
		t.Errorf("low = %v", got)
	}
}

// Times become rates: of one job, or under weak scaling of n of them.
func TestScaling(t *testing.T) {
	text := "n,seconds\n1,2\n2,2.2\n4,2.6\n8,3.4\n"
	if got := New(series(t, text), Options{}).Result.Points[1].Throughput; got != 1/2.2 {
		t.Errorf("strong: %v", got)
	}
	weak := New(series(t, text), Options{Law: law.Gustafson})
	if got := weak.Result.Points[1].Throughput; got != 2/2.2 {
		t.Errorf("weak: %v", got)
	}
	d := document(t, weak)
	if at(t, d, "scaling") != "weak" || len(at(t, d, "karp_flatt").([]any)) != 0 || at(t, d, "best") != "gustafson" {
		t.Errorf("%v", d)
	}
}

func TestSeveralDocuments(t *testing.T) {
	f := New(series(t, raytracer), Options{})
	var b bytes.Buffer
	if err := WriteJSON(&b, []*Fit{f, f, f}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(b.String(), "\n"); got != 3 {
		t.Errorf("%d lines, want a document on each of 3", got)
	}
}

func text(t *testing.T, f *Fit) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteText(&b, []*Fit{f}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > page.Width {
			t.Errorf("%d columns: %q", n, line)
		}
	}
	return b.String()
}

func TestText(t *testing.T) {
	for _, w := range []struct {
		name  string
		text  string
		opt   Options
		wants []string
	}{
		{"bound", raytracer, Options{Equal: true}, []string{
			"f.csv: 15.5× at n = 64; 5.78 % of the work is serialised",
			"Law: AICc prefers Amdahl to USL", "(one-sided)", "one launch per count",
		}},
		{
			"repeats", amdahl(),
			Options{Resamples: 100},
			[]string{
				"throughput in runs/s", "10 % of the work is serialised (alpha; 95 % interval",
				"no number of workers gives more than 10 times", "Cross-check",
			},
		},
		{"cores", raytracer, Options{Cores: 20, Equal: true}, []string{
			"*64", "* beyond the cores: not fitted",
			"beyond the 20 cores", "near n = 24.5", "extrapolation",
		}},
		{"no base", strings.Replace(raytracer, "1,20\n", "", 1), Options{}, []string{"n = 1 was not measured", " – "}},
		{"few", "n,seconds\n1,2\n2,1.5\n", Options{}, []string{
			"no law is named from 2 counts; it takes 4",
			"USL has 3 parameters and is not fitted to 2 counts",
		}},
		// 2, 1.2, 0.9, 0.6 falls from the first worker on.
		{"contradicted", "n,throughput\n1,2\n2,1.2\n3,0.9\n4,0.6\n", Options{}, []string{
			"no count is faster than n = 1; no law describes the data", "By Amdahl, which the data contradict:", "throughput falls with n",
		}},
		{"superlinear", "n,throughput\n1,100\n2,214\n4,460\n8,985\n16,2111\n", Options{}, []string{
			"superlinear, which no law describes",
		}},
		{"asked for", raytracer, Options{Law: law.USL}, []string{"USL was asked for"}},
	} {
		got := text(t, New(series(t, w.text), w.opt))
		flat := strings.Join(strings.Fields(got), " ")
		for _, want := range w.wants {
			if !strings.Contains(flat, strings.TrimSpace(want)) {
				t.Errorf("%s: no %q in\n%s", w.name, want, got)
			}
		}
	}
}

func TestTextOfManyCounts(t *testing.T) {
	var b strings.Builder
	b.WriteString("n,throughput\n")
	for n := 1; n <= 1000; n++ {
		fmt.Fprintf(&b, "%d,%g\n", n, float64(n)/(1+0.01*float64(n-1)))
	}
	got := text(t, New(series(t, b.String()), Options{}))
	if !strings.Contains(got, "… 960 more counts are not shown here") || strings.Count(got, "\n") > 80 {
		t.Errorf("got\n%s", got)
	}
}

// A name from a file does not steer the terminal.
func TestControlCharacters(t *testing.T) {
	s := series(t, raytracer)
	s.Name = "Bench\x1b[31m"
	if got := text(t, New(s, Options{})); strings.Contains(got, "\x1b") {
		t.Errorf("got %q", got)
	}
}

func pictures(t *testing.T) map[string]*Fit {
	t.Helper()
	isilon := "n,throughput\n17.8528,25504\n30.6324,51054\n53.6669,76667\n81.8304,102288\n115.091,127879\n153.497,153497\n215.113,179261\n287.316,205226\n462.138,231069\n"
	return map[string]*Fit{
		"raytracer": New(series(t, raytracer), Options{}),
		"cores":     New(series(t, raytracer), Options{Cores: 20}),
		"amdahl":    New(series(t, amdahl()), Options{Resamples: 200}),
		"isilon":    New(series(t, isilon), Options{}), // VividCortex ebooks, scalability/isilon.txt
		"synthetic": New(series(t, "n,throughput\n1,1\n2,1.8868\n4,3.0769\n6,3.5294\n8,3.5398\n10,3.3557\n"),
			Options{}),
		"powers": New(series(t, "n,throughput\n2,390\n4,780\n8,1300\n16,1700\n"), Options{}),
		"nolaw":  New(series(t, "n,seconds\n1,2\n2,1.5\n"), Options{}),
	}
}

func TestFigure(t *testing.T) {
	for name, f := range pictures(t) {
		var b bytes.Buffer
		if err := chart.WriteSVG(&b, f.Figure()); err != nil {
			t.Fatal(err)
		}
		svg := b.String()
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("%s: the picture holds what is not a number", name)
		}
		wants := map[string][]string{
			"raytracer": {"Speedup over n = 1", ">Amdahl<", "dashed beyond the data", "from the residuals"},
			"cores":     {">20 cores<", "peak by USL near 22.8"},
			"amdahl":    {"from resampled launches", "Bars: 95"},
			"isilon":    {"Throughput<", "no base: n = 1 was not measured"},
			"nolaw":     {"no law is named"},
		}[name]
		for _, want := range wants {
			if !strings.Contains(strings.ReplaceAll(svg, "\u00a0", " "), want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
	}
}

// TestLook writes the pictures into the folder CORECURVE_FIT_DIR, for looking at them.
func TestLook(t *testing.T) {
	dir := os.Getenv("CORECURVE_FIT_DIR")
	if dir == "" {
		t.Skip("CORECURVE_FIT_DIR is not set")
	}
	for name, f := range pictures(t) {
		var b bytes.Buffer
		if err := chart.WritePNG(&b, f.Figure()); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".png"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
