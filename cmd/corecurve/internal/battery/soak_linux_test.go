package battery

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// soakEnv asks for TestSoak and says how long it takes.
//
//	CORECURVE_SOAK=20m go test ./cmd/corecurve/internal/battery -run Soak -v -timeout 1h
//
// makes studies in a loop, kills half of them, and beside them lets one tool make a study of very many runs.
const soakEnv = "CORECURVE_SOAK"

// TestSoak lets studies run under kills for long: neither processes nor files become more from one to the next, and a
// tool that makes a thousand runs holds no more memory, descriptors, threads and processes after the last than after
// the first.
func TestSoak(t *testing.T) {
	text := os.Getenv(soakEnv)
	if text == "" {
		t.Skipf("%s is not set: it takes as long as that says", soakEnv)
	}
	long, err := time.ParseDuration(text)
	if err != nil || long <= 0 {
		t.Fatalf("%s=%s: want a duration, as in 20m", soakEnv, text)
	}
	l := newLab(t)
	t.Cleanup(func() { t.Logf("seed %d\n%s", l.seed, &l.tally) })
	until := time.Now().Add(long)
	t.Run("many studies", func(t *testing.T) {
		t.Parallel()
		l.many(t, until)
	})
	t.Run("one study", func(t *testing.T) {
		t.Parallel()
		l.steady(t, until)
	})
}

// many makes studies of all kinds under kills, in one home, and counts what is left behind.
func (l *lab) many(t *testing.T, until time.Time) {
	room := l.room(t)
	random := l.random("soak")
	for n := 0; time.Now().Before(until); n++ {
		s := subjects()[n%len(subjects())]
		s.furnish(t, room)
		k := killing{t: t, lab: l, subject: s, random: random}
		k.round(room, 1+random.IntN(3))
		if err := os.RemoveAll(room.path("work/study")); err != nil {
			t.Fatal(err)
		}
		if n%len(subjects()) == 0 {
			t.Logf("after %3d studies: %d files in home, %d in the folder for temporary files, %d processes", n+1,
				len(files(t, room.path("home"))), len(files(t, room.path("tmp"))), len(room.processes()))
		}
	}
	try := l.trial(t, "soak: home after all studies")
	defer try.end()
	if n := len(files(t, room.path("home"))); n > mostFilesAtHome {
		try.fail("files left", "%d in home: %.2000v", n, files(t, room.path("home")))
	}
}

// mostFilesAtHome is how many files the tool may keep in a user's home: keys and programs of its own, nothing of a
// study.
const mostFilesAtHome = 20

// files are all below a folder, but not those of the go command.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.Contains(path, "go-build") && !strings.Contains(path, "/.config/go/") {
			all = append(all, path)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return all
}

// A sample is what the tool holds at one moment.
type sample struct {
	runs      int // finished
	rss       int // kilobytes
	files     int // open
	threads   int
	processes int // of the room, with the tool
}

// steady makes one study of as many runs as there is time for, and holds what the tool takes after many to what it took
// after a few.
func (l *lab) steady(t *testing.T, until time.Time) {
	room := l.room(t)
	d := &diary{dir: room.path("work/study")}
	try := l.trial(t, "soak: one tool, many runs")
	defer try.end()
	s := room.start(t, "run", "sleep", "--mode", "both", "--scaling", "strong", "--size", "1", "--workers", "1,2",
		"--runs", "4000", "--traced", "200", "--yes", "--no-report", "--out", d.dir)
	var samples []sample
	for time.Now().Before(until) && !s.over() {
		if m, ok := s.sample(len(lines(t, d.dir))); ok {
			samples = append(samples, m)
		}
		time.Sleep(time.Second)
	}
	if s.over() {
		try.fail("ended", "%s", s.say())
		return
	}
	_ = s.cmd.Process.Signal(os.Interrupt) // it may just have ended
	if !s.wait(patience) {
		try.fail("hangs", "%s", s.say())
	}
	room.empty(try, "after the interrupt")
	d.readable(try, "after the interrupt")
	samples = slices.DeleteFunc(samples, func(m sample) bool { return m.runs < 30 }) // it warms up
	if len(samples) < 20 {
		t.Fatalf("%d samples are too few", len(samples))
	}
	for i := range 11 {
		m := samples[i*(len(samples)-1)/10]
		t.Logf("after %5d runs: %6d kB, %3d files, %2d threads, %2d processes", m.runs, m.rss, m.files, m.threads,
			m.processes)
	}
	tenth := len(samples) / 10
	first, last := middle(samples[:tenth]), middle(samples[len(samples)-tenth:])
	// Of a run the tool keeps its result, some kilobytes: until the end, because it judges all of them.
	if more := last.rss - first.rss; more > 20<<10+16*(last.runs-first.runs) {
		try.fail("memory grows", "from %d kB after %d runs to %d kB after %d", first.rss, first.runs, last.rss, last.runs)
	}
	if last.files > first.files+5 {
		try.fail("descriptors grow", "from %d after %d runs to %d after %d", first.files, first.runs, last.files, last.runs)
	}
	if last.threads > first.threads+10 {
		try.fail("threads grow", "from %d after %d runs to %d after %d", first.threads, first.runs, last.threads, last.runs)
	}
	if last.processes > first.processes+2 {
		try.fail("processes grow", "from %d after %d runs to %d after %d", first.processes, first.runs, last.processes,
			last.runs)
	}
}

// sample returns what the tool holds now; false if it has ended.
func (s *session) sample(runs int) (m sample, ok bool) {
	proc := fmt.Sprintf("/proc/%d/", s.cmd.Process.Pid)
	status, err := os.ReadFile(proc + "status")
	if err != nil {
		return m, false
	}
	for line := range strings.Lines(string(status)) {
		key, value, _ := strings.Cut(line, ":")
		fields := strings.Fields(value)
		switch key {
		case "VmRSS":
			m.rss, _ = strconv.Atoi(fields[0])
		case "Threads":
			m.threads, _ = strconv.Atoi(fields[0])
		}
	}
	open, err := os.ReadDir(proc + "fd")
	m.runs, m.files, m.processes = runs, len(open), len(s.room.processes())
	return m, err == nil && m.rss > 0
}

// middle returns the medians of samples.
func middle(samples []sample) sample {
	of := func(value func(sample) int) int {
		var all []int
		for _, m := range samples {
			all = append(all, value(m))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return sample{
		of(func(m sample) int { return m.runs }), of(func(m sample) int { return m.rss }),
		of(func(m sample) int { return m.files }), of(func(m sample) int { return m.threads }),
		of(func(m sample) int { return m.processes }),
	}
}
