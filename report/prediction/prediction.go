// Package prediction is what is predicted from a recording, as text, as JSON and as a picture.
package prediction

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/chart/sites"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Prediction is what is predicted from one trace.
type Prediction struct {
	File   string
	Go     string // release whose format it has
	Events int64
	WhatIf []string // what is otherwise than recorded, in words
	Curve  *predict.Curve
	More   []string // warnings of the reading
}

// finding is the result in a sentence.
func (p *Prediction) finding() string {
	c := p.Curve
	text := p.headline(fmt.Sprintf(", for the longest chain takes %s of %s", words.Duration(c.Span.Seconds()),
		words.Duration(c.OneCore.Seconds())))
	if words.Several(c.Predictions) && words.Unheard(c) {
		text += "; " + words.WithoutLocks
	}
	return text
}

// headline is the result in a sentence, with what it is without, and why there is no more, left out or as given.
func (p *Prediction) headline(why string) string {
	c := p.Curve
	if text := words.Predicted(c.Predictions, c.Most, sweep.Cores, 0, why); text != "" {
		if part := words.OfPart(c); part != "" {
			return "Predicted by replay" + part + ": likely " + text
		}
		return "Predicted: " + text
	}
	return words.NoneForetold(c.Predictions, "On one core the program takes "+words.Duration(c.OneCore.Seconds()))
}

// lead is what was recorded.
func (p *Prediction) lead() string {
	c := p.Curve
	how := "a stock trace"
	if c.Synced {
		how = "a trace with sync events"
	}
	text := fmt.Sprintf("%s: %s of %s, %s on %s, %s of work", words.Printable(p.File), how, p.Go,
		words.Duration(c.Recorded.Seconds()), words.Plural(c.Ps, "P", "Ps"), words.Duration(c.Work.Seconds()))
	if len(p.WhatIf) > 0 {
		text += "; if " + words.List(p.WhatIf)
	}
	return text
}

// WriteText writes p for a terminal.
func (p *Prediction) WriteText(w io.Writer) error {
	c := p.Curve
	pg := page.Page{Title: p.finding() + ".", Lead: p.lead(), Blocks: []page.Block{{Table: p.table()}}}
	if c.Work > 0 && words.Finite(c.Most) {
		pg.Blocks = append(pg.Blocks, page.Listed("The longest chain:", p.chain()))
	}
	pg.Blocks = append(pg.Blocks, p.changed(c.Changes), page.Listed("What goes on one after the other:", p.limits()),
		page.Listed("Warnings:", p.warnings()))
	return pg.WriteText(w)
}

func (p *Prediction) table() *page.Table {
	t := &page.Table{Gap: 2, Head: []page.Head{
		{Name: "cores"}, {Name: "speedup"}, {Name: "from"}, {Name: "to"}, {Name: "efficiency"},
	}}
	for i := range p.Curve.Predictions {
		q := &p.Curve.Predictions[i]
		efficiency := words.Unknown
		if words.Finite(q.Speedup) {
			efficiency = words.Percent(q.Speedup / float64(q.Cores))
		}
		t.Add(strconv.Itoa(q.Cores), speedup(q.Speedup), speedup(q.Low), speedup(q.High), efficiency)
	}
	t.Notes = p.notes(p.Curve.Predictions)
	return t
}

// notes are what a reader must know of the columns.
func (p *Prediction) notes(points []predict.Prediction) []string {
	if w := words.Unforetold(points); w != nil {
		return []string{"Not known: " + words.Statement(w) + "."}
	}
	var out []string
	if c := p.Curve; c.Calibrated {
		out = append(out, words.Scheduler(&c.Costs))
	}
	if c := p.Curve; c.Rank < 0 { // of several processes
		return append(out, "To: with a coordinator and starts of processes that cost nothing.")
	}
	return append(out, "To: with a scheduler and locks that cost nothing.")
}

func speedup(v float64) string {
	if !words.Finite(v) {
		return words.Unknown
	}
	return words.Times(v)
}

