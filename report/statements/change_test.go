package statements_test

import (
	"cmp"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/report/words"
)

// comparedHeadline checks what a comparison comes to: it is told by a change that is shown, if there is one, and by the
// greatest of several curves; no cause stands there that the figures do not show.
func (k *checker) comparedHeadline(r *compare.Result) {
	h := r.Headline()
	type id struct {
		workload string
		procs, workers,
		cores int
		size  int64
		ratio float64
	}
	count, changed, most := map[compare.Verdict]int{}, 0, 0.0
	seen := map[id]bool{}
	for _, pair := range r.Pairs {
		for _, p := range pair.Points {
			x := id{p.Point.Workload, p.Point.Procs, p.Point.Workers, p.Point.Cores, p.Point.Size, p.Ratio}
			if seen[x] {
				continue
			}
			seen[x] = true
			count[p.Verdict]++
			if p.Verdict == compare.Faster || p.Verdict == compare.Slower {
				changed++
				most = max(most, math.Abs(math.Log(p.Ratio)))
			}
		}
	}
	for v, n := range count {
		k.hold(h.Count[v] == n, "%d points are %s, not %d", n, v, h.Count[v])
	}
	k.hold((h.Lead != nil) == (changed > 0), "%d points changed, and the headline is of %+v", changed, h.Lead)
	if h.Lead != nil && !h.One {
		k.hold(same(math.Abs(math.Log(h.Lead.Ratio)), most), "it is told by %v, and the greatest change is %v", h.Lead.Ratio, most)
	}
	sides := words.Sides{Base: "old", New: "fresh"}
	said := words.Compared(r, &h, sides)
	k.hold(said != "" && !strings.HasSuffix(said, "."), "it says %q", said)
	if h.Lead != nil {
		speed, iv := h.Lead.Speed()
		k.hold(same(speed, 1/h.Lead.Ratio) && same(iv.Low, 1/h.Lead.Interval.High) && same(iv.High, 1/h.Lead.Interval.Low), "speed %v, %+v", speed, iv)
		k.said(regexp.MustCompile(` as fast.*$`).ReplaceAllString(said, ""), figures{must: []float64{speed, iv.Low, iv.High}})
	}
	if h.Cause == nil {
		return
	}
	k.met["a cause of a change"]++
	g, s := h.Cause, h.Lead.Shift
	by := s.New - s.Base
	k.hold(g.Certainty != noise.Hidden && g.By*by > 0 && math.Abs(g.By) >= 0.25*math.Abs(by)*(1-1e-9), "the cause of %v is %+v", by, g)
	for _, o := range s.Groups {
		k.hold(o.Certainty == noise.Hidden || o.By*by <= 0 || math.Abs(o.By) <= math.Abs(g.By), "%+v is a larger cause than %+v", o, g)
	}
}

// shift checks what became of the time of a point: the parts add up, and what is sure is beyond all that could hide it.
func (k *checker) shift(x *compared) {
	s := x.p.Shift
	if s == nil {
		return
	}
	k.met["a change of core time"]++
	sum := s.Unexplained
	for i, g := range s.Groups {
		sum += g.By
		k.hold(i == 0 || math.Abs(g.By) <= math.Abs(s.Groups[i-1].By), "%s is behind a smaller change", g.Cause)
		k.hold(g.Low <= g.By+1e-9 && g.High >= g.By-1e-9, "%+v: its range does not hold it", g)
		k.hold((g.Stack == nil) == (g.At == 0) && (g.At == 0 || slices.ContainsFunc(s.Places, func(p compare.PlaceShift) bool {
			return p.Cause == g.Cause && p.By == g.At && g.At*g.By > 0 && reflect.DeepEqual(p.Stack, g.Stack)
		})), "%+v: no place has its part", g)
		if g.Certainty == noise.Hidden {
			continue
		}
		k.hold(math.Abs(g.By) > g.Noise+2*g.Error, "%+v: noise can be all of it", g)
		if g.Certainty == noise.Certain {
			k.hold(s.Runs >= 3 && g.Low*g.High > 0 && min(math.Abs(g.Low), math.Abs(g.High)) > g.Noise, "%+v is sure by %d runs", g, s.Runs)
		}
	}
	k.hold(math.Abs(sum-(s.New-s.Base)) < 1e-6*max(s.New, s.Base, 1e-9), "the changes add up to %v, of %v", sum, s.New-s.Base)
	for i, p := range s.Places {
		k.hold(i == 0 || math.Abs(p.By) <= math.Abs(s.Places[i-1].By), "%s is behind a smaller change", p.Cause)
	}
	k.hold(words.ShiftOf("here", s, words.Sides{Base: "old", New: "fresh"}) != "", "nothing is said of %+v", s)
}

// comparedMeans checks the geometric means: of three workloads or more, at one count of one kind, the largest size of
// each.
func (k *checker) comparedMeans(r *compare.Result) {
	for _, m := range r.Means {
		largest := map[string]*compare.Point{}
		size := map[string]int64{}
		for i := range r.Pairs {
			p := &r.Pairs[i]
			if p.Key.Mode != m.Mode || p.Key.Scaling != m.Scaling || p.Key.Series != m.Series || p.Key.Size < size[p.Key.Workload] {
				continue
			}
			if p.Key.Size > size[p.Key.Workload] {
				delete(largest, p.Key.Workload)
			}
			size[p.Key.Workload] = p.Key.Size
			for j := range p.Points {
				if q := &p.Points[j]; q.N == m.N && !math.IsNaN(q.P) && q.Point.Procs == m.Point.Procs && q.Point.Workers == m.Point.Workers {
					largest[p.Key.Workload] = q
				}
			}
		}
		k.hold(m.Workloads >= 3 && len(largest) == m.Workloads, "a mean of %d workloads, and there are %d", m.Workloads, len(largest))
		logs, noisy := 0.0, 0
		for _, q := range largest {
			logs += math.Log(q.Ratio)
			if q.Interval.Noise > 1.1 && q.Interval.High >= 1.25*q.Interval.Low {
				noisy++
			}
		}
		k.hold(m.Noisy == noisy && (m.Absence == "") == (noisy == 0), "%d of %d are too noisy: %+v", noisy, len(largest), m)
		if noisy > 0 {
			continue
		}
		k.met["a mean of changes"]++
		want := math.Exp(logs / float64(len(largest)))
		k.hold(same(m.Ratio, want) && m.Interval.Low <= want*(1+1e-9) && m.Interval.High >= want*(1-1e-9), "the mean is %v, not %+v", want, m)
	}
	kinds := slices.Clone(r.Means)
	slices.SortFunc(kinds, func(a, b compare.Mean) int { return cmp.Compare(a.N, b.N) })
	for i := 1; i < len(kinds); i++ {
		k.hold(kinds[i].Kind != kinds[i-1].Kind, "two means of %+v", kinds[i].Kind)
	}
}
