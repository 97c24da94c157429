package critical

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Finish returns the path of the steps so far. The Builder must not be used afterwards.
func (b *Builder) Finish() *Path {
	if !b.begun {
		return &Path{Rank: b.Rank, Warnings: []warning.Warning{warning.OfProcess(warning.PathEmpty, b.Rank)}}
	}
	last := b.ended
	for i := range b.gs {
		g := &b.gs[i]
		if !g.alive || g.whose != replay.OfProgram {
			continue
		}
		b.run(g, 0)
		b.loosen(g)
		if g.state == gotrace.Running {
			b.recording(g)
		}
		switch {
		case b.idleOutside(g):
			b.leaveOutTurns(g)
		case g.state == gotrace.Syscall:
			b.call(g)
		}
		if g.v > last.v {
			last.point = g.point
		}
		last.least, last.delay = last.least.most(g.least.at()), max(last.delay, g.delay)
	}
	// What was left out may have hidden longer chains.
	last.least = marks{min(last.least.call, last.v), min(last.least.ready, last.v)}
	p := b.path(last)
	for _, s := range b.tree.path(last.last) {
		if s.d == 0 {
			continue // it was left out
		}
		k := b.tree.keys.keys[s.key].key
		p.Steps = append(p.Steps, Step{
			Cause: k.cause(), Time: time.Duration(s.d), Stack: b.Symbols.Stack(k.stack()),
		})
	}
	p.finish()
	return p
}

// idleOutside reports whether g, alive at the end, waits for something outside the program. Its path ends where it
// began to.
func (b *Builder) idleOutside(g *goroutine) bool {
	if g.id == replay.MainGoroutine || g.state != gotrace.Waiting && g.state != gotrace.Syscall {
		return false
	}
	return g.outside || g.cause == cause.Sleep || g.cause == cause.Net || g.state == gotrace.Syscall && !g.held
}

// path returns what is known of the path that ends at last, without its steps.
func (b *Builder) path(last ends) *Path {
	d := func(ns int64) time.Duration { return time.Duration(ns) }
	p := &Path{
		Rank: b.Rank, Work: d(b.work.program), Span: d(last.v), Least: d(last.least.call), LeastHeld: d(last.least.ready),
		Delay:   d(last.delay),
		Unclear: d(b.work.maybe), Collector: d(b.work.collector),
		Operated: b.operated,
		Recorded: d(int64(b.now - b.from)), Quiet: d(b.quiet()), Crowded: d(b.stir.ready.until(b.now)),
	}
	p.Unknown = b.unknown(p)
	return p
}

// ParallelismLeast returns how many cores are of use at least by the other readings of the trace: what one core takes
// at least, over the span. It is at most Parallelism; 0: not known.
func (p *Path) ParallelismLeast() float64 {
	if p.Parallelism == 0 || p.Span <= 0 {
		return 0
	}
	least, _ := p.OneCore()
	return min(max(least.Seconds()/p.Span.Seconds(), 1), p.Parallelism)
}

// finish sorts the steps and computes the parallelism.
func (p *Path) finish() {
	slices.SortStableFunc(p.Steps, func(x, y Step) int { return cmp.Compare(y.Time, x.Time) })
	if p.NoHigh() == nil && p.Least > 0 {
		if most := p.most(); !math.IsInf(most, 1) {
			p.Parallelism = most
		}
	}
}

// Merge joins the paths of several processes as if none waited for another: the work adds up, and the longest span is
// that of all. Waits of processes for each other, over pipes or the network, count in each as waits for something
// outside, so they are not missing; but on other numbers of cores they may take other times. A coordinator's path is
// little else, and is taken only if there is no other.
func Merge(paths ...*Path) *Path {
	out := &Path{}
	var longest *Path
	working := 0
	for _, p := range paths {
		out.Work += p.Work
		out.Unclear += p.Unclear
		out.Collector += p.Collector
		out.Delay = max(out.Delay, p.Delay)
		out.Recorded = max(out.Recorded, p.Recorded)
		out.Warnings = append(out.Warnings, p.Warnings...)
		out.Unknown = append(out.Unknown, p.Unknown...)
		out.Operated = out.Operated || p.Operated
		if longest == nil || cmp.Or(min(longest.Rank, 0)-min(p.Rank, 0), cmp.Compare(longest.Span, p.Span)) < 0 {
			longest = p
		}
		if p.Span > 0 {
			working++
		}
	}
	if longest != nil {
		out.Rank, out.Span, out.Steps = longest.Rank, longest.Span, slices.Clone(longest.Steps)
		out.Least, out.LeastHeld = longest.Least, longest.LeastHeld
		out.Quiet, out.Crowded = longest.Quiet, longest.Crowded
	}
	if working > 1 && matters(out.Delay+out.Unclear, out.Span) {
		w := warning.Warning{Kind: warning.PathProcesses}
		w.Figures.Count, w.Figures.Time = working, out.Delay+out.Unclear
		out.Unknown = append(out.Unknown, w)
	}
	out.finish()
	return out
}

// Validate reports what is wrong with a path: the steps must add up to the span, and nothing may be negative.
func Validate(p *Path) error {
	var sum time.Duration
	for _, s := range p.Steps {
		if s.Time <= 0 {
			return fmt.Errorf("step %s is %d", s.Cause, s.Time)
		}
		sum += s.Time
	}
	switch {
	case sum != p.Span:
		return fmt.Errorf("steps add up to %d of %d", sum, p.Span)
	case p.Work < 0:
		return fmt.Errorf("work is %d", p.Work)
	case p.LeastHeld < 0 || p.LeastHeld > p.Least || p.Least > p.Span:
		return fmt.Errorf("the span is at least %d or %d of %d", p.LeastHeld, p.Least, p.Span)
	case p.Parallelism != 0 && p.Parallelism < 1:
		return fmt.Errorf("parallelism is %v", p.Parallelism)
	}
	return nil
}
