package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	rtrace "runtime/trace"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/pprof/profile"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/otlp"
	"github.com/corecurve/corecurve/trace/sweep"
)

// adasFolder is a folder that every path of the made-up study has.
const adasFolder = "folder-of-ada"

// secretHeader is a study of a command and of a benchmark with the folder in every field that can hold a path.
func secretHeader() sweep.Header {
	const path = "/srv/" + adasFolder + "/"
	sweepOf := func(name string) sweep.Sweep {
		s := sweep.Sweep{Workload: name, Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1}
		for n := 1; n <= 2; n++ {
			s.Points = append(s.Points, sweep.Point{Workload: name, Procs: 1, Workers: n, Cores: n, Size: 1})
		}
		return s
	}
	command := sweep.Command{
		Argv: []string{
			path + "tool", "-I" + path + "include", adasFolder + "/in.sh", `C:\Users\` + adasFolder + `\in.csv`, "--file=" + path + "x",
		},
		Env:     []string{"DIR=" + path + "env"},
		WorkDir: path + "work", Stdin: path + "stdin",
		Prepare: []string{"sh", "-c", "cd " + path + "p && ./prepare; true"}, Cleanup: []string{"rm", path + "trash"},
		TracedArgs: []string{"--trace=" + path + "{dir}"},
	}
	bench := command
	bench.Benchmark = &sweep.Benchmark{Name: "BenchmarkX", Package: "example.com/x", Folder: path + "module"}
	return sweep.Header{
		Schema: sweep.StudySchema, CreatedAt: "2026-01-02T15:04:05Z", Tool: "test", Go: "go1.26", Seed: 1,
		Command: append([]string{"corecurve", "run", "--out", path + "study", "--"}, command.Argv...),
		Folder:  path + "here", Seal: "seal-" + adasFolder,
		Workloads: []sweep.Program{
			{
				Name: "tool", Doc: strings.Join(command.Argv, " "),
				Argv: command.Argv, Package: "~/" + adasFolder + "/pkg", Command: &command,
			},
			{Name: "x", Doc: "BenchmarkX of " + path + "module", Command: &bench},
		},
		Sweeps: []sweep.Sweep{sweepOf("tool"), sweepOf("x")},
		Rule:   sweep.Rule{MinRuns: 5, MaxRuns: 5, HalfWidth: 0.05},
		Host: sweep.Host{
			Name: "host-" + adasFolder, BootID: "boot-" + adasFolder, OS: "linux", Arch: "amd64", CPUModel: "a CPU",
			CPUs: []sweep.CPU{{ID: 0}, {ID: 1, Core: 1}}, Physical: 2, Limits: []string{"no " + path + "limits here"},
		},
		Warnings: []string{"cannot read " + adasFolder + "/in.sh"},
		Resumes: []sweep.Resume{{
			At: "2026-01-02T16:04:05Z", FirstRun: 3, Forced: true, Different: []string{"binary " + path + "tool"},
		}},
		Stopped: "after " + path + "stop",
	}
}

// record leaves the trace, the CPU profile and the spans of some work in the run's folder.
func record(t *testing.T, dir string, r *sweep.Result) {
	t.Helper()
	var trace, cpu, spans bytes.Buffer
	r.Start = sweep.Seconds(clock.Now())
	wall := time.Now()
	if err := pprof.StartCPUProfile(&cpu); err != nil {
		t.Fatal(err)
	}
	if err := rtrace.Start(&trace); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range r.Point.Workers {
		wg.Go(func() {
			rtrace.WithRegion(context.Background(), "load /srv/"+adasFolder+"/region", func() {
				for end := time.Now().Add(80 * time.Millisecond); time.Now().Before(end); {
					mu.Lock()
					for i := range 50_000 {
						r.Tasks ^= i
					}
					mu.Unlock()
				}
			})
		})
	}
	wg.Wait()
	rtrace.Stop()
	pprof.StopCPUProfile()
	r.Total = sweep.Seconds(clock.Now()) - r.Start
	r.Work, r.Tasks, r.Offset = r.Total, 0, wall.UnixNano()-int64(r.Start)

	td := ptrace.NewTraces()
	span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetName("GET /srv/" + adasFolder + "/span")
	span.SetTraceID(pcommon.TraceID{1})
	span.SetSpanID(pcommon.SpanID{1})
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(wall.Add(time.Millisecond)))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(wall.Add(9 * time.Millisecond)))
	if err := otlp.NewWriter(&spans).Write(td); err != nil {
		t.Fatal(err)
	}
	in := filepath.Join("runs", r.Dir())
	if err := os.MkdirAll(filepath.Join(dir, in), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		kind sweep.CaptureKind
		name string
		data []byte
	}{
		{sweep.GoTrace, "p0.trace", trace.Bytes()},
		{sweep.CPUProfile, "p0.cpu.pb.gz", cpu.Bytes()},
		{sweep.Spans, "spans.jsonl", spans.Bytes()},
	} {
		path := filepath.Join(in, f.name)
		if err := os.WriteFile(filepath.Join(dir, path), f.data, 0o600); err != nil {
			t.Fatal(err)
		}
		r.Captures = append(r.Captures, sweep.Capture{Kind: f.kind, Path: path})
	}
	r.Captures = append(r.Captures, sweep.Capture{Kind: sweep.CPUProfile, Path: "/srv/" + adasFolder + "/outside.pb.gz"})
}

// secretStudy writes the study into a folder whose own path has the secret too.
func secretStudy(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), adasFolder, "study")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	h := secretHeader()
	j, err := sweep.CreateStudy(dir, h)
	if err != nil {
		t.Fatal(err)
	}
	add := func(p sweep.Point, rep int, kind sweep.Kind, change func(*sweep.Result)) {
		r := sweep.Result{
			Schema: sweep.RunSchema, Run: sweep.Run{Point: p, Rep: rep, Kind: kind}, Status: sweep.OK,
			StartedAt: "2026-01-02T15:04:05Z", Total: sweep.Seconds(2e9 / p.Workers), Work: sweep.Seconds(2e9 / p.Workers),
			User: 2e9, StderrTail: "reading /srv/" + adasFolder + "/stderr and " + adasFolder + "/in.sh",
			Warnings: []string{"no file /srv/" + adasFolder + "/warning"},
			Noise:    sweep.Noise{Noisy: rep == 1, Reasons: []string{"/srv/" + adasFolder + "/other took a core"}},
		}
		if p.Workload == "x" {
			r.Metrics = map[string]float64{"ns/op": 5, "ops/s": 2e8}
		}
		change(&r)
		if err := j.Append(&r); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range sweep.Points(h.Sweeps) {
		for rep := range 5 {
			add(p, rep, sweep.Timed, func(*sweep.Result) {})
		}
		add(p, 5, sweep.Timed, func(r *sweep.Result) {
			r.Status, r.Error = sweep.Failed, "exec /srv/"+adasFolder+"/tool: exit status 3"
		})
		add(p, 0, sweep.Traced, func(r *sweep.Result) { record(t, dir, r) })
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// contents are the texts of the files in dir by name; of profiles all that they hold. Pictures of pixels are left out.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch filepath.Ext(path) {
		case ".png":
			continue
		case ".gz":
			z, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if b, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
			if _, err := profile.ParseUncompressed(b); err != nil {
				t.Fatal(err)
			}
		}
		out[filepath.Base(path)] = string(b)
	}
	return out
}

// TestRedactedReport reports a study, every field of which names a folder, with --redact: nothing that is written or
// printed names the folder, nor the one where this test's source lies, which the recorded stacks name.
func TestRedactedReport(t *testing.T) {
	_, file, _, _ := runtime.Caller(0)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	goroot := runtime.GOROOT() //nolint:staticcheck // that of the stacks
	bad := []string{adasFolder, filepath.Dir(file), filepath.Dir(exe), goroot}
	dir := secretStudy(t)
	report := func(flags ...string) (files map[string]string, stdout string) {
		out := t.TempDir()
		var stdoutBuf, stderr bytes.Buffer
		args := append([]string{"report", dir, "--out", out}, flags...)
		if status := run(args, strings.NewReader(""), &stdoutBuf, &stderr); status != exitOK || stderr.Len() > 0 {
			t.Fatalf("status %d: %s", status, &stderr)
		}
		return contents(t, out), strings.ReplaceAll(stdoutBuf.String(), out, "OUT")
	}
	whole, _ := report()
	files, stdout := report("--redact")
	files["stdout"] = stdout
	_, files["--json"] = report("--redact", "--json")
	for name, text := range files {
		for _, b := range bad {
			if i := strings.Index(text, b); i >= 0 {
				t.Errorf("%s has %q: … %q …", name, b, text[max(0, i-60):min(len(text), i+60)])
			}
		}
	}
	for _, name := range []string{"report.json", "report.md", "report.html", "lost.pb.gz", "scaling-loss.pb.gz"} {
		if !slices.ContainsFunc(bad, func(b string) bool { return strings.Contains(whole[name], b) }) {
			t.Errorf("%s names no folder even if it is not redacted: the test shows nothing", name)
		}
		if files[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	if len(files) != len(whole)+2 {
		t.Errorf("%d files, %d if not redacted", len(files)-2, len(whole))
	}
	for _, want := range []string{
		"…/tool -I…/include …/in.sh …/in.csv --file=…/x", "exec …/tool: exit status 3", "GET …/span",
	} {
		if !strings.Contains(files["report.json"]+files["report.html"], want) {
			t.Errorf("the report does not have %q", want)
		}
	}
}
