package battery

import (
	"slices"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/hostile"
)

// mostTime is what reading a hostile study of extremeBytes may take with two cores of its own. Where the machine is
// busy, processor time tells that of what uses one core.
const (
	mostTime     = 20 * time.Second
	extremeBytes = 20_000_000
)

// extremes gives the tool studies that hold everything in numbers and sizes that no measurement has: all verbs read
// them, or refuse them, in bounds of time and memory. The short form reports a few, of less.
func (l *lab) extremes(t *testing.T) {
	for i, s := range hostile.All() {
		if !l.long && i%16 != 0 {
			continue
		}
		room := l.room(t)
		if err := s.Write(room.path("work/study"), l.pick(100_000, extremeBytes)); err != nil {
			t.Fatal(err)
		}
		for i, args := range readers() {
			if i == 0 || l.long && !slices.Contains(args, "--resume") {
				l.extreme(t, room, s.Name, args)
			}
		}
	}
}

// extreme has one verb read the study of the room.
func (l *lab) extreme(t *testing.T, room *room, name string, args []string) {
	try := l.trial(t, args[0]+" of "+name)
	defer try.end()
	s := room.start(t, args...)
	if !s.wait(10 * mostTime) {
		try.fail("hangs", "%s", s.say())
		return
	}
	try.took(s.endedAt.Sub(s.began))
	took := min(s.endedAt.Sub(s.began), s.cmd.ProcessState.UserTime()+s.cmd.ProcessState.SystemTime())
	most := mostTime
	if args[0] == "compare" { // of two studies
		most *= 2
	}
	switch {
	case s.crashed():
		try.fail("crashed", "%s: %s", name, s.say())
	case s.status > 1 && args[0] != "check":
		try.fail("status", "%s: %d: %s", name, s.status, s.say())
	case s.peak > mostMemory:
		try.fail("memory", "%s: %d MiB", name, s.peak>>20)
	case took > most:
		try.fail("time", "%s: %v", name, took)
	}
	if c := control(s.stdout() + s.stderr()); c != 0 {
		try.fail("control character", "%s: %q", name, c)
	}
}
