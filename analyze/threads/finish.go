package threads

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/osched"
)

// Finish returns where the threads were until the last record. The Builder must not be used afterwards.
func (b *Builder) Finish() *Threads {
	t := &b.out
	if !b.begun {
		t.Warnings = []warning.Warning{{Kind: warning.ThreadsEmpty}}
		return t
	}
	for _, th := range b.living() {
		b.end(th)
	}
	t.Start, t.End = b.start, b.now
	t.byTID = make(map[int32][]int32, len(b.all))
	b.doubt()
	for i, th := range b.all {
		th.finishWaits()
		t.Threads = append(t.Threads, th.Thread)
		t.blocks = append(t.blocks, th.finishBlocks())
		t.byTID[th.TID] = append(t.byTID[th.TID], int32(i))
		p := &t.Processes[th.Process]
		p.OnCPU += th.OnCPU
		p.End = max(p.End, th.End)
	}
	for cpu, c := range b.cores {
		if c != nil {
			t.cores = append(t.cores, c.strip.Lane(timeline.Core, 0, int64(cpu), fmt.Sprintf("core %d", cpu)))
		}
	}
	t.lanes, t.joined = b.lanes, b.per > 1
	if t.from, t.to = t.Start, t.End; b.To > 0 {
		t.from, t.to = max(t.Start, b.From), min(t.End, b.To)
	}
	t.Locks = locks(t.Threads)
	b.warn(t)
	return t
}

func (b *Builder) warn(t *Threads) {
	say := func(k warning.Kind, f warning.Figures) {
		t.Warnings = append(t.Warnings, warning.Warning{Kind: k, Figures: f})
	}
	if len(t.Gaps) > 0 {
		lost := warning.Figures{Of: len(t.Gaps)}
		for _, g := range t.Gaps {
			lost.Count += int(g.Lost)
			lost.Time += g.To.Sub(g.From)
		}
		say(warning.ThreadsLost, lost)
	}
	if b.strange > 0 {
		say(warning.ThreadsStrange, warning.Figures{Count: b.strange})
		t.Warnings[len(t.Warnings)-1].Items = []warning.Item{b.strangest}
	}
	if !b.ended {
		say(warning.ThreadsCut, warning.Figures{})
	}
	if b.per > 1 {
		say(warning.ThreadsFolded, warning.Figures{Count: b.per})
	}
	if b.alike > 0 {
		say(warning.ThreadsWaits, warning.Figures{Count: b.alike, Of: limits.Waits})
	}
	if b.Level.Cannot() != "" && b.Level != "" {
		say(warning.ThreadsLevel, warning.Figures{})
		t.Warnings[len(t.Warnings)-1].Subject.Name = string(b.Level)
	}
	if b.unplaced > 0 {
		say(warning.ThreadsLate, warning.Figures{Time: b.unplaced})
	}
}

// doubt forgets that a futex is a lock if it was seen as one in a single stretch, which is much of all that the thread
// was blocked: the word of a barrier may once hold what that of a lock holds.
func (b *Builder) doubt() {
	type futex struct {
		process int
		object  uint64
	}
	sure := map[futex]bool{}
	for _, th := range b.all {
		for k, w := range th.waits {
			if k.on == osched.HeldLock && (w.stretches > 1 || w.time < th.Blocked/10) {
				sure[futex{th.Process, k.object}] = true
			}
		}
	}
	for _, th := range b.all {
		for k, w := range th.waits {
			if k.on != osched.HeldLock || sure[futex{th.Process, k.object}] {
				continue
			}
			delete(th.waits, k)
			k.on = ""
			if same := th.waits[k]; same != nil {
				w.samples, w.stretches, w.time = w.samples+same.samples, w.stretches+same.stretches, w.time+same.time
			}
			th.waits[k] = w
		}
	}
}

// finishWaits gives each wait the time of the stretches in which it was sampled, and a share of those that nobody
// sampled, which are the short ones: by the number of stretches, so that one long wait does not speak for many short
// ones. The running sums are rounded down, not the parts, so that these add up.
func (th *task) finishWaits() {
	rest := th.Blocked
	stretches := 0
	for k, w := range th.waits {
		th.Waits = append(th.Waits, Wait{Reason: k.reason, Object: k.object, On: k.on, Samples: w.samples, Time: w.time})
		rest -= w.time
		stretches += w.stretches
	}
	slices.SortFunc(th.Waits, func(x, y Wait) int {
		return cmp.Or(cmp.Compare(y.Samples, x.Samples), cmp.Compare(x.Reason, y.Reason),
			cmp.Compare(x.Object, y.Object), cmp.Compare(x.On, y.On))
	})
	sum := 0
	var given time.Duration
	for i := range th.Waits {
		w := &th.Waits[i]
		sum += th.waits[waitKey{w.Reason, w.Object, w.On}].stretches
		part := share(rest, sum, stretches) - given
		given += part
		w.Time += part
	}
	slices.SortStableFunc(th.Waits, func(x, y Wait) int { return cmp.Compare(y.Time, x.Time) })
}

// finishBlocks turns the times in each block into the times before it.
func (th *task) finishBlocks() []block {
	var on, ready time.Duration
	for i := range th.blocks {
		b := &th.blocks[i]
		on, b.on = on+b.on, on
		ready, b.ready = ready+b.ready, ready
	}
	return th.blocks
}

// locks returns the futexes that several threads were blocked by. A futex with a single waiter is how that thread is
// parked.
func locks(threads []Thread) []Lock {
	type key struct {
		process int
		address uint64
		name    string
	}
	index := map[key]int{}
	var out []Lock
	for i := range threads {
		th := &threads[i]
		for _, w := range th.Waits {
			if w.Reason != osched.Futex || w.Object == 0 && w.On == "" || w.On == osched.ThreadEnd {
				continue
			}
			k := key{th.Process, w.Object, w.On}
			at, ok := index[k]
			if !ok {
				at = len(out)
				index[k] = at
				out = append(out, Lock{Process: k.process, Address: k.address, Name: k.name})
			}
			out[at].Threads++
			out[at].Samples += w.Samples
			out[at].Blocked += w.Time
		}
	}
	out = slices.DeleteFunc(out, func(l Lock) bool { return l.Threads < 2 && l.Name == "" })
	slices.SortStableFunc(out, func(x, y Lock) int {
		return cmp.Or(cmp.Compare(y.Blocked, x.Blocked), cmp.Compare(x.Process, y.Process),
			cmp.Compare(x.Address, y.Address))
	})
	return out
}
