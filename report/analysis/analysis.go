// Package analysis is what the traces of one run say, as text, as JSON and as pictures: the report of a set of
// execution traces that come from anywhere.
//
// An [Analysis] is a plain value: what the analyses returned, and what was asked for. What the text leaves out for want
// of room, stacks and goroutines beyond Top, it counts; JSON leaves out nothing but the stacks beyond Top, and says how
// much they are.
package analysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/goroutines"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/chart/sites"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// An Analysis is what the traces of one run say.
type Analysis struct {
	Traces     []Trace
	Timeline   *timeline.Timeline
	Use        *cores.Use
	Ledger     *ledger.Ledger
	Path       *critical.Path
	Goroutines *goroutines.Table

	Part string // of the traces that was analysed, in words; empty: all
	// Filter is a pattern of start functions; empty: none. It holds for the goroutines, their lanes, and the stacks of
	// ledger and path.
	Filter string
	Top    int // how many stacks of a cause, steps of the path and groups are listed; 0: a few in text, all in JSON

	Warnings []warning.Warning // beside those of the analyses
}

// A Trace is one of the files.
type Trace struct {
	File     string
	Go       string // release whose format it has; empty: it could not be read at all
	Events   int64
	Bytes    int64 // after decompression
	Duration time.Duration
	Damage   *Damage // nil: none
}

// Damage is what of a trace could not be read.
type Damage struct {
	Lost   int64  `json:"lost_bytes"`
	Reason string `json:"reason"`
}

// Shares of all core time from which on a loss is worth a headline, and all that is lost is worth to be gained.
const (
	leastLoss = 0.01
	leastGain = 0.05
)

// Finding is the result in a sentence or two: how many cores were busy, and the largest loss.
func (a *Analysis) Finding() string {
	if a.Use == nil || a.Use.End <= a.Use.Start {
		return "No time passed in this trace: there is nothing to say of its cores."
	}
	text := fmt.Sprintf("%s of %s were busy on average over %s", words.Amount(a.Use.Mean),
		words.Ps(a.Use), words.Duration(a.Use.End.Sub(a.Use.Start).Seconds()))
	row, lost := a.largestLoss()
	if idle := a.idle(); idle >= leastLoss {
		text += fmt.Sprintf("; during %s of all core time there was nothing to run", words.Percent(idle))
	}
	if row == nil {
		return text + "."
	}
	all := float64(a.Ledger.Total)
	if share := float64(lost) / all; share < leastGain {
		return text + "; " + words.NothingToGain(1-share-a.idle(), share) + "."
	}
	if float64(row.Time) < leastLoss*all {
		return text + fmt.Sprintf("; no loss is as much as %s of all core time.", words.Percent(leastLoss))
	}
	text += fmt.Sprintf("; the largest loss is %s: %s, %s of all core time", words.Cause(row.Cause),
		words.CoreTimeOf(row.Time.Seconds(), a.Ledger.Total.Seconds()), words.Percent(float64(row.Time)/all))
	if lost > row.Time {
		text += fmt.Sprintf(" and %s of what is lost", words.Percent(float64(row.Time)/float64(lost)))
	}
	for _, s := range sites.Of(row.Stacks)[:min(1, len(row.Stacks))] {
		if s.Blamed.At != "" {
			return text + ", while others were at " + s.Blamed.Words() + "."
		}
		if s.Waiting.At != "" {
			return text + ", above all at " + s.Waiting.Words() + "."
		}
	}
	return text + "."
}

// idle is the share of all core time in which there was nothing to run.
func (a *Analysis) idle() float64 {
	if a.Ledger == nil || a.Ledger.Total <= 0 {
		return 0
	}
	return float64(a.Ledger.Of(cause.Idle)) / float64(a.Ledger.Total)
}

// largestLoss is the row with the most core time of those that are neither the program's own work nor idle, and how
// much all of those have.
func (a *Analysis) largestLoss() (largest *ledger.Row, lost ledger.CoreTime) {
	if a.Ledger == nil || a.Ledger.Total <= 0 {
		return nil, 0
	}
	for i := range a.Ledger.Rows {
		r := &a.Ledger.Rows[i]
		if r.Cause == cause.User || r.Cause == cause.Syscall || r.Cause == cause.Idle || r.Time <= 0 {
			continue
		}
		lost += r.Time
		if largest == nil || r.Time > largest.Time {
			largest = r
		}
	}
	return largest, lost
}

// A Bound is what is predicted for a number of cores.
type Bound struct {
	Cores     int
	Low, High float64 // NaN: not known
}

