package statements_test

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/gate"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A figures is what a sentence must state, and what else it may.
type figures struct{ must, may []float64 }

// a number in a sentence: an inequality, digits and a unit.
func numbers() *regexp.Regexp {
	return regexp.MustCompile(`(<[ \x{a0}])?([-+−]?\d+(?:\.\d+)?(?:e[-+−]?\d+)?)` +
		`(?:([×%])|[ \x{a0}]?(%|ns\b|µs\b|ms\b|s\b))?`)
}

// names are parts of a sentence that hold digits and are no numbers: points, runs, places in the code, and what is said
// of certainty.
func inNames() *regexp.Regexp {
	return regexp.MustCompile(`[a-z]+-p\d+-w\d+-c\d+-s\d+(-r\d+)?(-traced)?|` +
		`\(?[a-z]+\.go:\d+\)?|procs=\d+(?:, cores=\d+)?|on up to \d+ cores?|, in \d+ process(?:es)?|95[ \x{a0}]%( interval| sure)`)
}

// said checks that a sentence has all the figures of its fact, in their order, and no other number. Numbers are
// compared as far as their digits go.
func (k *checker) said(text string, f figures) {
	stated := slices.Concat(f.must, f.may)
	whole := regexp.MustCompile(`(\d),(\d{3})`).ReplaceAllString(inNames().ReplaceAllString(text, ""), "$1$2")
	tokens := numbers().FindAllStringSubmatch(whole, -1)
	for _, t := range tokens {
		k.hold(slices.ContainsFunc(stated, func(v float64) bool { return shows(t, v) }),
			"%q states %q, which is none of %v", text, t[0], stated)
	}
	at := 0
	for _, v := range f.must {
		if math.IsNaN(v) {
			continue
		}
		i := slices.IndexFunc(tokens[at:], func(t []string) bool { return shows(t, v) })
		if i < 0 {
			k.hold(false, "%q does not state %v, or not in its place among %v", text, v, f.must)
			return
		}
		at += i + 1
	}
}

// shows reports whether a number in a sentence is v, rounded to its digits.
func shows(t []string, v float64) bool {
	digits := strings.ReplaceAll(t[2], "−", "-")
	unit := t[3] + t[4]
	x, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return false
	}
	scale := map[string]float64{"": 1, "×": 1, "%": 0.01, "ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1}[unit]
	if t[1] != "" {
		return v > 0 && v < x*scale
	}
	mantissa, exponent, _ := strings.Cut(digits, "e")
	_, decimals, _ := strings.Cut(mantissa, ".")
	e, _ := strconv.Atoi(exponent) // none is 0
	last := math.Pow10(e-len(decimals)) * scale
	return math.Abs(x*scale-v) <= 0.5001*last+1e-9*math.Abs(v)
}

// counts are the numbers that say where a point is.
func counts(points ...sweep.Point) []float64 {
	var out []float64
	for _, p := range points {
		out = append(out, float64(p.Procs), float64(p.Workers), float64(p.Cores), usable(p))
	}
	return out
}

// evidenceSaid checks the words for a figure of a verdict.
func (k *checker) evidenceSaid(s sweep.Sweep, e *verdict.Evidence) {
	f := figures{must: []float64{e.Value}, may: counts(e.Point, e.Base)}
	switch e.Kind {
	case verdict.BaseRuns, verdict.NotTraced, verdict.NotTold:
		f.must = nil
	case verdict.BusyCores, verdict.BusyCoresAt:
		f.may = append(f.may, e.Beside)
	case verdict.MissedCores, verdict.OverheadPart:
		f.must = []float64{e.Beside, e.Value}
	case verdict.CeilingShare:
		f.must = append(f.must, e.Beside)
	case verdict.Speedup:
		f.must = append(f.must, known(e.Interval)...)
	case verdict.CPUInflation:
		if e.Beside > 1 {
			f.must = append(f.must, e.Beside)
		}
	case verdict.SystemShare, verdict.WaitingShare, verdict.BeyondCores, verdict.FreshShare:
	default:
		f.must = append(f.must, e.Beside)
	}
	if e.Range != nil {
		f.must = append(f.must, e.Range.Low, e.Range.High)
	}
	text := words.Evidence(s, *e)
	k.said(regexp.MustCompile(`([\d.]+) to ([\d.]+)\x{a0}%\)`).ReplaceAllString(text, "$1% to $2%)"), f)
	for _, c := range e.Causes {
		k.hold(strings.Contains(text, c.String()), "%q does not name %s", text, c)
	}
}

