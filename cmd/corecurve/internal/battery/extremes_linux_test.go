package battery

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/hostile"
)

// mostTime is what reading a hostile study of extremeBytes may take with two cores of its own. On a busy machine the
// processor time tells.
const (
	mostTime     = 20 * time.Second
	extremeBytes = 20_000_000
)

// extremes gives the tool studies that hold everything in numbers and sizes that no measurement has: they are reported,
// or refused, in bounds of time and memory. The short form reads a few, of less.
func (l *lab) extremes(t *testing.T) {
	for i, s := range hostile.All() {
		if !l.long && i%16 != 0 {
			continue
		}
		room := l.room(t)
		dir := room.path("work/study")
		if err := s.Write(dir, l.pick(100_000, extremeBytes)); err != nil {
			t.Fatal(err)
		}
		try := l.trial(t, "report of "+s.Name)
		session := room.start(t, "report", dir)
		if !session.wait(10 * mostTime) {
			try.fail("hangs", "%s", session.say())
			try.end()
			continue
		}
		try.took(session.endedAt.Sub(session.began))
		usage, ok := session.cmd.ProcessState.SysUsage().(*syscall.Rusage)
		if !ok {
			t.Fatal("no use of the tool is known")
		}
		used := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
		switch memory := usage.Maxrss << 10; {
		case session.crashed():
			try.fail("crashed", "%s: %s", s.Name, session.say())
		case session.status > 1:
			try.fail("status", "%s: %d: %s", s.Name, session.status, session.say())
		case memory > mostMemory:
			try.fail("memory", "%s: %d MiB", s.Name, memory>>20)
		case used > mostTime:
			try.fail("time", "%s: %v of processor time", s.Name, used)
		}
		if said := text(session.out) + session.stderr(); strings.ContainsAny(said, "\x1b\x07\u202e") {
			try.fail("control characters", "%s", s.Name)
		}
		try.end()
	}
}
