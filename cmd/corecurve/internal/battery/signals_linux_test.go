package battery

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A verb is what the tool is doing when a signal comes.
type verb struct {
	name string
	args []string // in the room of a study
	// life is about how long it takes; it may have ended before the signal. 0: it does not end by itself.
	life time.Duration
	fifo string // a pipe that nobody writes to, which it reads; empty: none
}

// verbs are all verbs, and what each may wait for.
func verbs() []verb {
	command := func(args ...string) []string {
		return append([]string{"run", "--out", "new", "--runs", "3", "--workers", "1,2"}, args...)
	}
	return []verb{
		{name: "run", args: command("--mode", "both", "--traced", "1", "--size", "4", "fetch"), life: 3 * time.Second},
		{name: "run, hanging command", args: command("--", "sleep", "1000")},
		{name: "run, hanging prepare", args: command("--prepare", "sleep 1000", "--", "true")},
		{name: "run, hanging cleanup", args: command("--cleanup", "sleep 1000", "--", "true")},
		{name: "run, deaf command", args: command("--", "sh", "deaf.sh")},
		{name: "bench", args: []string{"bench", "./timer", "--out", "new", "--runs", "3"}, life: 3 * time.Second},
		{name: "report", args: []string{"report", "study"}, life: time.Second},
		{name: "check", args: []string{"check", "study", "--min-efficiency", "0.5"}, life: 500 * time.Millisecond},
		{name: "compare", args: []string{"compare", "study", "study"}, life: 500 * time.Millisecond},
		{name: "analyze, no writer", args: []string{"analyze", "pipe"}, fifo: "pipe"},
		{name: "fit, no writer", args: []string{"fit", "pipe"}, fifo: "pipe"},
		{name: "compare, no writer", args: []string{"compare", "pipe", "pipe"}, fifo: "pipe"},
		{name: "list", args: []string{"list"}, life: 50 * time.Millisecond},
		{name: "doctor", args: []string{"doctor"}, life: time.Second},
	}
}

// An ending is a signal that asks the tool to end, and the status that it then ends with.
type ending struct {
	signal unix.Signal
	status int
}

func endings() []ending {
	return []ending{{unix.SIGINT, 130}, {unix.SIGTERM, 143}, {unix.SIGHUP, 129}}
}

// signals sends the tool signals at random moments of all its verbs, once and twice, to it alone and to its group: it
// ends, with what there is, and leaves no process and no temporary file. Stopping it for a while does no harm.
func (l *lab) signals(t *testing.T) {
	t.Run("end", func(t *testing.T) {
		t.Parallel()
		random := l.random("signals")
		room := l.room(t)
		room.workplace(t)
		all := verbs()
		for i, v := range all {
			for _, e := range endings() {
				for _, times := range []int{1, 2} {
					if l.long || (i+int(e.signal)+times)%6 == 0 {
						l.signal(t, room, &v, e, times, random)
					}
				}
			}
		}
	})
	t.Run("stop", func(t *testing.T) {
		t.Parallel()
		random := l.random("stops")
		for i := range l.pick(1, 12) {
			for j, s := range subjects()[:2] {
				signal := []unix.Signal{unix.SIGSTOP, unix.SIGTSTP}[(i+j)%2]
				l.stop(t, &s, signal, random)
			}
		}
	})
}

// workplace has in the room what the verbs work on: a study, a package of benchmarks, a pipe.
func (r *room) workplace(t *testing.T) {
	t.Helper()
	for _, s := range subjects() {
		s.furnish(t, r)
	}
	r.write(t, "work/deaf.sh", "trap '' INT TERM HUP\nsleep 1000 &\nwait\nsleep 1000\n", 0o644)
	if err := unix.Mkfifo(r.path("work/pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.study(t)
}

// signal sends a signal to a verb at a random moment, once, or twice at short distance.
func (l *lab) signal(t *testing.T, room *room, v *verb, e ending, times int, random *rand.Rand) {
	if err := os.RemoveAll(room.path("work/new")); err != nil {
		t.Fatal(err)
	}
	try := l.trial(t, fmt.Sprintf("signal in %s", v.name))
	defer try.end()
	delay := 50*time.Millisecond + time.Duration(random.Int64N(int64(max(v.life, 500*time.Millisecond))))
	again := time.Duration(random.Int64N(int64(100 * time.Millisecond)))
	group := random.IntN(2) == 1
	s := room.start(t, v.args...)
	time.Sleep(delay)
	what := fmt.Sprintf("%d × %s after %v, to its group: %v", times, unix.SignalName(e.signal), delay, group)
	sent := time.Now()
	s.signal(e.signal, group)
	if times > 1 {
		time.Sleep(again)
		s.signal(e.signal, group)
	}
	began := s.over() && s.endedAt.Before(sent)
	switch {
	case !s.wait(patience):
		try.fail("does not end", "%s: %s", what, s.say())
	case began:
	case s.status == -1 && delay < 200*time.Millisecond: // it came before the tool could listen
	case times == 1 && s.status != e.status && (v.life == 0 || s.status != 0):
		try.fail("wrong status", "%s: want %d: %s", what, e.status, s.say())
	case s.crashed():
		try.fail("crashed", "%s: %s", what, s.say())
	}
	if !began {
		try.took(s.endedAt.Sub(sent))
	}
	room.empty(try, what+": "+s.say())
	d := &diary{dir: room.path("work/new")}
	if d.begun() {
		d.readable(try, what)
		d.tidy(try, what)
	}
	if left := room.temporary(t); len(left) > 0 {
		if times == 1 { // after two the next start may be the one that removes it
			try.fail("temporary file left", "%s: %v: %s", what, left, s.say())
		}
		for _, name := range left {
			if err := os.RemoveAll(filepath.Join(room.path("tmp"), name)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// stop stops the tool at a random moment for a while: no run counts that it was stopped in, and it makes that one
// again.
func (l *lab) stop(t *testing.T, kind *subject, signal unix.Signal, random *rand.Rand) {
	room := l.room(t)
	kind.furnish(t, room)
	d := &diary{dir: room.path("work/study")}
	try := l.trial(t, fmt.Sprintf("%s, %s", unix.SignalName(signal), kind.name))
	defer try.end()
	delay := 100*time.Millisecond + time.Duration(random.Int64N(int64(1500*time.Millisecond)))
	long := 200*time.Millisecond + time.Duration(random.Int64N(int64(1800*time.Millisecond)))
	s := room.start(t, kind.arguments(d, "--no-report")...)
	time.Sleep(delay)
	s.signal(signal, false)
	from := clock.Now()
	time.Sleep(long)
	to := clock.Now()
	s.signal(unix.SIGCONT, false)
	if !s.wait(4 * patience) {
		try.fail("hangs", "%s", s.say())
		return
	}
	if s.status != 0 {
		try.fail("wrong status", "%s", s.say())
	}
	room.empty(try, s.say())
	study := d.readable(try, "stopped and continued")
	if study == nil {
		return
	}
	for _, r := range study.Results {
		begin, end := clock.Time(r.Start), clock.Time(r.Start+r.Total)
		if r.Status == sweep.OK && begin < from && end > to {
			try.fail("stopped run counts", "%s took %v, and the tool was stopped for %v of it", r.Dir(),
				r.Total.Duration(), long)
		}
	}
	d.complete(try, "stopped and continued", 0)
}
