package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/corecurve/corecurve/analyze/compare"
)

// pairedEnv asks for TestPaired: the number of studies that compare a program with itself.
//
//	CORECURVE_PAIRED=40 go test ./cmd/corecurve -run Paired -v -timeout 40m
//
// makes 40 of them, half as many of a program that does more work, and a quarter as many in the middle of which
// another program starts, beside as many pairs of studies that are measured one after the other. Every study is judged
// as it comes: none is made again.
const pairedEnv = "CORECURVE_PAIRED"

const (
	toilWork   = 40_000_000 // steps, of about a nanosecond
	pairedLoad = 30         // percent of every core, of the program that starts in the middle
	// doubt is how unlikely a count must be of a comparison that holds what it promises to fail the test.
	doubt = 0.05
)

// A changed is what a comparison says of one point.
type changed struct {
	N         float64
	Base, New struct{ Runs, Noisy int }
	Ratio     *float64
	Interval  *struct{ Low, High float64 }
	Adjusted  *float64 `json:"p_adjusted"`
	Verdict   compare.Verdict
	Pairs     int
}

// An outcome is what a comparison of two sides says.
type outcome struct {
	points []changed
	others float64 // part of the CPU time that others took
	took   time.Duration
}

// claims returns how many points are claimed to be faster and slower.
func (c *outcome) claims() (faster, slower int) {
	for _, p := range c.points {
		switch p.Verdict {
		case compare.Faster:
			faster++
		case compare.Slower:
			slower++
		}
	}
	return faster, slower
}

// differs reports whether the test alone, whatever noise explains, shows a change of any point.
func (c *outcome) differs() bool {
	return slices.ContainsFunc(c.points, func(p changed) bool {
		return p.Adjusted != nil && *p.Adjusted <= compare.Alpha
	})
}

// noisy reports whether the comparison itself calls half of its launches or more noisy.
func (c *outcome) noisy() bool {
	noisy, runs := 0, 0
	for _, p := range c.points {
		noisy, runs = noisy+p.Base.Noisy+p.New.Noisy, runs+p.Base.Runs+p.New.Runs
	}
	return 2*noisy >= runs
}

// String is a line of a table.
func (c *outcome) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%5.1f s  others %3.0f%%", c.took.Seconds(), 100*c.others)
	if c.differs() {
		b.WriteString("  test")
	}
	for _, p := range c.points {
		fmt.Fprintf(&b, "  | %v: ", p.N)
		if p.Ratio != nil && p.Interval != nil {
			fmt.Fprintf(&b, "%.3f (%.3f–%.3f) ", *p.Ratio, p.Interval.Low, p.Interval.High)
		}
		fmt.Fprintf(&b, "%2d of %2d noisy, %s", p.Base.Noisy+p.New.Noisy, p.Base.Runs+p.New.Runs, p.Verdict)
	}
	return b.String()
}

