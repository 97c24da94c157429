package chart

import (
	"slices"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// mostEfficiency is in percent where the axis of efficiencies ends, however far one goes beyond: what lies there is no
// efficiency of the same work, and would press all others flat.
const mostEfficiency = 400

// perCount is a speedup per n over the base's n, in percent.
func perCount(n, base, speedup float64) float64 { return 100 * speedup / (n / base) }

// efficiencyText writes an efficiency in percent to the whole one, and what is less, or is too long, in words of its
// own.
func efficiencyText(v float64) string {
	if v >= 999.5 {
		return ">\u00A0999\u00A0%"
	}
	return words.PercentNumber(v/100) + words.NoBreak + "%"
}

// efficiency is the view of speedups per n, in percent.
func (g curves) efficiency(head string, worthwhile float64) view {
	of := func(n, base, speedup float64) float64 { return min(mostEfficiency, perCount(n, base, speedup)) }
	most := 100.0
	for _, l := range g.lines {
		for _, p := range l.spots {
			most = max(most, of(p.n, l.base, p.value))
		}
	}
	high := most
	for _, l := range g.lines {
		for _, p := range l.spots {
			high = max(high, of(p.n, l.base, p.high))
		}
	}
	most = min(high, barRoom*most)
	return view{
		head: head, y: canvas.NewAxis(0, most*1.06, canvas.LinearScale{}, canvas.Percents(most)), of: of, full: perCount,
		shaped: true, least: 100 * worthwhile, format: efficiencyText,
	}
}

// beyond reports whether an efficiency lies beyond its axis.
func (g curves) beyond() bool {
	return slices.ContainsFunc(g.lines, func(l series) bool {
		return slices.ContainsFunc(l.spots, func(s spot) bool { return perCount(s.n, l.base, s.value) > mostEfficiency })
	})
}
