package osched

import (
	"io"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/internal/proc"
)

// BenchmarkOverhead runs a program in turn without and with a recording and reports the medians of the ratios of its
// processor time, alone and with what the recording itself used.
func BenchmarkOverhead(b *testing.B) {
	needSwitches(b)
	for _, bm := range []struct{ name, job string }{
		{"computing", "crunch 150"},
		{"pingpong", "pingpong 60000"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			var alone, together []float64
			for b.Loop() {
				without, _ := spend(b, bm.job, false)
				with, tool := spend(b, bm.job, true)
				alone = append(alone, float64(with)/float64(without))
				together = append(together, float64(with+tool)/float64(without))
			}
			b.ReportMetric(median(alone), "cpu/cpu")
			b.ReportMetric(median(together), "cpu+tool/cpu")
		})
	}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// spend returns the processor time of the program, and that of the recording.
func spend(b *testing.B, job string, recorded bool) (program, tool time.Duration) {
	b.Helper()
	forker := proc.NewForker()
	defer forker.Close()
	before := ownTime(b)
	cmd := self(job)
	var r *Recording
	var err error
	forker.Do(func() {
		if recorded {
			if r, err = Start(allCPUs(b), io.Discard, Options{}); err != nil {
				return
			}
		}
		err = cmd.Start()
	})
	if err != nil {
		b.Fatal(err)
	}
	if recorded {
		r.Follow(cmd.Process.Pid)
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	if recorded {
		if _, err := r.Stop(); err != nil {
			b.Fatal(err)
		}
	}
	ru := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano()), ownTime(b) - before
}

func ownTime(b *testing.B) time.Duration {
	b.Helper()
	var ru syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ru); err != nil {
		b.Fatal(err)
	}
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

// BenchmarkWrite measures the cost of writing a record.
func BenchmarkWrite(b *testing.B) {
	w, err := newWriter(io.Discard, Header{})
	if err != nil {
		b.Fatal(err)
	}
	r := Record{Kind: In, CPU: 1, PID: 4711, TID: 4712}
	for b.Loop() {
		r.Time += 1234
		if err := w.write(&r); err != nil {
			b.Fatal(err)
		}
	}
}
