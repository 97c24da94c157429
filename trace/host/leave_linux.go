package host

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// Leave moves all threads of this process to cpus, and those that they will start, except for the calling thread, to
// which the caller must have locked its goroutine: its children inherit where it may run. restore gives all of them the
// calling thread's mask.
func Leave(cpus []int) (restore func() error, err error) {
	before, err := affinity()
	if err != nil {
		return nil, fmt.Errorf("leave: affinity mask: %w", err)
	}
	restore = func() error { return bindOthers(before) }
	if err := bindOthers(cpus); err != nil {
		return nil, errors.Join(fmt.Errorf("leave for CPUs %v: %w", cpus, err), restore())
	}
	return restore, nil
}

// bindOthers binds all threads but the calling one. It looks again until it meets no new ones: a thread that has not
// been bound yet may just have started another.
func bindOthers(cpus []int) error {
	if len(cpus) == 0 {
		return errors.New("no CPUs")
	}
	set, err := setOf(cpus)
	if err != nil {
		return err
	}
	done := []string{strconv.Itoa(unix.Gettid())}
	for {
		entries, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		fresh := false
		for _, e := range entries {
			if slices.Contains(done, e.Name()) {
				continue
			}
			fresh, done = true, append(done, e.Name())
			tid, err := strconv.Atoi(e.Name())
			if err != nil {
				return err
			}
			if err := unix.SchedSetaffinityDynamic(tid, set); err != nil && !errors.Is(err, unix.ESRCH) {
				return err
			}
		}
		if !fresh {
			return nil
		}
	}
}
