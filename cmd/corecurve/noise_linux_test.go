package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/analyze/noise"
)

// noiseEnv asks for TestUnderNoise: the number of studies at each level of noise.
//
//	CORECURVE_NOISE=20 go test ./cmd/corecurve -run UnderNoise -v -timeout 40m
//
// makes 60 studies of examples with known answers while another program takes 10, 30 and 60 % of every core, and judges
// what each report says. It takes some 15 minutes on two cores, which nobody else should use meanwhile. 8@10 is one
// level alone.
const noiseEnv = "CORECURVE_NOISE"

// A known is an example, what its curve looks like with two workers and why.
type known struct {
	name  string
	size  string
	least float64  // the speedup with two workers is at least that
	most  float64  // and at most that
	why   []string // causes of what it lacks, by their first letters; empty: it lacks next to nothing
	has   []string // causes that it has as well, and may be named
}

// knowns are examples whose answers are known; see their documentation.
func knowns() []known {
	return []known{
		{"mutex-100", "512", 0.85, 1.05, []string{"block.mutex"}, nil},
		{"serial", "100000000", 1.45, 1.6, []string{"serial"}, []string{"block.join"}},
		{"imbalance", "100000000", 1.25, 1.36, []string{"block.join"}, nil},
		{"alloc", "3200", 0.8, 1.25, []string{"gc"}, []string{"work.inflation"}},
		{"pi", "60000000", 1.8, 2.05, nil, nil},
		{"fetch", "4", 1.8, 2.05, nil, nil},
		{"sort", "1600000", 1.7, 2.05, nil, []string{"work.inflation", "gc"}},
		{"pipeline", "120", 1.35, 1.55, []string{"block.chan"}, nil},
	}
}

// everywhere are causes that every run has: it starts and ends, it is interrupted, and the runtime does its work.
func everywhere() []string {
	return []string{"startup", "teardown", "os.preempted", "sched.latency", "runtime", "tracer"}
}

// A said is what a report says of an example with two workers.
type said struct {
	speedup, low, high float64
	noise              float64           // part of the CPU time that others took, by the timed runs; the largest
	causes             map[string]string // how sure each is that is named
	headline           string
}

// A judgement is what of that is right.
type judgement struct {
	wrongCause, wrongDirection string // what is wrong; empty: nothing
	right                      bool   // the cause is named, likely at least, and the direction
}

// judge holds what is said against what is known.
func (k *known) judge(s said) (j judgement) {
	allowed := append(append(everywhere(), k.why...), k.has...)
	named := len(k.why) == 0
	for c, sure := range s.causes {
		if sure == string(noise.Certain) && !begins(c, allowed) {
			j.wrongCause = c
		}
		named = named || begins(c, k.why)
	}
	switch {
	case s.low > max(1, k.most):
		j.wrongDirection = "faster than it is"
	case s.high < min(1, k.least):
		j.wrongDirection = "slower than it is"
	}
	direction := s.low > 1
	if k.least < 1 { // neither faster nor slower by much
		direction = s.low <= k.most && s.high >= k.least
	}
	j.right = named && direction && j.wrongCause == "" && j.wrongDirection == ""
	return j
}

func begins(c string, with []string) bool {
	for _, w := range with {
		if c == w || strings.HasPrefix(c, w+".") {
			return true
		}
	}
	return false
}

// TestUnderNoise: under noise nothing wrong is named, and at 10 % nine in ten reports are right.
func TestUnderNoise(t *testing.T) {
	asked := os.Getenv(noiseEnv)
	if asked == "" {
		t.Skipf("%s is not set: it takes long, and a machine of its own", noiseEnv)
	}
	levels := []int{10, 30, 60}
	number, level, one := strings.Cut(asked, "@")
	if one {
		percent, err := strconv.Atoi(level)
		if err != nil || percent < 1 || percent > 90 {
			t.Fatalf("%s=%s: want 1 to 90 percent behind the @", noiseEnv, asked)
		}
		levels = []int{percent}
	}
	studies, err := strconv.Atoi(number)
	if err != nil || studies < 1 || runtime.NumCPU() < 2 {
		t.Fatalf("%s=%s on %d CPUs: want a number of studies for each level, and two CPUs", noiseEnv, asked,
			runtime.NumCPU())
	}
	t.Logf("%4s  %-10s %18s  %-9s %6s  %s", "load", "example", "speedup (range)", "", "others", "causes; headline")
	for _, percent := range levels {
		right := 0
		for i := range studies {
			k := knowns()[i%len(knowns())]
			s := k.study(t, percent, uint64(1000*percent+i))
			j := k.judge(s)
			verdict := "open"
			switch {
			case j.wrongCause != "" || j.wrongDirection != "":
				verdict = "WRONG"
				t.Errorf("%d %%, %s: %s %s: %+v", percent, k.name, j.wrongCause, j.wrongDirection, s)
			case j.right:
				verdict = "right"
				right++
			}
			t.Logf("%3d%%  %-10s %5.2f (%4.2f–%5.2f)  %-9s %5.0f%%  %v; %s", percent, k.name, s.speedup, s.low, s.high,
				verdict, 100*s.noise, s.causes, s.headline)
		}
		t.Logf("%d %% of every core taken: %d of %d right", percent, right, studies)
		if percent == 10 && 10*right < 9*studies {
			t.Errorf("at 10 %% only %d of %d reports are right", right, studies)
		}
	}
}