// shownSteps is how many steps of the chain are shown.
const shownSteps = 6

// leastStep is the share of the chain below which the rest of it is not told apart.
const leastStep = 0.01

// chain is what the longest chain consists of.
func (p *Prediction) chain() []string {
	var out []string
	total := p.Curve.Span
	add := func(d time.Duration, what string) {
		out = append(out, fmt.Sprintf("%s, %s: %s", words.Percent(d.Seconds()/total.Seconds()),
			words.Duration(d.Seconds()), what))
	}
	rest := total
	steps := p.steps()
	for i, s := range steps {
		if i > 0 && (i == shownSteps || float64(rest) < leastStep*float64(total)) {
			add(rest, fmt.Sprintf("%d more", len(steps)-i))
			break
		}
		add(s.time, words.Printable(s.what))
		rest -= s.time
	}
	return out
}

// A step is a part of the chain as it is shown.
type step struct {
	time time.Duration
	what string
}

// steps adds up the steps of the chain that read the same, largest first.
func (p *Prediction) steps() []step {
	var out []step
	at := make(map[string]int)
	for _, s := range p.Curve.Chain {
		what := p.what(&s)
		i, ok := at[what]
		if !ok {
			i = len(out)
			at[what] = i
			out = append(out, step{what: what})
		}
		out[i].time += s.Time
	}
	sortSteps(out)
	return out
}

// what says what a step of the chain is.
func (p *Prediction) what(s *simulate.Step) string {
	if s.Cause != cause.User {
		return s.Cause.Entry().Name
	}
	at := p.at(s.Stack)
	if at == "" {
		at = "own code"
	}
	if s.Object != program.None {
		return at + ", holding the lock of " + p.at(p.Curve.Objects[s.Object].Stack)
	}
	return at
}

// at is the place that a stack stands for; empty: none.
func (p *Prediction) at(id gotrace.StackID) string {
	return sites.PlaceOf(p.Curve.Symbols.Stack(id)).Brief()
}

// limits are the limits of the speedup in words, without those that do not come near.
func (p *Prediction) limits() []string {
	var out []string
	for _, l := range p.Curve.Limits {
		if l.AtMost <= shownLimit {
			out = append(out, words.Limit(l, p.at(l.Stack)))
		}
	}
	return out
}

// shownLimit is the largest limit worth a line.
const shownLimit = 256

// warnings are those of the curve, of which all are about the one process, and of reading.
func (p *Prediction) warnings() []string {
	var out []string
	for i := range p.Curve.Warnings {
		out = append(out, words.Statement(&p.Curve.Warnings[i]))
	}
	return append(out, p.More...)
}

// Figure is the picture of p.
func (p *Prediction) Figure() chart.Figure {
	out := chart.Predicted{
		Words: chart.Words{Title: p.headline(""), Subtitle: p.lead()}, Ps: p.Curve.Ps,
		Empty: "No speedup can be predicted from this recording.",
	}
	if words.Several(p.Curve.Predictions) {
		out.Title = words.MostPredicted(p.Curve.Predictions, sweep.Cores)
		out.Subtitle += "; base: the replay on 1 core, " + words.Duration(p.Curve.OneCore.Seconds())
	}
	if part := words.OfPart(p.Curve); part != "" {
		out.Subtitle += "; a replay" + part
	}
	if words.Unheard(p.Curve) {
		out.Subtitle += "; " + words.WithoutLocks
	}
	for i := range p.Curve.Predictions {
		q := &p.Curve.Predictions[i]
		if words.Finite(q.Speedup) {
			out.Points = append(out.Points, chart.PredictedPoint{
				N: float64(q.Cores), Speedup: q.Speedup, Low: q.Low, High: q.High,
			})
		}
	}
	if words.Finite(p.Curve.Most) {
		out.Footnote = fmt.Sprintf("On unlimited cores and at no cost: %s.", strings.TrimSpace(words.Times(p.Curve.Most)))
	}
	return out
}
