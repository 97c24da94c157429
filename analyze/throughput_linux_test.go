// Package analyze_test measures what reading and analysing a trace costs, and how often intervals and comparisons are
// right.
//
// # What reading and analysing costs
//
// .ci/scale measures "corecurve analyze" with corecurve. On two cores of an AMD EPYC, on a trace of net/http's
// benchmarks of 258 MB and 43 million events, five runs each, it said: 1.83× on 2 cores (1.43–2.15), 96 % of the 1.90×
// that the machine gave a loop in registers; 7.08 s of CPU time on 1 core and 7.28 s on 2; 1.88 cores busy; 68 and 72
// MB of memory. Of the little that was lost, 41 % were cores without work.
//
// BenchmarkThroughput sets each part beside a bare loop of golang.org/x/exp/trace. In CPU time, each in turn with it,
// the whole analysis on one core took 1.2 to 1.6 times the bare loop on such traces, and 1.5 to 1.8 times on one that
// is made, where it took 1.9 to 2.3 and 2.0 to 2.6 times before its parts were made cheaper; reading alone took 0.26 to
// 0.36.
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
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	exptrace "golang.org/x/exp/trace"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/goroutines"
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

// A part is something to measure.
type part struct {
	name  string
	cores int                                          // that it may use
	run   func(trace string) (events int64, err error) // in a process with that GOMAXPROCS
}

// parts returns the parts in the order to measure them. Each fold comes with the reading and the replay that it needs:
// less those of the part "replay" is what it takes itself.
func parts() []part {
	all := []part{
		{"bare", 1, bare},
		{"read", 1, func(trace string) (int64, error) { return read(trace, nil) }},
	}
	for _, fold := range []struct {
		name string
		make func(*gotrace.Symbols) func([]replay.Step)
	}{
		{"replay", func(*gotrace.Symbols) func([]replay.Step) { return func([]replay.Step) {} }},
		{"ledger", func(s *gotrace.Symbols) func([]replay.Step) { return (&ledger.Builder{Symbols: s}).Add }},
		{"critical", func(s *gotrace.Symbols) func([]replay.Step) { return (&critical.Builder{Symbols: s}).Add }},
		{"timeline", func(s *gotrace.Symbols) func([]replay.Step) { return (&timeline.Builder{Symbols: s}).Add }},
		{"goroutines", func(s *gotrace.Symbols) func([]replay.Step) { return (&goroutines.Builder{Symbols: s}).Add }},
		{"cores", func(*gotrace.Symbols) func([]replay.Step) {
			b := &cores.Builder{}
			return func(steps []replay.Step) { b.Add(0, steps) }
		}},
	} {
		all = append(all, part{fold.name, 1, func(trace string) (int64, error) { return read(trace, fold.make) }})
	}
	return append(all,
		part{"full", 1, full}, part{"full-on-two", 2, full},
		part{"spin", 1, spin}, part{"spin-on-two", 2, spin},
	)
}

// partCalled returns the part of that name.
func partCalled(name string) (part, bool) {
	all := parts()
	i := slices.IndexFunc(all, func(p part) bool { return p.name == name })
	if i < 0 {
		return part{}, false
	}
	return all[i], true
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

// open opens a trace, to be read on as many cores as the process may use.
func open(name string) (r *gotrace.Reader, done func(), err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil {
		r, err = gotrace.Open(f, info.Size(), name, gotrace.Options{})
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
func full(name string) (int64, error) {
	r, done, err := open(name)
	if err != nil {
		return 0, err
	}
	defer done()
	rec := recording.Read([]recording.Process{{Reader: r}}, recording.Options{Goroutines: true})
	return rec.Extents[0].Events, rec.Damage[0]
}

// read reads a trace and feeds the steps of its replay, a batch at a time, to what fold returns. If fold is nil, it
// only reads.
func read(name string, fold func(*gotrace.Symbols) func([]replay.Step)) (int64, error) {
	r, done, err := open(name)
	if err != nil {
		return 0, err
	}
	defer done()
	rp := replay.Replay{Symbols: r.Symbols()}
	add := func([]replay.Step) {}
	if fold != nil {
		add = fold(r.Symbols())
	}
	var steps []replay.Step
	for {
		events, err := r.Batch()
		if err != nil {
			add(steps)
			if errors.Is(err, io.EOF) {
				return r.Events(), nil
			}
			return r.Events(), err
		}
		if fold == nil {
			continue
		}
		if steps = rp.Append(steps, events...); len(steps) >= 4096 {
			add(steps)
			steps = steps[:0]
		}
	}
}

// spin counts in as many goroutines as there are cores what one counts alone: how much more a second core gives on this
// machine at this time.
func spin(string) (int64, error) {
	const steps = 1e9
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			x := uint64(1)
			for range int64(steps) / int64(runtime.GOMAXPROCS(0)) {
				x ^= x << 13
				x ^= x >> 7
			}
			if x == 0 {
				panic("a xorshift is never 0")
			}
		})
	}
	wg.Wait()
	return int64(steps), nil
}