// pairedStudies returns how many studies are asked for, or skips the test.
func pairedStudies(t *testing.T) int {
	t.Helper()
	asked := os.Getenv(pairedEnv)
	if asked == "" {
		t.Skipf("%s is not set: it takes minutes", pairedEnv)
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 4 {
		t.Fatalf("%s=%s: want a number of studies, 4 or more", pairedEnv, asked)
	}
	if runtime.NumCPU() < 2 {
		t.Skip("there is one core: points of two workers say nothing")
	}
	return n
}

// TestPairedSame: of a program compared with itself no more than one study in twenty claims a change of any point. It
// fails only where so many claims, or more, have a probability below 0.05 (binomial) if that is so.
func TestPairedSame(t *testing.T) {
	studies := pairedStudies(t)
	var sum claimed
	for i := range studies {
		sum.add(t, "the same", i, interleaved(t, uint64(1000+i)))
	}
	sum.holds(t, "compared with itself")
}

// TestPairedSlower: 5 % more work is found in nine of ten studies of 20 blocks, and never claimed to be faster. It
// fails only where so few, or fewer, have a probability below 0.05 (binomial) if that is so. Studies that do not find
// it and call half of their launches noisy are counted apart.
func TestPairedSlower(t *testing.T) {
	studies := pairedStudies(t) / 2
	found, noisy, tested := 0, 0, 0
	for i := range studies {
		c := studyOf(t, 2*toilWork, 2*toilWork+2*toilWork/20, 20, uint64(2000+i))
		faster, slower := c.claims()
		verdict := "missed"
		if c.differs() {
			tested++
		}
		switch {
		case faster > 0:
			verdict = "WRONG"
			t.Errorf("study %d: 5 %% more work is claimed to be faster", i)
		case slower > 0:
			verdict = "found"
			found++
		case c.noisy():
			verdict = "noisy"
			noisy++
		}
		t.Logf("5 %% more %3d  %-6s %v", i, verdict, c)
	}
	quiet := studies - noisy
	t.Logf("5 %% more work: found in %d of %d studies; %d more call half of their launches noisy", found, quiet, noisy)
	t.Logf("5 %% more work: the test alone shows a change in %d of %d studies", tested, studies)
	if quiet == 0 {
		t.Log("nothing is judged: all studies are noisy")
		return
	}
	if p := (distuv.Binomial{N: float64(quiet), P: 0.9}).CDF(float64(found)); p < doubt {
		t.Errorf("found in %d of %d: so few have a probability of %.2g if nine in ten are found", found, quiet, p)
	}
}

// TestPairedDisturbed: a program that starts in the middle makes no changes of one study, as it does of two that are
// measured one after the other. Of the two nothing is asserted: the table shows what is claimed of them.
func TestPairedDisturbed(t *testing.T) {
	studies := max(1, pairedStudies(t)/4)
	ways := []struct {
		name  string
		study func(t *testing.T, seed uint64) *outcome
		half  time.Duration // of the shortest of three studies while nothing starts
		early int           // studies that ended before the program started: they are no part of the sum
		sum   claimed
	}{{name: "one after the other", study: afterOther}, {name: "interleaved", study: interleaved}}
	for i := range ways {
		for seed := range uint64(3) {
			quiet := ways[i].study(t, seed)
			if ways[i].half == 0 || quiet.took/2 < ways[i].half {
				ways[i].half = quiet.took / 2
			}
			t.Logf("%s, nothing starts: %v", ways[i].name, quiet)
		}
	}
	for i := range studies {
		for w := range ways {
			way, seed := &ways[w], uint64(3000+i)
			stop, started := disturbAfter(t, way.half, seed)
			c := way.study(t, seed)
			if stop(); !started() {
				way.early++
				t.Logf("%s %3d  ended before the other program started: %v", way.name, i, c)
				continue
			}
			way.sum.add(t, way.name, i, c)
		}
	}
	for _, way := range ways {
		t.Logf("%s, another program starts in the middle: %v; %d more ended before that", way.name, way.sum, way.early)
	}
	ways[1].sum.holds(t, "interleaved, another program starts in the middle")
}

// A claimed counts studies of equal sides.
type claimed struct {
	studies int
	wrong   int // that claim a change
	tested  int // of which the test alone shows one, whatever noise explains
}

// add counts a study, and logs it.
func (s *claimed) add(t *testing.T, what string, i int, c *outcome) {
	t.Helper()
	s.studies++
	verdict := "right"
	if faster, slower := c.claims(); faster+slower > 0 {
		verdict = "WRONG"
		s.wrong++
	}
	if c.differs() {
		s.tested++
	}
	t.Logf("%s %3d  %s  %v", what, i, verdict, c)
}

// String tells both counts.
func (s claimed) String() string {
	return fmt.Sprintf("%d of %d studies claim a change; the test alone shows one in %d", s.wrong, s.studies, s.tested)
}

// holds fails if so many claims, or more, have a probability below [doubt] where one study in twenty makes one.
func (s claimed) holds(t *testing.T, what string) {
	t.Helper()
	p := 1.0
	if s.wrong > 0 {
		p = distuv.Binomial{N: float64(s.studies), P: compare.Alpha}.Survival(float64(s.wrong - 1))
	}
	t.Logf("%s: %v; probability of as many claims if 5 %% make one: %.2g", what, s, p)
	if p < doubt {
		t.Errorf("%s: %v", what, s)
	}
}

// sameRuns is how many runs of a point there are in studies of equal sides.
const sameRuns = 10

// interleaved compares toil with itself in one study.
func interleaved(t *testing.T, seed uint64) *outcome {
	t.Helper()
	return studyOf(t, toilWork, toilWork, sameRuns, seed)
}

// studyOf compares toil with so much work and with so much in one study of so many blocks.
func studyOf(t *testing.T, base, fresh, blocks int, seed uint64) *outcome {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "study")
	begun := time.Now()
	toolRun(t, dir, blocks, seed, "--variant", variant("base", base), "--variant", variant("new", fresh))
	return toolCompare(t, time.Since(begun), dir)
}

