package study

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/sweep"
)

// warnings gathers all warnings: about the study, the machine, the curves, the runs and their traces.
func (a *analysis) warnings() []warning.Warning {
	var ignored, few, curves []warning.Warning
	of := func(all []warning.Warning) {
		for _, w := range all {
			if w.Kind == warning.FewLaunches || w.Kind == warning.FewAtBase {
				few = append(few, w)
			} else {
				curves = append(curves, w)
			}
		}
	}
	if a.Ceiling != nil {
		of(a.Ceiling.Curve.Warnings)
	}
	for c := range a.Curves() {
		of(c.Warnings)
		if c.Ignored != nil {
			ignored = append(ignored, *c.Ignored)
		}
	}
	h := a.Header
	return slices.Concat(
		ignored, few,
		warning.Told(a.in.Damage...), a.idle, warning.Told(h.Warnings...), warning.Told(h.Host.Limits...),
		forced(h), a.interrupted(), HiddenWords(&h), quota(h), a.fewer(), curves, a.account,
		a.outside(), a.otherWork(), a.short(), a.noise(), OutputLost(a.Results), a.recorded(), a.ofTraces(),
	)
}

// forced returns the resumes on another machine or with another program.
func forced(h sweep.Header) []warning.Warning {
	var out []warning.Warning
	for _, r := range h.Resumes {
		if !r.Forced {
			continue
		}
		w := warning.Warning{Kind: warning.Forced, Text: r.At, Figures: warning.Figures{Count: r.FirstRun}}
		for _, what := range r.Different {
			w.Items = append(w.Items, warning.Item{Name: what})
		}
		out = append(out, w)
	}
	return out
}

// interrupted returns how many runs do not count because they were interrupted.
func (a *analysis) interrupted() []warning.Warning {
	if len(a.in.Interrupted) == 0 {
		return nil
	}
	return []warning.Warning{{
		Kind: warning.Interrupted, Text: a.in.Interrupted[0].Error,
		Figures: warning.Figures{Count: len(a.in.Interrupted), Of: len(a.Results)},
	}}
}

// HiddenWords returns how many words of a command line look like secrets, and were not stored.
func HiddenWords(h *sweep.Header) []warning.Warning {
	if h.Hidden == 0 {
		return nil
	}
	named, others := secret.Places(h.Command)
	w := warning.Warning{Kind: warning.HiddenWords, Figures: warning.Figures{Count: h.Hidden, Of: others}}
	for _, p := range named {
		w.Items = append(w.Items, warning.Item{Name: string(p)})
	}
	return []warning.Warning{w}
}

// OutputLost returns of how many runs what they printed could not be kept.
func OutputLost(results []sweep.Result) []warning.Warning {
	w := warning.Warning{Kind: warning.OutputLost, Figures: warning.Figures{Of: len(results)}}
	for i := range results {
		if why := results[i].OutputLost; why != "" {
			w.Figures.Count++
			w.Text = cmp.Or(w.Text, why)
		}
	}
	if w.Figures.Count == 0 {
		return nil
	}
	return []warning.Warning{w}
}

// quota warns of points with more cores than a quota grants.
func quota(h sweep.Header) []warning.Warning {
	least := 0
	for _, s := range h.Sweeps {
		for _, p := range s.Points {
			if h.Host.QuotaCores > 0 && float64(p.Cores) > h.Host.QuotaCores && (least == 0 || p.Cores < least) {
				least = p.Cores
			}
		}
	}
	if least == 0 {
		return nil
	}
	return []warning.Warning{{
		Kind: warning.AboveQuota, Figures: warning.Figures{Ratio: h.Host.QuotaCores, Count: least},
	}}
}

// outside returns the points whose traced runs differ from the timed ones.
func (a *analysis) outside() []warning.Warning {
	var out []warning.Warning
	seen := map[sweep.Point]bool{}
	for c := range a.Curves() {
		for _, p := range c.Points {
			v := p.TraceOverhead
			if !p.TracedOutside || seen[p.Point] || math.Abs(v-1) <= curve.OutsideMatters {
				continue
			}
			seen[p.Point] = true
			w := warning.OfPoint(warning.TracedOutside, p.Point)
			if v > 0 { // NaN: no run has a work time
				w.Figures.Ratio = v
			}
			out = append(out, w)
		}
	}
	return out
}

// mostAlike is the efficiency up to which caches and memory can explain that a program which computes is faster than
// its cores; baseBusy is the part of its usable cores that it keeps busy at the base if it computes there.
const (
	mostAlike = 4
	baseBusy  = 0.9
)