// TestPart is one part in a process of its own.
func TestPart(t *testing.T) {
	p, ok := partCalled(os.Getenv(partEnv))
	if !ok {
		t.Skip("run by BenchmarkThroughput")
	}
	before, start := cpu(t), time.Now()
	n, err := p.run(os.Getenv(traceEnv))
	if err != nil {
		t.Fatal(err)
	}
	c := cost{Wall: time.Since(start), CPU: cpu(t) - before, RSS: highWater(t), Events: n}
	if err := json.NewEncoder(os.Stdout).Encode(c); err != nil {
		t.Fatal(err)
	}
}

// highWater returns the peak memory of this process. The kernel's ru_maxrss would carry over what the benchmark has.
func highWater(tb testing.TB) (bytes int64) {
	tb.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		tb.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "\nVmHWM:")
	if _, err := fmt.Sscan(rest, &bytes); err != nil {
		tb.Fatal(err)
	}
	return bytes << 10
}

func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure runs a part once.
func measure(b *testing.B, p part, trace string) cost {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestPart$", "-test.v=false")
	cmd.Env = append(os.Environ(), partEnv+"="+p.name, traceEnv+"="+trace, fmt.Sprintf("GOMAXPROCS=%d", p.cores))
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s: %v\n%s", p.name, err, out)
	}
	var c cost
	if err := json.Unmarshal(firstLine(out), &c); err != nil {
		b.Fatalf("%s: %v\n%s", p.name, err, out)
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

// BenchmarkThroughput measures what each part of an analysis costs, and what merely reading the trace does, in CPU
// time:
//
//	go test ./analyze -run '^$' -bench Throughput -count 10 >new.txt
//	benchstat old.txt new.txt             old against new
//	benchstat -col /part new.txt          each part against the first, the bare loop
//
// Throughput/ratios runs the parts that it compares in turn, so that what slows the machine down falls on all of them.
// CORECURVE_BENCH_EVENTS=20000000 makes the trace a long one; CORECURVE_BENCH_TRACE=FILE measures with a trace of one's
// own.
func BenchmarkThroughput(b *testing.B) {
	trace := bigTrace(b)
	for _, p := range parts() {
		b.Run("part="+p.name, func(b *testing.B) {
			var sum cost
			for b.Loop() {
				c := measure(b, p, trace)
				sum.CPU += c.CPU
				sum.Events += c.Events
				sum.RSS = max(sum.RSS, c.RSS)
			}
			b.ReportMetric(float64(sum.CPU)/float64(sum.Events), "ns/event")
			b.ReportMetric(float64(sum.RSS)/1e6, "peak-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
	var tool *cost // what the Go distribution's own analysis takes; measured once
	b.Run("ratios", func(b *testing.B) {
		least := leastOf(b, trace, "bare", "read", "full", "full-on-two", "spin", "spin-on-two")
		for _, r := range []struct {
			unit    string
			a, over time.Duration
		}{
			{"CPU-full/bare", least["full"].CPU, least["bare"].CPU},
			{"CPU-read/bare", least["read"].CPU, least["bare"].CPU},
			{"CPU-two/one", least["full-on-two"].CPU, least["full"].CPU},
			{"wall-two/one", least["full-on-two"].Wall, least["full"].Wall},
			{"wall-spin-two/one", least["spin-on-two"].Wall, least["spin"].Wall},
		} {
			b.ReportMetric(float64(r.a)/float64(r.over), r.unit)
		}
		b.ReportMetric(float64(least["bare"].Events), "events")
		b.ReportMetric(0, "ns/op")
		if tool == nil {
			tool = goTool(b, trace)
		}
		if ours := least["full"]; tool.CPU > 0 {
			b.ReportMetric(float64(tool.CPU)/float64(ours.CPU), "CPU-go-tool/full")
			b.ReportMetric(float64(tool.RSS)/float64(ours.RSS), "memory-go-tool/full")
		}
	})
}

// leastOf runs parts in turn and returns the least that each has taken.
func leastOf(b *testing.B, trace string, names ...string) map[string]cost {
	b.Helper()
	least := make(map[string]cost)
	for b.Loop() {
		for _, name := range names {
			p, ok := partCalled(name)
			if !ok {
				b.Fatalf("no part %s", name)
			}
			c := measure(b, p, trace)
			if old, again := least[name]; again {
				c.CPU, c.Wall, c.RSS = min(c.CPU, old.CPU), min(c.Wall, old.Wall), min(c.RSS, old.RSS)
			}
			least[name] = c
		}
	}
	return least
}

// goToolBytes is the memory that go tool trace may need for a byte of a trace like ours: measured were 80.
const goToolBytes = 150

// goTool runs the Go distribution's own analysis of the same trace. If it cannot, or there is too little memory for it,
// the cost is zero.
func goTool(b *testing.B, trace string) *cost {
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
		return &cost{}
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		b.Log("no go command to compare with")
		return &cost{}
	}
	cmd := exec.CommandContext(b.Context(), tool, "tool", "trace", "-pprof=sync", trace)
	if err := cmd.Run(); err != nil {
		b.Logf("go tool trace: %v", err)
		return &cost{}
	}
	u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return &cost{}
	}
	return &cost{CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), RSS: u.Maxrss << 10}
}
