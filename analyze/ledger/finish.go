package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Finish returns the ledger of the steps so far. The Builder must not be used afterwards.
func (b *Builder) Finish() *Ledger {
	if !b.begun {
		return &Ledger{Level: Ps, Start: b.From, End: b.From, Warnings: []warning.Warning{
			warning.OfProcess(warning.LedgerEmpty, b.Rank),
		}}
	}
	if b.missing.now {
		b.regain(b.at)
	}
	for _, g := range b.gs {
		if g.alive {
			b.cut(g, 0, noG)
			b.settle(g)
			b.busyStart.keep(g)
		}
	}
	for _, g := range b.gs {
		b.divideCall(g)
		b.expire(g)
		b.conclude(g, true)
	}
	b.moves.apply(&b.rows)
	b.endQuiet()
	b.settleTotal()
	if b.serialDepth > 0 {
		b.endSerial(b.at)
		b.serialSince = b.at
	}
	l := &Ledger{Level: Ps, Start: min(max(b.begin, b.first), b.at), End: b.at, Total: CoreTime(b.total)}
	l.Wall = l.End.Sub(l.Start)
	c := closing{b}
	busy := c.busyRows(l)
	busy += c.offRows(l, CoreTime(b.total)-busy)
	c.idleRows(l, CoreTime(b.total)-busy)
	sortRows(l)
	p := part{rank: b.Rank, threads: b.threads, start: l.Start, end: l.End, ps: l.Total, serial: b.serial, quiet: b.quiet}
	c.finishWorkers(l, &p)
	l.parts = []part{p}
	c.finishWarnings()
	l.Warnings = b.warnings
	return l
}

// A closing makes a ledger of what a Builder has gathered.
type closing struct{ *Builder }

// busyRows adds the rows of Ps with a goroutine and returns their sum.
func (b closing) busyRows(l *Ledger) CoreTime {
	times := make([]int64, cause.Count)
	starts := b.busyStart.byCause()
	var sum int64
	for k, d := range starts {
		times[k.cause] += d
		sum += d
	}
	if sum > b.total { // the trace contradicts itself
		sum = b.total
		times = Apportion(sum, times, func(d int64) float64 { return float64(d) })
	}
	for c, d := range times {
		b.busyStacks(l, cause.Cause(c), CoreTime(d), starts)
	}
	return CoreTime(sum)
}

// busyStacks adds busy time of cause c, split among stacks by the CPU samples or, without any, by start functions.
func (b closing) busyStacks(l *Ledger, c cause.Cause, total CoreTime, starts map[causeStack]int64) {
	from := b.samples
	keys := keysOf(from, c)
	if len(keys) == 0 {
		from = starts
		keys = keysOf(from, c)
	}
	for i, d := range Apportion(total, keys, func(k causeStack) float64 { return float64(from[k]) }) {
		l.add(c, b.owned(Stack{Time: d, Waiting: b.Symbols.Stack(keys[i].stack)}, keys[i].worker))
	}
}

