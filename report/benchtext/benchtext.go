// Package benchtext writes what the benchmarks of a study printed of themselves: for benchstat, and for a terminal.
package benchtext

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"
	"text/tabwriter"

	"golang.org/x/perf/benchfmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Results writes every timed run of a benchmark as a line of Go benchmark text, which benchstat reads
// (https://go.dev/design/14313-benchmark-format).
func Results(w io.Writer, s *study.Study) error {
	out := benchfmt.NewWriter(w)
	for _, p := range sweep.Points(s.Header.Sweeps) { // lines of a package stand together
		program := study.ProgramOf(s.Header, p.Workload)
		b := program.Benchmark()
		if b == nil {
			continue
		}
		for i := range s.Results {
			r := &s.Results[i]
			if r.Point != p || r.Kind != sweep.Timed || r.Status != sweep.OK {
				continue
			}
			if err := out.Write(line(s.Header, b, r)); err != nil {
				return err
			}
		}
	}
	return nil
}

// line is one run as go test would print it. Several processes are a part of the name, and so are the cores
// where they are not as many as the workers can use.
func line(h sweep.Header, b *sweep.Benchmark, r *sweep.Result) *benchfmt.Result {
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
	for _, c := range [][2]string{
		{"goos", h.Host.OS}, {"goarch", h.Host.Arch}, {"pkg", b.Package}, {"cpu", h.Host.CPUModel},
	} {
		res.SetConfig(c[0], c[1])
	}
	for i := range res.Config {
		res.Config[i].File = true
	}
	for _, unit := range study.Units(r.Metrics) {
		if unit != "ops/s" { // it says no more than ns/op
			res.Values = append(res.Values, benchfmt.Value{Value: r.Metrics[unit], Unit: unit})
		}
	}
	return res
}

// coresDiffer reports whether two points differ in nothing but their cores and size.
func coresDiffer(metrics map[sweep.Point]map[string]study.Metric) bool {
	cores := map[sweep.Point]int{}
	for p := range metrics {
		if metrics[p] == nil {
			continue
		}
		n := p.Cores
		p.Cores, p.Size = 0, 0
		if known, has := cores[p]; has && known != n {
			return true
		}
		cores[p] = n
	}
	return false
}

// mostBenchmarks is how many benchmarks the terminal gives.
const mostBenchmarks = 10

// chosen are the benchmarks that lose most core time, if there are more than a terminal gives, and how many others
// there are; else nil and 0.
func chosen(s *study.Study) (names map[string]bool, others int) {
	if s.Overview == nil || len(s.Overview.Rows) <= mostBenchmarks {
		return nil, 0
	}
	names = map[string]bool{}
	for _, r := range s.Overview.Rows[:mostBenchmarks] {
		names[s.Workloads[r.Workload].Program.Name] = true
	}
	return names, len(s.Overview.Rows) - mostBenchmarks
}

// Table writes what the benchmarks of s printed of themselves, medians at every point, of so many as a terminal
// gives; nothing if there are none.
func Table(w io.Writer, s *study.Study) error {
	metrics := map[sweep.Point]map[string]study.Metric{}
	known := map[string]study.Metric{}
	for _, of := range s.Workloads {
		for i := range of.Curves {
			for k, p := range of.Curves[i].Points {
				metrics[p.Point] = of.Curves[i].Figures[k].Metrics
				maps.Copy(known, metrics[p.Point])
			}
		}
	}
	if len(known) == 0 {
		return nil
	}
	columns := study.Units(known)
	more := max(0, len(columns)-words.MostUnits)
	columns = columns[:len(columns)-more]
	var text bytes.Buffer
	tw := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "p×w\t%s\t\n", strings.Join(columns, "\t"))
	last, given := "", coresDiffer(metrics)
	chosen, others := chosen(s)
	for _, p := range sweep.Points(s.Header.Sweeps) {
		if metrics[p] == nil || chosen != nil && !chosen[p.Workload] {
			continue
		}
		if p.Workload != last {
			last = p.Workload
			fmt.Fprintf(tw, "%s\n", last)
		}
		fmt.Fprintf(tw, "%d×%d", p.Procs, p.Workers)
		if given {
			fmt.Fprintf(tw, " on %s", words.Plural(p.Cores, "core", "cores"))
		}
		fmt.Fprint(tw, "\t")
		for _, unit := range columns {
			cell := words.Unknown
			if m, has := metrics[p][unit]; has {
				cell = fmt.Sprintf("%.4g", m.Median)
			}
			fmt.Fprintf(tw, "%s\t", cell)
		}
		fmt.Fprintln(tw)
	}
	if more > 0 {
		fmt.Fprintf(tw, "(%s)\n", words.MoreUnits(more))
	}
	if others > 0 {
		fmt.Fprintf(tw, "(those that lose most core time; %s in report.html)\n", words.Plural(others, "other is", "others are"))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nBenchmarks: medians by processes × workers\n%s", text.Bytes())
	return err
}
