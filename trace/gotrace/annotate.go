package gotrace

import (
	"fmt"
	"math"
)

// other delivers an event that is always possible.
func (d *decoder) other(c *cursor, th *thread, ev *Event) error {
	switch c.typ {
	case wireHeapAlloc, wireHeapGoal, wireGCSweepBegin, wireGCSweepEnd:
		if th.p == None {
			return errContext
		}
	case wireGCSweepActive, wireGCMarkAssistActive:
	default:
		if c.typ < wireSpan && (th.p == None || th.g == noG) {
			return errContext
		}
	}
	switch c.typ {
	case wireHeapAlloc, wireHeapGoal, wireProcsChange:
		return d.metric(c, th, ev)
	case wireSTWBegin, wireSTWEnd:
		return d.stopTheWorld(c, th, ev)
	case wireGCSweepActive, wireGCSweepBegin, wireGCSweepEnd:
		return d.sweep(c, th, ev)
	case wireGCMarkAssistActive, wireGCMarkAssistBegin, wireGCMarkAssistEnd:
		return d.assist(c, th, ev)
	case wireGoLabel, wireUserTaskBegin, wireUserTaskEnd, wireUserRegionBegin, wireUserRegionEnd, wireUserLog:
		return d.annotation(c, th, ev)
	}
	if c.typ < wireSpan || c.typ > wireGoroutineStackFree {
		return fmt.Errorf("an event of a thread has the type %d", c.typ)
	}
	d.fill(c, th, ev, Experimental)
	ev.Name = StringID(c.typ)
	return nil
}

func (d *decoder) metric(c *cursor, th *thread, ev *Event) (err error) {
	d.fill(c, th, ev, MetricValue)
	ev.Value = int64(min(c.arg(0), math.MaxInt64)) // "no heap goal" is all ones
	switch c.typ {
	case wireHeapAlloc:
		ev.Metric = HeapObjects
	case wireHeapGoal:
		ev.Metric = HeapGoal
	default:
		ev.Metric = GOMAXPROCS
		ev.Stack, err = d.stack(c.arg(1))
	}
	return err
}

func (d *decoder) stopTheWorld(c *cursor, th *thread, ev *Event) (err error) {
	g := &d.gs[th.g]
	if (g.stops == noStop) != (c.typ == wireSTWBegin) {
		return errState
	}
	kind := RangeEnd
	if c.typ == wireSTWBegin {
		kind = RangeBegin
		g.stops = c.arg(0)
	}
	d.fill(c, th, ev, kind)
	ev.Subject, ev.Range = g.id, StopTheWorld
	if kind == RangeBegin {
		if ev.Stack, err = d.stack(c.arg(1)); err != nil {
			return err
		}
	}
	ev.Name, err = d.name(g.stops)
	if kind == RangeEnd {
		g.stops = noStop
	}
	return err
}

func (d *decoder) sweep(c *cursor, th *thread, ev *Event) (err error) {
	id, kind := uint64(th.p), RangeEnd
	switch c.typ {
	case wireGCSweepActive:
		id, kind = c.arg(0), RangeActive
	case wireGCSweepBegin:
		kind = RangeBegin
	}
	p := d.proc(id)
	if p == nil || p.sweeping != (kind == RangeEnd) {
		return errState
	}
	p.sweeping = kind != RangeEnd
	d.fill(c, th, ev, kind)
	ev.Subject, ev.Range = int64(id), GCSweep
	if kind == RangeBegin {
		ev.Stack, err = d.stack(c.arg(0))
	}
	return err
}

func (d *decoder) assist(c *cursor, th *thread, ev *Event) (err error) {
	i, kind := th.g, RangeEnd
	switch c.typ {
	case wireGCMarkAssistActive:
		i, kind = d.find(c.arg(0)), RangeActive
	case wireGCMarkAssistBegin:
		kind = RangeBegin
	}
	if i == noG || d.gs[i].assist != (kind == RangeEnd) {
		return errState
	}
	d.gs[i].assist = kind != RangeEnd
	d.fill(c, th, ev, kind)
	ev.Subject, ev.Range = d.gs[i].id, GCMarkAssist
	if kind == RangeBegin {
		ev.Stack, err = d.stack(c.arg(0))
	}
	return err
}

// annotation delivers what programs put into their own traces: tasks, regions, logs and labels.
func (d *decoder) annotation(c *cursor, th *thread, ev *Event) (err error) {
	var kind Kind
	var name, stack uint64
	switch c.typ {
	case wireGoLabel:
		kind, name = Label, c.arg(0)
	case wireUserTaskBegin:
		kind, name, stack = TaskBegin, c.arg(2), c.arg(3)
	case wireUserTaskEnd: // its name is that of its beginning
		kind, stack = TaskEnd, c.arg(1)
	case wireUserRegionBegin:
		kind, name, stack = RegionBegin, c.arg(1), c.arg(2)
	case wireUserRegionEnd:
		kind, name, stack = RegionEnd, c.arg(1), c.arg(2)
	case wireUserLog:
		kind, name, stack = Log, c.arg(1), c.arg(3)
	}
	d.fill(c, th, ev, kind)
	if ev.Name, err = d.name(name); err != nil {
		return err
	}
	switch kind {
	case Label:
		ev.Subject = ev.G
		return nil
	case TaskBegin:
		if ev.Parent = c.arg(1); ev.Parent == 0 { // the trace's number for no parent
			ev.Parent = noTask
		}
	case TaskEnd:
		ev.Parent = noTask
	case Log:
		if d.message, err = d.text(c.arg(2)); err != nil {
			return err
		}
	}
	ev.Task = c.arg(0)
	if kind == Log && name == d.operations && name != 0 {
		operated(ev, d.message)
	}
	ev.Stack, err = d.stack(stack)
	return err
}
