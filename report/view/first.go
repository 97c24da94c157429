package view

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// How many findings and caveats stand on the first screen of a report: a review looks for a minute.
const (
	mostFirst   = 3
	mostCaveats = 5
	mostOfAll   = 3 // caveats of several workloads, which name their points with the workload
)

// A First is what stands on the first screen of a report beside question, headline and curve: of its workload, or of
// all that it has.
type First struct {
	Findings []*Claim // those that take most
	None     []string // without any, what there is to say of the points that curves are judged by: a sentence each
	More     int      // findings that stand below only
	Bases    []string // what the speedups are relative to, and how many runs there are: a sentence each
	Advice   string   // what is recommended; of several workloads also what bounds each
	Caveats  []Caveat // the weightiest first
	Others   int      // caveats that touch it, and stand below only
}

// first gathers what of w stands on the first screen, or with it where it is one of several: what touches all of them
// stands there.
func (v *View) first(w *Workload) First {
	f := First{Advice: w.briefAdvice(v.Study.Efficiency), Bases: w.bases()}
	f.Findings = w.lossy()
	f.More = w.Told()
	found := []explained{{Workload: w}}
	for _, c := range f.shown() {
		found[0].curves = append(found[0].curves, c.Found.Curve)
	}
	if len(f.Findings) == 0 {
		f.None = w.unnamed()
		if len(w.Findings) > 0 {
			found = nil
		}
	}
	f.cut(caveatsOf([]*Workload{w}, found, v.Warnings, len(v.Study.Workloads) > 1), mostCaveats)
	return f
}

// lossy are the findings of w at points where a loss is shown: a share of one that may be none is no answer.
func (w *Workload) lossy() []*Claim {
	var out []*Claim
	for i := range w.Findings {
		if w.Findings[i].Found.NoLoss == "" {
			out = append(out, &w.Findings[i])
		}
	}
	return out
}

// Told is the number of all findings of w: of its judged counts, of the others, and of the sizes that are folded away.
func (w *Workload) Told() int {
	n := len(w.Findings) + len(w.Others)
	for i := range w.Smaller {
		n += len(w.Smaller[i].Claims)
	}
	return n
}

// unnamed says of the points that the curves of w are judged by what they reach, where no cause of it is named.
func (w *Workload) unnamed() []string {
	var out []string
	for i := range w.Curves {
		c := &w.Curves[i]
		if c.Judged < 0 || len(c.Figures) == 0 {
			continue
		}
		said := "no traced run says where the cores go"
		if s := c.Figures[c.Judged].Stack; s != nil {
			said = cmp.Or(words.Unexplained(s), words.Reached(s))
		}
		if k := slices.IndexFunc(w.Findings, func(f Claim) bool { return f.Found.Curve == i }); k >= 0 {
			said = cmp.Or(w.Findings[k].Found.NoLoss, said)
		}
		out = append(out, words.Upper(words.Sentence(c.Place(c.Points[c.Judged].N)+": "+said)))
	}
	if len(out) == 0 {
		out = append(out, w.nothingBeyond())
	}
	return out
}

// nothingBeyond says why no curve of w has a point to hold against its base.
func (w *Workload) nothingBeyond() string {
	based, failed := false, false
	for i := range w.Curves {
		c := &w.Curves[i]
		based = based || c.Base >= 0
		failed = failed || c.Base >= 0 && slices.ContainsFunc(c.Points[c.Base+1:], func(p curve.Point) bool { return p.Failed > 0 })
	}
	switch {
	case !based:
		return "Without a base nothing can be compared."
	case failed:
		return "No run beyond the base succeeded."
	}
	return "No count beyond the base was measured."
}

// firstOfAll gathers what stands on the first screen where there are several workloads: the findings that take most
// core time of a run, over all of them, and what touches these and the curves.
func (v *View) firstOfAll() First {
	f := First{Bases: v.bases(), Advice: v.eachBriefly()}
	var all []*Workload
	var found []explained
	whose := map[*Claim]*Workload{}
	for i := range v.Workloads {
		w := &v.Workloads[i]
		all = append(all, w)
		for _, c := range w.lossy() {
			f.Findings = append(f.Findings, c)
			whose[c] = w
		}
	}
	slices.SortStableFunc(f.Findings, func(a, b *Claim) int { return cmp.Compare(b.Found.CoreTime, a.Found.CoreTime) })
	for _, c := range f.shown() {
		found = append(found, explained{whose[c], []int{c.Found.Curve}})
	}
	f.cut(caveatsOf(all, found, v.Warnings, false), mostOfAll)
	return f
}

// shown are the findings for which there is room.
func (f *First) shown() []*Claim { return f.Findings[:min(mostFirst, len(f.Findings))] }

// cut leaves as many findings in f as there is room for, and puts at most so many of the caveats there.
func (f *First) cut(all []Caveat, most int) {
	f.Findings = f.shown()
	f.More = max(0, f.More-len(f.Findings))
	if more := len(all) - most; more > 0 {
		all, f.Others = all[:most], more
	}
	f.Caveats = all
}

// bases says what the speedups of several workloads are relative to, and of how many runs all of them are.
func (v *View) bases() []string {
	var points []curve.Point
	for i := range v.Workloads {
		points = append(points, v.Workloads[i].points()...)
	}
	out := []string{"Each over the workload’s own base; " + words.Measure(v.Study.Measure) + "."}
	return append(out, runsOfEach(points)...)
}

// points are those of all curves of w.
func (w *Workload) points() []curve.Point {
	var out []curve.Point
	for i := range w.Curves {
		out = append(out, w.Curves[i].Points...)
	}
	return out
}

// runsOfEach says of how many runs the points are; nothing if there are none.
func runsOfEach(points []curve.Point) []string {
	if len(points) == 0 {
		return nil
	}
	by := func(a, b curve.Point) int { return a.Runs - b.Runs }
	least, most := slices.MinFunc(points, by).Runs, slices.MaxFunc(points, by).Runs
	if most == 0 {
		return nil
	}
	return []string{words.RunsOfEach(least, most)}
}

// bases says what the speedups of w are relative to and how the work grows, once for curves that have these in common,
// and of how many runs all of them are.
func (w *Workload) bases() []string {
	var out []string
	type way struct {
		scaling sweep.Scaling
		basis   sweep.Basis
	}
	seen, ways := map[sweep.Point]bool{}, map[way]bool{}
	for i := range w.Curves {
		c := &w.Curves[i]
		size := words.Size(c.Sweep, w.Program.Unit)
		said := c.BaseText() + "; " + size
		how := way{c.Sweep.Scaling, c.Sweep.Basis}
		if c.Base < 0 {
			said = c.noBase() + "; " + size
		}
		if len(c.Points) > 0 {
			base := c.Points[max(0, c.Base)].Point
			switch {
			case seen[base] && ways[how]:
				continue
			case seen[base]:
				said = words.Mode(c.Sweep.Mode) + ": " + size
			}
			seen[base] = true
		}
		ways[how] = true
		out = append(out, words.Upper(words.Sentence(said)))
	}
	return append(out, runsOfEach(w.points())...)
}
