package osched

import (
	"fmt"
	"io"
	"math"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/proc"
)

// BenchmarkOverhead runs a program in turn without and with a recording and reports the medians of the ratios of its
// processor time, and the median of what the recording itself used by what the program used.
func BenchmarkOverhead(b *testing.B) {
	needSwitches(b)
	for _, bm := range []struct{ name, job string }{
		{"computing", "crunch 150"},
		{"pingpong", "pingpong 60000"},
		{"python", "python 2"},
		{"threads", "naps 200"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			var alone, tool []float64
			for b.Loop() {
				without, _ := spend(b, bm.job, false)
				with, own := spend(b, bm.job, true)
				alone = append(alone, float64(with)/float64(without))
				tool = append(tool, float64(own)/float64(with))
			}
			b.ReportMetric(median(alone), "cpu/cpu")
			b.ReportMetric(median(tool), "tool/cpu")
		})
	}
}

// twoThreads is a program of Python of which two threads do the work of five seconds in turn.
const twoThreads = `
import threading
def count():
    for _ in range(40000):
        sum(range(5000))
threads = [threading.Thread(target=count) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
`

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
	if job == "python 2" {
		cmd = exec.Command("python3", "-c", twoThreads)
	}
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

func ownTime(b testing.TB) time.Duration {
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

// BenchmarkPass measures a look at every thread of a process, all of them just blocked.
func BenchmarkPass(b *testing.B) {
	for _, n := range []int{2, 20, 200} {
		pid, tids := asleep(b, n)
		drop := func(*Record) {}
		b.Run(fmt.Sprintf("switches/%d", n), func(b *testing.B) {
			w := newWatcher()
			defer w.close()
			at := clock.Time(0)
			defer perThread(b, len(tids))()
			for b.Loop() {
				at++
				for _, tid := range tids {
					w.see(&Record{Time: at, Kind: Out, PID: pid, TID: tid})
				}
				w.budget = budget{have: time.Hour, at: math.MaxInt64}
				w.pass(drop)
			}
		})
		b.Run(fmt.Sprintf("sampled/%d", n), func(b *testing.B) {
			s := &sampler{
				roots: []int{int(pid)}, why: true, emit: drop, looker: newLooker(), processes: map[int]*sampledProcess{},
			}
			defer s.looker.close()
			defer perThread(b, len(tids))()
			for b.Loop() {
				s.pass()
			}
		})
	}
}

// perThread begins to measure the CPU time of the caller, which a busy machine does not change, and returns what
// reports it.
func perThread(b *testing.B, threads int) (report func()) {
	runtime.LockOSThread()
	begin := cpuTime(threadClock)
	return func() {
		b.ReportMetric(float64((cpuTime(threadClock)-begin).Nanoseconds())/float64(b.N*threads), "cpu-ns/thread")
		runtime.UnlockOSThread()
	}
}