// later is by how much a mode starts later, with ends in the same unit.
func later() *regexp.Regexp {
	return regexp.MustCompile(`([\d.]+)([ \x{a0}](?:ns|µs|ms|s)) later \(([^ –]+)(?:–| to )([^ )]+)\)`)
}

// gained is what a headline must say of r: its gain, or the ends of its range where noise leaves no more, if they say
// something.
func gained(r *verdict.Rise) []float64 {
	if r.Range != nil && r.Range.High >= 4*r.Range.Low {
		return nil
	}
	if r.Kind == verdict.Rises && r.Range != nil && r.Range.High >= 2*r.Range.Low && r.Range.High > idealOf(r) {
		return []float64{r.Range.Low}
	}
	if r.Kind == verdict.Unsure || r.Range != nil && r.Range.High >= 2*r.Range.Low {
		return []float64{r.Range.Low, r.Range.High}
	}
	return []float64{r.Gain}
}

// idealOf is what the cores at the point of r could give over those of its base.
func idealOf(r *verdict.Rise) float64 { return usable(r.Point) / usable(r.Base) }

// scattered reports whether the range of r would be wide without noise, disturbed whether noise alone makes it wide, or
// it would not be without.
func scattered(r *verdict.Rise) bool { return r.Range.High/r.Range.Low >= 1.25*r.Range.Noise }

func disturbed(r *verdict.Rise) bool { return r.Range.Noise >= 1.25 || !scattered(r) }

