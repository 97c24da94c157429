package host

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

func cpuDir(id int) string { return fmt.Sprintf("sys/devices/system/cpu/cpu%d", id) }

// topology returns the CPUs in mask with their core and socket; known is false if the kernel does not report them. A
// core is named by its lowest-numbered CPU: the kernel's own core_id repeats from socket to socket and, on some
// machines, from die to die.
func topology(root fs.FS, mask []int) (cpus []sweep.CPU, known bool) {
	known = true
	for _, id := range mask {
		c := sweep.CPU{ID: id, Core: id}
		dir := path.Join(cpuDir(id), "topology")
		// thread_siblings_list is the older name of core_cpus_list (kernel documentation, admin-guide/cputopology).
		siblings := line(root, path.Join(dir, "core_cpus_list"))
		if siblings == "" {
			siblings = line(root, path.Join(dir, "thread_siblings_list"))
		}
		if ids, err := parseList(siblings); err == nil && len(ids) > 0 {
			c.Core = slices.Min(ids)
		} else {
			known = false
		}
		// Machines that do not number their sockets report −1.
		if s, err := strconv.Atoi(line(root, path.Join(dir, "physical_package_id"))); err == nil && s > 0 {
			c.Socket = s
		}
		cpus = append(cpus, c)
	}
	return cpus, known && len(mask) > 0
}

// inOrder returns cpus in the order in which points take them: first one CPU of every core, then the second of every
// core, and so on. Within each of these rounds it goes socket by socket, so that a small set shares its caches and
// memory, and then by number.
func inOrder(cpus []sweep.CPU) []sweep.CPU {
	cpus = slices.Clone(cpus)
	slices.SortFunc(cpus, func(a, b sweep.CPU) int { return cmp.Compare(a.ID, b.ID) })
	nth := map[int]int{} // CPU → how many CPUs of its core come before it
	used := map[int]int{}
	for _, c := range cpus {
		nth[c.ID] = used[c.Core]
		used[c.Core]++
	}
	slices.SortFunc(cpus, func(a, b sweep.CPU) int {
		return cmp.Or(cmp.Compare(nth[a.ID], nth[b.ID]), cmp.Compare(a.Socket, b.Socket), cmp.Compare(a.ID, b.ID))
	})
	return cpus
}

// count returns the number of distinct cores and sockets of cpus.
func count(cpus []sweep.CPU) (cores, sockets int) {
	c, s := map[int]bool{}, map[int]bool{}
	for _, cpu := range cpus {
		c[cpu.Core], s[cpu.Socket] = true, true
	}
	return len(c), len(s)
}

// parseList reads a list of CPUs as the kernel writes it: "0-3,8,10-11".
func parseList(text string) ([]int, error) {
	if text == "" {
		return nil, nil
	}
	var ids []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		lo, err := strconv.Atoi(first)
		hi := lo
		if err == nil && isRange {
			hi, err = strconv.Atoi(last)
		}
		if err != nil {
			return nil, fmt.Errorf("CPU list %q: %w", text, err)
		}
		if lo < 0 || hi < lo || hi > limits.CPUNumber || len(ids) > limits.CPUNumber {
			return nil, fmt.Errorf("CPU list %q: range %q is not ascending or out of bounds", text, part)
		}
		for id := lo; id <= hi; id++ {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
