package replay

import (
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/marker"
)

// MostPrelude is how many stretches a goroutine has at most on its way to the region of a worker whose time they are:
// far more than that takes, and few enough to cost goroutines that are no workers next to nothing.
const MostPrelude = 64

// A role is what regions of one name mean.
type role uint8

const (
	notLooked role = iota
	otherRole
	workerRole
	serialRole
)

// A region is the parsed name of a region.
type region struct {
	role   role
	worker int32
}

// regions holds the meaning of each name, by its number.
type regions []region

// of returns what the region called name means.
func (r *regions) of(name gotrace.StringID, symbols *gotrace.Symbols) region {
	for int(name) >= len(*r) {
		*r = append(*r, region{})
	}
	g := &(*r)[name]
	if g.role == notLooked {
		*g = parseRegion(symbols.Text(name))
	}
	return *g
}

func parseRegion(name string) region {
	if name == marker.Before || name == marker.After {
		return region{role: serialRole}
	}
	if k, ok := marker.ParseWorker(name); ok && k < limits.PointCount { // no process has more
		return region{role: workerRole, worker: int32(k)}
	}
	return region{role: otherRole}
}

func (r *Replay) regionBegin(ev *gotrace.Event) {
	if ev.G == gotrace.None {
		return // no goroutine could end it
	}
	i := r.goroutine(ev.G)
	switch reg := r.regions.of(ev.Name, r.Symbols); reg.role {
	case workerRole:
		r.enter(i, reg.worker).Name = ev.Name
	case serialRole:
		r.parts[i].serial++
		r.about(SerialBegin, i).Name = ev.Name
	default:
		r.about(RegionBegin, i).Name = ev.Name
	}
}

// enter makes the goroutine in slot i worker k, unless it is a worker already or another goroutine is worker k. Another
// one that the trace has not mentioned since a gap makes room.
func (r *Replay) enter(i, k int32) *Step {
	old, taken := r.workers[k]
	if taken && r.gs[old].state == gotrace.Undetermined && r.gaps > 0 {
		r.leave(old)
		taken = false
	}
	if taken || r.parts[i].worker != None {
		r.parts[i].refused++
		s := r.about(Refused, i)
		s.ID, s.Odd = int64(k), taken
		return s
	}
	r.workers[k] = i
	r.parts[i].worker = k
	s := r.about(Enter, i)
	s.ID = int64(k)
	return s
}

func (r *Replay) regionEnd(ev *gotrace.Event) {
	if ev.G == gotrace.None {
		return
	}
	i := r.goroutine(ev.G)
	of := &r.parts[i]
	kind := RegionEnd
	switch reg := r.regions.of(ev.Name, r.Symbols); {
	case reg.role == workerRole && of.worker == reg.worker:
		r.leave(i).Name = ev.Name
		return
	case reg.role == workerRole && of.refused > 0:
		of.refused--
		return
	case reg.role == serialRole && of.serial > 0:
		of.serial--
		kind = SerialEnd
	case reg.role != otherRole:
		kind = Stray
	}
	r.about(kind, i).Name = ev.Name
}

// leave ends the worker region of the goroutine in slot i.
func (r *Replay) leave(i int32) *Step {
	of := &r.parts[i]
	k := of.worker
	delete(r.workers, k)
	of.worker = None
	s := r.about(Leave, i)
	s.ID = int64(k)
	return s
}
