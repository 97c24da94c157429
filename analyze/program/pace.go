package program

import (
	"math/bits"
	"time"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A pace measures how long the scheduler takes.
type pace struct {
	procs    int          // GOMAXPROCS
	busy     int          // Ps that have a goroutine
	up       int          // Ps that are not idle: they have a goroutine, or look for one
	woken    clock.Time   // when an idle P was woken that does not run yet; 0: none was
	runs     []bool       // by P: it is not idle
	on       []int32      // by P: the slot of its goroutine; None
	free     []clock.Time // by P: when its goroutine left; 0: it has stopped since
	gs       []int32      // by slot: the P that the goroutine has; None
	switches histogram
	wakes    histogram
}

// change follows a goroutine that has changed its state. It reports whether whoever made it ready woke an idle P: one
// is, unless another P looks for work or is on its way.
func (p *pace) change(s *replay.Step, now clock.Time, whose replay.Whose) (woke bool) {
	for int(s.G) >= len(p.gs) {
		p.gs = append(p.gs, None)
	}
	if s.P == replay.None {
		p.leave(s.G, now)
	} else if p.gs[s.G] != s.P {
		p.take(s, now, whose)
	}
	ready := s.State == gotrace.Runnable && (s.Was == gotrace.Waiting || s.From == gotrace.NotExist)
	if ready && p.up < p.procs && p.up == p.busy && p.woken == 0 {
		p.woken, woke = now, true
	}
	return woke
}

// stir notes whether a P is idle.
func (p *pace) stir(id int32, runs bool) {
	for int(id) >= len(p.on) {
		p.on, p.free, p.runs = append(p.on, None), append(p.free, 0), append(p.runs, false)
	}
	if p.runs[id] == runs {
		return
	}
	p.runs[id] = runs
	if runs {
		p.up++
		p.woken = 0
	} else {
		p.up--
	}
}

// take gives a P to a goroutine.
func (p *pace) take(s *replay.Step, now clock.Time, whose replay.Whose) {
	p.leave(s.G, now)
	p.stir(s.P, true)
	if was := p.on[s.P]; was != None {
		p.gs[was] = None
	} else {
		p.busy++
	}
	p.on[s.P], p.gs[s.G] = s.G, s.P
	if t := p.free[s.P]; t != 0 && now > t && whose == replay.OfProgram {
		p.switches.add(int64(now - t))
	}
}

// leave takes its P from a goroutine, if it has one.
func (p *pace) leave(g int32, now clock.Time) {
	of := p.gs[g]
	if of == None {
		return
	}
	p.on[of], p.free[of], p.gs[g] = None, now, None
	p.busy--
}

// proc follows a P that starts or stops: what then passes until it has a goroutine again is no switch.
func (p *pace) proc(s *replay.Step, now clock.Time) {
	if s.P == replay.None {
		return
	}
	woken, up := p.woken, p.up
	p.stir(s.P, s.State == gotrace.Running)
	if woken != 0 && p.up > up {
		p.wakes.add(int64(now - woken))
	}
	if was := p.on[s.P]; was != None && s.State != gotrace.Running {
		p.leave(was, 0)
	}
	p.free[s.P] = 0
}

func (p *pace) lose() {
	for i := range p.gs {
		p.gs[i] = None
	}
	for i := range p.on {
		p.on[i], p.free[i], p.runs[i] = None, 0, false
	}
	p.busy, p.up, p.woken = 0, 0, 0
}

// full reports whether no P is idle.
func (p *pace) full() bool { return p.procs > 0 && p.busy >= p.procs }

// enough is from how many times on a latency counts as seen.
const enough = 20

func (p *pace) latency() Latency {
	var out Latency
	if p.switches.count >= enough {
		out.Switch = p.switches.quantile(0.5)
	}
	if p.wakes.count >= enough {
		out.Wake = p.wakes.quantile(0.25)
	}
	return out
}

// A histogram counts times in classes, eight for each doubling: a quantile of it is off by 6 % at most.
type histogram struct {
	count  int
	counts [64 * 8]int32
}

func (h *histogram) add(ns int64) {
	h.count++
	h.counts[class(ns)]++
}

// class returns the class of ns: its highest bit and the three bits below that.
func class(ns int64) int {
	u := uint64(max(ns, 1)) << 3
	top := bits.Len64(u) - 1
	return (top-3)*8 + int(u>>(top-3))&7
}

// middle returns the middle of a class.
func middle(class int) time.Duration {
	width := uint64(1) << (class / 8)
	return time.Duration((uint64(8+class%8)*width*2 + width) >> 4)
}

// quantile returns the time below which a share q of all is.
func (h *histogram) quantile(q float64) time.Duration {
	left := int(q * float64(h.count))
	for i, n := range h.counts {
		if left -= int(n); left < 0 {
			return middle(i)
		}
	}
	return 0
}
