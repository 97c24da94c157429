package report

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/text"
)

// large is a study of sixty points, twenty of which have timelines of eight workers with 2000 spans each.
func large() study.Input {
	f := newFake(16)
	var spots []spot
	for n := 1; n <= 30; n++ {
		spots = append(spots, spot{n, time.Duration(float64(512*ms) / min(float64(n), 16)), 4 * ms, 508 * ms})
	}
	f.sweep("pi", "threads", "strong", 10, spots...)
	f.sweep("pi", "procs", "strong", 10, spots...)
	f.spin()
	kept := 0
	for i := range f.in.Results {
		run := f.in.Results[i].Run
		x, ok := f.in.Explained[run]
		if !ok {
			continue
		}
		if kept++; kept > 20 || len(x.Timeline.Lanes) > 32 {
			delete(f.in.Explained, run)
			continue
		}
		for k := range x.Timeline.Lanes {
			busy(x.Timeline, k)
		}
		f.in.Explained[run] = x
	}
	return f.in
}

// BenchmarkLarge makes the whole report of [large], all pictures as PNG and SVG: it reports CPU time and the size of
// report.html beside time and memory.
func BenchmarkLarge(b *testing.B) {
	in := large()
	b.ReportAllocs()
	size, start := 0, cpuTime(b)
	for b.Loop() {
		r := Build(study.Analyze(in))
		pictures, err := r.Draw(func(_ string, draw func(io.Writer) error) error { return draw(io.Discard) })
		if err != nil {
			b.Fatal(err)
		}
		var n counter
		for _, err := range []error{
			r.WriteText(&n, text.Options{}), r.WriteJSON(&n), r.WriteMarkdown(&n, pictures),
		} {
			if err != nil {
				b.Fatal(err)
			}
		}
		n = 0
		if err := r.WriteHTML(&n, pictures); err != nil {
			b.Fatal(err)
		}
		size = int(n)
	}
	b.ReportMetric((cpuTime(b)-start).Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(size)/1e6, "MB/report.html")
	b.ReportMetric(float64(len(in.Explained)), "timelines")
	if s, err := os.ReadFile("/proc/self/status"); err == nil {
		if m := regexp.MustCompile(`VmHWM:\s+(\d+)`).FindSubmatch(s); m != nil {
			var kb float64
			if _, err := fmt.Sscan(string(m[1]), &kb); err == nil {
				b.ReportMetric(kb/1e3, "MB-peak")
			}
		}
	}
}

// cpuTime is what this process has taken of the cores so far.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
