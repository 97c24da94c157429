package ledger

import (
	"cmp"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// An Object is the channel, lock or the like that waits of a stack were for. Only programs with sync events tell of it.
// Objects of one kind that were made at one place are one.
type Object struct {
	Thing    gotrace.Thing
	Capacity int             // of a channel; Several: they have different ones
	Origin   []gotrace.Frame // where it was made, or used first as far as the trace tells; innermost first
	Made     bool            // Origin is where it was made
	Rank     int             // of the process
	Number   int             // which one of the process it is; Several: there are more of that kind and place
	Part     float64         // of the time of the stack
}

// Several stands for different capacities or numbers of an [Object].
const Several = -1

// objects add up the waits at each stack by what they were for. An operation is told when it has succeeded, which is
// after the wait for it has ended: what a wait has cost is owed until then.
type objects struct {
	index map[objectKey]int32
	sums  []objectSum
	ends  []gotrace.Op // by stack; numbers of operations that end the waits there, see endOf
}

// An objectKey tells apart what waits of one cause at one stack were for.
type objectKey struct {
	cause           cause.Cause
	waiting, origin gotrace.StackID
	thing           gotrace.Thing
	made            bool
}

type objectSum struct {
	key      objectKey
	sum      float64
	capacity int32
	number   int32
}

// An owed is the cost of the latest waits of a goroutine, as long as it is not known what they were for.
type owed struct {
	cause cause.Cause
	stack gotrace.StackID
	d     float64
}

// owe notes that the wait of g, which has ended, has cost d. To get a lock may take several waits.
func (g *goroutine) owe(d float64) {
	if w := &g.wait; g.owed.cause != w.Cause || g.owed.stack != w.stack {
		g.owed = owed{cause: w.Cause, stack: w.stack}
	}
	g.owed.d += d
}

// operated learns what the latest waits of the goroutine were for, if the operation is the one that they were for.
func (b *Builder) operated(s *replay.Step) {
	g := b.gs[s.G]
	o := g.owed
	g.owed = owed{}
	origin, made := s.Origin()
	if o.d <= 0 || origin == 0 || !b.objects.endedBy(b.Symbols, &o, s) {
		return
	}
	key := objectKey{o.cause, o.stack, origin, s.Op.On(), made}
	i, ok := b.objects.index[key]
	if !ok {
		if b.objects.index == nil {
			b.objects.index = make(map[objectKey]int32)
		}
		i = int32(len(b.objects.sums))
		b.objects.index[key] = i
		x := objectSum{key: key, number: s.Object()}
		if key.thing == gotrace.Channel {
			x.capacity = s.Amount()
		}
		b.objects.sums = append(b.objects.sums, x)
	}
	x := &b.objects.sums[i]
	x.sum += o.d
	if x.number != s.Object() {
		x.number = Several
	}
	if key.thing == gotrace.Channel && x.capacity != s.Amount() {
		x.capacity = Several
	}
}

// endedBy reports whether the operation of a step is what a goroutine waited for.
func (o *objects) endedBy(symbols *gotrace.Symbols, w *owed, s *replay.Step) bool {
	switch w.cause {
	case cause.ChanSend:
		return s.Op == gotrace.OpSend
	case cause.ChanRecv:
		return s.Op == gotrace.OpRecv
	case cause.Select:
		return s.Mode&gotrace.InSelect != 0
	}
	if n := int(w.stack) + 1 - len(o.ends); n > 0 {
		o.ends = append(o.ends, make([]gotrace.Op, n)...)
	}
	end := &o.ends[w.stack]
	if *end == gotrace.BadOp {
		*end = endOf(symbols.Stack(w.stack))
	}
	return *end == s.Op
}

// endOf returns the operation that ends waits at a stack, or, as OpMake ends none, that. What package sync does not
// tell, such as the lock of a file descriptor or of a sync.Map, is not taken for what is done after it.
func endOf(stack []gotrace.Frame) gotrace.Op {
	for _, f := range stack {
		name, ok := strings.CutPrefix(f.Func, "sync.(*")
		switch {
		case !ok:
		case name == "Mutex).Lock", name == "RWMutex).Lock":
			return gotrace.OpLock
		case name == "RWMutex).RLock":
			return gotrace.OpRLock
		case name == "WaitGroup).Wait":
			return gotrace.OpWait
		case name == "Cond).Wait":
			return gotrace.OpCondWoken
		case name == "Once).Do", name == "Once).doSlow":
			return gotrace.OpOncePass
		}
	}
	return gotrace.OpMake
}

// A waitKey is a cause and the stack that waits.
type waitKey struct {
	cause   cause.Cause
	waiting gotrace.StackID
}

// waitedFor returns what the waits at each stack were for, the largest part first.
func (b closing) waitedFor() map[waitKey][]Object {
	if len(b.objects.sums) == 0 {
		return nil
	}
	all := make(map[waitKey]float64)
	for i := range b.rows.rows {
		r := &b.rows.rows[i]
		all[waitKey{r.key.cause, r.key.waiting}] += r.sum
	}
	told := make(map[waitKey]float64)
	for i := range b.objects.sums {
		x := &b.objects.sums[i]
		told[waitKey{x.key.cause, x.key.waiting}] += x.sum
	}
	out := make(map[waitKey][]Object)
	for i := range b.objects.sums {
		x := &b.objects.sums[i]
		k := waitKey{x.key.cause, x.key.waiting}
		out[k] = append(out[k], Object{
			Thing: x.key.thing, Capacity: int(x.capacity), Origin: b.Symbols.Stack(x.key.origin), Made: x.key.made,
			Rank: b.Rank, Number: int(x.number), Part: x.sum / max(all[k], told[k]),
		})
	}
	for _, o := range out {
		sortObjects(o)
	}
	return out
}

func sortObjects(o []Object) {
	slices.SortStableFunc(o, func(x, y Object) int {
		return cmp.Or(cmp.Compare(y.Part, x.Part), x.compare(&y))
	})
}

// compare orders objects by kind and place.
func (o *Object) compare(p *Object) int {
	made := 0
	if o.Made != p.Made {
		made = 1
		if o.Made {
			made = -1
		}
	}
	return cmp.Or(cmp.Compare(o.Thing, p.Thing), made, slices.CompareFunc(o.Origin, p.Origin, compareFrame))
}

// JoinObjects returns what the time of two stacks together was waited for.
func JoinObjects(x, y *Stack) []Object {
	if len(x.Objects)+len(y.Objects) == 0 {
		return nil
	}
	both := float64(x.Time + y.Time)
	out := make([]Object, 0, len(x.Objects)+len(y.Objects))
	for _, s := range []*Stack{x, y} {
		for _, o := range s.Objects {
			o.Part *= float64(s.Time) / both
			i := slices.IndexFunc(out, func(p Object) bool { return p.compare(&o) == 0 })
			if i < 0 {
				out = append(out, o)
				continue
			}
			p := &out[i]
			p.Part += o.Part
			if p.Rank != o.Rank || p.Number != o.Number {
				p.Number = Several
			}
			if p.Capacity != o.Capacity {
				p.Capacity = Several
			}
		}
	}
	sortObjects(out)
	return out
}
