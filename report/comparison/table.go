package comparison

import (
	"fmt"
	"math"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// table is a pair, point by point.
func (c *Comparison) table(pair compare.Pair) *page.Table {
	s := c.sides()
	t := &page.Table{Title: words.Key(pair.Key), Strong: true, Head: []page.Head{
		{Name: "n"},
		{Name: "runs"},
		{Name: s.Base},
		{Name: s.New},
		{Name: "speed"},
		{
			Name:  "95 % interval",
			Short: "95 %",
		},
		{Name: "p"},
		{Name: "P(slower)", Short: "P(sl)"},
		{Name: "verdict", Left: true},
	}}
	few := false
	for i := range pair.Points {
		p := &pair.Points[i]
		grades := make([]pop.Grade, len(t.Head))
		grades[len(grades)-1] = grade(p.Verdict)
		t.Grades = append(t.Grades, grades)
		t.Put(cells(p)...)
		few = few || p.Interval != nil && p.Interval.Method == curve.MinMax
		if n := p.Base.Failed + p.New.Failed; n > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("n = %s: %s of %s and %d of %s did not succeed",
				words.Count(p.N), words.Plural(p.Base.Failed, "run", "runs"), s.Base, p.New.Failed, s.New))
		}
		if p.Alone > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("n = %s: %s left out, whose block has no launch of the other side",
				words.Count(p.N), words.Plural(p.Alone, "launch is", "launches are")))
		}
	}
	if few {
		t.Notes = append(t.Notes, fewLaunches)
	}
	return t
}

// fewLaunches says what a mark at an interval means.
const fewLaunches = "* range of the launches, with what noise allows: fewer than five on a side are too few for an interval, and " +
	"nothing is claimed"

// grade is the colour of a verdict.
func grade(v compare.Verdict) pop.Grade {
	switch v {
	case compare.Faster:
		return pop.Good
	case compare.Slower:
		return pop.Poor
	}
	return pop.Unknown
}

// cells are the row of a point.
func cells(p *compare.Point) []page.Cell {
	interval, low, pvalue := words.Unknown, math.NaN(), words.Unknown
	speed, iv := p.Speed()
	if iv != nil {
		low = iv.Low
		interval = words.Fixed(low, 3) + "–" + words.Fixed(iv.High, 3)
		if iv.Method == curve.MinMax {
			interval = "*" + interval
		}
	}
	switch {
	case p.Holm < 0.001:
		pvalue = "<0.001"
	case !math.IsNaN(p.Holm):
		pvalue = words.Fixed(p.Holm, 3)
	}
	return []page.Cell{
		{Text: words.Count(p.N), Value: p.N},
		{Text: fmt.Sprintf("%d/%d", p.Base.Runs, p.New.Runs), Value: float64(p.Base.Runs)},
		{Text: words.Duration(p.Base.Median), Value: p.Base.Median},
		{Text: words.Duration(p.New.Median), Value: p.New.Median},
		{Text: words.Fixed(speed, 3), Value: speed},
		{Text: interval, Value: low},
		{Text: pvalue, Value: p.Holm},
		{Text: words.Fixed(p.Above, 2), Value: p.Above},
		page.Words(string(p.Verdict)),
	}
}

// shifts are sentences on what became of the time of every point that is shown to be faster or slower.
func (c *Comparison) shifts(pair compare.Pair) page.Block {
	if c.Same { // it is of noise
		return page.Block{}
	}
	var out []string
	for i := range pair.Points {
		if p := &pair.Points[i]; p.Shift != nil && p.Verdict.Shown() {
			out = append(out, words.ShiftOf(words.CountOf(pair.Key, p), p.Shift, c.sides()))
		}
	}
	return page.Listed("What takes more or less time, by the traced runs scaled to the median times of the timed ones, the "+
		"largest change first:", out)
}

// mostPlaces is how many functions of a point are named.
const mostPlaces = 6

// places are the functions whose time changed most at the point that the curve is told by.
func (c *Comparison) places(pair compare.Pair) page.Block {
	r := compare.Result{Options: c.Result.Options, Pairs: []compare.Pair{pair}}
	h := r.Headline()
	if c.Same || h.Lead == nil || h.Lead.Shift == nil {
		return page.Block{}
	}
	var out []string
	s := h.Lead.Shift
	for i := range s.Places[:min(len(s.Places), mostPlaces)] {
		if p := &s.Places[i]; math.Abs(p.By) >= leastPlace*max(s.Base, s.New) {
			out = append(out, words.PlaceShift(p, s)+".")
		}
	}
	return page.Listed(fmt.Sprintf("Functions whose time changed most at %s:", words.CountOf(pair.Key, h.Lead)), out)
}

// leastPlace is the least part of a point's time by which a function that is named changed.
const leastPlace = 0.005
