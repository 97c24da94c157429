package replay

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/limits"
)

// take gives P number p to the goroutine in slot i. It returns true if no such P can exist.
func (r *Replay) take(i int32, p int64) (odd bool) {
	g := &r.gs[i]
	if p < 0 || p >= limits.Ps {
		r.release(g)
		return p != gotrace.None
	}
	if g.p == int32(p) {
		return false
	}
	r.freeP(g)
	of := r.proc(p)
	if of.g != None {
		r.takeAway(int32(p)).Odd = true
	}
	of.g, g.p = i, int32(p)
	return false
}

// takeAway takes P number p from its goroutine, which from now on is blocked if it is in a system call.
func (r *Replay) takeAway(p int32) *Step {
	i := r.ps[p].g
	g := &r.gs[i]
	r.freeP(g)
	if g.state == gotrace.Syscall {
		g.wait = g.outside(Active)
	}
	return r.about(Lost, i)
}

func (r *Replay) procTransition(ev *gotrace.Event) {
	if ev.Subject < 0 || ev.Subject >= limits.Ps {
		r.put(Proc).Odd = true
		return
	}
	s := r.put(Proc)
	s.P, s.State, s.From = int32(ev.Subject), ev.To, ev.From
	if ev.From == ev.To || ev.To == gotrace.Running || ev.Subject >= int64(len(r.ps)) {
		return // a P that starts has no goroutine yet and stays idle until it gets one
	}
	if r.ps[ev.Subject].g != None {
		r.takeAway(int32(ev.Subject))
	}
}

// proc returns P number p, which must be in range.
func (m *machine) proc(p int64) *processor {
	for int64(len(m.ps)) <= p {
		m.ps = append(m.ps, processor{g: None, m: None})
	}
	return &m.ps[p]
}

// outside returns the wait of g in a system call for which it has lost its P.
func (g *goroutine) outside(w Weight) Wait {
	if g.whose != OfProgram {
		w = NoWeight
	}
	return Wait{cause.BlockSyscall, w}
}

// release takes P and thread from g.
func (m *machine) release(g *goroutine) {
	m.freeP(g)
	if g.m != None {
		m.ms[g.m].g, g.m = None, None
	}
}

func (m *machine) freeP(g *goroutine) {
	if g.p != None {
		m.ps[g.p].g, g.p = None, None
	}
}

// setThread puts the goroutine in slot i on OS thread id, most likely the last one that was on P number p.
func (r *Replay) setThread(i int32, id, p int64) {
	if id == gotrace.None {
		return
	}
	var m int32
	if p < 0 || p >= int64(len(r.ps)) {
		m = r.thread(id)
	} else if m = r.ps[p].m; m == None || r.ms[m].id != id {
		m = r.thread(id)
		r.ps[p].m = m
	}
	g := &r.gs[i]
	if g.m == m {
		return
	}
	if g.m != None {
		r.ms[g.m].g = None
	}
	on := &r.ms[m]
	if on.g != None {
		r.gs[on.g].m = None
	}
	on.g, g.m = i, m
}

// thread returns the slot of OS thread id.
func (r *Replay) thread(id int64) int32 {
	m, ok := r.threads.Find(id)
	if !ok {
		m = int32(len(r.ms))
		r.ms = append(r.ms, osThread{id: id, g: None})
		r.threads.Put(id, m)
		s := r.put(Thread)
		s.M, s.ID = m, id
	}
	return m
}
