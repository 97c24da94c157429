package ledger

import (
	"slices"

	"github.com/corecurve/corecurve/trace/sweep"
)

// Threads returns the numbers of the operating system's threads that the traces of l name.
func (l *Ledger) Threads() []int64 {
	var out []int64
	for _, p := range l.parts {
		out = append(out, p.threads...)
	}
	return out
}

// divide divides the CPU time that the OS counted, to the end of the last task where processes report that, between
// those with a trace and those without.
func (w *window) divide(procs []*Ledger) {
	for i := range w.res.Processes {
		p := &w.res.Processes[i]
		if p.Role == sweep.Service {
			continue
		}
		own, children := p.CPU()
		if p.Role == sweep.Coordinator {
			children = 0 // they are processes of the run
		}
		i := traceOf(p, procs)
		if i < 0 {
			w.foreign = true
			w.untraced += CoreTime(own + children)
			continue
		}
		traced := writer(procs[i], CoreTime(own), CoreTime(children))
		w.cpu += traced
		w.busy[i].cpu += traced
		w.untraced += CoreTime(own+children) - traced
	}
	if w.cpu+w.untraced <= 0 {
		w.cpu = CoreTime(w.res.CPU())
	}
}

// traceOf returns the number of the ledger of p, or −1 if it left no trace.
func traceOf(p *sweep.Process, procs []*Ledger) int {
	return slices.IndexFunc(procs, func(l *Ledger) bool {
		return slices.ContainsFunc(l.parts, func(q part) bool {
			return q.rank == p.Rank || p.Role == sweep.Coordinator && q.rank < 0
		})
	})
}

// ofScript is the share of the time that Ps were busy below which a process cannot have written the trace: not even
// other programs take so much from it.
const ofScript = 0.25

// writer returns the CPU time of the process that wrote the trace of l: mostly it is the one that was asked to, and own
// is its time. A script that starts the program which writes it has hardly any.
func writer(l *Ledger, own, children CoreTime) CoreTime {
	var busy CoreTime
	for _, r := range l.Rows {
		if r.Cause.Busy() {
			busy += r.Time
		}
	}
	switch {
	case children <= 0 || float64(own) >= ofScript*float64(busy):
		return own
	case float64(children-busy) > disagreement*float64(busy):
		return busy // others of them did the rest
	default:
		return children
	}
}
