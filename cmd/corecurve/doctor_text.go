package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// write writes d for people.
func (d *diagnosis) write(w io.Writer) error {
	t := &words.Text{}
	t.Head("Machine")
	d.machine(t)
	t.Head("What can be seen of a run")
	for _, s := range d.Sight {
		if s.OK {
			t.Item("  yes  ", fmt.Sprintf("%s: %s.", s.What, s.How))
			continue
		}
		t.Item("  NO   ", fmt.Sprintf("%s: %s.", s.What, strings.TrimSuffix(s.How, ".")))
		t.Item("       ", s.Costs)
	}
	for _, l := range d.Host.Limits {
		t.Item("  NO   ", fmt.Sprintf("%s.", words.Upper(l)))
	}
	t.Head("How quiet it is")
	d.quiet(t)
	t.Head("Programs that corecurve calls")
	for _, p := range d.Tools {
		if p.Path == "" {
			t.Item("  NO   ", fmt.Sprintf("%s is not on the PATH: %s.", p.Name, p.Costs))
		} else {
			t.Item("  yes  ", fmt.Sprintf("%s: %s (%s)", p.Name, cmp.Or(p.Version, "its version is not known"), p.Path))
		}
	}
	t.Head("What it can give at most")
	d.ceiling(t)
	return t.Write(w)
}

// machine says what is there.
func (d *diagnosis) machine(t *words.Text) {
	h := d.Host
	t.Item("  ", fmt.Sprintf("%s: %s on %s in %s; %s/%s, kernel %s, %.3g GB of memory.",
		cmp.Or(h.CPUModel, "CPU of unknown model"), words.Plural(len(h.CPUs), "CPU", "CPUs"),
		words.Plural(h.Physical, "core", "cores"), words.Plural(h.Sockets, "socket", "sockets"),
		h.OS, h.Arch, cmp.Or(h.Kernel, "unknown"), float64(h.MemoryBytes)/1e9))
	for _, s := range topologyWords(h.CPUs) {
		t.Item("  ", s)
	}
	if h.SMT {
		t.Item("  ", "Some CPUs share a core (SMT): two of them give less than two cores. "+
			"Runs take one CPU of every core first.")
	} else {
		t.Item("  ", "No two CPUs share a core.")
	}
}

// topologyWords says for every socket which CPUs lie on its cores.
func topologyWords(cpus []sweep.CPU) []string {
	sockets := map[int]map[int][]int{} // CPUs by socket and core
	for _, c := range cpus {
		if sockets[c.Socket] == nil {
			sockets[c.Socket] = map[int][]int{}
		}
		sockets[c.Socket][c.Core] = append(sockets[c.Socket][c.Core], c.ID)
	}
	var out []string
	for _, socket := range slices.Sorted(maps.Keys(sockets)) {
		var alone []int
		var shared, parts []string
		for _, core := range slices.Sorted(maps.Keys(sockets[socket])) {
			ids := sockets[socket][core]
			slices.Sort(ids)
			if len(ids) == 1 {
				alone = append(alone, ids[0])
			} else {
				shared = append(shared, strings.ReplaceAll(strings.Trim(fmt.Sprint(ids), "[]"), " ", "+"))
			}
		}
		if len(alone) > 0 {
			parts = append(parts, "CPUs "+ranges(alone)+", each a core of its own")
		}
		if len(shared) > 0 {
			parts = append(parts, "CPUs that share a core: "+strings.Join(shared, ", "))
		}
		out = append(out, fmt.Sprintf("Socket %d: %s.", socket, strings.Join(parts, "; ")))
	}
	return out
}

// ranges writes ascending numbers briefly: 0–3, 8.
func ranges(ids []int) string {
	var parts []string
	for i := 0; i < len(ids); i++ {
		from := i
		for i+1 < len(ids) && ids[i+1] == ids[i]+1 {
			i++
		}
		switch i - from {
		case 0:
			parts = append(parts, fmt.Sprint(ids[i]))
		case 1:
			parts = append(parts, fmt.Sprintf("%d, %d", ids[from], ids[i]))
		default:
			parts = append(parts, fmt.Sprintf("%d–%d", ids[from], ids[i]))
		}
	}
	return strings.Join(parts, ", ")
}

// quiet says what disturbs runs.
func (d *diagnosis) quiet(t *words.Text) {
	n, h := d.Noise, d.Host
	switch {
	case n.Noisy:
		t.Item("  ", fmt.Sprintf("Noisy: in one second %s. Runs that meet this are flagged.", strings.Join(n.Reasons,
			"; ")))
	case len(n.Reasons) > 0:
		t.Item("  ", fmt.Sprintf("Not known: %s.", strings.Join(n.Reasons, "; ")))
	default:
		t.Item("  ", fmt.Sprintf("Quiet: in one second other programs used %.2g %% of the CPU time, and the hypervisor took %v.",
			100*n.Share, n.Steal.Duration()))
	}
	if d.Load != nil {
		text := fmt.Sprintf("Load: on average %.3g processes ran or waited for a core in the last minute.", *d.Load)
		if *d.Load > 0.5*float64(len(h.CPUs)) {
			text += " For figures that can be defended, wait until it is near 0."
		}
		t.Item("  ", text)
	}
	switch h.Governor {
	case "":
		t.Item("  ", "Frequency governor: not known here, as in most virtual machines; the clock may change with the load.")
	case "performance":
		t.Item("  ", "Frequency governor: performance.")
	default:
		t.Item("  ", fmt.Sprintf("Frequency governor: %s; the clock follows the load, so that first runs are slower. "+
			`"performance" is steadier.`, h.Governor))
	}
	switch {
	case d.Turbo == nil:
		t.Item("  ", "Turbo: not known here.")
	case *d.Turbo:
		t.Item("  ", "Turbo: on; few busy cores run faster than many. The ceiling below shows by how much.")
	default:
		t.Item("  ", "Turbo: off.")
	}
	if h.QuotaCores > 0 {
		t.Item("  ", fmt.Sprintf("CPU quota: %.3g cores; runs on more are held back by it, not by the program.",
			h.QuotaCores))
	} else {
		t.Item("  ", "CPU quota: none.")
	}
}

// ceiling says what the spin loop reached.
func (d *diagnosis) ceiling(t *words.Text) {
	if d.CeilingReason != "" {
		t.Item("  ", fmt.Sprintf("The ceiling was %s.", strings.TrimPrefix(d.CeilingReason, "was ")))
		return
	}
	t.Item("  ", fmt.Sprintf("Speedup of a loop that only counts in registers, one on each core "+
		"(median of %d runs, and the range seen):", spinRuns))
	for _, c := range d.Ceiling {
		switch {
		case c.Speedup == nil:
			t.Item("    ", fmt.Sprintf("%d cores: not known.", c.Cores))
		case c.Low == nil:
			t.Item("    ", fmt.Sprintf("%s: %.2f×", words.Plural(c.Cores, "core", "cores"), *c.Speedup))
		default:
			t.Item("    ", fmt.Sprintf("%s: %.2f× (%.2f–%.2f), %.0f %% of the ideal",
				words.Plural(c.Cores, "core", "cores"), *c.Speedup, *c.Low, *c.High, 100**c.Speedup/float64(c.Cores)))
		}
	}
	if d.CeilingNoisy > 0 {
		t.Item("  ", fmt.Sprintf("Other programs disturbed %d of these runs: on a quiet machine the ceiling is higher.",
			d.CeilingNoisy))
	}
}
