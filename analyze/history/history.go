// Package history tells at which revision of a program its times or its speedup changed, from studies of many
// revisions.
//
// How changes are found:
//
//  1. The curves of all studies are put into series, by machine and by the key of package compare, in the order of
//     their commits, and of one commit in the order of their measurement. A study of a program without a commit stands
//     where it was measured.
//  2. A series has three lines: the time at its base, the time at its top, which is the largest count within the cores
//     that most studies have, and the speedup there. A study is a sample on each: the logarithms of its launches'
//     times, or of the ratios of those of a block.
//  3. Changes are found by E-divisive (Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis
//     of Multivariate Data", JASA 109, 2014, with exponent 1), as Hunter (Fleming et al., ICPE 2023) and MongoDB
//     (Daly et al., ICPE 2020) do: the place that divides a sequence best is tested by permutation, and either part is
//     divided again. The unit of the permutation is the study, so that what its launches have in common, the state of
//     the machine on that day, is not mistaken for a change. A change that is taken back would hide from a search of
//     the whole sequence: the largest statistic is taken over seeded intervals (Kovács et al., "Seeded binary
//     segmentation", Biometrika 110, 2023).
//  4. A machine that drifts makes studies resemble the one before, which permutation does not know. So p is the larger
//     of that and of the probability under an autoregressive process (as Robbins et al., "Mean shift testing in
//     correlated data", Journal of Time Series Analysis 32, 2011; its coefficient is that of the residuals about the
//     segments, with a margin). The least clear change is given up first.
//  5. All lines of a history are one family: each is tested at 0.05 over their number (Bonferroni). Segments have three
//     studies or more: one alone may be an outlier. Few studies cannot show a change at all, and it is said how many
//     can.
//  6. The figure of a change is the ratio of the geometric means of the studies' medians, after over before, with
//     Welch's interval over studies, which holds drift and launches alike. Noise widens it as in package curve.
//  7. A change is certain if that interval lies beyond 1, beyond what studies of one program differ by within the
//     history, and the loop in registers, which each study measures its machine by, did not change alike. It is likely
//     if the ratio alone lies beyond that, or if the loop does not tell. Where the loop changed as much, it is the
//     machine that did.
//
// Rejected: PELT, whose penalty supposes independent studies of known variance; CUSUM charts, which want a reference
// period without changes; and a test of each study against the one before, which claims a change of each drift.
// TestSimulated measures how often flat histories show a change, and how often one of 5 % is found.
package history

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Alpha is the probability that a history without a change shows one.
const Alpha = 0.05

// MinEffect is the least change that is worth a claim, as a share.
const MinEffect = 0.01

// A Study is a study of a history, without its runs.
type Study struct {
	Name   string // as its reader calls it
	Header sweep.Header
	loop   map[int]float64 // seconds that a unit of the loop in registers takes, by the cores that are busy with it
}

// A Figure is what one study says of one count. What is not known is NaN.
type Figure struct {
	Point    sweep.Point
	N        int
	Runs     int
	Median   float64         // seconds; of a benchmark those of one iteration
	Range    *curve.Interval // of the median; nil: not known
	Speedup  float64
	Interval *curve.Interval // of the speedup; nil: not known, or the base
}

// An Entry is a study in a series.
type Entry struct {
	Study    int             // in the history
	Program  sweep.Program   // what was measured
	Figures  []Figure        // by N
	Within   int             // index of the largest count within the cores; -1: none was measured
	Base     int             // index of the base; -1: it was not measured
	Ceiling  float64         // speedup of the loop in registers at the top of the series; NaN: not known
	launches []compare.Count // by N
}

// Revision returns what the program of e was built from; the zero value if that is not known.
func (e *Entry) Revision() sweep.Revision {
	if e.Program.Revision == nil {
		return sweep.Revision{}
	}
	return *e.Program.Revision
}

// at returns the index of a point; -1 if it was not measured.
func (e *Entry) at(p sweep.Point) int {
	return slices.IndexFunc(e.Figures, func(f Figure) bool { return f.Point == p && f.Runs > 0 })
}

// A Quantity is what a line shows.
type Quantity string

// The quantities.
const (
	BaseTime Quantity = "base-time"
	TopTime  Quantity = "time"
	Speedup  Quantity = "speedup"
)

// A Line is a quantity of a series, study by study.
type Line struct {
	Quantity Quantity
	N        int       // the count that it is of
	Values   []float64 // of each entry: seconds, or the speedup; NaN: not measured
	Known    int       // how many are
	Tested   bool      // there are enough of them to show a change
	samples  [][]float64
	machine  []float64    // logarithm of what the loop in registers gives for it, of each entry; NaN: not measured
	quiet    [][2]float64 // the factors by which noise may have made the logarithm's argument larger, and smaller
}

