// Package analyze_test measures what reading and analysing a trace costs, and how often intervals and comparisons are
// right.
package analyze_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	exptrace "golang.org/x/exp/trace"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/gotrace/tracegen"
)

// The benchmark runs every part in a process of its own, so that its CPU time and peak memory are its alone.
const (
	partEnv   = "CORECURVE_BENCH_PART"
	traceEnv  = "CORECURVE_BENCH_TRACE"
	eventsEnv = "CORECURVE_BENCH_EVENTS" // of the trace; 2 million if unset
)

// A cost is what a part took.
type cost struct {
	Wall   time.Duration // of the part, without the start of its process
	CPU    time.Duration // likewise
	RSS    int64         // peak, bytes
	Events int64
}

// parts are what is measured, by name.
func parts() map[string]func(name string) (int64, error) {
	return map[string]func(string) (int64, error){
		"bare": bare,
		"read": func(name string) (int64, error) { return read(name, 1, nil) },
		"two":  func(name string) (int64, error) { return read(name, 2, nil) },
		"replay": func(name string) (int64, error) {
			return read(name, 1, func(*gotrace.Symbols) func([]replay.Step) { return func([]replay.Step) {} })
		},
		"timeline": func(name string) (int64, error) {
			return read(name, 1, func(s *gotrace.Symbols) func([]replay.Step) {
				return (&timeline.Builder{Symbols: s}).Add
			})
		},
		"cores": func(name string) (int64, error) {
			return read(name, 1, func(*gotrace.Symbols) func([]replay.Step) {
				b := &cores.Builder{}
				return func(steps []replay.Step) { b.Add(0, steps) }
			})
		},
		"ledger": func(name string) (int64, error) {
			return read(name, 1, func(s *gotrace.Symbols) func([]replay.Step) {
				return (&ledger.Builder{Symbols: s}).Add
			})
		},
		"critical": func(name string) (int64, error) {
			return read(name, 1, func(s *gotrace.Symbols) func([]replay.Step) {
				return (&critical.Builder{Symbols: s}).Add
			})
		},
		"full":     func(name string) (int64, error) { return full(name, 1) },
		"full-two": func(name string) (int64, error) { return full(name, 2) },
		"spin":     func(string) (int64, error) { return spin(1), nil },
		"spin-two": func(string) (int64, error) { return spin(2), nil },
	}
}

// bare is the loop of the reader below: the floor.
func bare(name string) (n int64, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	r, err := exptrace.NewReader(bufio.NewReaderSize(f, 1<<16))
	if err != nil {
		return 0, err
	}
	for {
		if _, err := r.ReadEvent(); err != nil {
			if errors.Is(err, io.EOF) {
				return n, nil
			}
			return n, err
		}
		n++
	}
}

// open opens a trace.
func open(name string, readers int) (r *gotrace.Reader, done func(), err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil {
		r, err = gotrace.Open(f, info.Size(), name, gotrace.Options{Readers: readers})
	}
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return r, func() {
		r.Close()
		_ = f.Close()
	}, nil
}

// full is the full analysis, as the product makes it.
func full(name string, readers int) (int64, error) {
	r, done, err := open(name, readers)
	if err != nil {
		return 0, err
	}
	defer done()
	rec := recording.Read([]recording.Process{{Reader: r}}, recording.Options{})
	return rec.Extents[0].Events, rec.Damage[0]
}

// read reads a trace and feeds the steps of its replay, a batch at a time, to what fold returns. If fold is nil, it
// only reads.
func read(name string, readers int, fold func(*gotrace.Symbols) func([]replay.Step)) (int64, error) {
	r, done, err := open(name, readers)
	if err != nil {
		return 0, err
	}
	defer done()
	rp := replay.Replay{Symbols: r.Symbols()}
	add := func([]replay.Step) {}
	if fold != nil {
		add = fold(r.Symbols())
	}
	var ev gotrace.Event
	var steps []replay.Step
	for {
		if err := r.Next(&ev); err != nil {
			add(steps)
			if errors.Is(err, io.EOF) {
				return r.Events(), nil
			}
			return r.Events(), err
		}
		if fold == nil {
			continue
		}
		if steps = rp.Append(steps, ev); len(steps) >= 4096 {
			add(steps)
			steps = steps[:0]
		}
	}
}

// spin counts in n goroutines what one counts alone: how much more a second core gives on this machine at this time.
func spin(n int) int64 {
	const steps = 1e9
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			x := uint64(1)
			for range int64(steps) / int64(n) {
				x ^= x << 13
				x ^= x >> 7
			}
			if x == 0 {
				panic("a xorshift is never 0")
			}
		})
	}
	wg.Wait()
	return int64(steps)
}

// TestPart is one part in a process of its own.
func TestPart(t *testing.T) {
	part := parts()[os.Getenv(partEnv)]
	if part == nil {
		t.Skip("run by BenchmarkThroughput")
	}
	before, start := cpu(t), time.Now()
	n, err := part(os.Getenv(traceEnv))
	if err != nil {
		t.Fatal(err)
	}
	c := cost{Wall: time.Since(start), CPU: cpu(t) - before, Events: n}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	c.RSS = u.Maxrss << 10
	if err := json.NewEncoder(os.Stdout).Encode(c); err != nil {
		t.Fatal(err)
	}
}