// headlineSaid checks the words for a headline.
func (k *checker) headlineSaid(h *verdict.Headline) {
	if h.Best == nil {
		k.said(words.Headline(*h), figures{})
		return
	}
	f := figures{may: append(counts(h.Best.Base, h.Best.Point, h.Best.Next), float64(h.Cores))}
	b := h.Best
	switch b.Kind {
	case verdict.Single:
		f.must = append(f.must, b.Seconds)
	case verdict.Falls, verdict.Rises, verdict.Unsure:
		f.must = append(f.must, gained(b)...)
	}
	switch b.After {
	case verdict.Machine:
		f.must = append(f.must, b.Limit)
	case verdict.Seen:
		f.must = append(f.must, b.Best)
	}
	if r := h.Rival; r != nil {
		f.may = append(f.may, counts(r.Base, r.Point)...)
		switch {
		case h.Versus == verdict.FarBehind, h.Versus == verdict.NoGain && (r.Kind == verdict.Falls || r.Kind == verdict.Unsure):
			f.must = append(f.must, gained(r)...)
		case h.Versus == verdict.Behind:
			f.must = append(f.must, h.Behind)
		case h.Versus == verdict.BehindAt:
			f.must = append(f.must, h.Behind)
			if h.Later == nil || h.Later.Mode != h.Slower { // else the count stands once, behind both
				f.must = append(f.must, float64(h.Count))
			}
		}
		if l := h.Later; l != nil {
			n, later := float64(l.N), []float64{l.Seconds}
			if l.Certainty != noise.Likely {
				later = append(later, l.Interval.Low, l.Interval.High)
			}
			if h.Versus == verdict.Behind && l.Mode == r.Sweep.Mode || h.Versus == verdict.BehindAt && l.Mode == h.Slower {
				f.must = append(append(f.must, later...), n)
			} else {
				f.must = append(append(f.must, n), later...)
			}
		}
	}
	beside := len(h.Beside())
	framed := h.Grid != nil && b.Kind == verdict.Rises && len(h.Grid.Cells) > 2
	if framed {
		if beside == 0 {
			f.must = append(f.must, float64(len(h.Grid.Cells)))
		} else {
			f.must = append(f.must, float64(beside))
		}
		if most := h.Most(); most != nil {
			f.must = append(f.must, most.Speedup)
			f.may = append(f.may, counts(most.Point)...)
		}
	}
	if b.Range != nil && b.Kind != verdict.Unsure && b.Range.High < 2*b.Range.Low {
		f.must = append(f.must, b.Range.Low)
		if b.Kind != verdict.Rises || b.Range.High <= idealOf(b) {
			f.must = append(f.must, b.Range.High)
		}
	}
	var open []*verdict.Rise // of which nothing is shown
	if b.Kind == verdict.Unsure {
		open = append(open, b)
	}
	if h.Rival != nil && h.Versus == verdict.NoGain && h.Rival.Kind == verdict.Unsure {
		open = append(open, h.Rival)
	}
	text := words.Headline(*h)
	k.said(later().ReplaceAllString(text, "$1$2 later ($3$2 to $4$2)"), f)
	for _, x := range []struct {
		is   bool
		text string
	}{
		{b.After == verdict.Rising, "still rising"},
		{b.After == verdict.Level, "more are not shown to be faster"},
		{h.Versus == verdict.Alike, "no difference shown"},
		{h.Versus == verdict.FarBehind, "only"},
		{h.FewRuns, "too few runs"},
		{h.Later != nil && h.Later.Certainty != noise.Likely, "later ("},
		{h.Later != nil && h.Later.Certainty == noise.Likely, "likely start"},
		{framed && beside > 0, "may be as fast"},
		{framed && beside == 0, "the best of"},
		{b.Range != nil && b.Kind != verdict.Unsure && disturbed(b), "noisy machine"},
		{b.Range != nil && b.Kind != verdict.Unsure && scattered(b) && !disturbed(b), "; launches scatter"},
		{b.Range != nil && b.Kind != verdict.Unsure && scattered(b) && disturbed(b), "noisy machine, launches scatter"},
		{slices.ContainsFunc(open, disturbed), "too noisy to tell"},
		{slices.ContainsFunc(open, func(r *verdict.Rise) bool { return !disturbed(r) }), "launches scatter too much to tell"},
	} {
		k.hold(x.is == strings.Contains(text, x.text), "%q: %q is %v", text, x.text, x.is)
	}
}

