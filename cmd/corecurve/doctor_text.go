package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/corecurve/corecurve/report/words"
)

// doctorWidth is the width of the text in columns.
const doctorWidth = 80

// write writes d for people.
func (d *diagnosis) write(w io.Writer) error {
	t := &page{}
	t.head("Machine")
	d.machine(t)
	t.head("What can be seen of a run")
	for _, s := range d.Sight {
		if s.OK {
			t.item("yes  ", "%s: %s.", s.What, s.How)
			continue
		}
		t.item("NO   ", "%s: %s.", s.What, strings.TrimSuffix(s.How, "."))
		t.item("     ", "%s", s.Costs)
	}
	for _, l := range d.Host.Limits {
		t.item("NO   ", "%s.", words.Upper(l))
	}
	t.head("How quiet it is")
	d.quiet(t)
	t.head("Programs that corecurve calls")
	for _, p := range d.Tools {
		if p.Path == "" {
			t.item("NO   ", "%s is not on the PATH: %s.", p.Name, p.Costs)
		} else {
			t.item("yes  ", "%s: %s (%s)", p.Name, cmp.Or(p.Version, "its version is not known"), p.Path)
		}
	}
	t.head("What it can give at most")
	d.ceiling(t)
	_, err := w.Write(t.text.Bytes())
	return err
}

// machine says what is there.
func (d *diagnosis) machine(t *page) {
	h := d.Host
	t.item("", "%s: %s on %s in %s; %s/%s, kernel %s, %.3g GB of memory.", cmp.Or(h.CPUModel, "CPU of unknown model"),
		words.Plural(len(h.CPUs), "CPU", "CPUs"), words.Plural(h.Physical, "core", "cores"), words.Plural(h.Sockets, "socket", "sockets"), h.OS, h.Arch, cmp.Or(h.Kernel, "unknown"),
		float64(h.MemoryBytes)/1e9)
	for _, s := range topologyWords(d) {
		t.item("", "%s", s)
	}
	if h.SMT {
		t.item("", "Some CPUs share a core (SMT): two of them give less than two cores. Runs take one CPU of every core first.")
	} else {
		t.item("", "No two CPUs share a core.")
	}
}

// topologyWords says for every socket which CPUs lie on its cores.
func topologyWords(d *diagnosis) []string {
	cores := map[int]map[int][]int{} // by socket and core
	for _, c := range d.Host.CPUs {
		if cores[c.Socket] == nil {
			cores[c.Socket] = map[int][]int{}
		}
		cores[c.Socket][c.Core] = append(cores[c.Socket][c.Core], c.ID)
	}
	var out []string
	for _, socket := range sortedKeys(cores) {
		var first []int
		var parts []string
		for _, core := range sortedKeys(cores[socket]) {
			ids := cores[socket][core]
			slices.Sort(ids)
			if len(ids) == 1 {
				first = append(first, ids[0])
				continue
			}
			parts = append(parts, strings.Join(strings.Fields(fmt.Sprint(ids)), "+"))
		}
		text := fmt.Sprintf("Socket %d: ", socket)
		if len(first) > 0 {
			text += "CPUs " + ranges(first) + ", each a core of its own"
			if len(parts) > 0 {
				text += "; "
			}
		}
		if len(parts) > 0 {
			text += "CPUs that share a core: " + strings.NewReplacer("[", "", "]", "").Replace(strings.Join(parts, ", "))
		}
		out = append(out, text+".")
	}
	return out
}