// study measures the example with one and two workers while another program takes so much of every core.
func (k *known) study(t *testing.T, percent int, seed uint64) said {
	t.Helper()
	other := exec.Command("disturb", strconv.Itoa(percent), strconv.FormatUint(seed, 10))
	other.Stderr = os.Stderr
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = other.Process.Kill() // it ends by nothing else
		_ = other.Wait()
	}()
	dir := filepath.Join(t.TempDir(), "study")
	run := exec.Command("corecurve", "run", k.name, "--size", k.size, "--workers", "1,2", "--runs", "7", "--traced", "3",
		"--out", dir)
	var progress bytes.Buffer
	run.Stderr = &progress
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", k.name, err, progress.Bytes())
	}
	first, _, _ := strings.Cut(string(out), "\n\n")
	return read(t, dir, strings.Join(strings.Fields(first), " "))
}

// read reads what a report says with two workers.
func read(t *testing.T, dir, headline string) said {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "report", "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Curves []struct {
			Points []struct {
				N        int
				Speedup  float64
				Interval *struct{ Low, High float64 }
			}
		}
		Findings []struct {
			N                int
			Cause, Certainty string
		}
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	s := said{causes: map[string]string{}, headline: headline}
	for _, p := range doc.Curves[0].Points {
		if p.N == 2 && p.Interval != nil {
			s.speedup, s.low, s.high = p.Speedup, p.Interval.Low, p.Interval.High
		}
	}
	for _, f := range doc.Findings {
		if f.N == 2 {
			s.causes[f.Cause] = f.Certainty
		}
	}
	s.noise = othersOf(t, filepath.Join(dir, "runs.jsonl"))
	return s
}

// othersOf returns the part of the CPU time that others took of the machine while the runs of a study ran.
func othersOf(t *testing.T, path string) float64 {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum, n := 0.0, 0.0
	for line := range strings.Lines(string(b)) {
		var r struct {
			Noise struct {
				Share float64 `json:"others_share"`
			}
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		sum, n = sum+r.Noise.Share, n+1
	}
	return sum / n
}

// disturb takes the given percentage of every core in bursts of random length, from 5 to 500 ms of CPU time, until it
// is killed. Where it may, it goes before other programs: else it gets no more than half of a core that they want.
func disturb() {
	share, err := strconv.ParseFloat(os.Args[1], 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, "disturb:", err)
		os.Exit(2)
	}
	seed, err := strconv.ParseUint(os.Args[2], 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, "disturb:", err)
		os.Exit(2)
	}
	var mask unix.CPUSet
	if err := unix.SchedGetaffinity(0, &mask); err != nil {
		fmt.Fprintln(os.Stderr, "disturb:", err)
		os.Exit(1)
	}
	for cpu := range len(mask) * strconv.IntSize {
		if mask.IsSet(cpu) {
			go take(cpu, share/100, rand.New(rand.NewPCG(seed, uint64(cpu))))
		}
	}
	for parent := os.Getppid(); os.Getppid() == parent; { // a test that is killed leaves nothing behind
		time.Sleep(100 * time.Millisecond)
	}
}

// take takes a share of one CPU.
func take(cpu int, share float64, rng *rand.Rand) {
	runtime.LockOSThread()
	var own unix.CPUSet
	own.Set(cpu)
	if err := unix.SchedSetaffinity(0, &own); err != nil {
		fmt.Fprintln(os.Stderr, "disturb:", err)
		os.Exit(1)
	}
	first := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_FIFO, Priority: 10}
	_ = unix.SchedSetAttr(0, &first, 0) // only root may
	for {
		burst := time.Duration(math.Exp(math.Log(5)+rng.Float64()*math.Log(100)) * float64(time.Millisecond))
		for from := cpuTime(); cpuTime()-from < burst; {
			for x := range 20_000 {
				_ = x * x
			}
		}
		time.Sleep(time.Duration(float64(burst) * (1 - share) / share * 2 * rng.Float64()))
	}
}

// cpuTime returns the CPU time of the calling thread.
func cpuTime() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		fmt.Fprintln(os.Stderr, "disturb:", err)
		os.Exit(1)
	}
	return time.Duration(ts.Nano())
}
