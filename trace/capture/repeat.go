package capture

import (
	"context"
	"fmt"

	"github.com/corecurve/corecurve/trace/sweep"
)

// repeatable is the part of the blocks that a study plans which it may repeat: one in so many.
const repeatable = 3

// repeat makes one block again that was disturbed far more than the others, once no other block is due, and reports
// whether it made any run. The repeat has a number that no planned block has, and its results stand for those of the
// block that it repeats, however they turn out: which runs count is decided by what others took, never by a time.
func (m *measuring) repeat(ctx context.Context, k int) (bool, error) {
	before := m.made
	for _, kind := range []sweep.Kind{sweep.Timed, sweep.Traced} {
		planned := m.t.Rule.MinRuns
		if kind == sweep.Traced {
			planned = m.t.Traced
		}
		if b, ok := m.disturbed(kind, planned/repeatable); ok {
			if err := m.block(ctx, b, k); err != nil {
				return false, err
			}
		}
	}
	return m.made > before, nil
}

// disturbed returns the repeat of a kind that is to be made next: one that was begun before an interrupt, or else one
// of the block that was disturbed most, as long as there are fewer than most and the budget allows it.
func (m *measuring) disturbed(kind sweep.Kind, most int) (block, bool) {
	made, next := 0, m.t.Rule.MaxRuns
	if kind == sweep.Traced {
		next = m.t.Traced
	}
	for _, b := range m.repeats(kind) {
		if len(m.plan(b)) > 0 {
			return b, true
		}
		made, next = made+1, max(next, b.rep+1)
	}
	if made >= most || m.exceeds(m.last[kind]) {
		return block{}, false
	}
	rep, ok := sweep.Disturbed(m.end.Results, kind)
	return block{kind: kind, rep: next, replaces: &rep}, ok
}

// repeats returns the repeats of a kind that were begun.
func (m *measuring) repeats(kind sweep.Kind) (out []block) {
	seen := map[int]bool{}
	for i := range m.end.Results {
		if r := &m.end.Results[i]; r.Kind == kind && r.Replaces != nil && !seen[r.Rep] {
			seen[r.Rep] = true
			out = append(out, block{kind: kind, rep: r.Rep, replaces: r.Replaces})
		}
	}
	return out
}

// counts says, in words that follow why a study stopped, what it made less or more of than was planned.
func (m *measuring) counts() (text string) {
	if m.traced < m.t.Traced && !m.end.Failed {
		text = fmt.Sprintf("; the budget left time for %d of %d traced runs of every point", m.traced, m.t.Traced)
	}
	if n := len(m.end.Missed); n > 0 {
		text += fmt.Sprintf("; %s interrupted %d times in a row and not made", were(n), mostInterrupted)
	}
	for _, kind := range []sweep.Kind{sweep.Timed, sweep.Traced} {
		if n := len(m.repeats(kind)); n > 0 {
			again := "each was made again, and the repeats count"
			if n == 1 {
				again = "it was made again, and the repeat counts"
			}
			text += fmt.Sprintf("; others disturbed %d of the %s blocks far more than the rest: %s", n, kind, again)
		}
	}
	if !m.end.Failed {
		text += m.ceilingWords()
	}
	return text
}

// were writes what happened to a count of runs, up to the verb.
func were(n int) string {
	if n == 1 {
		return "1 run was"
	}
	return fmt.Sprintf("%d runs were", n)
}
