package critical_test

import (
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/critical"
)

// A program has a speedup that is known on unlimited cores.
type program struct {
	name  string
	limit float64 // 0: known only on two cores, by measuring
	run   func()
}

// unit is some milliseconds of work.
const unit = 4_000_000

// side runs f n times side by side.
func side(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// programs returns programs whose time goes to the kernel, to sleep, to waits for each other, or to work that they
// share out as they go, with what unlimited cores make of them:
//
//   - four goroutines that read /dev/urandom are four chains;
//   - four goroutines of 8 naps, 2 ms each, and as many stretches of work have no chain but their own: with w of work
//     in all (w + naps)/(w/4 + naps), where one core works during most naps; not more than 4;
//   - 8 ms of naps are the same on any number of cores;
//   - main looks every millisecond whether four others are done;
//   - eight workers that take items from a channel, or by a counter, are eight;
//   - of work that is done with a lock held for three tenths of it, the lock allows 3.33 times. It takes so long that
//     goroutines are preempted with the lock, also on one P: where nobody ever waits for a lock, a trace has no sign of
//     it;
//   - two goroutines that hand an item to and fro are one;
//   - a tenth before 64 equal tasks: 8.77;
//   - what four others write into pipes is read by four;
//   - main works on one of four results that come through a channel while others make the next.
func programs() []program {
	return []program{
		{"urandom", 4, func() {
			side(4, func(int) {
				f, err := os.Open("/dev/urandom")
				if err != nil {
					return
				}
				defer func() { _ = f.Close() }()
				b := make([]byte, 1<<16)
				for range 60 {
					_, _ = f.Read(b)
				}
			})
		}},
		{"naps", 0, func() {
			side(4, func(int) {
				for range 8 {
					spin(unit / 5)
					time.Sleep(2 * time.Millisecond)
				}
			})
		}},
		{"sleep", 1, func() {
			for range 8 {
				time.Sleep(time.Millisecond)
			}
		}},
		{"poller", 4, func() {
			var done atomic.Int32
			for range 4 {
				go func() {
					spin(unit)
					done.Add(1)
				}()
			}
			for done.Load() < 4 {
				time.Sleep(time.Millisecond)
			}
		}},
		{"pool", 8, func() {
			items := make(chan int)
			go func() {
				for i := range 64 {
					items <- i
				}
				close(items)
			}()
			side(8, func(int) {
				for range items {
					spin(unit / 8)
				}
			})
		}},
		{"counter", 8, func() {
			var next atomic.Int32
			side(8, func(int) {
				for next.Add(1) <= 32 {
					spin(unit / 100)
				}
			})
		}},
		{"lock", 1 / 0.3, func() {
			var mu sync.Mutex
			side(8, func(int) {
				for range 200 {
					mu.Lock()
					spin(unit * 3 / 200)
					mu.Unlock()
					spin(unit * 7 / 200)
				}
			})
		}},
		{"hand over", 1, func() {
			to, fro := make(chan int), make(chan int)
			go func() {
				for i := range to {
					spin(unit / 100)
					fro <- i
				}
			}()
			for i := range 100 {
				to <- i
				<-fro
				spin(unit / 100)
			}
			close(to)
		}},
		{"serial tenth", 1 / (0.1 + 0.9/64), func() {
			spin(unit)
			side(64, func(int) { spin(9 * unit / 64) })
		}},
		{"pipes", 0, func() {
			side(4, func(int) {
				r, w, err := os.Pipe()
				if err != nil {
					return
				}
				go func() {
					for range 100 {
						spin(unit / 200)
						_, _ = w.Write(make([]byte, 4096))
					}
					_ = w.Close()
				}()
				_, _ = io.Copy(io.Discard, r)
			})
		}},
		{"results", 0, func() {
			results := make(chan int)
			for i := range 4 {
				go func() {
					spin(unit * (4 - 3*min(i, 1)) / 2)
					results <- i
				}()
			}
			for range 4 {
				<-results
				spin(unit)
			}
		}},
	}
}

// TestSpeedups: of every program, recorded on one P and on two, the bounds hold for the speedup on two that is measured
// and for the one that is known. Where there are no bounds they say why.
//
// A tenth is allowed on two: times of equal work are that far apart on a machine that others use, of which the least of
// several is taken. On many cores it is a fifth: it is how far the running times of equal goroutines within a recording
// are apart. The lower bound of what is measured needs two cores that nobody else uses.
func TestSpeedups(t *testing.T) {
	if testing.Short() || runtime.NumCPU() < 2 {
		t.Skip("needs two cores and some seconds")
	}
	for _, p := range programs() {
		t.Run(p.name, func(t *testing.T) {
			holds(t, p.limit, func(procs int) time.Duration { return timed(procs, p.run) },
				func(procs int) []byte { return record(t, procs, p.run) })
		})
	}
}

// TestSpeedupInC: four goroutines that compute in C are four chains, whether the calls are so short that they keep
// their P or so long that they lose it.
func TestSpeedupInC(t *testing.T) {
	if testing.Short() || runtime.NumCPU() < 2 {
		t.Skip("needs two cores and some seconds")
	}
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("there is no C compiler")
	}
	dir := t.TempDir()
	program, trace := filepath.Join(dir, "burn"), filepath.Join(dir, "trace")
	build := exec.Command("go", "build", "-o", program, "testdata/burn/main.go")
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("cgo does not work here: %v: %s", err, out)
	}
	for _, steps := range []string{"1000", "4000000"} {
		run := func(procs int, args ...string) time.Duration {
			c := exec.Command(program, append([]string{steps}, args...)...)
			c.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", procs))
			out, err := c.Output()
			if err != nil {
				t.Fatal(err)
			}
			d, err := time.ParseDuration(string(out))
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		t.Run(steps, func(t *testing.T) {
			holds(t, 4, func(procs int) time.Duration { return run(procs) }, func(procs int) []byte {
				run(procs, trace)
				data, err := os.ReadFile(trace)
				if err != nil {
					t.Fatal(err)
				}
				return data
			})
		})
	}
}

