package critical

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// mainGoroutine is the number of the goroutine that runs main, which every program waits for.
const mainGoroutine = 1

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
		if g.state == gotrace.Syscall && !b.idleOutside(g) {
			b.add(&g.point, cause.Syscall, g.stack, int64(b.now-g.since))
		}
		if !b.idleOutside(g) && g.v > last.v {
			last = g.point
		}
	}
	p := &Path{Rank: b.Rank, Work: time.Duration(b.work), Span: time.Duration(last.v)}
	for _, s := range b.tree.path(last.last) {
		k := b.tree.keys.keys[s.key]
		p.Steps = append(p.Steps, Step{
			Cause: k.cause, Time: time.Duration(s.d), Stack: b.Symbols.Stack(k.stack),
		})
	}
	p.finish()
	p.Warnings = b.warnings()
	return p
}

// idleOutside reports whether g, alive at the end, waits for something outside the program as it did before, and so
// does not count.
func (b *Builder) idleOutside(g *goroutine) bool {
	if g.id == mainGoroutine || g.state != gotrace.Waiting && g.state != gotrace.Syscall {
		return false
	}
	return g.outside || g.cause == cause.Sleep || g.cause == cause.Net || g.state == gotrace.Syscall
}

// finish sorts the steps and computes the parallelism.
func (p *Path) finish() {
	slices.SortStableFunc(p.Steps, func(x, y Step) int { return cmp.Compare(y.Time, x.Time) })
	if p.Span > 0 {
		p.Parallelism = p.Work.Seconds() / p.Span.Seconds()
	}
}

// Merge joins the paths of several processes as if none waited for another: the work adds up, and the longest span is
// that of all. Waits of processes for each other, over pipes or the network, count in each as waits for something
// outside, so they are not missing. A coordinator's path is little else, and is taken only if there is no other.
func Merge(paths ...*Path) *Path {
	out := &Path{}
	var longest *Path
	for _, p := range paths {
		out.Work += p.Work
		out.Warnings = append(out.Warnings, p.Warnings...)
		if longest == nil || cmp.Or(min(longest.Rank, 0)-min(p.Rank, 0), cmp.Compare(longest.Span, p.Span)) < 0 {
			longest = p
		}
	}
	if longest != nil {
		out.Rank, out.Span, out.Steps = longest.Rank, longest.Span, slices.Clone(longest.Steps)
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
	}
	return nil
}
