package replay

import (
	"math"

	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/slots"
)

// objects numbers the channels, locks and the like of a program, which a trace knows by their addresses.
type objects struct {
	slots slots.Table // in all, by address
	all   []object
	n     int32 // numbers given
}

// An object is the latest at an address.
type object struct {
	number int32
	stack  gotrace.StackID // where it was made, or used first as far as told; 0: not known
	count  int64           // of a WaitGroup, as far as known
	made   bool            // the trace tells that it was made
	thing  gotrace.Thing
}

// of returns the object of an operation, and whether it had to forget all others before, because there are too many.
//
// Memory is used again, and what tells that an address has a new object is that a channel is made, that the function of
// a Once runs, that a WaitGroup leaves zero, for one at zero is as good as new, and that it is used as something else.
func (o *objects) of(op gotrace.Operation) (x *object, forgot bool) {
	i, ok := o.slots.Find(int64(op.Object))
	if !ok {
		if forgot = len(o.all) == limits.Objects; forgot {
			o.forget()
		}
		i = int32(len(o.all))
		o.all = append(o.all, object{})
		o.slots.Put(int64(op.Object), i)
	}
	x = &o.all[i]
	if thing := op.Op.On(); x.thing != thing {
		*x, ok = object{thing: thing}, false
	}
	if !ok || op.Op == gotrace.OpMake || op.Op == gotrace.OpOnceBegin ||
		op.Op == gotrace.OpAdd && op.Amount > 0 && x.count == 0 {
		*x = object{number: o.n, made: op.Op == gotrace.OpMake, thing: x.thing}
		o.n++
	}
	if op.Op == gotrace.OpAdd {
		x.count = max(x.count+op.Amount, 0)
	}
	return x, forgot
}

// forget forgets all objects: from now on they have other numbers.
func (o *objects) forget() {
	o.slots.Clear()
	o.all = o.all[:0]
}

func (r *Replay) operated(ev *gotrace.Event) {
	if ev.G == gotrace.None {
		return
	}
	op := ev.Operation()
	x, forgot := r.objects.of(op)
	if x.stack == 0 {
		x.stack = ev.Stack
	}
	s := r.about(Operated, r.acting(ev))
	s.ID = int64(x.number) | int64(int32(max(min(op.Amount, math.MaxInt32), math.MinInt32)))<<32
	s.Op, s.Mode, s.Stack, s.ByStack, s.Odd = op.Op, op.Mode, ev.Stack, x.stack, forgot
	if x.made {
		s.Mode |= gotrace.Made
	}
}
