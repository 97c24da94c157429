package host

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/limits"
)

// Confine binds the calling thread, and so the processes that it starts, to cpus. The caller must have locked its
// goroutine to the thread. restore puts the former mask back and must be called on the same thread.
func Confine(cpus []int) (restore func() error, err error) {
	if len(cpus) == 0 {
		return nil, errors.New("confine: no CPUs")
	}
	before, err := affinity()
	if err != nil {
		return nil, fmt.Errorf("confine: affinity mask: %w", err)
	}
	if err := bind(cpus); err != nil {
		return nil, fmt.Errorf("confine: CPUs %v: %w", cpus, err)
	}
	restore = func() error {
		if err := bind(before); err != nil {
			return fmt.Errorf("confine: back to CPUs %v: %w", before, err)
		}
		return nil
	}
	// The kernel quietly leaves out CPUs that a cpuset does not allow.
	got, err := affinity()
	if want := slices.Compact(slices.Sorted(slices.Values(cpus))); err == nil && !slices.Equal(got, want) {
		err = fmt.Errorf("the system allows only %v of them", got)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("confine: CPUs %v: %w", cpus, err), restore())
	}
	return restore, nil
}

func bind(cpus []int) error {
	set, err := setOf(cpus)
	if err != nil {
		return err
	}
	return unix.SchedSetaffinityDynamic(0, set)
}

// setOf returns the mask of cpus, of which there must be one.
func setOf(cpus []int) (unix.CPUSetDynamic, error) {
	last := slices.Max(cpus)
	if slices.Min(cpus) < 0 || last > limits.CPUNumber {
		return nil, fmt.Errorf("CPU numbers must be from 0 to %d", limits.CPUNumber)
	}
	set := unix.NewCPUSet(last + 1)
	for _, c := range cpus {
		set.Set(c)
	}
	return set, nil
}

// affinity returns the CPUs that the calling thread may run on, ascending.
func affinity() ([]int, error) {
	// The kernel refuses a set that is smaller than its own, and does not say how large that is.
	for n := 1024; ; n *= 2 {
		set := unix.NewCPUSet(n)
		err := unix.SchedGetaffinityDynamic(0, set)
		if errors.Is(err, unix.EINVAL) && n < limits.CPUNumber {
			continue
		}
		if err != nil {
			return firstCPUs(), fmt.Errorf("sched_getaffinity: %w", err)
		}
		var ids []int
		for id := range n {
			if set.IsSet(id) {
				ids = append(ids, id)
			}
		}
		return ids, nil
	}
}
