package capture

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

// TestMain lets the test binary be the processes of runs.
func TestMain(m *testing.M) {
	if supervise.Asked() {
		os.Exit(supervise.Main())
	}
	if workload.IsChild() {
		os.Exit(workload.Child(workloads()...))
	}
	// Under the race detector each process would linger for a second at its exit.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// workloads returns small programs whose runs have known outcomes.
func workloads() []workload.Workload {
	tasks := func(name string, task func(env *workload.Env, i int) (any, error)) workload.Workload {
		return workload.Workload{
			Name: name, Doc: "for tests", Size: 4,
			Tasks: func(size int64) int { return int(size) },
			Task:  func(_ context.Context, env *workload.Env, i int) (any, error) { return task(env, i) },
		}
	}
	served := tasks("served", func(env *workload.Env, _ int) (any, error) { return env.Service, nil })
	served.Service = func(ctx context.Context, ready func(string)) error {
		for ownCPU() < 30*time.Millisecond { // it uses CPU time that is not the run's
		}
		ready("here")
		<-ctx.Done()
		return nil
	}
	broken := tasks("broken", func(*workload.Env, int) (any, error) { return nil, nil })
	broken.Service = func(context.Context, func(string)) error { return errors.New("no port is free") }
	return append(tried(), []workload.Workload{
		Spin(),
		tasks("naps", func(*workload.Env, int) (any, error) { time.Sleep(20 * time.Millisecond); return 1, nil }),
		tasks("fifty", func(*workload.Env, int) (any, error) { time.Sleep(50 * time.Millisecond); return 1, nil }),
		tasks("cpus", func(*workload.Env, int) (any, error) { return runtime.NumCPU(), nil }),
		tasks("fails", func(*workload.Env, int) (any, error) { return nil, errors.New("it is broken") }),
		tasks("solo", func(env *workload.Env, _ int) (any, error) {
			if env.Workers > 1 {
				return nil, errors.New("not with others")
			}
			return 1, nil
		}),
		tasks("env", func(*workload.Env, int) (any, error) {
			return os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") + "|" + os.Getenv("OTEL_EXPORTER_OTLP_HEADERS") + "|" +
				os.Getenv("GOMAXPROCS"), nil
		}),
		served, broken, meddling(),
	}...)
}

// patience is how long a run of these tests may take on a machine that does much else.
const patience = 2 * time.Minute

func newRunner(t testing.TB) *Runner {
	t.Helper()
	own, err := Own(workloads())
	if err != nil {
		t.Fatal(err)
	}
	programs := map[sweep.Key]Program{}
	for _, w := range own.Workloads {
		programs[sweep.Key{Workload: w.Name}] = own
	}
	j, err := sweep.CreateStudy(filepath.Join(t.TempDir(), "study"), sweep.Header{Schema: sweep.StudySchema})
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(j, host.Describe(host.Options{}), sweep.Settings{Timeout: sweep.Seconds(patience)}, programs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Close(context.Background())
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func point(name string, procs, workers, cores int, size int64) sweep.Point {
	return sweep.Point{Workload: name, Procs: procs, Workers: workers, Cores: cores, Size: size}
}

func mustRun(t *testing.T, r *Runner, p sweep.Point, kind sweep.Kind) sweep.Result {
	t.Helper()
	res, err := r.run(t.Context(), sweep.Run{Point: p, Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestRun(t *testing.T) {
	r := newRunner(t)
	for _, procs := range []int{1, 2} {
		res := mustRun(t, r, point("naps", procs, 1, 1, 4), sweep.Timed)
		if res.Status != sweep.OK || res.Error != "" {
			t.Fatalf("procs %d: %s: %s\n%s", procs, res.Status, res.Error, res.StderrTail)
		}
		if sum := res.Startup + res.Work + res.Teardown; sum != res.Total {
			t.Errorf("procs %d: start-up %v + work %v + teardown %v = %v, want the total %v",
				procs, res.Startup, res.Work, res.Teardown, sum, res.Total)
		}
		// Four naps of 20 ms by procs workers.
		if least := sweep.Seconds(80*time.Millisecond) / sweep.Seconds(procs); res.Work < least {
			t.Errorf("procs %d: work took %v, less than the %v of its naps", procs, res.Work, least)
		}
		if res.Startup <= 0 || res.Exit < 0 || res.CPU() <= 0 || res.MaxRSS < 1<<20 || res.Tasks != 4 || res.Digest == "" {
			t.Errorf("procs %d: %+v", procs, res)
		}
		workers := 0
		for _, p := range res.Processes {
			if p.Role == sweep.Worker {
				workers++
			}
			if p.Entered < p.Launched || p.Ready < p.Entered || p.Done < p.Ready || p.Done > res.Total {
				t.Errorf("procs %d: process %d is out of order: %+v", procs, p.Rank, p)
			}
		}
		if workers != procs {
			t.Errorf("%d worker processes, want %d", workers, procs)
		}
		if _, err := os.Stat(r.journal.Folder.Path(sweep.RunDir(res.Run))); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a timed run that prints nothing left a directory (%v)", err)
		}
	}
}

// Runs of the same work give the same digest on goroutines and on processes; remember notices when they do not.
func TestRemember(t *testing.T) {
	r := newRunner(t)
	a := mustRun(t, r, point("naps", 1, 2, 1, 4), sweep.Timed)
	b := mustRun(t, r, point("naps", 2, 1, 1, 4), sweep.Timed)
	if a.Digest != b.Digest {
		t.Errorf("digest %s on goroutines, %s on processes", a.Digest, b.Digest)
	}
	if err := errors.Join(r.remember(&a), r.remember(&b)); err != nil {
		t.Error(err)
	}
	b.Digest = strings.Repeat("0", 64)
	if err := r.remember(&b); !errors.Is(err, errMismatch) || !strings.Contains(err.Error(), "naps-p1-w2") {
		t.Errorf("error %v, want a mismatch that names the first run", err)
	}
}

// A run is confined to its CPU set, and so are its children.
func TestRunIsConfined(t *testing.T) {
	r := newRunner(t)
	if len(r.host.CPUs) < 2 {
		t.Skip("one CPU: there is nothing to confine to")
	}
	one := mustRun(t, r, point("cpus", 1, 1, 1, 4), sweep.Timed)
	all := mustRun(t, r, point("cpus", 1, 2, len(r.host.CPUs), 4), sweep.Timed)
	procs := mustRun(t, r, point("cpus", 2, 1, 1, 4), sweep.Timed)
	if one.Status != sweep.OK || one.Digest == all.Digest {
		t.Errorf("on one core the program sees as many CPUs as on %d (%s)", len(r.host.CPUs), one.Error)
	}
	if procs.Digest != one.Digest {
		t.Error("two processes on one core see other CPUs than one")
	}
}

func TestRunFails(t *testing.T) {
	r := newRunner(t)
	for _, procs := range []int{1, 2} {
		res := mustRun(t, r, point("fails", procs, 1, 1, 4), sweep.Timed)
		if res.Status != sweep.Failed || !strings.Contains(res.Error, "it is broken") || res.ExitCode != 1 {
			t.Errorf("procs %d: %s, status %d: %q", procs, res.Status, res.ExitCode, res.Error)
		}
	}
	res := mustRun(t, r, point("broken", 1, 1, 1, 4), sweep.Timed)
	if res.Status != sweep.Failed || !strings.Contains(res.Error, "its service: no port is free") {
		t.Errorf("%s: %q", res.Status, res.Error)
	}
}

func TestRunTimesOut(t *testing.T) {
	r := newRunner(t)
	r.settings.Timeout = sweep.Seconds(100 * time.Millisecond)
	for _, procs := range []int{1, 3} {
		res := mustRun(t, r, point("naps", procs, 1, 1, 1000), sweep.Timed)
		if res.Status != sweep.TimedOut || !strings.Contains(res.Error, "100 ms") {
			t.Errorf("procs %d: %s: %q", procs, res.Status, res.Error)
		}
		if left := supervise.Children(os.Getpid()); len(left) > 0 {
			t.Errorf("procs %d: processes %v are left", procs, left)
		}
	}
}

func TestRunIsCancelled(t *testing.T) {
	r := newRunner(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := r.run(ctx, sweep.Run{Point: point("naps", 2, 1, 1, 1000), Kind: sweep.Traced})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that of the context", err)
	}
	if left := supervise.Children(os.Getpid()); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
}

// The service's CPU time is recorded and is neither the run's nor noise.
func TestService(t *testing.T) {
	r := newRunner(t)
	res := mustRun(t, r, point("served", 1, 1, 1, 4), sweep.Timed)
	if res.Status != sweep.OK {
		t.Fatalf("%s: %s", res.Status, res.Error)
	}
	i := slices.IndexFunc(res.Processes, func(p sweep.Process) bool { return p.Role == sweep.Service })
	if i < 0 || res.Processes[i].User+res.Processes[i].Sys < sweep.Seconds(20*time.Millisecond) {
		t.Fatalf("the service is not accounted for: %+v", res.Processes)
	}
	if left := supervise.Children(os.Getpid()); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
}

func TestTracedRun(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=secret")
	r := newRunner(t)
	res := mustRun(t, r, point("naps", 2, 2, 1, 8), sweep.Traced)
	// A loaded machine may keep the sampler from running, which it notes.
	warnings := slices.DeleteFunc(slices.Clone(res.Warnings), func(w string) bool {
		return strings.HasPrefix(w, "OS scheduler: ")
	})
	if res.Status != sweep.OK || len(warnings) > 0 {
		t.Fatalf("%s: %s %q", res.Status, res.Error, warnings)
	}
	var got []string
	for _, c := range res.Captures {
		got = append(got, filepath.Base(c.Path))
	}
	slices.Sort(got)
	want := []string{
		"c.cpu.pb.gz", "c.trace", "osched.jsonl.gz", "p0.cpu.pb.gz", "p0.trace", "p1.cpu.pb.gz", "p1.trace", "spans.jsonl",
	}
	if !slices.Equal(got, want) {
		t.Errorf("captures %v, want %v", got, want)
	}
	names := spanTree(t, filepath.Join(r.journal.Folder.Path(sweep.RunDir(res.Run)), "spans.jsonl"))
	for _, want := range []string{
		"run naps-p2-w2-c1-s8-r00-traced > process 0 > worker 0", "run naps-p2-w2-c1-s8-r00-traced > process 1 > worker 1",
	} {
		if !slices.ContainsFunc(names, func(s string) bool {
			return strings.HasPrefix(s, want) || strings.Contains(strings.ReplaceAll(s, "coordinator > ", ""), want)
		}) {
			t.Errorf("no span %q among %q", want, names)
		}
	}

	// A program is told to send spans to us, with our token, and never gets the user's headers.
	env := mustRun(t, r, point("env", 1, 1, 1, 1), sweep.Traced)
	timed := mustRun(t, r, point("env", 1, 1, 1, 1), sweep.Timed)
	if env.Status != sweep.OK || env.Digest == timed.Digest {
		t.Errorf("a traced program is told nothing of the receiver (%s)", env.Error)
	}
	err := filepath.WalkDir(r.journal.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), "authorization") {
			t.Errorf("%s holds the user's headers", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// spanTree reads a file of spans and returns the path of names from the topmost known span to each.
func spanTree(t *testing.T, path string) (out []string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	type span struct {
		SpanID       string `json:"spanId"`
		ParentSpanID string `json:"parentSpanId"`
		Name         string `json:"name"`
	}
	byID := map[string]span{}
	for line := range strings.Lines(string(b)) {
		var td struct {
			ResourceSpans []struct {
				ScopeSpans []struct {
					Spans []span `json:"spans"`
				} `json:"scopeSpans"`
			} `json:"resourceSpans"`
		}
		if err := json.Unmarshal([]byte(line), &td); err != nil {
			t.Fatal(err)
		}
		for _, rs := range td.ResourceSpans {
			for _, ss := range rs.ScopeSpans {
				for _, s := range ss.Spans {
					byID[s.SpanID] = s
				}
			}
		}
	}
	for _, s := range byID {
		name := s.Name
		for p, ok := byID[s.ParentSpanID]; ok; p, ok = byID[p.ParentSpanID] {
			name = p.Name + " > " + name
		}
		out = append(out, name)
	}
	return out
}

func TestMeasure(t *testing.T) {
	r := newRunner(t)
	points := []sweep.Point{point("naps", 1, 1, 1, 1), point("naps", 1, 2, 1, 1)}
	s := sweep.Sweep{Workload: "naps", Mode: sweep.Threads, Points: points}
	task := Task{
		Sweeps: []sweep.Sweep{s}, Seed: 3, Rule: sweep.Rule{MinRuns: 2, MaxRuns: 5}, Traced: 1,
		Converged: func(results []sweep.Result) (bool, string) { return len(results) >= 8, "narrow enough" },
	}
	end, err := r.Measure(t.Context(), task, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Blocks of two: after one traced and three timed blocks there are eight results.
	if made := planned(end.Results); len(made) != 8 || !strings.HasPrefix(end.Why, "narrow enough") || failed(made) != 0 {
		t.Errorf("%d results, why %q, %d failed; want 8, converged", len(made), end.Why, failed(made))
	}

	// Continuing with three results lost makes just those three again.
	again, err := r.Measure(t.Context(), task, slices.Clone(end.Results[:5]))
	if err != nil {
		t.Fatal(err)
	}
	made, was := planned(again.Results), planned(end.Results)
	if len(made) != len(was) {
		t.Fatalf("%d runs, were %d", len(made), len(was))
	}
	for i := range made {
		if made[i].Run != was[i].Run {
			t.Errorf("run %d is %s, was %s", i, made[i].Dir(), was[i].Dir())
		}
	}
}

// failed counts the results that are not OK.
func failed(results []sweep.Result) (n int) {
	for i := range results {
		if results[i].Status != sweep.OK {
			n++
		}
	}
	return n
}

// A point that fails again and again is left out, where another of its workload succeeds.
func TestMeasureGivesUpOnPoint(t *testing.T) {
	r := newRunner(t)
	task := Task{
		Sweeps: []sweep.Sweep{{
			Workload: "solo", Points: []sweep.Point{point("solo", 1, 1, 1, 1), point("solo", 1, 2, 2, 1)},
		}},
		Rule: sweep.Rule{MinRuns: 5, MaxRuns: 5},
	}
	end, err := r.Measure(t.Context(), task, nil)
	if err != nil {
		t.Fatal(err)
	}
	if made := planned(end.Results); len(made) != 5+giveUpAfter || failed(made) != giveUpAfter || end.Failed {
		t.Errorf("%d results, why %q; want 5 and %d failures", len(made), end.Why, giveUpAfter)
	}
}

func TestBudget(t *testing.T) {
	r := newRunner(t)
	task := Task{
		Sweeps: []sweep.Sweep{{Workload: "naps", Points: []sweep.Point{point("naps", 1, 1, 1, 5)}}}, // 100 ms and more
		Rule:   sweep.Rule{MinRuns: 100, MaxRuns: 100, Budget: sweep.Seconds(350 * time.Millisecond)},
	}
	began := time.Now()
	end, err := r.Measure(t.Context(), task, nil)
	if err != nil {
		t.Fatal(err)
	}
	// At least one block is always made; at 100 ms each at most three fit into 350 ms.
	if n := len(end.Results); n < 1 || n > 3 || !strings.Contains(end.Why, "budget of 350 ms") {
		t.Errorf("%d runs in %v, why %q", n, time.Since(began), end.Why)
	}
}

// If the user has a collector, all spans of traced runs go there as well, with the user's headers.
func TestSpansAreForwarded(t *testing.T) {
	var mu sync.Mutex
	names := map[string]int{}
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err == nil && req.Header.Get("Content-Encoding") == "gzip" {
			var zr *gzip.Reader
			if zr, err = gzip.NewReader(bytes.NewReader(body)); err == nil {
				body, err = io.ReadAll(zr)
			}
		}
		td, derr := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(body)
		if err != nil || derr != nil || req.Header.Get("authorization") != "secret" {
			t.Errorf("request with headers %v: %v, %v", req.Header, err, derr)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, rs := range td.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, s := range ss.Spans().All() {
					names[strings.Fields(s.Name())[0]]++
				}
			}
		}
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=secret")
	r := newRunner(t)
	if res := mustRun(t, r, point("naps", 2, 2, 1, 4), sweep.Traced); res.Status != sweep.OK {
		t.Fatalf("%s: %s", res.Status, res.Error)
	}
	if ws := r.Close(t.Context()); len(ws) > 0 {
		t.Errorf("closing: %q", ws)
	}
	// One study, one run, the coordinator and two processes, two workers in each.
	for name, want := range map[string]int{"study": 1, "run": 1, "process": 2, "worker": 4} {
		if names[name] < want {
			t.Errorf("%d spans %q came, want %d; all: %v", names[name], name, want, names)
		}
	}
}
