package battery

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// formEnv asks for the long form of the battery, and seedEnv for another seed than 1.
//
//	CORECURVE_BATTERY=long go test ./cmd/corecurve/internal/battery -run Battery -v -timeout 2h
const (
	formEnv = "CORECURVE_BATTERY"
	seedEnv = "CORECURVE_BATTERY_SEED"
)

// patience is how long the battery waits for what must happen soon. The machine may be busy, so it is long; the table
// says how long it took.
const patience = 30 * time.Second

// A lab is the built tool, and what the trials of the battery add up to.
type lab struct {
	tool string
	env  []string // of the go command, whose home is not that of a trial
	long bool
	seed uint64
	tally
}

// TestMain lets the test binary be the step before a program that is confined.
func TestMain(m *testing.M) {
	if spec := os.Getenv(confineEnv); spec != "" {
		fmt.Fprintln(os.Stderr, become(spec))
		os.Exit(1)
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP) // under nohup, the tool would ignore it
	os.Exit(m.Run())
}

// TestBattery attacks the tool, and logs how often it held.
func TestBattery(t *testing.T) {
	l := newLab(t)
	t.Cleanup(func() { t.Logf("seed %d\n%s", l.seed, &l.tally) })
	t.Run("kills", l.kills)
	t.Run("disks", l.disks)
	t.Run("limits", l.limits)
	t.Run("signals", l.signals)
	t.Run("hostile", l.hostile)
	t.Run("extremes", l.extremes)
}

func newLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{tool: filepath.Join(t.TempDir(), "corecurve"), long: os.Getenv(formEnv) == "long", seed: 1}
	if form := os.Getenv(formEnv); form != "" && !l.long {
		t.Fatalf("%s=%s: want long, or nothing", formEnv, form)
	}
	if text := os.Getenv(seedEnv); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", seedEnv, err)
		}
		l.seed = seed
	}
	build := exec.Command("go", "build", "-o", l.tool, "github.com/corecurve/corecurve/cmd/corecurve")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, key := range []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY"} {
		out, err := exec.Command("go", "env", key).Output()
		if err != nil {
			t.Fatal(err)
		}
		l.env = append(l.env, key+"="+strings.TrimSpace(string(out)))
	}
	return l
}

// random returns the source of one part of the battery: parts that are left out or run at once change nothing for the
// others.
func (l *lab) random(part string) *rand.Rand {
	var sum uint64
	for _, c := range []byte(part) {
		sum = sum*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(l.seed, sum))
}

// pick returns short, or long in the long form.
func (l *lab) pick(short, long int) int {
	if l.long {
		return long
	}
	return short
}

// A tally counts trials by their kind.
type tally struct {
	mu   sync.Mutex
	rows []*row
}

// A row is what the trials of one kind came to.
type row struct {
	kind    string
	tries   int
	ok      int
	longest time.Duration  // until what had to happen had happened
	why     map[string]int // of failures
}

// A trial is one attack.
type trial struct {
	t      *testing.T
	y      *tally
	row    *row
	failed bool
}

// trial begins one, which end counts.
func (y *tally) trial(t *testing.T, kind string) *trial {
	y.mu.Lock()
	defer y.mu.Unlock()
	i := slices.IndexFunc(y.rows, func(r *row) bool { return r.kind == kind })
	if i < 0 {
		i = len(y.rows)
		y.rows = append(y.rows, &row{kind: kind, why: map[string]int{}})
	}
	y.rows[i].tries++
	return &trial{t: t, y: y, row: y.rows[i]}
}

// fail says that the tool did not hold. why is one of few, which the table counts.
func (r *trial) fail(why, format string, args ...any) {
	r.t.Helper()
	r.t.Errorf("%s: %s: %s", r.row.kind, why, fmt.Sprintf(format, args...))
	r.y.mu.Lock()
	defer r.y.mu.Unlock()
	r.row.why[why]++
	r.failed = true
}

// took notes how long something took that the table shows the longest of.
func (r *trial) took(d time.Duration) {
	r.y.mu.Lock()
	defer r.y.mu.Unlock()
	r.row.longest = max(r.row.longest, d)
}

// end counts the trial as held, if nothing has failed.
func (r *trial) end() {
	r.y.mu.Lock()
	defer r.y.mu.Unlock()
	if !r.failed {
		r.row.ok++
	}
}

// String is the table.
func (y *tally) String() string {
	y.mu.Lock()
	defer y.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "%-44s %5s %5s %9s  %s\n", "attack", "tries", "held", "longest", "failures")
	var tries, ok int
	byKind := func(a, b *row) int { return strings.Compare(a.kind, b.kind) }
	for _, r := range slices.SortedFunc(slices.Values(y.rows), byKind) {
		var why []string
		for w, n := range r.why {
			why = append(why, fmt.Sprintf("%s %d", w, n))
		}
		slices.Sort(why)
		fmt.Fprintf(&b, "%-44s %5d %5d %9v  %s\n", r.kind, r.tries, r.ok, r.longest.Round(time.Millisecond),
			strings.Join(why, ", "))
		tries, ok = tries+r.tries, ok+r.ok
	}
	fmt.Fprintf(&b, "%-44s %5d %5d", "all", tries, ok)
	return b.String()
}

// exitStatus is that of a process that has ended, −1 if a signal ended it.
func exitStatus(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}
