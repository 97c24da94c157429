package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"golang.org/x/perf/benchfmt"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// resultsFile is what benchstat reads, in the folder of the report.
const resultsFile = "results.txt"

// A benchmark that cannot follow the count uses at most so many cores, whatever the count, and is at most so much faster than at the base. A
// tenth of a core is the runtime's own; times of the same work differ by more than a tenth from run to run.
const (
	idleCores   = 1.1
	idleSpeedup = 1.15
)

// writeBenchmarks writes every timed run of a benchmark as a line of Go benchmark text (https://go.dev/design/14313-benchmark-format) into dir.
func writeBenchmarks(dir string, s *sweep.Study) error {
	if !hasBenchmarks(s.Header) {
		return nil
	}
	programs := map[string]*sweep.Benchmark{}
	for _, w := range s.Header.Workloads {
		if b := benchmarkOf(w); b != nil {
			programs[w.Name] = b
		}
	}
	var out bytes.Buffer
	w := benchfmt.NewWriter(&out)
	for _, p := range sweep.Points(s.Header.Sweeps) { // lines of a package stand together
		b := programs[p.Workload]
		if b == nil {
			continue
		}
		for i := range s.Results {
			r := &s.Results[i]
			if r.Point != p || r.Kind != sweep.Timed || r.Status != sweep.OK {
				continue
			}
			if err := w.Write(benchmarkLine(s.Header, b, r)); err != nil {
				return fmt.Errorf("%s: %w", resultsFile, err)
			}
		}
	}
	return sweep.WriteFile(filepath.Join(dir, resultsFile), out.Bytes())
}

// benchmarkLine is one run as go test would print it. Several processes are a part of the name, and so are the cores where they are not as
// many as the workers can use.
func benchmarkLine(h sweep.Header, b *sweep.Benchmark, r *sweep.Result) *benchfmt.Result {
	p := r.Point
	name := strings.TrimPrefix(b.Name, "Benchmark")
	if p.Procs > 1 {
		name += fmt.Sprintf("/procs=%d", p.Procs)
	}
	if p.Cores != min(p.Parallelism(), len(h.Host.CPUs)) {
		name += fmt.Sprintf("/cores=%d", p.Cores)
	}
	if p.Workers > 1 {
		name += "-" + strconv.Itoa(p.Workers)
	}
	res := &benchfmt.Result{Name: benchfmt.Name(name), Iters: int(p.Size)}
	for _, c := range [][2]string{{"goos", h.Host.OS}, {"goarch", h.Host.Arch}, {"pkg", b.Package}, {"cpu", h.Host.CPUModel}} {
		res.SetConfig(c[0], c[1])
	}
	for i := range res.Config {
		res.Config[i].File = true
	}
	for _, unit := range units(r.Metrics) {
		if unit != "ops/s" { // it says no more than ns/op
			res.Values = append(res.Values, benchfmt.Value{Value: r.Metrics[unit], Unit: unit})
		}
	}
	return res
}

// units are those of the metrics in the order in which go test prints them: the time first, the benchmark's own ones, then memory.
func units(metrics map[string]float64) []string {
	place := map[string]int{"ns/op": -2, "MB/s": -1, "B/op": 1, "allocs/op": 2}
	return slices.SortedFunc(maps.Keys(metrics), func(a, b string) int {
		return cmp.Or(cmp.Compare(place[a], place[b]), cmp.Compare(a, b))
	})
}

// idleBenchmarks are warnings that name the benchmarks of s that cannot follow the count of workers.
func idleBenchmarks(s *sweep.Study, explained map[sweep.Run]study.Explained) []warning.Warning {
	if !hasBenchmarks(s.Header) {
		return nil
	}
	traced := busyByTrace(explained)
	idle := warning.Warning{Kind: warning.IdleBenchmarks}
	swept := 0
	for _, c := range curve.Build(s.Header.Sweeps, s.Results, curve.Options{Measure: curve.Work, Seed: s.Header.Seed, Resamples: 1}) {
		if c.Sweep.Mode != sweep.Threads || c.Base < 0 || len(c.Points) < 2 {
			continue
		}
		swept++
		if cannotFollow(c, traced) {
			idle.Items = append(idle.Items, warning.Item{Name: c.Sweep.Workload})
		}
	}
	if len(idle.Items) == 0 {
		return nil
	}
	idle.Figures.Count, idle.Figures.Of = len(idle.Items), swept
	return []warning.Warning{idle}
}