// Predicted are Brent's bounds for 1, 2, 4 … cores: up to 64, and in any case twice as many as there were Ps.
func (a *Analysis) Predicted() []Bound {
	if a.Path == nil {
		return nil
	}
	most := 64
	if a.Use != nil {
		most = max(most, min(2*a.Use.MaxPs, 1<<16))
	}
	var out []Bound
	for n := 1; n <= most; n *= 2 {
		b := Bound{n, math.NaN(), math.NaN()}
		if a.Path.Work > 0 && a.Path.Span > 0 {
			b.Low, b.High = a.Path.Bounds(n)
		}
		if a.Path.NoLow() != nil {
			b.Low = math.NaN()
		}
		if a.Path.NoHigh() != nil {
			b.High = math.NaN()
		}
		out = append(out, b)
	}
	return out
}

// warnings are those of all analyses, each once.
func (a *Analysis) warnings() []string {
	var out []string
	for _, t := range a.Traces {
		if t.Damage != nil {
			out = append(out, fmt.Sprintf("%s: %s (%d bytes lost)", t.File, t.Damage.Reason, t.Damage.Lost))
		}
	}
	all := slices.Clone(a.Warnings)
	if a.Ledger != nil {
		all = append(all, a.Ledger.Warnings...)
	}
	if a.Path != nil {
		all = append(all, a.Path.Warnings...)
	}
	if a.Use != nil {
		all = append(all, a.Use.Warnings...)
	}
	if a.Timeline != nil {
		all = append(all, a.Timeline.Warnings...)
	}
	return append(out, words.Warnings(warning.Unique(all))...)
}

// Narrow leaves only the stacks, steps of the path and lanes of goroutines whose start function matches. Sums stay what
// they are. The start function is the outermost frame of a stack or, where that only calls a function that it was
// given, the one inside.
func (a *Analysis) Narrow(match func(start string) bool) {
	of := func(stack []gotrace.Frame) bool {
		for _, f := range slices.Backward(stack) {
			if match(f.Func) {
				return true
			}
			if !strings.HasPrefix(f.Func, "runtime.") && !strings.HasPrefix(f.Func, "sync.") &&
				!strings.HasPrefix(f.Func, "golang.org/x/sync/") {
				return false
			}
		}
		return false
	}
	if a.Ledger != nil {
		l := *a.Ledger
		l.Rows = slices.Clone(l.Rows)
		for i := range l.Rows {
			l.Rows[i].Stacks = slices.DeleteFunc(slices.Clone(l.Rows[i].Stacks),
				func(s ledger.Stack) bool { return !of(s.Waiting) })
		}
		a.Ledger = &l
	}
	if a.Path != nil {
		p := *a.Path
		p.Steps = slices.DeleteFunc(slices.Clone(p.Steps), func(s critical.Step) bool { return !of(s.Stack) })
		a.Path = &p
	}
	if a.Timeline != nil {
		t := *a.Timeline
		t.Lanes = slices.DeleteFunc(slices.Clone(t.Lanes),
			func(l timeline.Lane) bool { return l.Kind == timeline.Goroutine && !match(l.Name) })
		a.Timeline = &t
	}
}

// A NamedFigure is a picture before it is drawn.
type NamedFigure struct {
	Name   string // of its files, without .png or .svg
	Figure chart.Figure
}

// Figures says which pictures there are: timeline, cores and ledger, as far as there is anything to show.
func (a *Analysis) Figures() []NamedFigure {
	var out []NamedFigure
	heading := chart.Words{Title: strings.TrimSuffix(a.Finding(), "."), Subtitle: a.subtitle()}
	busy := chart.Words{Title: "Who ran when", Subtitle: heading.Subtitle}
	if a.Use != nil {
		busy.Title = fmt.Sprintf("%s of %s were busy on average", words.Amount(a.Use.Mean), words.Ps(a.Use))
	}
	start := ""
	if a.Part != "" {
		start = "the start of the window"
	}
	if t := a.Timeline; t != nil && len(t.Lanes) > 0 {
		group := chart.Group{Title: cmp.Or(a.Part, "the whole recording"), Timeline: t}
		ran := busy
		activity := t.Activity(t.Start)
		if said := words.Activity(&activity, t, "workers"); said != "" {
			ran.Title += "; " + said
		}
		out = append(out, NamedFigure{"timeline", chart.Timeline{
			Words: ran, Start: start,
			Groups: []chart.Group{group},
		}})
	}
	if a.Use != nil && a.Use.End > a.Use.Start {
		busy.Title = words.CoreUse(a.Use, "")
		out = append(out, NamedFigure{"cores", chart.Cores{Words: busy, Use: a.Use, Start: start}})
	}
	if a.Ledger != nil && a.Ledger.Total > 0 {
		out = append(out, NamedFigure{"ledger", chart.Ledger{Words: heading, Ledger: a.Ledger}})
	}
	return out
}

// subtitle is what was analysed.
func (a *Analysis) subtitle() string {
	var parts []string
	for _, t := range a.Traces[:min(3, len(a.Traces))] {
		parts = append(parts, t.File)
	}
	if more := len(a.Traces) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	text := strings.Join(parts, ", ")
	if a.Part != "" {
		text += "; " + a.Part
	}
	return text
}