// holds checks the bounds of a program that is known to be so many times as fast on unlimited cores; 0: not known.
// timed returns how long it takes on so many Ps, and recorded the trace of that. A try in which the machine does not
// give two cores, or equal work does not take equal time before and after a recording, says nothing.
func holds(t *testing.T, limit float64, timed func(procs int) time.Duration, recorded func(procs int) []byte) {
	t.Helper()
	var wrong []string
	quiet := 0 // tries that say something
	for range tries {
		best := [3]time.Duration{1: math.MaxInt64, 2: math.MaxInt64}
		spins := best
		for range 3 {
			for procs := 1; procs <= 2; procs++ {
				best[procs] = min(best[procs], timed(procs))
				spins[procs] = min(spins[procs], spinning(procs))
			}
		}
		two := 2*spins[1].Seconds()/spins[2].Seconds() > 1.9
		wrong = nil
		apart := noise()
		for procs := 1; procs <= 2; procs++ {
			path := analyse(t, recorded(procs))
			apart = max(apart, noise())
			wrong = append(wrong, beyond(path, 2, best[1].Seconds()/best[2].Seconds(), 0.1)...)
			if limit > 0 {
				wrong = append(wrong, beyond(path, 1<<20, limit, 0.2)...)
			}
		}
		if len(wrong) == 0 {
			return
		}
		if two && apart < 0.1 {
			quiet++
		}
	}
	if quiet < 2 {
		t.Skipf("%v; but the machine gave two cores that are equally fast in %d of %d tries only", wrong, quiet, tries)
	}
	t.Error(wrong)
}

// spinning returns how long it takes that many Ps to do the same work each.
func spinning(procs int) time.Duration {
	return timed(procs, func() {
		var wg sync.WaitGroup
		for range procs {
			wg.Go(func() { spin(20_000_000) })
		}
		wg.Wait()
	})
}

// timed returns how long f takes on so many Ps.
func timed(procs int, f func()) time.Duration {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
	start := time.Now()
	f()
	return time.Since(start)
}

// beyond returns what speedup on so many cores is outside the bounds by more than the tolerance.
func beyond(p *critical.Path, cores int, speedup, tolerance float64) (out []string) {
	low, high := p.Bounds(cores)
	if p.NoHigh() == nil && speedup > high*(1+tolerance) {
		out = append(out, fmt.Sprintf("%.2f on %d cores, at most %.2f", speedup, cores, high))
	}
	if p.NoLow() == nil && speedup < low*(1-tolerance) {
		out = append(out, fmt.Sprintf("%.2f on %d cores, at least %.2f", speedup, cores, low))
	}
	return out
}