// busyByTrace is the most Ps that traced runs of each point kept busy on average, while any was, less the share of the garbage collector's
// background workers. Other programs do not change it, as a P that waits for its core counts as busy.
func busyByTrace(explained map[sweep.Run]study.Explained) map[sweep.Point]float64 {
	out := map[sweep.Point]float64{}
	for run, e := range explained {
		if e.Use == nil {
			continue
		}
		var sum, any float64
		for busy, d := range e.Use.Profile {
			sum += float64(busy) * d.Seconds()
			if busy > 0 {
				any += d.Seconds()
			}
		}
		if any > 0 {
			out[run.Point] = max(out[run.Point], sum/any*ownShare(e.Ledger))
		}
	}
	return out
}

// ownShare is the part of the busy core time that went to the program itself rather than to the runtime's background workers.
func ownShare(l *ledger.Ledger) float64 {
	if l == nil {
		return 1
	}
	var own, background float64
	for _, c := range []cause.Cause{cause.User, cause.GCAssist, cause.GCSweep, cause.Syscall} {
		own += l.Of(c).Seconds()
	}
	for _, c := range []cause.Cause{cause.GCDedicated, cause.GCIdle, cause.GCSTW, cause.Runtime, cause.Tracer} {
		background += l.Of(c).Seconds()
	}
	if own == 0 {
		return 1
	}
	return own / (own + background)
}

// cannotFollow reports whether the points of c beyond its base keep no more than one core busy: by their traces or, where one has none, by
// processor time over wall time, if the speedup says so too.
func cannotFollow(c curve.Curve, traced map[sweep.Point]float64) bool {
	measured := false
	for i, p := range c.Points {
		if i == c.Base || p.Runs == 0 {
			continue
		}
		measured = true
		busy, ok := traced[p.Point]
		if ok && busy > idleCores {
			return false
		}
		// On a busy machine neither processor time nor speedup tell what the benchmark could have used.
		if !ok && (2*p.Noisy > p.Runs || p.MeanBusy > idleCores || !(p.Speedup < idleSpeedup) || c.Sweep.Scaling == sweep.Weak) {
			return false
		}
	}
	return measured
}

// printBenchmarks prints what the benchmarks of s printed of themselves, medians at every point.
func printBenchmarks(w io.Writer, s *sweep.Study) error {
	metrics := map[sweep.Point]map[string][]float64{}
	known := map[string]float64{}
	for i := range s.Results {
		r := &s.Results[i]
		if r.Kind != sweep.Timed || r.Status != sweep.OK || r.Metrics == nil {
			continue
		}
		if metrics[r.Point] == nil {
			metrics[r.Point] = map[string][]float64{}
		}
		for unit, v := range r.Metrics {
			metrics[r.Point][unit] = append(metrics[r.Point][unit], v)
			known[unit] = 0
		}
	}
	if len(metrics) == 0 {
		return nil
	}
	columns := units(known)
	var text bytes.Buffer
	tw := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "p×w\t%s\t\n", strings.Join(columns, "\t"))
	last := ""
	for _, p := range sweep.Points(s.Header.Sweeps) {
		if metrics[p] == nil {
			continue
		}
		if p.Workload != last {
			last = p.Workload
			fmt.Fprintf(tw, "%s\n", last)
		}
		fmt.Fprintf(tw, "%d×%d\t", p.Procs, p.Workers)
		for _, unit := range columns {
			cell := "–"
			if v := metrics[p][unit]; v != nil {
				cell = fmt.Sprintf("%.4g", stat.Median(v))
			}
			fmt.Fprintf(tw, "%s\t", cell)
		}
		fmt.Fprintln(tw)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nBenchmarks: medians by processes × workers\n%s", text.Bytes())
	return err
}
