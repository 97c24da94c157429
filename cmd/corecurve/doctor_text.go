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

// What others and the hypervisor take of the CPUs decides what can be measured: below quietShare next to nothing is
// lost, above loudShare much is.
const (
	quietShare = 0.05
	loudShare  = 0.25
)

// taken says what one second's noise is and what it means for measuring.
func (d *diagnosis) taken() string {
	n := d.Noise.CPUs
	if n == nil || n.Had <= 0 {
		return fmt.Sprintf("What others use of the CPUs is not known: %s.", strings.Join(d.Noise.Reasons, "; "))
	}
	share := func(s sweep.Seconds) float64 { return max(0, s.Float()/n.Had.Float()) }
	text := fmt.Sprintf("In one second others used %s of the CPUs and the hypervisor took %s, together ±%s: ",
		words.Percent(share(n.Others)), words.Percent(share(n.Hypervisor)), words.Percent(share(n.Resolution)))
	switch sum := share(n.Sum()); {
	case sum <= max(quietShare, share(n.Resolution)):
		text += "quiet, runs lose next to nothing by it."
	case sum <= loudShare:
		text += "runs lose some time by it, which is weighed: intervals are wider, and small losses are called likely " +
			"or left out."
	default:
		text += "runs lose much time by it. Only great differences can be told now; wait if you can, or allow more runs."
	}
	if d.Noise.Throttled > 0 {
		text += fmt.Sprintf(" A CPU quota held corecurve back for %s.", words.Duration(d.Noise.Throttled.Float()))
	}
	return text
}

// load says how busy the last minute was, beside the second that taken is of.
func (d *diagnosis) load() string {
	text := fmt.Sprintf("Load: on average %.3g processes ran or waited for a core in the last minute", *d.Load)
	n, cpus := d.Noise.CPUs, float64(len(d.Host.CPUs))
	if n == nil || n.Had <= 0 {
		return text + "."
	}
	if now := cpus * n.Others.Float() / n.Had.Float(); min(*d.Load, cpus) > 2*now+0.5*cpus {
		return text + ", more than now. Unless that was corecurve itself, what others use comes and goes: " +
			"expect runs to be disturbed."
	}
	return text + "."
}

// quiet says what disturbs runs.
func (d *diagnosis) quiet(t *words.Text) {
	h := d.Host
	t.Item("  ", d.taken())
	if d.Load != nil {
		t.Item("  ", d.load())
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
		"(median of %d runs, and the range with what noise allows):", spinRuns))
	for _, c := range d.Ceiling {
		switch {
		case c.Speedup == nil:
			t.Item("    ", words.Plural(c.Cores, "core", "cores")+": not known.")
		case c.Low == nil:
			t.Item("    ", fmt.Sprintf("%s: %.2f×", words.Plural(c.Cores, "core", "cores"), *c.Speedup))
		default:
			t.Item("    ", fmt.Sprintf("%s: %.2f× (%.2f–%.2f), %.0f %% of the ideal",
				words.Plural(c.Cores, "core", "cores"), *c.Speedup, *c.Low, *c.High, 100**c.Speedup/float64(c.Cores)))
		}
	}
	if n := d.CeilingTaken; n != nil && n.Sum() > n.Resolution && n.Sum().Float() > quietShare*n.Had.Float() {
		t.Item("  ", fmt.Sprintf("While it was measured others used %s of the CPUs and the hypervisor took %s: "+
			"on a quiet machine the ceiling is likely higher.",
			words.Percent(n.Others.Float()/n.Had.Float()), words.Percent(n.Hypervisor.Float()/n.Had.Float())))
	}
}
