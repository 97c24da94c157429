package setup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

func TestMain(m *testing.M) {
	if supervise.Asked() {
		os.Exit(supervise.Main())
	}
	if workload.IsChild() {
		os.Exit(workload.Child(capture.Spin(), count()))
	}
	// Under the race detector each process would linger for a second at its exit.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// count is a workload that does nothing.
func count() workload.Workload {
	return workload.Workload{
		Name: "count", Doc: "for tests", Size: 4,
		Tasks: func(size int64) int { return int(size) },
		Task:  func(_ context.Context, _ *workload.Env, i int) (any, error) { return i, nil },
	}
}

func catalog(t *testing.T) Catalog {
	t.Helper()
	own, err := capture.Own([]workload.Workload{capture.Spin(), count()})
	if err != nil {
		t.Fatal(err)
	}
	return Catalog{Own: own, Commands: []Shipped{{
		Info: capture.Info{Name: "sh-true", Doc: "does nothing", Size: 7, Unit: "tasks"},
		Install: func() ([]string, error) {
			return []string{"sh", "-c", "true {procs}"}, nil
		},
	}}}
}

// A study is made, measured, and resumed with nothing left to do; a changed program stops that, unless it is forced.
func TestStudy(t *testing.T) {
	c, ctx, dir := catalog(t), t.Context(), filepath.Join(t.TempDir(), "study")
	r := Request{
		Axes: sweep.Axes{Workers: []int{1}, Cores: []int{1}}, Rule: sweep.Rule{MinRuns: 2, MaxRuns: 2},
		Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute)}, Tool: "one",
	}
	s, err := New(c, r)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.AddNamed(ctx, "count"), s.Create(dir)); err != nil {
		t.Fatal(err)
	}
	ending, err := s.Measure(ctx, Hooks{})
	if err != nil || len(ending.Results) != 2 || s.Header.Stopped == "" {
		t.Errorf("%d runs, ended as %q: %v; want 2 of count", len(ending.Results), s.Header.Stopped, err)
	}
	temp := s.builder.temp
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(temp.Path); err == nil {
		t.Error("the folder of what was built is still there")
	}

	s, err = Resume(ctx, c, dir, Continuation{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Done) != 2 || !s.Over() {
		t.Errorf("%d runs are done, over %v", len(s.Done), s.Over())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := os.Truncate(filepath.Join(dir, "runs.jsonl"), 0); err != nil {
		t.Fatal(err)
	}
	s, err = Resume(ctx, c, dir, Continuation{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Over() || len(s.Header.Resumes) != 1 || s.Header.Resumes[0].Forced || s.Header.Stopped != "" {
		t.Errorf("over %v, resumes %+v, stopped %q", s.Over(), s.Header.Resumes, s.Header.Stopped)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}

	c.Own.SHA256 = "another"
	_, err = Resume(ctx, c, dir, Continuation{Tool: "other"})
	if err == nil || !strings.Contains(err.Error(), "cannot be continued: it was made with another corecurve, of which count is a part: one (SHA-256 ") {
		t.Errorf("with another program: %v", err)
	}
	if err != nil && !strings.HasSuffix(err.Error(), "…), and this is other (SHA-256 another…) (--force continues, and marks it)") {
		t.Errorf("with another program: %v", err)
	}
	s, err = Resume(ctx, c, dir, Continuation{Force: true})
	if err != nil {
		t.Fatal(err)
	}
	if last := s.Header.Resumes[1]; !last.Forced || len(last.Different) != 1 {
		t.Errorf("forced: %+v", last)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// What is not there is a mistake in the request, and says what may have been meant.
func TestAddNamedUnknown(t *testing.T) {
	s, err := New(catalog(t), Request{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for name, want := range map[string]string{
		"cuont":    `unknown workload "cuont": did you mean "count"?`,
		"sh-tru":   `unknown workload "sh-tru": did you mean "sh-true"?`,
		"spin":     `unknown workload "spin": "corecurve list" names them, and a folder begins with ./`,
		"./absent": "./absent: not the folder of a Go package",
	} {
		err := s.AddNamed(t.Context(), name)
		if _, request := errors.AsType[*RequestError](err); !request || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	if err := s.AddNamed(t.Context(), "sh-true"); err != nil {
		t.Fatal(err)
	}
	if err := s.AddNamed(t.Context(), "sh-true"); err == nil || !strings.Contains(err.Error(), "given twice") {
		t.Errorf("the same again: %v", err)
	}
	w := s.Header.Workloads[0]
	if w.Doc != "does nothing" || w.Unit != "tasks" || !w.Command.SameOutput || s.Header.Sweeps[0].Size != 7 {
		t.Errorf("%+v of size %d", w, s.Header.Sweeps[0].Size)
	}
}

// What the words of a command say of its sweeps: mode, scaling and basis of each, and the sizes of its points.
func TestTold(t *testing.T) {
	type sw struct {
		Mode    sweep.Mode
		Scaling sweep.Scaling
		Basis   sweep.Basis
		Sizes   []int64
	}
	counts := []int{1, 2}
	both := sweep.Axes{Mode: "both", Workers: counts}
	procs := sweep.Axes{Procs: counts}
	grid := sweep.Axes{Mode: "grid", Workers: counts, Procs: counts}
	for _, c := range []struct {
		words  string
		env    string
		axes   sweep.Axes
		want   []sw
		warned string
	}{
		{"x -j {workers}", "", sweep.Axes{Workers: counts}, []sw{{"threads", "strong", "told", []int64{1, 1}}}, ""},
		{"x {procs}", "", sweep.Axes{}, []sw{{"procs", "strong", "told", []int64{1, 1, 1}}}, ""},
		{
			"x {procs}", "",
			sweep.Axes{Cores: []int{1}},
			[]sw{{"threads", "strong", "environment", []int64{1, 1, 1}}},
			"x: no word",
		},
		{
			"x {procs} {workers}", "", both,
			[]sw{{"threads", "strong", "told", []int64{1, 1}}, {"procs", "strong", "told", []int64{1, 1}}},
			"",
		},
		// Threads share the work of one copy; each process is a copy that does all of it.
		{
			"x {workers}", "", both,
			[]sw{{"threads", "strong", "told", []int64{1, 1}}, {"procs", "weak", "copies", []int64{1, 2}}},
			"",
		},
		{
			"sh -c work=$CORECURVE_WORKERS", "", both,
			[]sw{{"threads", "strong", "told", []int64{1, 1}}, {"procs", "weak", "copies", []int64{1, 2}}},
			"",
		},
		{
			"x {workers}", "", grid,
			[]sw{{"grid", "weak", "copies", []int64{1, 1}}, {"grid", "weak", "copies", []int64{2, 2}}},
			"",
		},
		{
			"x {workers} {size}", "", grid,
			[]sw{{"grid", "strong", "shares", []int64{1, 1}}, {"grid", "strong", "shares", []int64{1, 1}}},
			"",
		},
		// Two copies at every point are no more work at one than at the other.
		{
			"x {workers}", "",
			sweep.Axes{Workers: counts, Procs: []int{2}},
			[]sw{{"threads", "strong", "told", []int64{1, 1}}},
			"",
		},
		// Each copy has two workers, and does all of the work.
		{
			"x {workers}", "",
			sweep.Axes{Procs: counts, Workers: []int{2}},
			[]sw{{"procs", "weak", "copies", []int64{1, 2}}},
			"",
		},
		{"x", "", procs, []sw{{"procs", "weak", "copies", []int64{1, 2}}}, ""},
		{"x {size}", "", procs, []sw{{"procs", "strong", "shares", []int64{1, 1}}}, ""},
		{"x {rank}", "", procs, []sw{{"procs", "weak", "copies", []int64{1, 2}}}, "not of how many"},
		{"x {rank} {procs}", "", procs, []sw{{"procs", "strong", "shares", []int64{1, 1}}}, ""},
		{"x {rank}", "OF={procs}", procs, []sw{{"procs", "strong", "shares", []int64{1, 1}}}, ""},
		{"x", "", sweep.Axes{Workers: counts}, []sw{{"threads", "strong", "environment", []int64{1, 1}}}, "x: no word"},
		{
			"env GOMAXPROCS=4 x", "",
			sweep.Axes{Workers: counts},
			[]sw{{"threads", "strong", "environment", []int64{1, 1}}},
			"x: no word",
		},
		{"x", "", sweep.Axes{Cores: counts}, []sw{{"cores", "strong", "told", []int64{1, 1}}}, ""},
		// The user knows better.
		{"x", "", sweep.Axes{Procs: counts, Scaling: "strong"}, []sw{{"procs", "strong", "asked", []int64{1, 1}}}, ""},
		{
			"x {workers}", "",
			sweep.Axes{Mode: "both", Workers: counts, Scaling: "procs=strong"},
			[]sw{{"threads", "strong", "told", []int64{1, 1}}, {"procs", "strong", "asked", []int64{1, 1}}},
			"",
		},
		{
			"x {workers}", "",
			sweep.Axes{Mode: "both", Workers: counts, Scaling: "weak"},
			[]sw{{"threads", "weak", "asked", []int64{1, 2}}, {"procs", "weak", "asked", []int64{1, 2}}},
			"",
		},
	} {
		s := &Study{axes: c.axes, programs: map[sweep.Key]capture.Program{}}
		s.Header.Host.CPUs = make([]sweep.CPU, 2)
		command := &sweep.Command{Argv: strings.Fields(c.words)}
		if c.env != "" {
			command.Env = []string{c.env}
		}
		info := capture.Info{Name: "x", Size: 1, PerWorker: 1}
		if err := s.add(found{program: capture.Program{Command: command}, info: info}); err != nil {
			t.Errorf("%q: %v", c.words, err)
			continue
		}
		var got []sw
		for _, w := range s.Header.Sweeps {
			g := sw{w.Mode, w.Scaling, w.Basis, nil}
			for _, p := range w.Points {
				g.Sizes = append(g.Sizes, p.Size)
			}
			got = append(got, g)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q, %+v: %s", c.words, c.axes, d)
		}
		said := strings.Join(s.Header.Warnings, "\n")
		if !strings.Contains(said, c.warned) || (said == "") != (c.warned == "") {
			t.Errorf("%q: warnings %q, want one with %q", c.words, said, c.warned)
		}
	}
}

func TestIterations(t *testing.T) {
	for _, c := range []struct {
		perOp float64
		procs int
		want  int64
	}{
		{1e9, 1, 1},      // longer than the time: once
		{1e9, 3, 3},      // by each process
		{81300, 1, 4900}, // 400 ms / 81.3 µs = 4920
		{81300, 3, 4902}, // of which each of 3 has 1634
	} {
		if got := iterations(c.perOp, 400*time.Millisecond, c.procs); got != c.want {
			t.Errorf("%v ns in %d processes: %d, want %d", c.perOp, c.procs, got, c.want)
		}
	}
}

func TestBenchmarkName(t *testing.T) {
	u := suite{
		study: &Study{programs: map[sweep.Key]capture.Program{{Workload: "sync.mutex"}: {}}},
		pkg:   capture.GoPackage{ImportPath: "x.org/Sync"},
	}
	long := "Benchmark" + strings.Repeat("Ab", 40)
	for benchmark, want := range map[string]string{
		"BenchmarkMutexSlack/size=1_MB": "sync.mutex-slack.size-1-mb",
		"BenchmarkHTTPServer":           "sync.http-server",
		"BenchmarkÜber":                 "sync.-ber",
	} {
		if got := u.nameOf(benchmark); got != want {
			t.Errorf("%s: %q, want %q", benchmark, got, want)
		}
	}
	for _, benchmark := range []string{"BenchmarkMutex", long} { // taken, too long: a hash tells them apart
		got := u.nameOf(benchmark)
		if len(got) > maxName || !strings.HasPrefix(got, "sync.") || got == "sync.mutex" {
			t.Errorf("%s: %q", benchmark, got)
		}
	}
}
