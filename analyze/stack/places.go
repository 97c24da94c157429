package stack

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// places divides time among functions of the user's code, in order of appearance.
type places struct {
	list  []spent
	index map[string]int // by function; "" for time that belongs to none
	known bool           // some of it has a stack
}

type spent struct {
	function        string
	time            float64 // seconds
	samples         float64 // number of samples, if it comes from a profile
	largest         float64 // time of the largest pair of stacks
	waiting, blamed []gotrace.Frame
	object          *ledger.Object // what the largest pair waited for; nil: not known
}

func (p *places) at(function string) *spent {
	i, ok := p.index[function]
	if !ok {
		if p.index == nil {
			p.index = make(map[string]int)
		}
		i = len(p.list)
		p.index[function] = i
		p.list = append(p.list, spent{function: function})
	}
	return &p.list[i]
}

func (p *places) of(function string) spent {
	if i, ok := p.index[function]; ok {
		return p.list[i]
	}
	return spent{function: function}
}

// add adds time spent at the stacks of at, whose own time does not count.
func (p *places) add(c cause.Cause, at ledger.Stack, time float64) {
	f, _ := place.Of(named(c, at.Waiting, at.Blamed))
	s := p.at(f.Func)
	s.time += time
	if len(at.Waiting)+len(at.Blamed) > 0 {
		p.known = true
		if time > s.largest {
			s.largest, s.waiting, s.blamed, s.object = time, at.Waiting, at.Blamed, nil
			if len(at.Objects) > 0 && at.Objects[0].Part > mostly {
				s.object = &at.Objects[0]
			}
		}
	}
}

// addAll divides time in proportion to stacks.
func (p *places) addAll(c cause.Cause, stacks []ledger.Stack, time float64) {
	var sum float64
	for _, s := range stacks {
		sum += float64(s.Time)
	}
	if sum <= 0 {
		p.add(c, ledger.Stack{}, time)
		return
	}
	for _, s := range stacks {
		p.add(c, s, time*float64(s.Time)/sum)
	}
}

// alike returns the time of p, divided as q is.
func (p *places) alike(q *places) *places {
	var mine, theirs float64
	for _, s := range p.list {
		mine += s.time
	}
	for _, s := range q.list {
		theirs += s.time
	}
	if theirs == 0 {
		return p
	}
	out := &places{known: true}
	for _, s := range q.list {
		*out.at(s.function) = s
	}
	for i := range out.list {
		out.list[i].time *= mine / theirs
	}
	return out
}

// difference returns what each function takes from the speedup: unit × (to − growth × from). If the division of only
// one of the two is known, the other is taken to be divided alike.
func difference(from, to *places, growth, unit float64) []Place {
	switch {
	case !from.known && !to.known:
		return nil
	case !from.known:
		from = from.alike(to)
	case !to.known:
		to = to.alike(from)
	}
	var out []Place
	put := func(at, base spent) {
		p := Place{
			Waiting: at.waiting, Blamed: at.blamed, Object: at.object, Speedup: unit * (at.time - growth*base.time),
		}
		if len(p.Waiting)+len(p.Blamed) == 0 {
			p.Waiting, p.Blamed, p.Object = base.waiting, base.blamed, base.object
		}
		out = append(out, p)
	}
	for _, s := range to.list {
		put(s, from.of(s.function))
	}
	for _, s := range from.list {
		if _, both := to.index[s.function]; !both {
			put(spent{}, s)
		}
	}
	return out
}
