package stack

import (
	"cmp"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// keepBusy names what others were busy with in waits that they end by an operation, such as sending to a channel. Waits
// for locks are named by who waits.
func (b *builder) keepBusy(r *Row) {
	switch r.Cause.Group() {
	case cause.Channel, cause.Condition, cause.Imbalance:
	default:
		return
	}
	for i := range r.Places {
		p := &r.Places[i]
		if len(p.Blamed) > 0 && operation(p.Blamed[0]) {
			p.Busy = b.busiest(p.Blamed)
		}
	}
}

// operation reports whether a frame is inside a channel, a lock or the scheduler. Where a goroutine is interrupted is
// not: it tells itself what the goroutine was busy with.
func operation(f gotrace.Frame) bool {
	if strings.HasPrefix(f.Func, "runtime.asyncPreempt") {
		return false
	}
	p := place.Package(f.Func)
	return p == "runtime" || p == "sync" || strings.HasPrefix(p, "internal/")
}

// busiest returns the sampled stack of the function with the most CPU time, among samples through the innermost
// function of the user's code in blamed that any sample passes through.
func (b *builder) busiest(blamed []gotrace.Frame) []gotrace.Frame {
	if b.sampled == nil {
		b.sampled = b.samples()
	}
	for _, own := range place.User(blamed) {
		var found places
		for _, s := range b.sampled {
			if slices.ContainsFunc(s.Waiting, func(f gotrace.Frame) bool { return f.Func == own.Func }) {
				found.addCaller(s)
			}
		}
		if most := found.most(); most != nil {
			return most
		}
	}
	return nil
}

// samples returns the stacks of the program's running code at the point: from the profile, or else from the ledgers.
func (b *builder) samples() []ledger.Stack {
	out := []ledger.Stack{}
	if all := b.profiled(); all != nil {
		for stack, v := range all {
			if ofProgram(stack) {
				out = append(out, ledger.Stack{Time: ledger.CoreTime(v), Waiting: stack})
			}
		}
		return out
	}
	for i := range b.at.runs {
		if p := b.at.runs[i].of(cause.User); p != nil {
			out = append(out, p.Stacks...)
		}
	}
	return out
}

// addCaller adds a sample by the words for its place, which tell callers of a helper in another package apart.
func (p *places) addCaller(s ledger.Stack) {
	own := place.User(s.Waiting)
	if len(own) == 0 {
		return
	}
	key := own[0].Func
	if c, ok := place.Caller(own); ok {
		key += " " + c.Func
	}
	at := p.at(key)
	at.time += float64(s.Time)
	if t := float64(s.Time); t > at.largest {
		at.largest, at.waiting = t, s.Waiting
	}
}

// most returns the stack of the largest of p.
func (p *places) most() []gotrace.Frame {
	if len(p.list) == 0 {
		return nil
	}
	return slices.MaxFunc(p.list, func(a, b spent) int { return cmp.Compare(a.time, b.time) }).waiting
}