// keysOf returns the keys of cause c in order.
func keysOf(m map[causeStack]int64, c cause.Cause) []causeStack {
	var keys []causeStack
	for k := range m {
		if k.cause == c {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(x, y causeStack) int {
		return cmp.Or(cmp.Compare(x.stack, y.stack), cmp.Compare(x.worker, y.worker))
	})
	return keys
}

// idleRows adds the rows of Ps without a goroutine, whose time is total.
func (b closing) idleRows(l *Ledger, total CoreTime) {
	lost := min(total, CoreTime(b.missing.ps))
	l.add(cause.Unknown, b.owned(Stack{Time: lost}, noWorker))
	total -= lost
	rows := append([]row{
		{rowKey{cause: cause.Unknown, worker: noWorker}, float64(b.idleNoReason)},
		{rowKey{cause: cause.GCSTW, worker: noWorker}, float64(b.idleStopped)},
		{rowKey{cause: cause.Tracer, worker: noWorker}, float64(b.idleTracer)},
		{rowKey{cause: cause.SchedLatency, worker: noWorker}, float64(b.idleReady)},
		{rowKey{cause: cause.Idle, worker: noWorker}, max(float64(b.idleNothing)-b.moves.lent.idle, 0)},
	}, b.rows.rows...)
	objects := b.waitedFor()
	for i, d := range Apportion(total, rows, func(r row) float64 { return r.sum }) {
		k := rows[i].key
		s := Stack{
			Time: d, Waiting: b.Symbols.Stack(k.waiting), Blamed: b.Symbols.Stack(k.blamed),
			Objects: objects[waitKey{k.cause, k.waiting}],
		}
		l.add(k.cause, b.owned(s, k.worker))
	}
}

// add adds a stack to the row of a cause, and the row if there is none. A stack without time adds nothing.
func (l *Ledger) add(c cause.Cause, s Stack) {
	if s.Time <= 0 {
		return
	}
	i := slices.IndexFunc(l.Rows, func(r Row) bool { return r.Cause == c })
	if i < 0 {
		i = len(l.Rows)
		l.Rows = append(l.Rows, Row{Cause: c})
	}
	l.Rows[i].Time += s.Time
	l.Rows[i].Stacks = append(l.Rows[i].Stacks, s)
}

// sortRows puts the rows in the order of causes and joins equal stacks, largest first.
func sortRows(l *Ledger) {
	order := map[cause.Cause]int{}
	for i, c := range cause.All() {
		order[c] = i
	}
	slices.SortFunc(l.Rows, func(x, y Row) int { return cmp.Compare(order[x.Cause], order[y.Cause]) })
	for i := range l.Rows {
		l.Rows[i].Stacks = joinStacks(l.Rows[i].Stacks)
	}
}

// joinStacks adds up equal stacks, largest first; ties go by frames, so that the order is deterministic.
func joinStacks(stacks []Stack) []Stack {
	slices.SortFunc(stacks, compareFrames)
	out := stacks[:0]
	for _, s := range stacks {
		if n := len(out); n > 0 && compareFrames(out[n-1], s) == 0 {
			out[n-1].Owners = joinOwners(&out[n-1], &s)
			out[n-1].Objects = JoinObjects(&out[n-1], &s)
			out[n-1].Time += s.Time
			continue
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(x, y Stack) int { return cmp.Compare(y.Time, x.Time) })
	return out
}

func compareFrames(x, y Stack) int {
	return cmp.Or(slices.CompareFunc(x.Waiting, y.Waiting, compareFrame),
		slices.CompareFunc(x.Blamed, y.Blamed, compareFrame))
}

func compareFrame(a, b gotrace.Frame) int {
	return cmp.Or(cmp.Compare(a.Func, b.Func), cmp.Compare(a.Line, b.Line), cmp.Compare(a.File, b.File))
}

// finishWorkers partitions the time of the workers.
func (b closing) finishWorkers(l *Ledger, p *part) {
	end := b.at
	if b.To != 0 {
		end = max(b.To, b.begin)
	}
	p.waits = make(map[int][]interval, len(b.workers))
	for i := range b.workers {
		w := b.workers[i]
		if w.active {
			p.done = end
			if d := int64(end - b.at); d > 0 { // the trace was cut off; what followed is not known
				w.add(cause.Unknown, d)
				b.warn(warning.LedgerCut, w.id, warning.Figures{Time: time.Duration(d)})
			}
		} else {
			p.done = max(p.done, w.gap)
			b.endGap(w, b.clocks(b.at), end, cause.Teardown)
		}
		if w.cut > 0 {
			b.warn(warning.LedgerWaits, w.id, warning.Figures{Of: maxIntervals})
		}
		t := WorkerTime{
			Rank: b.Rank, ID: w.id, Wall: end.Sub(b.begin), ByCause: map[cause.Cause]time.Duration{},
			Parked: time.Duration(w.parked),
		}
		for _, s := range w.spent {
			if s.time != 0 {
				t.ByCause[s.cause] = time.Duration(s.time)
			}
		}
		p.waits[w.id] = w.waits
		l.Workers = append(l.Workers, t)
	}
	sortWorkers(l.Workers)
}

func sortWorkers(ws []WorkerTime) {
	slices.SortFunc(ws, func(x, y WorkerTime) int {
		return cmp.Or(cmp.Compare(x.Rank, y.Rank), cmp.Compare(x.ID, y.ID))
	})
}

func (b closing) finishWarnings() {
	if b.missing.parts > 0 {
		b.warn(warning.LedgerGap, 0, warning.Figures{Count: b.missing.parts, Time: b.missing.length})
	}
	if b.contradictions > 0 {
		b.warn(warning.LedgerTwice, 0, warning.Figures{Count: b.contradictions})
	}
	if b.serialCut > 0 {
		b.warn(warning.LedgerSerial, 0, warning.Figures{Count: b.serialCut, Of: maxIntervals})
	}
	if b.From != 0 && b.first > b.From {
		b.warn(warning.LedgerBegins, 0, warning.Figures{Time: b.first.Sub(b.From)})
	}
	if b.To != 0 && b.last < b.To {
		b.warn(warning.LedgerEnds, 0, warning.Figures{Time: b.To.Sub(b.last)})
	}
}

// Validate reports what is wrong with a ledger: rows must add up to the total, stacks to their row and a worker's
// causes to its time, and nothing may be negative.
func Validate(l *Ledger) error {
	var sum CoreTime
	for _, r := range l.Rows {
		if r.Time <= 0 {
			return fmt.Errorf("row %s is %d", r.Cause, r.Time)
		}
		sum += r.Time
		var stacks CoreTime
		for _, s := range r.Stacks {
			if s.Time <= 0 {
				return fmt.Errorf("row %s has a stack with %d", r.Cause, s.Time)
			}
			stacks += s.Time
			var parts float64
			for _, o := range s.Objects {
				parts += o.Part
			}
			if parts > 1+1e-9 {
				return fmt.Errorf("row %s: %g of a stack is for objects", r.Cause, parts)
			}
		}
		if stacks != r.Time {
			return fmt.Errorf("row %s is %d, its stacks add up to %d", r.Cause, r.Time, stacks)
		}
	}
	if sum != l.Total {
		return fmt.Errorf("rows add up to %d of %d", sum, l.Total)
	}
	for _, w := range l.Workers {
		var sum time.Duration
		for c, d := range w.ByCause {
			if d < 0 {
				return fmt.Errorf("worker %d of process %d: %s is %d", w.ID, w.Rank, c, d)
			}
			sum += d
		}
		if w.Parked < 0 || w.Parked > w.ByCause[cause.GCAssist] {
			return fmt.Errorf("worker %d of process %d: parked for %d of %d in %s", w.ID, w.Rank, w.Parked,
				w.ByCause[cause.GCAssist], cause.GCAssist)
		}
		if sum != w.Wall {
			return fmt.Errorf("worker %d of process %d: causes add up to %d of %d", w.ID, w.Rank, sum, w.Wall)
		}
	}
	return nil
}