func sortedKeys[V any](m map[int]V) []int {
	var keys []int
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// ranges writes ascending numbers briefly: 0–3, 8.
func ranges(ids []int) string {
	var parts []string
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && ids[j+1] == ids[j]+1 {
			j++
		}
		switch j - i {
		case 0:
			parts = append(parts, fmt.Sprint(ids[i]))
		case 1:
			parts = append(parts, fmt.Sprint(ids[i]), fmt.Sprint(ids[j]))
		default:
			parts = append(parts, fmt.Sprintf("%d–%d", ids[i], ids[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// quiet says what disturbs runs.
func (d *diagnosis) quiet(t *page) {
	n, h := d.Noise, d.Host
	switch {
	case n.Noisy:
		t.item("", "Noisy: in one second %s. Runs that meet this are flagged.", strings.Join(n.Reasons, "; "))
	case len(n.Reasons) > 0:
		t.item("", "Not known: %s.", strings.Join(n.Reasons, "; "))
	default:
		t.item("", "Quiet: in one second other programs used %.2g %% of the CPU time, and the hypervisor took %v.", 100*n.Share, n.Steal.Duration())
	}
	if d.Load != nil {
		text := fmt.Sprintf("Load: on average %.3g processes ran or waited for a core in the last minute.", *d.Load)
		if *d.Load > 0.5*float64(len(h.CPUs)) {
			text += " For figures that can be defended, wait until it is near 0."
		}
		t.item("", "%s", text)
	}
	switch h.Governor {
	case "":
		t.item("", "Frequency governor: not known here, as in most virtual machines; the clock may change with the load.")
	case "performance":
		t.item("", "Frequency governor: performance.")
	default:
		t.item("", "Frequency governor: %s; the clock follows the load, so that first runs are slower. \"performance\" is steadier.", h.Governor)
	}
	switch {
	case d.Turbo == nil:
		t.item("", "Turbo: not known here.")
	case *d.Turbo:
		t.item("", "Turbo: on; few busy cores run faster than many. The ceiling below shows by how much.")
	default:
		t.item("", "Turbo: off.")
	}
	if h.QuotaCores > 0 {
		t.item("", "CPU quota: %.3g cores; runs on more are held back by it, not by the program.", h.QuotaCores)
	} else {
		t.item("", "CPU quota: none.")
	}
}

// ceiling says what the spin loop reached.
func (d *diagnosis) ceiling(t *page) {
	if d.CeilingReason != "" {
		t.item("", "The ceiling was %s.", strings.TrimPrefix(d.CeilingReason, "was "))
		return
	}
	t.item("", "Speedup of a loop that only counts in registers, one on each core (median of %d runs, and the range seen):", spinRuns)
	for _, c := range d.Ceiling {
		switch {
		case c.Speedup == nil:
			t.item("  ", "%d cores: not known.", c.Cores)
		case c.Low == nil:
			t.item("  ", "%s: %.2f×", words.Plural(c.Cores, "core", "cores"), *c.Speedup)
		default:
			t.item("  ", "%s: %.2f× (%.2f–%.2f), %.0f %% of the ideal", words.Plural(c.Cores, "core", "cores"), *c.Speedup, *c.Low, *c.High,
				100**c.Speedup/float64(c.Cores))
		}
	}
	if d.CeilingNoisy > 0 {
		t.item("", "Other programs disturbed %d of these runs: on a quiet machine the ceiling is higher.", d.CeilingNoisy)
	}
}

// A page is text in lines of at most doctorWidth columns.
type page struct{ text bytes.Buffer }

func (p *page) head(s string) {
	if p.text.Len() > 0 {
		p.text.WriteByte('\n')
	}
	p.text.WriteString(s + "\n")
}

// item writes a paragraph behind a mark; its further lines stand under the first. A word longer than a line stays whole.
func (p *page) item(mark, format string, args ...any) {
	indent := strings.Repeat(" ", 2+utf8.RuneCountInString(mark))
	line := "  " + mark
	used := len(indent)
	for i, word := range strings.Fields(fmt.Sprintf(format, args...)) {
		n := utf8.RuneCountInString(word)
		if i > 0 && used+1+n > doctorWidth {
			p.text.WriteString(line + "\n")
			line, used = indent, len(indent)
		} else if i > 0 {
			line += " "
			used++
		}
		line += word
		used += n
	}
	p.text.WriteString(line + "\n")
}