// otherWork returns the points that are so much faster than a base that computes that they likely did not do its work.
func (a *analysis) otherWork() []warning.Warning {
	var out []warning.Warning
	seen := map[sweep.Point]bool{}
	for c := range a.Curves() {
		if c.Base < 0 {
			continue
		}
		base := &c.Points[c.Base]
		for i := range c.Points {
			p := &c.Points[i]
			if p.Interval == nil || seen[p.Point] || !(base.MeanBusy >= baseBusy*float64(base.Usable())) {
				continue
			}
			least := p.Interval.Low * float64(base.N) / float64(p.N)
			if least <= mostAlike {
				continue
			}
			seen[p.Point] = true
			w := warning.OfPoint(warning.OtherWork, p.Point)
			w.Figures.Ratio, w.Figures.AgainstRatio = least, base.MeanBusy
			out = append(out, w)
		}
	}
	return out
}

// enoughSamples is how long a run must be for samples, taken a hundred times a second, to show what it did: then five
// of a thread.
const enoughSamples = 50 * time.Millisecond

// short returns the workloads with points whose traced runs are too short for samples.
func (a *analysis) short() []warning.Warning {
	var out []warning.Warning
	for _, w := range a.Workloads {
		about := warning.Of(warning.ShortRuns, w.Program.Name)
		f := &about.Figures
		f.Against = enoughSamples
		seen := map[sweep.Point]bool{}
		for _, c := range w.Curves {
			for _, p := range c.Points {
				traced := a.at(p.Point).traced
				if seen[p.Point] || len(traced) == 0 {
					continue
				}
				seen[p.Point] = true
				f.Of++
				least, most := time.Duration(math.MaxInt64), time.Duration(0)
				for _, r := range traced {
					least, most = min(least, time.Duration(r.Total)), max(most, time.Duration(r.Total))
				}
				if most >= enoughSamples {
					continue
				}
				if f.Count++; f.Count == 1 || least < f.Time {
					f.Time = least
				}
			}
		}
		if f.Count > 0 {
			out = append(out, about)
		}
	}
	return out
}

// noise returns the timed runs that other programs disturbed.
func (a *analysis) noise() []warning.Warning {
	var out []warning.Warning
	timed := 0
	for i := range a.Results {
		r := &a.Results[i]
		if r.Kind != sweep.Timed || r.Status != sweep.OK {
			continue
		}
		timed++
		if r.Noise.Noisy {
			out = append(out, warning.Warning{
				Kind: warning.NoisyRun, Subject: warning.Subject{Workload: r.Point.Workload, Run: r.Run},
				Figures: warning.Figures{Ratio: r.Noise.Share}, Text: strings.Join(r.Noise.Reasons, "; "),
			})
		}
	}
	for i := range out {
		out[i].Figures.Of = timed
	}
	return out
}

// recorded returns what the captures of the runs recorded in words: the first texts of each run, and of all together as
// many as a study may have runs. The others, of which damage or malice makes a million, are counted.
func (a *analysis) recorded() []warning.Warning {
	var out []warning.Warning
	var more warning.Figures
	for i := range a.Results {
		r := &a.Results[i]
		n := min(len(r.Warnings), warning.Enough, limits.Results-len(out))
		for _, w := range warning.Told(r.Warnings[:n]...) {
			w.Subject.Workload, w.Subject.Run = r.Point.Workload, r.Run
			out = append(out, w)
		}
		if n < len(r.Warnings) {
			more.Count += len(r.Warnings) - n
			more.Of++
		}
	}
	if more.Count > 0 {
		out = append(out, warning.Warning{Kind: warning.RecordedMore, Figures: more})
	}
	return out
}

// ofFiles reports whether w is about a file of captures rather than about what was found in it.
func ofFiles(w warning.Warning) bool {
	return slices.Contains([]string{"trace", "profile", "records", "spans"}, w.Kind.Analysis())
}

// ofTraces returns the warnings about the traced runs that are shown, and about the files of the others, which count as
// well.
func (a *analysis) ofTraces() []warning.Warning {
	var out []warning.Warning
	for i := range a.Results {
		r := &a.Results[i]
		if t := a.traced[r.Point]; t == nil || t.Result == r {
			continue
		}
		for _, w := range a.in.Explained[r.Run].Warnings {
			if ofFiles(w) {
				w.Subject.Workload, w.Subject.Run = r.Point.Workload, r.Run
				out = append(out, w)
			}
		}
	}
	for _, t := range a.Traced {
		all := slices.Clone(t.Warnings)
		if t.Timeline != nil {
			all = append(all, t.Timeline.Warnings...)
		}
		if t.Use != nil {
			all = append(all, t.Use.Warnings...)
		}
		if t.Ledger != nil {
			all = append(all, t.Ledger.Warnings...)
		}
		if t.Path != nil {
			all = append(all, t.Path.Warnings...)
		}
		for _, w := range all {
			w.Subject.Workload, w.Subject.Run = t.Result.Point.Workload, t.Result.Run
			out = append(out, w)
		}
	}
	return out
}