// findingSaid checks the words for a finding.
func (k *checker) findingSaid(f *finding.Finding) {
	title := words.FindingTitle(f)
	k.said(title, figures{must: []float64{f.Share}})
	for _, m := range f.Members { // all that the share is the sum of is named
		k.hold(m.Takes < 0.005*f.Lost || strings.Contains(title, m.Cause.String()), "%q does not name %s", title, m.Cause)
	}
	k.places(title, f.Stack)
	k.hold(strings.Contains(title, "is likely ") == (f.Certainty == noise.Likely), "%q: %s", title, f.Certainty)
	must := []float64{float64(f.N), f.Speedup, f.Ideal, f.Takes, f.Lost, f.Seconds}
	may := []float64{f.AboutSpeedup, f.Ceiling, 1 - f.BaseNeed}
	if !f.LossShown() {
		may = append(may, f.Reach)
		must = append(must, known(f.Interval)...)
	}
	if f.Runs > 1 {
		must = append(must, float64(f.Runs), f.Low, f.High)
	}
	if f.Noise > 0 && (f.Certainty == noise.Likely || f.Noise >= 0.05*f.Takes) {
		must = append(must, f.Noise)
	}
	if f.Surplus >= 0.05*f.Takes {
		must = append(must, f.Surplus)
	}
	said := slices.DeleteFunc(slices.Clone(f.Members), func(m finding.Part) bool { return math.Abs(m.Takes) < 0.005 })
	if len(said) > 1 {
		for _, m := range said {
			must = append(must, m.Takes)
		}
	}
	if f.Spins >= 0.5 {
		must = append(must, f.Spins)
	}
	if f.Machine > 0 {
		must = append(must, f.Machine, f.MachinePart)
	}
	if function(f.Stack) != "" {
		must = append(must, f.Portion)
	}
	must = append(must, k.replaySaid(f)...)
	if math.Abs(f.Traced/f.Speedup-1) > 0.1 {
		must = append(must, f.Traced)
	}
	if f.Unexplained >= 0.05 {
		must = append(must, f.Unexplained)
	}
	for _, x := range f.Excluded {
		must = append(must, x.Share)
	}
	evidence := strings.Join(words.FindingEvidence(f), " ")
	k.said(evidence, figures{must, may})
	frames := slices.Concat(f.Stack, f.Waiting, f.Blamed)
	if f.Object != nil {
		frames = append(frames, f.Object.Origin...)
		k.hold(strings.Contains(evidence, "is for a lock first used at "), "%q tells not of %+v", evidence, f.Object)
	}
	k.places(evidence, frames)
	if about := words.Without(f); about != "" {
		k.said(about, figures{must: []float64{f.AboutSpeedup}, may: []float64{f.Ceiling, 1 - f.BaseNeed}})
		k.hold(!strings.Contains(about, "ceiling") || f.Ceiling > 0, "%q, and the ceiling is no limit", about)
		k.hold(f.AboutSpeedup > f.Speedup && strings.Contains(evidence, about) == (f.Replay == nil), "%q: %s, where %v is reached",
			evidence, about, f.Speedup)
	}
}

// places checks that all that a sentence names is in the stacks.
func (k *checker) places(text string, frames []gotrace.Frame) {
	for _, p := range regexp.MustCompile(`(\w+)\.go:(\d+)`).FindAllStringSubmatch(text, -1) {
		k.hold(slices.ContainsFunc(frames, func(f gotrace.Frame) bool {
			return strings.HasSuffix(f.File, "/"+p[1]+".go") && strconv.Itoa(f.Line) == p[2]
		}), "%q names %s, which is not in %v", text, p[0], frames)
	}
}

// adviceSaid checks the words for a recommendation.
func (k *checker) adviceSaid(r *recommend.Recommendation) {
	var f figures
	switch r.Reason {
	case recommend.Only:
		f.must = []float64{float64(r.N)}
	case recommend.NoneBeyond:
		f.must = []float64{r.Least}
	case recommend.Shown, recommend.Seen:
		f.must = []float64{float64(r.N), r.Least}
	}
	text := words.Advice(r)
	shares := regexp.MustCompile(`([\d.]+)\x{a0}%`).FindAllStringSubmatch(text, -1)
	if r.Reason == recommend.Shown || r.Reason == recommend.Seen {
		// The lower end is rounded to the nearest, as all shares are, and stands on its side of what it is held against.
		least, _ := strconv.ParseFloat(shares[0][1], 64)
		low, _ := strconv.ParseFloat(shares[1][1], 64)
		k.hold(math.Abs(low/100-r.Low) <= 0.0051 && low >= least && (low > least) == (r.Low > r.Least) && same(least/100, r.Least),
			"%q: the efficiency is %v", text, r.Low)
		f.may = []float64{low / 100}
	}
	k.said(text, f)
}

