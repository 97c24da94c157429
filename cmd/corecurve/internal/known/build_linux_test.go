package known

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/examples/known"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/latency"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestMain is the supervisor of the go command, and what measures the scheduler, too.
func TestMain(m *testing.M) {
	if supervise.Asked() {
		os.Exit(supervise.Main())
	}
	if os.Getenv(schedulerEnv) != "" {
		if err := json.NewEncoder(os.Stdout).Encode(latency.Measure(context.Background())); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// schedulerEnv asks for what the scheduler takes.
const schedulerEnv = "CORECURVE_KNOWN_SCHEDULER"

// scheduler returns what Go's scheduler takes on this machine, measured by a process that goes before others.
func scheduler(t *testing.T) *simulate.Costs {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), schedulerEnv+"=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := errors.Join(first(cmd), cmd.Wait()); err != nil {
		t.Fatal(err)
	}
	var s sweep.Scheduler
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatalf("%q: %v", &out, err)
	}
	return predict.Measured(&s)
}

// pairs returns how many pairs of runs are asked for, or skips the test.
func pairs(t *testing.T) int {
	t.Helper()
	text := os.Getenv("CORECURVE_KNOWN")
	if text == "" {
		t.Skip("CORECURVE_KNOWN is not set: a proof of some minutes")
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 5 {
		t.Fatalf("CORECURVE_KNOWN=%s: want how many pairs of runs to make, 5 or more", text)
	}
	if runtime.NumCPU() < 2 {
		t.Skip("there is one core: no speedup can be measured")
	}
	return n
}

// A binary runs programs of examples/known.
type binary struct {
	path  string
	sized map[string]int64 // programs' sizes
	dir   string
}

// build builds the programs as they are and with sync events.
func build(t *testing.T) (stock, synced *binary) {
	t.Helper()
	const from = "github.com/corecurve/corecurve/examples/known/once"
	sized := make(map[string]int64)
	for _, p := range slices.Concat(known.All(), known.Doubtful()) {
		sized[p.Name] = p.Size
	}
	dir := t.TempDir()
	stock = &binary{filepath.Join(dir, "stock"), sized, dir}
	synced = &binary{filepath.Join(dir, "synced"), sized, dir}
	goBuild(t, from, stock.path, synced.path)
	return stock, synced
}

// goBuild builds a package as it is, and with sync events.
func goBuild(t *testing.T, from, stock, synced string) {
	t.Helper()
	if out, err := exec.Command("go", "build", "-o", stock, from).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var out bytes.Buffer
	if err := capture.Install(t.Context(), []string{"-o", synced, from}, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
}

// run runs a program on so many Ps, and records it to a file unless that is empty. It returns how long its work took.
func (b *binary) run(t *testing.T, program string, procs int, file string) time.Duration {
	t.Helper()
	args := []string{program, strconv.FormatInt(b.sized[program], 10)}
	if file != "" {
		args = append(args, file)
	}
	out, _ := execute(t, procs, "", b.path, args...)
	var ns int64
	if _, err := fmt.Sscan(out, &ns); err != nil || ns <= 0 {
		t.Fatalf("%s printed %q: %v", program, out, err)
	}
	return time.Duration(ns)
}

// execute runs a program in a folder on so many Ps, and returns what it printed and how long it took.
func execute(t *testing.T, procs int, folder, program string, args ...string) (printed string, took time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(procs))
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	cmd.Cancel = func() error { return cmd.Process.Signal(unix.SIGQUIT) } // it tells where its goroutines are
	cmd.WaitDelay = 5 * time.Second
	begun := time.Now()
	if err := errors.Join(first(cmd), cmd.Wait()); err != nil {
		t.Fatalf("%s %q on %d Ps: %v\n%s%s", program, args, procs, err, &out, &problems)
	}
	took = time.Since(begun)
	// Programs that go before others get 95 % of the time by default.
	time.Sleep(took / 4)
	return out.String(), took
}

// watch returns a function that tells what others have taken of the machine meanwhile.
func watch() func() sweep.Noise {
	own := func() (sum time.Duration) {
		for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
			var u unix.Rusage
			if unix.Getrusage(who, &u) == nil {
				sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
			}
		}
		return sum
	}
	sampler := host.NewSampler()
	before, used := sampler.Sample(), own()
	return func() sweep.Noise {
		return host.Noise(before, sampler.Sample(), host.Use{Run: sweep.Seconds(own() - used)})
	}
}

// first starts a command whose threads, if root calls, go before those of other programs. Those of one priority take
// turns of 100 ms, so the first one that Go's runtime starts goes before its others: it ends the turns of goroutines.
func first(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	turns := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: 10}
	before, err := unix.SchedGetAttr(0, 0)
	if err != nil || unix.SchedSetAttr(0, &turns, 0) != nil {
		return cmd.Start()
	}
	defer func() { _ = unix.SchedSetAttr(0, before, 0) }()
	if err := cmd.Start(); err != nil {
		return err
	}
	turns.Priority++
	for range 100 {
		if tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", cmd.Process.Pid)); len(tasks) > 1 {
			if id, err := strconv.Atoi(tasks[1].Name()); err == nil {
				_ = unix.SchedSetAttr(id, &turns, 0)
			}
			break
		}
		time.Sleep(100 * time.Microsecond)
	}
	return nil
}