func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure runs a part n times in turn with others and keeps the run with the least CPU time.
func measure(b *testing.B, part, trace string) cost {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestPart$", "-test.v=false")
	cmd.Env = append(os.Environ(), partEnv+"="+part, traceEnv+"="+trace)
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s: %v\n%s", part, err, out)
	}
	var c cost
	if err := json.Unmarshal(firstLine(out), &c); err != nil {
		b.Fatalf("%s: %v\n%s", part, err, out)
	}
	return c
}

func firstLine(out []byte) []byte {
	for i, c := range out {
		if c == '\n' {
			return out[:i]
		}
	}
	return out
}

// bigTrace returns the trace to measure with: the one that the environment names, or one that is made once and kept
// among the temporary files.
func bigTrace(b *testing.B) string {
	b.Helper()
	if name := os.Getenv(traceEnv); name != "" {
		return name
	}
	events := int64(2e6)
	if s := os.Getenv(eventsEnv); s != "" {
		var err error
		if events, err = strconv.ParseInt(s, 10, 64); err != nil {
			b.Fatal(err)
		}
	}
	name := filepath.Join(os.TempDir(), fmt.Sprintf("corecurve-bench-%d.trace", events))
	if _, err := os.Stat(name); err == nil {
		return name
	}
	f, err := os.Create(name + ".part")
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(tracegen.Write(w, tracegen.Options{Events: events}), w.Flush(), f.Close()); err != nil {
		b.Fatal(err)
	}
	if err := os.Rename(name+".part", name); err != nil {
		b.Fatal(err)
	}
	return name
}

// BenchmarkThroughput compares what analyses of a trace cost with what merely reading it costs, in one run on one
// machine. CORECURVE_BENCH_EVENTS=20000000 makes the trace a long one; CORECURVE_BENCH_TRACE=FILE measures with a trace
// of one's own.
func BenchmarkThroughput(b *testing.B) {
	trace := bigTrace(b)
	best := map[string]cost{}
	for b.Loop() {
		for _, part := range []string{
			"bare", "read", "two", "replay", "timeline", "cores", "ledger", "critical", "full", "full-two", "spin",
			"spin-two",
		} {
			c := measure(b, part, trace)
			if old, ok := best[part]; !ok || c.CPU < old.CPU {
				best[part] = c
			}
		}
	}
	perEvent := func(part string) float64 { return float64(best[part].CPU) / float64(best[part].Events) }
	for _, part := range []string{"bare", "read", "replay", "timeline", "cores", "ledger", "critical", "full"} {
		b.ReportMetric(perEvent(part), part+"-ns/event")
	}
	b.ReportMetric(perEvent("full")/perEvent("bare"), "full/bare")
	b.ReportMetric(float64(best["read"].Wall)/float64(best["two"].Wall), "two-readers")
	b.ReportMetric(float64(best["full"].Wall)/float64(best["full-two"].Wall), "full-two-readers")
	b.ReportMetric(float64(best["spin"].Wall)/float64(best["spin-two"].Wall), "two-spinners")
	for _, part := range []string{"bare", "full", "full-two"} {
		b.ReportMetric(float64(best[part].RSS)/1e6, fmt.Sprintf("%s-MB", part))
	}
	b.ReportMetric(float64(best["bare"].Events), "events")
	b.ReportMetric(0, "ns/op")
	goTool(b, trace, best["full"])
}

// goToolBytes is the memory that go tool trace may need for a byte of a trace like ours: measured were 80.
const goToolBytes = 150

// goTool runs the Go distribution's own analysis of the same trace, if there is memory for it.
func goTool(b *testing.B, trace string, ours cost) {
	b.Helper()
	info, err := os.Stat(trace)
	if err != nil {
		b.Fatal(err)
	}
	var sys syscall.Sysinfo_t
	if err := syscall.Sysinfo(&sys); err != nil {
		b.Fatal(err)
	}
	if free := sys.Freeram * uint64(sys.Unit); free < goToolBytes*uint64(info.Size()) {
		b.Logf("not compared with go tool trace: for a trace of %.1f GB it can need more than the "+
			"%.1f GB of memory that are free",
			float64(info.Size())/1e9, float64(free)/1e9)
		return
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		b.Log("no go command to compare with")
		return
	}
	cmd := exec.CommandContext(b.Context(), tool, "tool", "trace", "-pprof=sync", trace)
	if err := cmd.Run(); err != nil {
		b.Logf("go tool trace: %v", err)
		return
	}
	u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return
	}
	b.ReportMetric(float64(cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())/float64(ours.CPU),
		"go-tool-CPU/full")
	b.ReportMetric(float64(u.Maxrss<<10)/float64(ours.RSS), "go-tool-memory/full")
}
