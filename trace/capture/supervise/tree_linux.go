package supervise

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

const (
	// samplePeriod is how often the process trees are sampled, and slowest what that becomes where there are so many
	// threads that it would take more than treeShare of a core's time. Young trees are sampled whenever they are older by
	// youngPart, but for a period of soonest, so that there is a sample near the end of a short run too.
	samplePeriod = 20 * time.Millisecond
	slowest      = time.Second
	treeShare    = 0.001
	soonest      = 5 * time.Millisecond
	youngPart    = 0.2
	// stalePart is the part of a copy's time before its end in which it must have been sampled for the samples to tell
	// its peak: just after exec a program has hardly any memory or threads yet.
	stalePart = 0.25
	// longStill is how long a process below the copies must have been held by a signal for that to be told.
	longStill = 100 * time.Millisecond
)

// A tree is what was seen of the process trees of the copies.
type tree struct {
	mu   sync.Mutex // held while a sample is taken
	over bool       // no more are

	rss     int64              // largest sum at one instant, bytes
	threads int                // most at one instant
	high    map[int]int64      // high-water mark of the largest process below each copy, by the copy's pid
	seen    map[int]clock.Time // time of the last sample of each copy
	below   bool               // a copy had processes below it
	halted  map[int]clock.Time // since when the processes below the copies are held by a signal, by pid
	still   time.Duration      // the longest that one of them was
	floor   int64              // memory of this process when it started the copies, from which the kernel counts theirs
	cpus    int                // most in the affinity mask of a process
	buf     []byte
}

func newTree() *tree {
	return &tree{high: map[int]int64{}, seen: map[int]clock.Time{}, halted: map[int]clock.Time{}, buf: make([]byte, 8192)}
}

// watch samples the trees of pids until stop is called. What was seen is not to be read before.
func (t *tree) watch(pids []int) (stop func()) {
	status, _ := t.read("/proc/self/status") // on an error the floor is 0, and wait4's figure counts
	t.floor = field(status, "VmHWM:") << 10
	quit := make(chan struct{})
	go func() {
		runtime.LockOSThread() // for its CPU time
		defer runtime.UnlockOSThread()
		start := clock.Now()
		timer := time.NewTimer(0)
		defer timer.Stop()
		for {
			select {
			case <-timer.C:
				before := threadCPU()
				t.sample(pids)
				timer.Reset(pause(clock.Now().Sub(start), threadCPU()-before))
			case <-quit:
				return
			}
		}
	}()
	return func() {
		t.mu.Lock()
		t.over = true
		t.mu.Unlock()
		close(quit)
	}
}

// pause returns the time until the next sample of trees of that age, after one that took that long on a core.
func pause(age, took time.Duration) time.Duration {
	young := max(soonest, time.Duration(youngPart*float64(age)))
	return min(max(samplePeriod, time.Duration(float64(took)/treeShare)), slowest, young)
}

func threadCPU() time.Duration {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts) // cannot fail: every kernel has this clock
	return time.Duration(ts.Nano())
}

// sample takes a sample, unless the watch is over.
func (t *tree) sample(pids []int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return
	}
	var rss int64
	threads := 0
	for _, pid := range pids {
		below := descendants(pid)
		t.below = t.below || len(below) > 0
		for _, p := range append([]int{pid}, below...) {
			status, err := t.read("/proc/" + strconv.Itoa(p) + "/status")
			if err != nil {
				continue // it has ended meanwhile
			}
			rss += field(status, "VmRSS:") << 10
			threads += int(field(status, "Threads:"))
			if p != pid {
				t.hold(p, halted(status))
			}
			t.cpus = max(t.cpus, allowed(status))
			if high := field(status, "VmHWM:") << 10; high > 0 { // one that has ended and is not reaped has no memory
				t.high[pid], t.seen[pid] = max(t.high[pid], high), clock.Now()
			}
		}
	}
	t.rss, t.threads = max(t.rss, rss), max(t.threads, threads)
}

// hold notes whether a signal holds process p now.
func (t *tree) hold(p int, is bool) {
	since, was := t.halted[p]
	switch {
	case !is:
		delete(t.halted, p)
	case was:
		t.still = max(t.still, clock.Now().Sub(since))
	default:
		t.halted[p] = clock.Now()
	}
}

