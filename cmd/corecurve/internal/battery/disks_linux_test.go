package battery

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/sweep"
)

// disks makes studies on file systems that are too small for them: the tool says what is full, keeps what is finished,
// and goes on with room again.
func (l *lab) disks(t *testing.T) {
	t.Parallel()
	if err := mountable(t); err != nil {
		t.Skipf("no file system can be mounted here (%v): nothing is known about full disks", err)
	}
	sizes := []int{16, 256, 1024}
	if l.long {
		sizes = []int{16, 64, 256, 1024, 4096, 16384}
	}
	for i, kib := range sizes {
		kinds := subjects()
		if !l.long {
			kinds = kinds[i : i+1]
		}
		for _, s := range kinds {
			l.disk(t, kib, &s)
		}
	}
}

func mountable(t *testing.T) error {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		return err
	}
	return unix.Unmount(dir, unix.MNT_DETACH)
}

// disk makes a study on a file system of so many KiB, and goes on with it on a large one.
func (l *lab) disk(t *testing.T, kib int, s *subject) {
	room := l.room(t)
	s.furnish(t, room)
	small := room.path("small")
	if err := os.Mkdir(small, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", small, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Unmount(small, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	try := l.trial(t, fmt.Sprintf("disk of %5d KiB, %s", kib, s.name))
	defer try.end()
	d := &diary{dir: small + "/study"}
	first := room.start(t, s.arguments(d)...)
	if !first.wait(4 * patience) {
		try.fail("hangs", "%s", first.say())
		return
	}
	room.empty(try, "on the full disk")
	lacking(try, first, d, "no space left on device")
	if err := unix.Mount("tmpfs", small, "tmpfs", unix.MS_REMOUNT, "size=256m"); err != nil {
		t.Fatal(err)
	}
	goOn(try, room, s, d, "with room again")
}

// lacking holds the trial to the tool having told its own shortage from a failure of the workload. It may have had
// enough.
func lacking(try *trial, s *session, d *diary, words ...string) {
	try.t.Helper()
	if s.crashed() {
		try.fail("crashed", "%s", s.say())
	}
	said := s.stderr()
	named := false
	for _, w := range words {
		named = named || strings.Contains(said, w)
	}
	if s.status != 0 && !named {
		try.fail("shortage not named", "%s", s.say())
	}
	if !d.begun() {
		return
	}
	d.look(try, "under the shortage")
	study := d.readable(try, "under the shortage")
	if study == nil {
		return
	}
	for _, r := range study.Results {
		switch r.Status {
		case sweep.Failed, sweep.Killed, sweep.TimedOut, sweep.Mismatch:
			try.fail("workload blamed", "%s: %s: %s\n%s", r.Dir(), r.Status, r.Error, r.StderrTail)
		case sweep.OK:
			d.captures(try, "under the shortage", &r)
		}
	}
}

// goOn holds the trial to the study being gone on with to its end, now that nothing is short.
func goOn(try *trial, room *room, s *subject, d *diary, when string) {
	try.t.Helper()
	last := room.start(try.t, s.arguments(d, "--no-report")...)
	if !last.wait(4 * patience) {
		try.fail("hangs", "%s: %s", when, last.say())
		return
	}
	if last.status != 0 {
		try.fail("cannot go on", "%s: %s", when, last.say())
		return
	}
	room.empty(try, when)
	d.look(try, when)
	d.complete(try, when, 0)
}
