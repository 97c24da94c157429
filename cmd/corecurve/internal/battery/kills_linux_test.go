package battery

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A victim is what of the tool is killed.
type victim struct {
	name string
	pick func(*session) []int // processes, by kill(2)
	ends bool                 // the tool
	both bool                 // the tool and those who would end its runs then: the next start does that
}

func victims() []victim {
	return []victim{
		{name: "tool", pick: func(s *session) []int { return []int{s.cmd.Process.Pid} }, ends: true},
		{name: "group", pick: func(s *session) []int { return []int{-s.cmd.Process.Pid} }, ends: true},
		{name: "all", pick: func(s *session) (all []int) {
			for _, p := range s.room.processes() {
				all = append(all, p.pid)
			}
			return all
		}, ends: true, both: true},
		{name: "tool and children", pick: func(s *session) []int {
			both := []int{s.cmd.Process.Pid}
			for _, p := range s.room.processes() {
				if p.parent == s.cmd.Process.Pid {
					both = append(both, p.pid)
				}
			}
			return both
		}, ends: true, both: true},
		{name: "child", pick: func(s *session) (first []int) { // of a command: the supervisor
			for _, p := range s.room.processes() {
				if p.parent == s.cmd.Process.Pid {
					first = append(first[:0], p.pid)
				}
			}
			return first
		}},
		{name: "grandchild", pick: func(s *session) (last []int) {
			for _, p := range s.room.processes() {
				if p.parent != s.cmd.Process.Pid && p.pid != s.cmd.Process.Pid {
					last = append(last[:0], p.pid)
				}
			}
			return last
		}},
	}
}

// kills kills studies of each kind at random moments of their whole life, and whatever of the tool: afterwards no
// process is left, no finished run is lost, and the study can be read and gone on with to its end.
func (l *lab) kills(t *testing.T) {
	t.Parallel()
	const each = 34 // in the long form
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			k := killing{t: t, lab: l, subject: s, random: l.random("kills " + s.name)}
			for k.study(3); l.long && k.killed < each; {
				k.study(min(each-k.killed, 1+k.random.IntN(5)))
			}
		})
	}
}

// killing is the killing of studies of one kind.
type killing struct {
	t       *testing.T
	lab     *lab
	subject subject
	random  *rand.Rand
	killed  int
}

// study makes one study under at most so many kills, and then to its end without.
func (k *killing) study(most int) {
	room := k.lab.room(k.t)
	k.subject.furnish(k.t, room)
	k.round(room, most)
}

// round makes a study in the room under at most so many kills, and then to its end without.
func (k *killing) round(room *room, most int) {
	d := &diary{dir: room.path("work/study")}
	spoiled := 0
	for _, m := range k.moments(most) {
		over, spoils := k.kill(room, d, m)
		spoiled += spoils
		if over {
			break
		}
	}
	try := k.lab.trial(k.t, "kill "+k.subject.name+", then resume")
	defer try.end()
	last := room.start(k.t, k.subject.arguments(d)...)
	if !last.wait(4 * patience) {
		try.fail("hangs", "%s", last.say())
		return
	}
	if want := min(spoiled, 1); last.status != 0 && last.status != want {
		try.fail("cannot go on", "%s", last.say())
		return
	}
	room.empty(try, "after the end")
	d.look(try, "after the end")
	d.complete(try, "after the end", spoiled)
	if left := room.temporary(k.t); len(left) > 0 {
		try.fail("temporary file left", "after the end: %v", left)
	}
}

// moments returns n moments of the life of a study, in their order.
func (k *killing) moments(n int) []moment {
	all := k.subject.life()
	k.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:min(n, len(all))]
	slices.SortFunc(all, func(a, b moment) int { return cmp.Compare(a.place, b.place) })
	return all
}

// kill starts or resumes the study and kills it at a moment. over says that the study has all its runs, and spoiled how
// many of them the kill may have spoiled.
func (k *killing) kill(room *room, d *diary, m moment) (over bool, spoiled int) {
	v := victims()[k.random.IntN(len(victims()))]
	delay := time.Duration(k.random.Int64N(int64(m.spread)))
	s := room.start(k.t, k.subject.arguments(d)...)
	for !s.over() && !m.come(s, d) {
		time.Sleep(5 * time.Millisecond)
	}
	time.Sleep(delay)
	seen := diary{dir: d.dir, lines: lines(k.t, d.dir)}
	pids := v.pick(s)
	if len(pids) == 0 { // there is none, at that moment
		v = victims()[0]
		pids = v.pick(s)
	}
	if s.over() { // the moment did not come, or is over
		s.wait(4 * patience)
		d.lines = seen.lines
		return d.stopped(), 0
	}
	k.killed++
	try := k.lab.trial(k.t, fmt.Sprintf("kill %s at %s", k.subject.name, m.name))
	defer try.end()
	for _, pid := range pids {
		_ = unix.Kill(pid, unix.SIGKILL) // it may just have ended
	}
	after := fmt.Sprintf("kill %d, of the %s, %v after %s", k.killed, v.name, delay, m.name)
	switch killed := time.Now(); {
	case !s.wait(4 * patience):
		try.fail("hangs", "%s: %s", after, s.say())
	case v.ends && s.endedAt.Sub(killed) > patience:
		try.fail("outlives the kill", "%s: %s", after, s.say())
	case s.crashed():
		try.fail("crashed", "%s: %s", after, s.say())
	}
	if !v.both {
		room.empty(try, after)
	}
	seen.look(try, after)
	d.lines = seen.lines
	if d.begun() {
		seen.readable(try, after)
	}
	return d.stopped(), spoils(v)
}

// spoils returns how many runs may fail when v is killed.
func spoils(v victim) int {
	if v.ends {
		return 0
	}
	return 1
}