// afterOther compares toil with itself in two studies, made one after the other.
func afterOther(t *testing.T, seed uint64) *outcome {
	t.Helper()
	dir := t.TempDir()
	dirs := []string{filepath.Join(dir, "base"), filepath.Join(dir, "new")}
	begun := time.Now()
	for _, d := range dirs {
		toolRun(t, d, sameRuns, seed, append([]string{"--"}, toilWords(toilWork)...)...)
	}
	return toolCompare(t, time.Since(begun), dirs...)
}

// toilWords are the words of toil with so much work. Where they may, its runs go before other programs, except disturb:
// from their first instruction, since a thread that only asks for it later may wait long for its first turn.
func toilWords(work int) []string {
	toil, first := []string{"toil", "{workers}", strconv.Itoa(work)}, []string{"chrt", "--fifo", "5"}
	if exec.Command(first[0], append(first[1:], "true")...).Run() != nil { // only root may
		return toil
	}
	return append(first, toil...)
}

// variant is an argument of --variant.
func variant(name string, work int) string { return name + "=" + strings.Join(toilWords(work), " ") }

// toolRun makes a study of one and two workers.
func toolRun(t *testing.T, dir string, runs int, seed uint64, what ...string) {
	t.Helper()
	args := []string{
		"run", "--name", "toil", "--workers", "1,2", "--runs", strconv.Itoa(runs), "--traced", "0", "--yes",
		"--seed", strconv.FormatUint(seed, 10), "--no-report", "--out", dir,
	}
	if out, err := exec.Command("corecurve", append(args, what...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// toolCompare reads what corecurve compare says of one study of variants, or of two studies.
func toolCompare(t *testing.T, took time.Duration, dirs ...string) *outcome {
	t.Helper()
	cmd := exec.Command("corecurve", append([]string{"compare", "--json"}, dirs...)...)
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	type comparison struct{ Curves []struct{ Points []changed } }
	var doc struct {
		comparison
		Comparisons []comparison
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	one := doc.comparison
	if len(dirs) == 1 && len(doc.Comparisons) == 1 {
		one = doc.Comparisons[0]
	}
	if len(one.Curves) != 1 || len(one.Curves[0].Points) != 2 {
		t.Fatalf("want one curve with two points: %s", b)
	}
	c := &outcome{points: one.Curves[0].Points, took: took}
	for _, p := range c.points {
		if p.Ratio == nil || p.Verdict == compare.TooFew || len(dirs) == 1 && p.Pairs < 5 {
			t.Fatalf("a point was not compared: %s", b)
		}
	}
	for _, dir := range dirs {
		c.others += othersOf(t, filepath.Join(dir, "runs.jsonl")) / float64(len(dirs))
	}
	return c
}

// disturbAfter starts the program that disturbs after so long. The first function that it returns ends it, the second
// then tells whether it was started at all.
func disturbAfter(t *testing.T, after time.Duration, seed uint64) (stop func(), started func() bool) {
	t.Helper()
	other := exec.Command("disturb", strconv.Itoa(pairedLoad), strconv.FormatUint(seed, 10))
	other.Stderr = os.Stderr
	begun := make(chan error, 1)
	timer := time.AfterFunc(after, func() { begun <- other.Start() })
	stop = sync.OnceFunc(func() {
		if timer.Stop() {
			return
		}
		if err := <-begun; err != nil {
			t.Error(err)
			return
		}
		_ = other.Process.Kill() // it ends by nothing else
		_ = other.Wait()
	})
	t.Cleanup(stop)
	return stop, func() bool { return other.Process != nil }
}

// toil shares so many steps among so many workers.
func toil() {
	workers, err := strconv.Atoi(os.Args[1])
	steps, err2 := strconv.Atoi(os.Args[2])
	if err := errors.Join(err, err2); err != nil || workers < 1 {
		fmt.Fprintln(os.Stderr, "toil: want workers and steps:", err)
		os.Exit(2)
	}
	results := make([]uint64, workers)
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			x := uint64(i)
			for range steps / workers {
				x = x*6364136223846793005 + 1442695040888963407
			}
			results[i] = x
		})
	}
	wg.Wait()
	if _, err := fmt.Println(results[0] & 1); err != nil {
		os.Exit(1)
	}
}
