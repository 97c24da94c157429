package host

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/sweep"
)

// Options say what a description may contain.
type Options struct {
	Name bool // whether to include the host's name, which is private; default false
}

// Describe returns what identifies and limits the machine; it leaves the capture level to the caller. The CPUs are
// those of the calling thread's affinity mask, so call it before any confinement.
func Describe(o Options) sweep.Host {
	mask, err := affinity()
	h := describe(os.DirFS("/"), mask)
	if err != nil {
		h.Limits = append(h.Limits, fmt.Sprintf("the affinity mask cannot be read here (%v): "+
			"CPUs are numbered from 0 and runs are not confined to their cores", err))
	}
	if o.Name {
		if name, err := os.Hostname(); err == nil {
			h.Name = name
		} else {
			h.Limits = append(h.Limits, fmt.Sprintf("the host's name was asked for and cannot be read: %v", err))
		}
	}
	return h
}

// describe reads the machine whose root directory is root and whose affinity mask is mask.
func describe(root fs.FS, mask []int) sweep.Host {
	h := sweep.Host{OS: runtime.GOOS, Arch: runtime.GOARCH}
	h.Kernel = line(root, "proc/sys/kernel/osrelease")
	h.BootID = line(root, "proc/sys/kernel/random/boot_id")
	h.CPUModel = cpuModel(content(root, "proc/cpuinfo"))
	h.MemoryBytes = memory(content(root, "proc/meminfo"))
	h.Governor = governor(root, mask)
	h.QuotaCores = quota(root, groups(root, "cpu"))

	cpus, known := topology(root, mask)
	h.CPUs = inOrder(cpus)
	h.Physical, h.Sockets = count(cpus)
	h.SMT = h.Physical < len(cpus)
	if !known {
		h.Limits = append(h.Limits, "the CPU topology cannot be read here: every CPU is taken for a core of its own, "+
			"so two CPUs that share a core may be used as if they were two cores")
	}
	if caps := capacities(root, mask); len(caps) > 1 {
		h.Limits = append(h.Limits, fmt.Sprintf("the cores are not alike (capacities %s of %d): a speedup below the ideal "+
			"may come from slower cores", join(caps), caps[len(caps)-1]))
	}
	if _, err := readStat(root); err != nil {
		h.Limits = append(h.Limits, fmt.Sprintf("the CPU use of other programs cannot be seen here (%v): "+
			"noisy runs are not recognised", err))
	}
	return h
}

// CPUSet returns the first cores CPUs of h in the order in which points take them: one CPU of every physical core
// before any second CPU of a core. It returns all of them if h has fewer; the planner refuses such points.
func CPUSet(h sweep.Host, cores int) []int {
	cores = max(0, min(cores, len(h.CPUs)))
	ids := make([]int, 0, cores)
	for _, c := range h.CPUs[:cores] {
		ids = append(ids, c.ID)
	}
	return ids
}

// Beside returns the CPUs of h that a run on its first cores CPUs leaves to others: those of physical cores of which
// the run has none, if there are any, and otherwise the second CPUs of its own cores. It returns none if the run has
// all.
func Beside(h sweep.Host, cores int) []int {
	taken := h.CPUs[:max(0, min(cores, len(h.CPUs)))]
	var apart, rest []int
	for _, c := range h.CPUs[len(taken):] {
		shared := func(t sweep.CPU) bool { return t.Core == c.Core && t.Socket == c.Socket }
		if !slices.ContainsFunc(taken, shared) {
			apart = append(apart, c.ID)
		}
		rest = append(rest, c.ID)
	}
	if len(apart) > 0 {
		return apart
	}
	return rest
}

// cpuModel finds the model in the text of /proc/cpuinfo. Arm machines name no model there; their implementer and part
// number distinguish them.
func cpuModel(text string) string {
	fields := map[string]string{}
	for l := range strings.Lines(text) {
		key, value, ok := strings.Cut(l, ":")
		if key = strings.TrimSpace(key); ok && fields[key] == "" {
			fields[key] = strings.TrimSpace(value)
		}
	}
	for _, key := range []string{"model name", "cpu model", "cpu", "Model"} {
		if fields[key] != "" {
			return fields[key]
		}
	}
	if fields["CPU implementer"] != "" {
		return fmt.Sprintf("implementer %s part %s", fields["CPU implementer"], fields["CPU part"])
	}
	return ""
}

// governor names the frequency governors of the CPUs in mask, usually one.
func governor(root fs.FS, mask []int) string {
	seen := map[string]bool{}
	for _, id := range mask {
		if g := line(root, path.Join(cpuDir(id), "cpufreq/scaling_governor")); g != "" {
			seen[g] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(seen)), ", ")
}

// capacities returns the distinct relative speeds of the CPUs in mask, ascending: one or none if all cores are alike.
func capacities(root fs.FS, mask []int) []int {
	seen := map[int]bool{}
	for _, id := range mask {
		if c, err := strconv.Atoi(line(root, path.Join(cpuDir(id), "cpu_capacity"))); err == nil {
			seen[c] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func join(ns []int) string {
	text := make([]string, len(ns))
	for i, n := range ns {
		text[i] = strconv.Itoa(n)
	}
	return strings.Join(text, ", ")
}

// content returns the text of a file, or nothing if it cannot be read; whatever depends on it is then unknown.
func content(root fs.FS, name string) string {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return string(b)
}

// line returns the first line of a file without surrounding white space, or nothing if it cannot be read.
func line(root fs.FS, name string) string {
	f, err := root.Open(name)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	s, err := bufio.NewReader(io.LimitReader(f, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	return strings.TrimSpace(s)
}
