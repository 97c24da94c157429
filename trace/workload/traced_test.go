package workload_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"
	exptrace "golang.org/x/exp/trace"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

func itoa(n int) string { return strconv.Itoa(n) }

const (
	traceID = "0af7651916cd43dd8448eb211c80319c"
	runSpan = "b7ad6b7169203331"
)

// traced runs a workload with all captures and returns its spans.
func traced(t *testing.T, s wire.Spec) ([]wire.Span, wire.End) {
	t.Helper()
	s.Traced, s.RunID = true, "r1"
	s.Traceparent = "00-" + traceID + "-" + runSpan + "-01"
	c := converse(t, s)
	var spans []wire.Span
	var end *wire.End
	for i, m := range c.messages {
		if (i == 0) != (m.Done != nil) || end != nil {
			t.Fatalf("message %d of %d is out of order: %+v", i, len(c.messages), m)
		}
		spans, end = append(spans, m.Spans...), m.End
	}
	if end == nil || !c.state.Success() {
		t.Fatalf("messages %+v, %v\n%s", c.messages, c.state, c.stderr)
	}
	return spans, *end
}

func TestTracedRun(t *testing.T) {
	for _, tt := range []struct {
		spec    wire.Spec
		files   []string
		spans   []string            // parent > name
		regions map[string][]string // by file; without tasks
	}{
		{
			spec("serial", 1, 2),
			[]string{"p0.cpu.pb.gz", "p0.trace"},
			[]string{
				"process 0 > after", "process 0 > before", "process 0 > tasks", "process 0 > worker 0", "process 0 > worker 1",
				"run > process 0",
			},
			map[string][]string{"p0.trace": {"after", "before", "worker 0", "worker 1"}},
		},
		{
			spec("serial", 2, 1),
			[]string{"c.cpu.pb.gz", "c.trace", "p0.cpu.pb.gz", "p0.trace", "p1.cpu.pb.gz", "p1.trace"},
			[]string{
				"coordinator > after", "coordinator > before", "coordinator > process 0", "coordinator > process 1", "coordinator > tasks",
				"process 0 > tasks", "process 0 > worker 0", "process 1 > tasks", "process 1 > worker 0", "run > coordinator",
			},
			map[string][]string{"c.trace": {"after", "before"}, "p0.trace": {"worker 0"}, "p1.trace": {"worker 0"}},
		},
		{
			spec("free", 1, 1),
			[]string{"p0.cpu.pb.gz", "p0.trace"},
			[]string{"process 0 > run", "run > process 0"},
			map[string][]string{"p0.trace": nil},
		},
	} {
		tt.spec.Dir = t.TempDir()
		spans, end := traced(t, tt.spec)
		if diff := cmp.Diff(wire.End{SpansStarted: len(tt.spans), SpansEnded: len(tt.spans)}, end); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(tt.spans, tree(t, spans)); diff != "" {
			t.Errorf("spans: %s", diff)
		}
		if diff := cmp.Diff(tt.files, listDir(t, tt.spec.Dir)); diff != "" {
			t.Errorf("files: %s", diff)
		}
		var all []string
		for file, want := range tt.regions {
			regions, logs := readTrace(t, filepath.Join(tt.spec.Dir, file))
			isTask := func(r string) bool { return strings.HasPrefix(r, "task") }
			for _, r := range regions {
				if isTask(r) {
					all = append(all, r)
				}
			}
			if diff := cmp.Diff(want, slices.DeleteFunc(regions, isTask)); diff != "" {
				t.Errorf("regions of %s: %s", file, diff)
			}
			if !slices.ContainsFunc(spans, func(s wire.Span) bool { return slices.Contains(logs, s.TraceID+"-"+s.SpanID) }) {
				t.Errorf("%s: logs %v name none of the spans", file, logs)
			}
		}
		if tt.spec.Workload == "serial" && len(all) != 20 {
			t.Errorf("%d regions of tasks, want 20: %v", len(all), all)
		}
	}
}

// A chunk of several tasks is one region, named for its first and its last task.
func TestRegionOfChunk(t *testing.T) {
	s := spec("squares", 1, 1)
	s.Dir, s.Chunk = t.TempDir(), 8
	traced(t, s)
	regions, _ := readTrace(t, filepath.Join(s.Dir, "p0.trace"))
	want := []string{"tasks 0-7", "tasks 16-19", "tasks 8-15", "worker 0"}
	if diff := cmp.Diff(want, regions); diff != "" {
		t.Error(diff)
	}
}

// A capture that cannot be made is reported and does not lose the run.
func TestCapturesFail(t *testing.T) {
	for _, procs := range []int{1, 2} {
		s := spec("squares", procs, 1)
		s.Dir = filepath.Join(t.TempDir(), "missing")
		_, end := traced(t, s)
		want := 2 // trace and profile
		if procs > 1 {
			want *= procs + 1
		}
		if len(end.Errors) != want || !strings.Contains(end.Errors[0], "missing") {
			t.Errorf("procs %d: errors %q, want %d", procs, end.Errors, want)
		}
	}
}

// The profile of a traced run tells the workers apart.
func TestProfileHasLabels(t *testing.T) {
	s := spec("spins", 1, 2)
	s.Dir, s.Size = t.TempDir(), 8
	traced(t, s)
	f, err := os.Open(filepath.Join(s.Dir, "p0.cpu.pb.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	p, err := profile.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, sample := range p.Sample {
		if slices.Equal(sample.Label["rank"], []string{"0"}) && len(sample.Label["worker"]) == 1 {
			return
		}
	}
	t.Errorf("none of %d samples has the labels rank and worker", len(p.Sample))
}

// tree returns the spans as "parent > name", sorted, after checking their identities.
func tree(t *testing.T, spans []wire.Span) []string {
	t.Helper()
	names := map[string]string{runSpan: "run"}
	for _, s := range spans {
		names[s.SpanID] = s.Name
	}
	var out []string
	for _, s := range spans {
		if s.TraceID != traceID || s.End < s.Start || s.PID == 0 || s.Error != "" {
			t.Errorf("bad span %+v", s)
		}
		out = append(out, names[s.ParentID]+" > "+s.Name)
	}
	slices.Sort(out)
	return out
}

func listDir(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		if filepath.Ext(e.Name()) != ".gz" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		if _, err := io.Copy(io.Discard, z); err != nil {
			t.Errorf("%s is not whole: %v", e.Name(), err)
		}
	}
	return names
}

// readTrace returns the names of the ended regions of an execution trace, sorted, and its log messages of category
// "otel".
func readTrace(t *testing.T, path string) (regions, logs []string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r, err := exptrace.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for {
		ev, err := r.ReadEvent()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		switch ev.Kind() {
		case exptrace.EventRegionEnd:
			regions = append(regions, ev.Region().Type)
		case exptrace.EventLog:
			if ev.Log().Category == "otel" {
				logs = append(logs, ev.Log().Message)
			}
		}
	}
	slices.Sort(regions)
	return regions, logs
}
