package capture

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
)

func TestReadTrials(t *testing.T) {
	for _, tt := range []struct {
		name   string
		output string
		ps     int
		want   []BenchmarkTrial
		failed []string
	}{
		{
			"plain, with a header and a skipped one",
			"goos: linux\npkg: x\nBenchmarkA \t     100\t        12.50 ns/op\n--- SKIP: BenchmarkB\n    x_test.go:3: no\nPASS\n", 1,
			[]BenchmarkTrial{{Name: "BenchmarkA", Iterations: 100, PerOp: 12.5}},
			nil,
		},
		{
			"the number of Ps is no part of the name, a number in the name is",
			"BenchmarkA/n-2-2 \t 7\t 3 ns/op\t 1 B/op\t 0 allocs/op\n", 2,
			[]BenchmarkTrial{{Name: "BenchmarkA/n-2", Iterations: 7, PerOp: 3}},
			nil,
		},
		{
			"with one P go test adds no number",
			"BenchmarkA/n-1 \t 7\t 3 ns/op\n", 1,
			[]BenchmarkTrial{{Name: "BenchmarkA/n-1", Iterations: 7, PerOp: 3}},
			nil,
		},
		{
			"a benchmark that prints parts its name from its result",
			"BenchmarkA  hello 3 worlds\nmore\n       5\t 200 ns/op\nBenchmarkB \t 1\t 9 ns/op\n", 1,
			[]BenchmarkTrial{{Name: "BenchmarkA", Iterations: 5, PerOp: 200}, {Name: "BenchmarkB", Iterations: 1, PerOp: 9}},
			nil,
		},
		{
			"a failed one is named and leaves the rest",
			"BenchmarkA \t--- FAIL: BenchmarkA-4\nBenchmarkB-4 \t 1\t 9 ns/op\n--- FAIL: BenchmarkC/x-4\nFAIL\n", 4,
			[]BenchmarkTrial{{Name: "BenchmarkB", Iterations: 1, PerOp: 9}},
			[]string{"BenchmarkC/x"},
		},
		{"one that hides its time gives none", "BenchmarkA \t 1\t 9 widgets/op\n", 1, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, failed := readTrials(tt.output, tt.ps)
			if d := cmp.Diff(tt.want, got) + cmp.Diff(tt.failed, failed); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadResult(t *testing.T) {
	for _, tt := range []struct {
		line string
		want *benchResult
	}{
		{
			"BenchmarkA-2 \t     200\t      1500 ns/op\t  2.50 MB/s\t 3 B/op\t 1 allocs/op\r\n",
			&benchResult{200, map[string]float64{"ns/op": 1500, "MB/s": 2.5, "B/op": 3, "allocs/op": 1}},
		},
		{"noise 7 then 200\t1500 ns/op\t4 rows/op", &benchResult{200, map[string]float64{"ns/op": 1500, "rows/op": 4}}},
		{"200\t0.0000001 ns/op", &benchResult{200, map[string]float64{"ns/op": 1e-7}}},
		{"200\t0 ns/op", nil},
		{"0\t5 ns/op", nil},
		{"-3\t5 ns/op", nil},
		{"99999999999999999999\t5 ns/op", nil},
		{"20 MB/s", nil},
		{"", nil},
	} {
		got, err := readResult(tt.line)
		switch {
		case tt.want == nil && err == nil:
			t.Errorf("%q was read as %+v", tt.line, got)
		case tt.want != nil && err != nil:
			t.Errorf("%q: %v", tt.line, err)
		case tt.want != nil:
			if d := cmp.Diff(*tt.want, got, cmp.AllowUnexported(benchResult{})); d != "" {
				t.Errorf("%q: %s", tt.line, d)
			}
		}
	}
}

// FuzzReadResult checks that whatever a benchmark prints, a result that is read has a time and iterations.
func FuzzReadResult(f *testing.F) {
	f.Add("BenchmarkA-2 \t 200\t 1500 ns/op\t 3 B/op")
	f.Add("1 1e400 ns/op")
	f.Fuzz(func(t *testing.T, line string) {
		if r, err := readResult(line); err == nil && (r.iterations < 1 || !(r.values["ns/op"] > 0) || r.work() < 0) {
			t.Errorf("%q was read as %+v", line, r)
		}
		_, _ = readTrials(line, 2)
	})
}

// Two copies make 300 iterations: 200 in 2 µs, 100 in 3 µs. The work is the 3 µs of the slower, so 10 ns for each of
// the 300 and 1e8 in a second; bytes are the mean over iterations, (200·3 + 100·6)/300 = 4; rates add up.
func TestCombine(t *testing.T) {
	got := combine([]benchResult{
		{200, map[string]float64{"ns/op": 10, "B/op": 3, "MB/s": 5}},
		{100, map[string]float64{"ns/op": 30, "B/op": 6, "MB/s": 2}},
	})
	want := map[string]float64{"ns/op": 10, "ops/s": 1e8, "B/op": 4, "MB/s": 7}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// The process began at 1000 and took 900. Its result, 10 iterations of 30 ns, came at 1700: the work is the 300 before
// that, start-up the 400 before, and 200 are left.
func TestBenchmarkTimes(t *testing.T) {
	l := &launch{begin: 1000, run: sweep.Run{Point: sweep.Point{Size: 10}}}
	l.res.Total, l.res.Work = 900, 900
	l.benchmark(&wire.Outcome{Processes: []wire.Process{{Marked: &wire.Line{At: 1700, Text: "BenchmarkA 10 30 ns/op"}}}})
	if r := l.res; r.Error != "" || r.Work != 300 || r.Startup != 400 || r.Teardown != 200 {
		t.Errorf("work %d, start-up %d, teardown %d, error %q; want 300, 400, 200 and none",
			r.Work, r.Startup, r.Teardown, r.Error)
	}
	for name, processes := range map[string][]wire.Process{
		"skipped":          {{}},
		"too few":          {{Marked: &wire.Line{At: 1700, Text: "9 30 ns/op"}}},
		"no time":          {{Marked: &wire.Line{At: 1700, Text: "x ns/op"}}},
		"one of two fails": {{Marked: &wire.Line{At: 1700, Text: "5 30 ns/op"}}, {}},
	} {
		l := &launch{begin: 1000, run: sweep.Run{Point: sweep.Point{Size: 10}}}
		l.res.Status = sweep.OK
		if l.benchmark(&wire.Outcome{Processes: processes}); l.res.Status != sweep.Failed || l.res.Error == "" {
			t.Errorf("%s: status %q, error %q; want a failure", name, l.res.Status, l.res.Error)
		}
	}
}
