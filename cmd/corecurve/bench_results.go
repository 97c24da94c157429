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

	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// resultsFile is what benchstat reads, in the folder of the report.
const resultsFile = "results.txt"

// writeBenchmarks writes every timed run of a benchmark as a line of Go benchmark text (https://go.dev/design/14313-benchmark-format) into dir.
func writeBenchmarks(dir string, s *sweep.Study) error {
	if !s.Header.Benchmarks() {
		return nil
	}
	programs := map[string]*sweep.Benchmark{}
	for _, w := range s.Header.Workloads {
		if b := w.Benchmark(); b != nil {
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
