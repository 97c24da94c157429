package measurements

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
)

func read(t *testing.T, name, text string) []Series {
	t.Helper()
	got, err := Read(name, strings.NewReader(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestCSV(t *testing.T) {
	want := []Series{
		{File: "f", Axis: "n", Kind: Seconds, Unit: "runs/s", Counts: []Count{{1, []float64{2, 2.5}}, {4, []float64{0.5}}}},
	}
	for name, text := range map[string]string{
		"plain":               "n,seconds\n1,2\n1,2.5\n4,0.5\n",
		"not in order":        "n,seconds\n1,2\n4,0.5\n1,2.5\n",
		"comments and blanks": "# by hand\nn,seconds\n# n = 1\n\n1,2\n1,2.5\n\n4,0.5",
		"CRLF":                "n,seconds\r\n1,2\r\n1,2.5\r\n4,0.5\r\n",
		"BOM":                 "\ufeffn,seconds\n1,2\n1,2.5\n4,0.5\n",
		"BOM and a comment":   "\ufeff# x\r\nN, Seconds\r\n1, 2\r\n1 ,2.5 \r\n4,\"0.5\"\r\n",
		"other forms":         "n,seconds\n1.0,2e0\n1,25e-1\n4,.5\n",
	} {
		if d := cmp.Diff(want, read(t, "f", text), cmpopts.EquateApprox(1e-15, 0)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	got := read(t, "f", "n,throughput\n17.8528,25504\n30.6324,51054\n")
	if got[0].Kind != Throughput || got[0].Unit != "" || got[0].Counts[0].N != 17.8528 {
		t.Errorf("got %+v", got)
	}
}

func TestManyRows(t *testing.T) {
	var b strings.Builder
	b.WriteString("n,seconds\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "%d,%g\n", 1+i%16, 1/float64(1+i%16))
	}
	got := read(t, "f", b.String())
	if len(got[0].Counts) != 16 || len(got[0].Counts[15].Values) != 625 { // 10,000 / 16
		t.Errorf("%d counts, %d values of the last", len(got[0].Counts), len(got[0].Counts[15].Values))
	}
}

const bench = `goos: linux
goarch: amd64
pkg: example.com/ctx
cpu: Some CPU
BenchmarkMutex
BenchmarkMutex         	     100	   9787629 ns/op	  12 B/op
BenchmarkMutex-2       	     100	  16161809 ns/op	  12 B/op
BenchmarkMutex-2       	     100	  16161810 ns/op	  12 B/op
BenchmarkRW/read=9     	     100	   9990271 ns/op
BenchmarkRW/read=9-8   	     100	   3928236 ns/op
BenchmarkOnce-4        	     100	        10 ns/op
BenchmarkServe         	     100	    1.5 req/s
BenchmarkServe-4       	     100	    4 req/s
PASS
ok  	example.com/ctx	1.234s
`

func TestBenchmarks(t *testing.T) {
	want := []Series{
		{
			File: "f", Name: "BenchmarkMutex", Axis: "GOMAXPROCS", Kind: Seconds, Unit: "op/s",
			Counts:   []Count{{1, []float64{9787629 * 1e-9}}, {2, []float64{16161809 * 1e-9, 16161810 * 1e-9}}},
			Warnings: []string{"BenchmarkOnce: n = 4 only: one count has no curve, and it is left out"},
		},
		{
			File: "f", Name: "BenchmarkRW/read=9", Axis: "GOMAXPROCS", Kind: Seconds, Unit: "op/s",
			Counts: []Count{{1, []float64{9990271 * 1e-9}}, {8, []float64{3928236 * 1e-9}}},
		},
		{
			File: "f", Name: "BenchmarkServe", Axis: "GOMAXPROCS", Kind: Throughput, Unit: "req/s",
			Counts: []Count{{1, []float64{1.5}}, {4, []float64{4}}},
		},
	}
	for name, text := range map[string]string{"LF": bench, "CRLF": strings.ReplaceAll(bench, "\n", "\r\n")} {
		if d := cmp.Diff(want, read(t, "f", text), cmpopts.EquateApprox(1e-15, 0)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// The same benchmark of two packages is two series, told apart by the package.
func TestBenchmarksOfPackages(t *testing.T) {
	got := read(t, "f", "pkg: a\nBenchmarkX 1 2 ns/op\nBenchmarkX-2 1 1 ns/op\n"+
		"pkg: b\nBenchmarkX 1 4 ns/op\nBenchmarkX-2 1 3 ns/op\n")
	var names []string
	for _, s := range got {
		names = append(names, s.Title())
	}
	if d := cmp.Diff([]string{"f: BenchmarkX, a", "f: BenchmarkX, b"}, names); d != "" {
		t.Error(d)
	}
}

const scanned = `{"results": [
  {"command": "./sort -j 1", "mean": 2.1, "median": 2.0, "times": [2.0, 2.2], "exit_codes": [0, 0], "parameters": {"threads": "1"}},
  {"command": "./sort -j 2", "mean": 1.1, "median": 1.1, "times": [1.1, 1.2], "exit_codes": [0, 1], "parameters": {"threads": "2"}}
]}`

func TestHyperfine(t *testing.T) {
	want := []Series{{
		File: "f", Axis: "threads", Kind: Seconds, Unit: "runs/s", Counts: []Count{{1, []float64{2, 2.2}}, {2, []float64{1.1, 1.2}}},
		Warnings: []string{"n = 2: 1 of 2 runs ended with another status than 0; their times count"},
	}}
	if d := cmp.Diff(want, read(t, "f", scanned)); d != "" {
		t.Error(d)
	}
}

// Each value of another parameter, and each command, is a series of its own.
func TestHyperfineSeries(t *testing.T) {
	text := `{"results": [
	{"command": "a 1", "median": 4, "parameters": {"j": 1, "cc": "gcc"}}, {"command": "b 1", "times": [8], "parameters": {"j": 1, "cc": "gcc"}},
	{"command": "a 2", "times": [2], "parameters": {"j": 2, "cc": "gcc"}}, {"command": "b 2", "times": [5], "parameters": {"j": 2, "cc": "gcc"}},
	{"command": "a 1", "times": [3], "parameters": {"j": 1, "cc": "clang"}}, {"command": "a 2", "times": [1], "parameters": {"j": 2, "cc": "clang"}}]}`
	got := map[string][]Count{}
	for _, s := range read(t, "f", text) {
		got[s.Name] = s.Counts
	}
	want := map[string][]Count{
		"cc=gcc a 1": {{1, []float64{4}}, {2, []float64{2}}},
		"cc=gcc b 1": {{1, []float64{8}}, {2, []float64{5}}},
		"cc=clang":   {{1, []float64{3}}, {2, []float64{1}}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestParameter(t *testing.T) {
	text := `{"results": [{"times": [4], "parameters": {"j": "1", "size": "10"}}, {"times": [2], "parameters": {"j": "2", "size": "10"}},
	{"times": [8], "parameters": {"j": "1", "size": "20"}}, {"times": [3], "parameters": {"j": "2", "size": "20"}}]}`
	_, err := Read("f", strings.NewReader(text), Options{})
	if err == nil || err.Error() != "f:1:13: several parameters vary (j, size): say with --parameter which one is n" {
		t.Errorf("err = %v", err)
	}
	got, err := Read("f", strings.NewReader(text), Options{Parameter: "j"})
	if err != nil || len(got) != 2 || got[0].Name != "size=10" || got[1].Name != "size=20" {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = Read("f", strings.NewReader(text), Options{Parameter: "k"})
	if err == nil || err.Error() != `f:1:13: no result has a parameter "k"` {
		t.Errorf("err = %v", err)
	}
}

func TestErrors(t *testing.T) {
	for _, w := range []struct{ text, want string }{
		{"", "f:1:1: empty"},
		{" \n", "f:1:1: empty"},
		{"# only\n", "f:1:1: nothing but comments"},
		{"n,seconds\n", "f:1:1: no rows after the header"},
		{"workers,seconds\n1,2\n", `f:1:1: header "workers,seconds": want n,throughput or n,seconds`},
		{"n,ms\n1,2\n", `f:1:3: header "n,ms": want n,throughput or n,seconds`},
		{"n;seconds\n1;2\n", `f:1:1: header "n;seconds": want`},
		{"region,n,seconds\na,1,2\n", `f:1:1: header "region,n,seconds": want`},
		{"1,2\n2,1\n", `f:1:1: header "1,2": want`},
		{"n,seconds\n1,2\n2,NaN\n", "f:3:3: seconds NaN is not finite"},
		{"n,seconds\n1,2\n2,inf\n", "f:3:3: seconds inf is not finite"},
		{"n,seconds\n1,2\n2,0\n", "f:3:3: seconds 0 is zero"},
		{"n,seconds\n1,2\n2,-3\n", "f:3:3: seconds -3 is negative"},
		{"n,seconds\n1,2\n2,1e999\n", `f:3:3: seconds "1e999": out of range`},
		{"n,seconds\n1,2\n2,1e-300\n", "f:3:3: seconds 1e-300 is out of range"},
		{"n,seconds\n1,2\n0,3\n", "f:3:1: n 0 is not positive"},
		{"n,seconds\n1,2\nNaN,3\n", "f:3:1: n NaN is not finite"},
		{"n,seconds\n1,2\n1e12,3\n", "f:3:1: n 1e12 is larger than a thousand million"},
		{"n,seconds\n1,2\ntwo,3\n", `f:3:1: n "two": want a plain number`},
		{"n,seconds\n1,2 s\n2,900ms\n", `f:2:3: seconds "2 s": want a plain number, in seconds and without a unit`},
		{"n,throughput\n1,2 req/s\n", `f:2:3: throughput "2 req/s": want a plain number`},
		{"n,seconds\n1,2\n2,3,4\n", "f:3:1: 3 fields, want 2: n and seconds"},
		{"n,seconds\n1\n", "f:2:1: 1 fields, want 2"},
		{"n,seconds\n1,2\nn,throughput\n1,2\n", "f:3:1: a second header"},
		{"n,seconds\n1,2\n2,\"3\n", `f:3:`},
		{"n,seconds\n4,2\n4,3\n", "f: one count only (n = 4): a curve takes at least two"},
		{"\xff\xfen\x00", "f:1:1: UTF-16: want UTF-8"},
		{"n,seconds\n1,2\n\x00", "f:3:1: a zero byte"},
		{"BenchmarkX 1 2 ns/op\nBenchmarkX-2 1 NaN ns/op\n", "f:2:16: BenchmarkX-2: NaN ns/op is not finite"},
		{"BenchmarkX 1 2 ns/op\nBenchmarkX-2 1 0 ns/op\n", "f:2:16: BenchmarkX-2: 0 ns/op is zero"},
		{"BenchmarkX 1 2 ns/op\nBenchmarkX-2 1 -5 ns/op\n", "f:2:16: BenchmarkX-2: -5 ns/op is negative"},
		{"BenchmarkX 1 2 ns/op\nBenchmarkX-2 1 5 MB/s\n", "f:2:16: BenchmarkX-2: B/s here, but op/s above: units are mixed"},
		{"BenchmarkX 1 2 B/op\nBenchmarkX-2 1 5 B/op\n", "f:1:1: BenchmarkX has neither a time nor a rate"},
		{"BenchmarkX 1 2 ns/op\nBenchmarkX-2 one 5 ns/op\n", "f:2:1: parsing iteration count"},
		{"BenchmarkX-4 1 2 ns/op\nBenchmarkX-4 1 3 ns/op\n", "f: one count only (BenchmarkX: n = 4): a curve takes at least two: run the benchmark with go test -bench … -cpu 1,2,4"},
		{"BenchmarkX-0 1 2 ns/op\n", `f:1:1: "X-0": the count behind the name is out of range`},
		{"{", "f:1:2: the JSON ends too early"},
		{"{}", `f:1:1: unknown JSON: hyperfine's export has an array under "results"`},
		{"[1]", "f:1:1: unknown JSON"},
		{`{"Time":"x","Action":"output"}` + "\n" + `{"Time":"y"}`, "f:2:1: more than one JSON value"},
		{`{"results": []}`, "f:1:13: there are no results"},
		{`{"results": [3]}`, "f:1:14: unknown JSON: a result is not an object"},
		{`{"results": [{"command": "x"}]}`, `f:1:14: unknown JSON: the result of "x" has neither times nor a median`},
		{`{"results": [{"times": [1]}, {"times": [2]}]}`, "f:1:13: the results have no parameters: run hyperfine with a parameter scan"},
		{`{"results": [{"times": [1], "parameters": {"c": "a"}}, {"times": [2], "parameters": {"c": "b"}}]}`, "f:1:13: no parameter of the scan (c) takes several positive numbers"},
		{"{\"results\": [\n{\"times\": [1, -2]}]}", "f:2:15: time -2 is negative"},
		{"{\"results\": [\n{\"times\": [1, 0]}]}", "f:2:15: time 0 is zero"},
		{"{\"results\": [\n{\"times\": [1, NaN]}]}", "f:2:15: invalid character 'N'"},
		{"{\"results\": [\n{\"times\": [1, \"2\"]}]}", "f:2:15: a time is not a number"},
		{`{"results": [{"times": [1], "parameters": {"j": "1"}}]}`, "f:1:13: no parameter of the scan (j) takes several positive numbers"},
		{strings.Repeat("[", 100_000), "f:1:65: unknown JSON: nested more than 64 deep"},
	} {
		got, err := Read("f", strings.NewReader(w.text), Options{})
		if err == nil || !strings.HasPrefix(err.Error(), w.want) {
			t.Errorf("%.60q:\n got %v, %v\nwant %s", w.text, got, err, w.want)
		}
		if _, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%.60q: the error has no place: %T", w.text, err)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

func TestReadError(t *testing.T) {
	if _, err := Read("f", broken{}, Options{}); err == nil || err.Error() != "f: the disk is gone" {
		t.Errorf("err = %v", err)
	}
}

// Files that would take far more memory or time than they are long are refused.
func TestLimits(t *testing.T) {
	results := func(n int, result func(i int) string) string {
		var out []string
		for i := range n {
			out = append(out, result(i))
		}
		return `{"results":[` + strings.Join(out, ",") + `]}`
	}
	rows := func(n int, row func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(row(i))
		}
		return b.String()
	}
	for name, c := range map[string]struct{ text, want string }{
		"long":       {strings.Repeat("n", limits.MeasurementBytes+1), "f: no file of measurements: more than 16 MiB"},
		"nested":     {`{"results":` + strings.Repeat("[],", 2<<20), "f: unknown JSON: more than 1048576 values"},
		"counts":     {"n,seconds\n" + rows(4097, func(i int) string { return fmt.Sprintf("%d,1\n", i+1) }), "f: 4097 counts: at most 4096 counts"},
		"values":     {"n,seconds\n" + rows(250_001, func(i int) string { return fmt.Sprintf("%d,1\n", i%2+1) }), "f: 250001 values: at most 250000 values"},
		"benchmarks": {rows(2*4097, func(i int) string { return fmt.Sprintf("BenchmarkX%d-%d 1 1 ns/op\n", i/2, i%2+1) }), "f: 4097 series: at most 4096 series"},
		"parameters": {results(200, func(i int) string {
			return fmt.Sprintf(`{"command":"a","times":[1],"parameters":{"n":"%d","p%d":"1"}}`, i+1, i)
		}), "65 parameters: at most 64 parameters"},
	} {
		t.Run(name, func(t *testing.T) {
			limitstest.Holds(t, 400<<20, func() {
				_, err := Read("f", strings.NewReader(c.text), Options{Parameter: "n"})
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %q", err, c.want)
				}
			})
		})
	}
}

// Whatever the bytes, there is either an error that names the file, or series of at least two counts, in order, of
// finite positive values.
func FuzzRead(f *testing.F) {
	f.Add([]byte("n,seconds\n1,2\n2,1\n"))
	f.Add([]byte(bench))
	f.Add([]byte(scanned))
	f.Add([]byte("n,throughput\r\n# x\r\n1,\"2\"\r\n2.5,3e4"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var got []Series
		var err error
		limitstest.Holds(t, 1000*int64(len(text))+1<<20, func() {
			got, err = Read("f", strings.NewReader(string(text)), Options{})
		})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Errorf("error without the file: %v", err)
			}
			return
		}
		if len(got) == 0 {
			t.Error("neither series nor an error")
		}
		for _, s := range got {
			if len(s.Counts) < 2 {
				t.Errorf("%+v has no shape", s)
			}
			last := 0.0
			for _, c := range s.Counts {
				if !(c.N > last) || len(c.Values) == 0 {
					t.Errorf("count %v after %v, %d values", c.N, last, len(c.Values))
				}
				last = c.N
				for _, v := range c.Values {
					if !(v > 0) || math.IsInf(v, 0) {
						t.Errorf("value %v", v)
					}
				}
			}
		}
	})
}