// lawsSaid checks the words for the laws.
func (k *checker) lawsSaid(r *law.Result) {
	for i := range r.Models {
		m := &r.Models[i]
		a, b, g := m.Param("alpha"), m.Param("beta"), m.Param("gamma").Value
		f := figures{may: []float64{a.Value, a.Low, a.High, b.Value, b.Low, b.High, m.Limit / g, 1 / a.High}}
		if a.Value > 0 {
			f.must = append(f.must, a.Value)
		}
		if b.Value > 0 {
			f.must = append(f.must, b.Value)
		}
		if m.Peak != nil {
			f.may = append(f.may, m.Peak.N, m.Peak.Throughput/g)
		}
		text := strings.Join(words.Law(m), " ")
		k.said(strings.ReplaceAll(strings.ReplaceAll(text, "alpha is above 1", ""), "reaches 0.", ""), f)
		far := rate(m, 1e12)
		k.hold(!strings.Contains(text, "without a limit") || far > 1e3*g, "%q, and at 10¹² it is %v of %v", text, far,
			g)
		k.hold(!strings.Contains(text, "interval of beta reaches 0") || b.Low <= 0, "%q: beta is %+v", text, b)
		k.hold(!strings.Contains(text, "one worker is the fastest") || rate(m, 1) >= rate(m, 2) && rate(m, 1) >= rate(m,
			1000), "%q: %v at 2", text, rate(m, 2))
		k.hold(!strings.Contains(text, "falls towards") || rate(m, 1) > rate(m, 2), "%q: %v at 2", text, rate(m, 2))
		k.hold(!strings.Contains(text, "no number of workers") || rate(m, 1e6) <= m.Limit*(1+1e-9), "%q: %v at 10⁶",
			text, rate(m, 1e6))
	}
	c := r.Choice
	switch c.Kind {
	case law.Unnamed:
		k.said(words.LawChoice(c), figures{must: []float64{float64(c.Counts), float64(c.Needed)}})
	case law.Preferred:
		k.said(words.LawChoice(c), figures{must: []float64{c.By}})
	default:
		k.said(words.LawChoice(c), figures{})
	}
	for i, text := range words.LawNotes(r.Notes) {
		k.noteSaid(&r.Notes[i], text)
	}
}

// noteSaid checks the words for a note.
func (k *checker) noteSaid(n *law.Note, text string) {
	var f figures
	switch n.Kind {
	case law.NoBase:
		f.may = []float64{1}
	case law.BeyondCores:
		f.must = []float64{n.Value}
		f.may = append(slices.Clone(n.N), float64(len(n.N)))
	case law.FewCounts:
		f.must = []float64{float64(n.Needed), float64(n.Count)}
	case law.NotAtRest:
		f.must = []float64{float64(n.Count)}
	case law.OnResiduals:
		f.may = []float64{float64(n.Needed)}
	case law.Lacking:
		f.must = []float64{n.Lack.F, float64(n.Lack.Law), float64(n.Lack.Own), n.Lack.P}
	case law.Falling:
		f.may = []float64{1}
	case law.OffBase:
		f.must = []float64{math.Abs(n.Value)}
		f.may = []float64{1}
	case law.Superlinear:
		f.must = []float64{n.Value}
		f.may = append(slices.Clone(n.N), float64(len(n.N)), 1)
		k.hold(strings.Contains(text, "noise") == n.Few, "%q: few is %v", text, n.Few)
	}
	k.said(text, f)
}

// gateSaid checks the words for what stands in place of a bound.
func (k *checker) gateSaid(x *outcome) {
	var reason, f figures
	if x.o.Method == curve.MinMax {
		reason.must = []float64{float64(x.o.Runs)}
	}
	if x.o.Reason == gate.MedianRun {
		reason.must = []float64{float64(x.o.Traced), x.o.Low, x.o.High}
	}
	k.said(words.Gate(x.o), reason)
	f.must = []float64{x.o.Value}
	if x.o.Method != "" {
		f.must = append(f.must, x.o.Bound)
	}
	f.must = append(f.must, reason.must...)
	k.said(words.GateFigure(x.o), f)
}

// sentences checks the words for all facts of a curve.
func (k *checker) sentences(c *study.Curve) {
	for i := range c.Verdict.Evidence {
		k.evidenceSaid(c.Sweep, &c.Verdict.Evidence[i])
	}
	k.adviceSaid(&c.Recommendation)
	if c.Laws != nil {
		k.lawsSaid(c.Laws)
	}
}