// A Series is the studies of one workload on one machine, under one mode, scaling and size.
type Series struct {
	Host    int // in the history
	Key     compare.Key
	Measure curve.Measure
	Entries []Entry // in the order of the history
	Base    sweep.Point
	Top     sweep.Point
	BaseN   int
	TopN    int // 0: nothing was measured
	Lines   []Line
	Changes []Change // by their place, and at one place in the order of the lines
	Drift   float64  // the largest ratio of two studies of one program that follow each other; 0: there are none
}

// A History is what studies of many revisions say.
type History struct {
	Studies []Study
	Hosts   []sweep.Host // the machine of the first study of each
	Series  []Series     // by host, in the order in which the studies have them
	Tests   int          // the lines that are tested
	Needed  int          // how many studies of a line can show a change, at least
}

// An Origin says what a change comes from.
type Origin string

// The origins.
const (
	OfProgram   Origin = "program"      // the loop in registers did not change alike
	OfMachine   Origin = "machine"      // the loop in registers changed as much
	SameProgram Origin = "same-program" // the studies before and after it are of one program
	NotMeasured Origin = "loop-unknown" // the loop was not measured in enough studies
	Untold      Origin = "untold"       // the loop is too uncertain, or another version of the tool measured it
)

// A Change is a place where a line changes.
type Change struct {
	Quantity      Quantity
	N             int
	At            int // entry: the first after it
	First, Last   int // between which of them it lies, with 95 % confidence
	Before, After int // studies that the ratio rests on
	Ratio         float64
	Interval      *curve.Interval // of the ratio
	P             float64
	Certainty     noise.Certainty
	Origin        Origin
	Machine       float64 // the ratio of the loop in registers; NaN: not known
	MachineRange  *curve.Interval
	// Differences are those of machine, settings and tool, between the study before and the one after, that may change
	// times without the program.
	Differences []compare.Difference
}

// Better reports whether the program is better after the change than before.
func (c *Change) Better() bool { return (c.Ratio > 1) == (c.Quantity == Speedup) }

// Shown reports whether anything is said of c.
func (c *Change) Shown() bool { return c.Certainty != noise.Hidden }

// History returns what the studies that were added say.
func (b *Builder) History() *History {
	h := &b.history
	for i := range h.Series {
		h.Series[i].order(h.Studies)
		h.Series[i].lines(h.Studies)
	}
	for i := range h.Series {
		for k := range h.Series[i].Lines {
			if h.Series[i].Lines[k].Known >= 2*leastStudies {
				h.Tests++
			}
		}
	}
	alpha := Alpha / float64(max(h.Tests, 1))
	for h.Needed = 2 * leastStudies; leastP(h.Needed) > alpha; {
		h.Needed++
	}
	for i := range h.Series {
		h.Series[i].judge(h.Studies, alpha, b.Seed)
	}
	slices.SortStableFunc(h.Series, func(x, y Series) int { return cmp.Compare(x.Host, y.Host) })
	return h
}

// order sorts the entries of s by commit and by when they were measured.
func (s *Series) order(studies []Study) {
	slices.SortStableFunc(s.Entries, func(a, b Entry) int {
		x, y := studies[a.Study].Header.CreatedAt, studies[b.Study].Header.CreatedAt
		return cmp.Or(cmp.Compare(cmp.Or(a.Revision().Time, x), cmp.Or(b.Revision().Time, y)), cmp.Compare(x, y))
	})
}

// lines finds the base and the top of s, and makes its lines.
func (s *Series) lines(studies []Study) {
	top := s.most(func(e *Entry) int { return e.Within })
	base := s.most(func(e *Entry) int { return e.Base })
	if top == nil || base == nil {
		return
	}
	s.Base, s.BaseN, s.Top, s.TopN = base.Point, base.N, top.Point, top.N
	of := []Quantity{TopTime}
	if s.Base != s.Top {
		of = []Quantity{BaseTime, TopTime, Speedup}
	}
	for _, q := range of {
		l := Line{Quantity: q, N: s.TopN}
		if q == BaseTime {
			l.N = s.BaseN
		}
		for i := range s.Entries {
			s.Entries[i].put(&l, s, studies[s.Entries[i].Study].loop)
		}
		s.Lines = append(s.Lines, l)
	}
	for i := range s.Entries {
		e := &s.Entries[i]
		loop := studies[e.Study].loop
		e.Ceiling = math.Exp(loopSpeedup(loop, s.Base, s.Top))
	}
}

// most returns the figure whose point most entries name by index, of equals the one with the largest n; nil: none does.
func (s *Series) most(index func(*Entry) int) *Figure {
	votes := map[sweep.Point]int{}
	var best *Figure
	for i := range s.Entries {
		e := &s.Entries[i]
		k := index(e)
		if k < 0 {
			continue
		}
		f := &e.Figures[k]
		votes[f.Point]++
		if best == nil || votes[f.Point] > votes[best.Point] || votes[f.Point] == votes[best.Point] && f.N > best.N {
			best = f
		}
	}
	return best
}

// Top returns what e says of the top of its series; nil: it was not measured.
func (e *Entry) Top(s *Series) *Figure {
	if i := e.at(s.Top); i >= 0 {
		return &e.Figures[i]
	}
	return nil
}