// tells reports whether a copy that ran between two times was sampled shortly before its end.
func (t *tree) tells(pid int, launched, ended clock.Time) bool {
	last, ok := t.seen[pid]
	return ok && float64(ended-last) <= stalePart*float64(ended-launched)
}

// highWater returns the peak memory of a copy that ran between two times; 0: not known. The figure of wait4 is exact if
// it is above this process's own memory, from which the kernel begins to count, by more than the two counts of that
// differ; otherwise the largest sample is the best that is known, unless the last is old.
func (t *tree) highWater(pid int, maxrss int64, launched, ended clock.Time) int64 {
	switch {
	case maxrss > t.floor+t.floor/8:
		return maxrss
	case t.tells(pid, launched, ended):
		return t.high[pid]
	}
	return 0
}

// read reads a small file of /proc into the tree's buffer.
func (t *tree) read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	n, err := f.Read(t.buf)
	_ = f.Close()
	return t.buf[:n], err
}

// field returns a number of /proc/PID/status.
func field(status []byte, key string) int64 {
	_, rest, ok := bytes.Cut(status, []byte("\n"+key))
	if !ok {
		return 0
	}
	words := bytes.Fields(rest[:min(len(rest), 64)])
	if len(words) == 0 {
		return 0
	}
	n, err := strconv.ParseInt(string(words[0]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// allowed returns the number of CPUs in a process's affinity mask in /proc/PID/status, as in "0-2,7".
func allowed(status []byte) (n int) {
	_, rest, _ := bytes.Cut(status, []byte("\nCpus_allowed_list:"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	for r := range bytes.SplitSeq(bytes.TrimSpace(line), []byte(",")) {
		from, to, isRange := bytes.Cut(r, []byte("-"))
		if !isRange {
			to = from
		}
		a, errA := strconv.Atoi(string(from))
		b, errB := strconv.Atoi(string(to))
		if errA == nil && errB == nil && b >= a {
			n += b - a + 1
		}
	}
	return n
}

// Children returns the processes whose parent is pid, by any of its threads.
func Children(pid int) (out []int) {
	dir := "/proc/" + strconv.Itoa(pid) + "/task"
	threads, err := os.ReadDir(dir)
	if err != nil {
		return nil // it has ended
	}
	for _, th := range threads {
		b, err := os.ReadFile(dir + "/" + th.Name() + "/children")
		if err != nil {
			continue // the thread has ended, or the kernel lacks the file (CONFIG_PROC_CHILDREN)
		}
		for f := range bytes.FieldsSeq(b) {
			if p, err := strconv.Atoi(string(f)); err == nil {
				out = append(out, p)
			}
		}
	}
	return out
}

// descendants returns the children of pid, their children, and so on.
func descendants(pid int) []int {
	var out []int
	next := Children(pid)
	for len(next) > 0 {
		p := next[0]
		out = append(out, p)
		next = append(next[1:], Children(p)...)
	}
	return out
}

// EndChildren kills and reaps all children of this process except those to keep, and those handed up to it when their
// parents are killed, whatever group or session they have moved to. It returns how many there were.
func EndChildren(keep ...int) int {
	ended := 0
	if errors.Is(unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil), unix.ECHILD) {
		return 0 // as after most runs: a call where the list takes one for each thread
	}
	// each round ends a generation; a program that forks faster than it is killed must not hold us for ever
	for range 1000 {
		children := slices.DeleteFunc(Children(os.Getpid()), func(pid int) bool { return slices.Contains(keep, pid) })
		if len(children) == 0 {
			break
		}
		for _, pid := range children {
			_ = unix.Kill(pid, unix.SIGKILL)
		}
		for _, pid := range children {
			var ws unix.WaitStatus
			if p, err := unix.Wait4(pid, &ws, 0, nil); err == nil && p == pid {
				ended++
			}
		}
	}
	return ended
}

// Stopped reports whether a signal holds one of the children of process pid.
func Stopped(pid int) bool {
	for _, p := range Children(pid) {
		if status, err := os.ReadFile("/proc/" + strconv.Itoa(p) + "/status"); err == nil && halted(status) {
			return true
		}
	}
	return false
}

// halted reports whether /proc/PID/status is that of a process that a signal holds. One that a debugger holds has
// another state.
func halted(status []byte) bool {
	_, rest, _ := bytes.Cut(status, []byte("\nState:"))
	rest = bytes.TrimLeft(rest[:min(len(rest), 16)], " \t")
	return len(rest) > 0 && rest[0] == 'T'
}
