package osched

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/proc"
)

func handOver(from, to, n int) error {
	runtime.LockOSThread()
	b := make([]byte, 1)
	for range n {
		if _, err := unix.Read(from, b); err != nil {
			return err
		}
		if _, err := unix.Write(to, b); err != nil {
			return err
		}
	}
	return nil
}

// allCPUs returns the CPUs that the test may use.
func allCPUs(t testing.TB) []int {
	t.Helper()
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		t.Fatal(err)
	}
	var cpus []int
	for i := range 1024 {
		if set.IsSet(i) {
			cpus = append(cpus, i)
		}
	}
	return cpus
}

// self returns a command that runs a job in the test binary.
func self(job string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), jobEnv+"="+job)
	return cmd
}

// A recorded run.
type recorded struct {
	header  Header
	records []Record
	summary Summary
	usage   *syscall.Rusage
	wall    time.Duration
	pid     int32
}

// record runs cmd to its end under a recording.
func record(t testing.TB, cmd *exec.Cmd, o Options) *recorded {
	t.Helper()
	forker := proc.NewForker()
	defer forker.Close()
	var file bytes.Buffer
	var r *Recording
	var err error
	var begin clock.Time
	forker.Do(func() {
		if r, err = Start(allCPUs(t), &file, o); err != nil {
			return
		}
		begin = clock.Now()
		err = cmd.Start()
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Follow(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	rec := &recorded{wall: time.Duration(clock.Now() - begin), pid: int32(cmd.Process.Pid)}
	if rec.summary, err = r.Stop(); err != nil {
		t.Fatal(err)
	}
	rec.usage = cmd.ProcessState.SysUsage().(*syscall.Rusage)
	rec.header, err = Each("test", &file, func(x *Record) error {
		rec.records = append(rec.records, *x)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	checkOrder(t, rec.records)
	return rec
}

// checkOrder fails the test unless times never fall and End comes last and once.
func checkOrder(t testing.TB, records []Record) {
	t.Helper()
	for i, r := range records {
		if i > 0 && r.Time < records[i-1].Time {
			t.Fatalf("record %d is of %d after one of %d", i, r.Time, records[i-1].Time)
		}
		if (r.Kind == End) != (i == len(records)-1) {
			t.Fatalf("record %d of %d is %+v", i, len(records), r)
		}
	}
}

// needSwitches skips the test where the kernel reports no switches.
func needSwitches(t testing.TB) {
	t.Helper()
	if level, why := Probe(); level != Switches {
		t.Skipf("the kernel tells no switches here: %v", why)
	}
}

func count(records []Record, k Kind) int {
	n := 0
	for _, r := range records {
		if r.Kind == k {
			n++
		}
	}
	return n
}

// A thread switches twice for each byte that it waits for, once out and once in: two threads and n bytes each way make
// about 4n records. Fewer are possible where a thread finds its byte already there; those that the kernel had no room
// for, because the reader did not run in time, are counted, unless none came after them.
func TestPingPong(t *testing.T) {
	needSwitches(t)
	const n = 20_000
	r := record(t, self("pingpong 20000"), Options{})
	in, out := count(r.records, In), count(r.records, Out)+count(r.records, Preempt)
	uncounted := slices.ContainsFunc(r.records, func(r Record) bool { return r.Kind == Lost && r.Count == 0 })
	lost := int(r.summary.Lost)
	if few := in+out+lost < 2*n || in+lost < n || out+lost < n; few && !uncounted || in > 6*n {
		t.Errorf("%d in, %d out and %d lost, want about %d each way", in, out, lost, 2*n)
	}
	if r.summary.Wakes < 1 {
		t.Errorf("the rings were emptied %d times although %d records do not fit", r.summary.Wakes, in+out)
	}
	if r.summary.Gaps > 0 || r.summary.Late > 0 {
		t.Logf("a busy machine: %+v", r.summary)
	}
}

// With one page, 128 records fit. Of what is read only when threads have switched thousands of times, and no record
// comes afterwards with which the kernel would tell what it has dropped, it is known that there are losses.
func TestTinyRing(t *testing.T) {
	needSwitches(t)
	forker := proc.NewForker()
	defer forker.Close()
	var c *capture
	var err error
	forker.Do(func() {
		if c, err = open(allCPUs(t), Options{Pages: 1, NoReasons: true}); err == nil {
			err = self("pingpong 5000").Run()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	w, err := newWriter(&file, Header{Level: Switches, Pages: c.pages})
	if err != nil {
		t.Fatal(err)
	}
	c.start(w.write)
	time.Sleep(3 * samplePeriod) // the rings are emptied, as a rule, before the end
	s, err := (&Recording{capture: c, writer: w}).Stop()
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	if _, err := Each("test", &file, func(r *Record) error {
		if r.Kind == Lost {
			lost++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if lost != s.Gaps || lost == 0 || c.pages != 1 {
		t.Errorf("%d records of losses, the summary says %d; thousands of records did not fit into %d page", lost, s.Gaps, c.pages)
	}
	if len(s.Notes) == 0 {
		t.Error("losses without a note")
	}
}

// A ring that was full stays so until the kernel writes another record, with which it tells what it has dropped.
func TestTake(t *testing.T) {
	r := &ring{meta: &unix.PerfEventMmapPage{}, data: make([]byte, 4096)}
	for i, tt := range []struct {
		written uint64 // since the last time
		full    bool
	}{{0, false}, {4096 - largestRecord, false}, {4096, true}, {0, true}, {0, true}, {40, false}, {0, false}, {4090, true}} {
		r.meta.Data_head += tt.written
		if out, full := r.take(); full != tt.full || uint64(len(out)) != tt.written {
			t.Errorf("time %d: %d bytes, full %v; want %d, %v", i, len(out), full, tt.written, tt.full)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct {
		cpus  []int
		pages int
	}{{nil, 0}, {[]int{0}, 3}, {[]int{0}, -1}, {[]int{1 << 20}, 1}} {
		if c, err := open(tt.cpus, Options{Pages: tt.pages}); err == nil {
			t.Errorf("CPUs %v, %d pages: opened", tt.cpus, tt.pages)
			_ = c.close()
		}
	}
}

// stop returns an error of emit, which does not keep the rings from being emptied.
func TestEmitFails(t *testing.T) {
	needSwitches(t)
	forker := proc.NewForker()
	defer forker.Close()
	full := errors.New("disk full")
	var c *capture
	var err error
	cmd := exec.Command("true")
	forker.Do(func() {
		if c, err = open(allCPUs(t), Options{}); err == nil {
			c.start(func(*Record) error { return full })
			err = cmd.Run()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.stop(); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

// What is emitted while a program runs is in order and complete, as is what is kept until its end.
func TestEmittedMeanwhile(t *testing.T) {
	needSwitches(t)
	for _, most := range []int{0, mostKept} {
		forker := proc.NewForker()
		var c *capture
		var err error
		var got []Record
		var meanwhile atomic.Int64
		done := make(chan struct{})
		forker.Do(func() {
			if c, err = open(allCPUs(t), Options{}); err != nil {
				return
			}
			c.most = most
			c.start(func(r *Record) error {
				select {
				case <-done:
				default:
					meanwhile.Add(1)
				}
				got = append(got, *r)
				return nil
			})
			// A busy machine lets the reader run late: what it is to emit meanwhile, it has as long for as it takes.
			for tries := 0; err == nil && (tries == 0 || most == 0 && meanwhile.Load() == 0 && tries < 50); tries++ {
				err = self("pingpong 20000").Run()
			}
		})
		close(done)
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.stop()
		forker.Close()
		if err != nil {
			t.Fatal(err)
		}
		checkOrder(t, got)
		if n := count(got, Out) + count(got, Preempt); s.Gaps == 0 && n < 5000 || int64(len(got)) != s.Records {
			t.Errorf("at most %d bytes: %d switches among %d records, %+v", most, n, len(got), s)
		}
		if n := meanwhile.Load(); (n > 0) != (most == 0) {
			t.Errorf("at most %d bytes: %d records were emitted meanwhile", most, n)
		}
	}
}

// asleep returns a process of n sleeping threads, and them.
func asleep(t testing.TB, n int) (pid int32, tids []int32) {
	t.Helper()
	cmd := self(fmt.Sprintf("sleepers %d", n))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = in.Close(), cmd.Wait() })
	for len(tids) < n {
		tids = nil
		for _, tid := range numbers(tasks(cmd.Process.Pid)) {
			tids = append(tids, int32(tid))
		}
		time.Sleep(time.Millisecond)
	}
	return int32(cmd.Process.Pid), tids
}
