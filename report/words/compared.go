package words

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Sides are what the two sides of a comparison are called.
type Sides struct{ Base, New string }

// Compared says what a comparison comes to, in a sentence without its full stop.
func Compared(r *compare.Result, h *compare.Headline, s Sides) string {
	var parts []string
	switch n := h.Points(); {
	case n == 0:
		return "Nothing could be compared"
	case h.Lead != nil:
		parts = append(parts, s.New+" is "+asFast(h.Lead.Speed())+" "+whereOf(h))
		if h.Cause != nil {
			parts[0] += ": " + Shifted(h.Cause, h.Lead.Shift)
		}
		parts = append(parts, others(r, h)...)
	case h.Count[compare.NoDifference] == 0 && h.Count[compare.TooFew] > 0:
		return fmt.Sprintf("Nothing can be said of %s: too few launches", points(n))
	case h.Count[compare.NoDifference] == 0:
		return "Nothing can be said: no point was measured on both sides"
	default:
		parts = append(parts, fmt.Sprintf("No change is shown %s: %s is %s as fast", unchanged(r, h), s.New, speeds(r)))
	}
	if m := mostAlike(r); m != nil {
		parts = append(parts, MeanChange(m, s))
	}
	return strings.Join(parts, "; ")
}

// points says how many points there are.
func points(n int) string {
	if n == 1 {
		return "the one point"
	}
	return fmt.Sprintf("any of %d points", n)
}

// asFast says how many times as fast something is: "1.12× (1.08–1.15) as fast".
func asFast(ratio float64, iv *curve.Interval) string {
	said := SpeedOf(ratio, iv)
	if iv != nil {
		said += " (" + SpeedRange(ratio, iv) + ")"
	}
	return said + " as fast"
}

// speedDecimals is how many decimals tell a ratio of speeds, and the ends of its interval, from 1.
func speedDecimals(ratio float64, iv *curve.Interval) int {
	d := Decimals(ratio)
	if iv == nil {
		return d
	}
	if near := min(math.Abs(iv.Low-1), math.Abs(iv.High-1)); d == 2 && near < 0.0095 && (iv.Low > 1 || iv.High < 1) {
		return 3
	}
	return d
}

// SpeedOf writes how many times as fast something is: "1.12×".
func SpeedOf(ratio float64, iv *curve.Interval) string {
	if !Finite(ratio) {
		return Unknown
	}
	return someOf(ratio, speedDecimals(ratio, iv)) + "×"
}

// SpeedRange writes the interval of [SpeedOf].
func SpeedRange(ratio float64, iv *curve.Interval) string {
	if iv == nil || !Finite(iv.Low) || !Finite(iv.High) {
		return Unknown
	}
	if tooWide(iv) {
		return notKnown
	}
	d := speedDecimals(ratio, iv)
	return someOf(iv.Low, d) + "–" + Fixed(iv.High, d)
}

// CountOf says where a point of a comparison stands: "2 workers", and of files "n = 2".
func CountOf(k compare.Key, p *compare.Point) string {
	if k.Mode == "" || p.Point == (sweep.Point{}) {
		return "n = " + Count(p.N)
	}
	return At(sweep.Sweep{Mode: k.Mode, Series: k.Series}, p.Point)
}

// on is what comes before [CountOf].
func on(k compare.Key) string {
	if k.Mode == "" {
		return "at "
	}
	return "on "
}

// whereOf says at which point the lead of h is.
func whereOf(h *compare.Headline) string {
	said := on(h.Pair.Key) + CountOf(h.Pair.Key, h.Lead)
	if h.One {
		return said
	}
	return "in " + cmp.Or(h.Pair.Key.Workload, "measurements") + " " + said
}

// others says what became of the points besides the lead.
func others(r *compare.Result, h *compare.Headline) []string {
	if !h.One {
		return pointsBy(h)
	}
	var out []string
	pair := &r.Pairs[0]
	for _, v := range []compare.Verdict{compare.Faster, compare.Slower, compare.NoDifference, compare.TooFew, compare.NotMeasured} {
		var n []float64
		for i := range pair.Points {
			if p := &pair.Points[i]; p.Verdict == v && p != h.Lead {
				n = append(n, p.N)
			}
		}
		if len(n) == 0 {
			continue
		}
		at := on(pair.Key) + Counts(n)
		switch v {
		case compare.NoDifference:
			out = append(out, "no change is shown "+at)
		case compare.TooFew:
			out = append(out, "too few launches "+at)
		case compare.NotMeasured:
			out = append(out, "not measured "+at)
		default:
			if v == h.Lead.Verdict {
				at += " too"
			}
			out = append(out, string(v)+" "+at)
		}
	}
	return out
}

// pointsBy says how many points of several curves have which verdict.
func pointsBy(h *compare.Headline) []string {
	var out []string
	all := h.Points()
	for _, v := range []compare.Verdict{compare.Faster, compare.Slower, compare.NoDifference, compare.TooFew, compare.NotMeasured} {
		n := h.Count[v]
		if n == 0 {
			continue
		}
		said := map[compare.Verdict]string{
			compare.Faster: "faster at %s", compare.Slower: "slower at %s", compare.NoDifference: "no change is shown at %s",
			compare.TooFew: "too few launches at %s", compare.NotMeasured: "not measured at %s",
		}[v]
		amount := fmt.Sprint(n)
		if len(out) == 0 {
			amount = fmt.Sprintf("%d of %s", n, Plural(all, "point", "points"))
		}
		out = append(out, fmt.Sprintf(said, amount))
	}
	return out
}

// unchanged says where no change is shown.
func unchanged(r *compare.Result, h *compare.Headline) string {
	if !h.One {
		if n := h.Count[compare.NoDifference]; n < h.Points() {
			return fmt.Sprintf("at %d of %d points, and the others tell nothing", n, h.Points())
		}
		return "at " + points(h.Points())
	}
	var n []float64
	pair := &r.Pairs[0]
	for i := range pair.Points {
		if pair.Points[i].Verdict == compare.NoDifference {
			n = append(n, pair.Points[i].N)
		}
	}
	if len(n) == 1 {
		for i := range pair.Points {
			if p := &pair.Points[i]; p.N == n[0] {
				return on(pair.Key) + CountOf(pair.Key, p)
			}
		}
	}
	return on(pair.Key) + Counts(n)
}

// speeds is the range of the intervals of the points at which no change is shown.
func speeds(r *compare.Result) string {
	iv := curve.Interval{Low: math.Inf(1), High: math.Inf(-1)}
	for i := range r.Pairs {
		for k := range r.Pairs[i].Points {
			if p := &r.Pairs[i].Points[k]; p.Verdict == compare.NoDifference {
				_, x := p.Speed()
				iv.Low, iv.High = min(iv.Low, x.Low), max(iv.High, x.High)
			}
		}
	}
	if tooWide(&iv) {
		return "at least " + someOf(iv.Low, 2) + "×"
	}
	return someOf(iv.Low, 2) + "× to " + Fixed(iv.High, 2) + "×"
}

// mostAlike is the mean that a headline tells: that of the most workloads at the largest count, if one has a figure.
func mostAlike(r *compare.Result) *compare.Mean {
	var out *compare.Mean
	for i := range r.Means {
		m := &r.Means[i]
		if m.Absence == "" && (out == nil || m.Workloads > out.Workloads || m.Workloads == out.Workloads && m.N > out.N) {
			out = m
		}
	}
	return out
}

// MeanChange says how many times as fast workloads are on average, or why that is not said.
func MeanChange(m *compare.Mean, s Sides) string {
	k := compare.Key{Mode: m.Mode, Series: m.Series}
	at := on(k) + CountOf(k, &compare.Point{N: m.N, Point: m.Point})
	if m.Scaling == sweep.Weak {
		at += ", weak scaling"
	}
	if m.Absence != "" {
		return fmt.Sprintf("no mean is given of %d workloads %s: noise makes the %s of %d of them too wide", m.Workloads, at,
			verb(m.Noisy, "interval", "intervals"), m.Noisy)
	}
	return fmt.Sprintf("geometric mean of %d workloads %s: %s is %s", m.Workloads, at, s.New, asFast(m.Speed()))
}

// takes names what a cause of a change is, as what can grow and fall.
func takes(c cause.Cause) string {
	switch c.Group() {
	case cause.Work:
		return "own code’s running time"
	case cause.GC:
		return "garbage collection"
	case cause.SystemCalls:
		return "system calls"
	case cause.Idling:
		return "time with nothing to run"
	case cause.SerialPart:
		return "idle time while a serial part runs"
	case cause.System:
		return "work of the Go runtime"
	case cause.Scheduling:
		return "being ready without running"
	}
	return c.Entry().Doing
}

// laneTime writes seconds of the lanes of s, in the unit of the whole: "0.30 core-s".
func laneTime(seconds float64, s *compare.Shift) string {
	said := CoreTimeOf(math.Abs(seconds), max(s.Base, s.New))
	if !s.Cores {
		said = strings.Replace(said, NoBreak+"core-", NoBreak+"worker-", 1)
	}
	return said
}

// Shifted says by how much a group of causes takes more or less time: "waiting for a lock in cache.Get (cache.go:31)
// fell by 0.30 core-s".
func Shifted(g *compare.GroupShift, s *compare.Shift) string {
	said, part := takes(g.Cause), ""
	if f, is := place.Of(g.Stack); is && wholly(g, s) {
		said += " in " + place.Name(f)
	} else if is {
		part = ", by " + laneTime(g.At, s) + " in " + place.Name(f)
	}
	if g.Certainty == noise.Likely {
		said += " likely"
	}
	verb := " grew by "
	if g.By < 0 {
		verb = " fell by "
	}
	return said + verb + laneTime(g.By, s) + part
}

// wholly reports whether the place of g has all of its change, as it is written.
func wholly(g *compare.GroupShift, s *compare.Shift) bool {
	return laneTime(g.At, s) == laneTime(g.By, s)
}

// leastShift is the least part of all changes that makes that of a cause worth a word.
const leastShift = 0.05

// ShiftOf says what became of the time of a point, in sentences.
func ShiftOf(at string, s *compare.Shift, sides Sides) string {
	sum := 0.0
	for _, g := range s.Groups {
		sum += math.Abs(g.By)
	}
	all := max(sum, math.Abs(s.New-s.Base))
	out := []string{fmt.Sprintf("%s: %s of a run in %s, %s in %s", Upper(at), laneTime(s.Base, s), sides.Base, laneTime(s.New, s), sides.New)}
	for _, less := range []bool{true, false} {
		var parts []string
		for i := range s.Groups {
			g := &s.Groups[i]
			if (g.By < 0) != less || math.Abs(g.By) < leastShift*all || all == 0 {
				continue
			}
			parts = append(parts, shiftPart(g, s))
		}
		if len(parts) > 0 {
			out = append(out, map[bool]string{true: "Less: ", false: "More: "}[less]+strings.Join(parts, "; "))
		}
	}
	if math.Abs(s.Unexplained) >= leastShift*all && all > 0 {
		sign := "+"
		if s.Unexplained < 0 {
			sign = "−"
		}
		out = append(out, fmt.Sprintf("Not explained by the traced runs: %s%s", sign, laneTime(s.Unexplained, s)))
	}
	return strings.Join(out, ". ") + "."
}

// shiftPart is one group of a list of changes: "waiting for a lock 0.30 core-s in cache.Get (cache.go:31), likely".
func shiftPart(g *compare.GroupShift, s *compare.Shift) string {
	said := takes(g.Cause) + " " + laneTime(g.By, s)
	if low, high := math.Abs(g.Low), math.Abs(g.High); g.Low*g.High > 0 && s.Runs > 1 {
		from, _, _ := strings.Cut(laneTime(min(low, high), s), NoBreak)
		to, _, _ := strings.Cut(laneTime(max(low, high), s), NoBreak)
		said += fmt.Sprintf(" (%s to %s by traced run)", from, to)
	}
	if f, is := place.Of(g.Stack); is {
		if !wholly(g, s) {
			said += ", " + laneTime(g.At, s)
		}
		said += " in " + place.Name(f)
	}
	return said + certaintyOf(g.Certainty)
}

func certaintyOf(c noise.Certainty) string {
	switch c {
	case noise.Likely:
		return ", likely"
	case noise.Hidden:
		return ", may be noise"
	}
	return ""
}

// PlaceShift says by how much a function takes more or less time: "cache.Get (cache.go:31): waiting for a lock −0.30
// core-s".
func PlaceShift(p *compare.PlaceShift, s *compare.Shift) string {
	sign := "+"
	if p.By < 0 {
		sign = "−"
	}
	return fmt.Sprintf("%s: %s %s%s%s", placeName(p.Stack), takes(p.Cause), sign, laneTime(p.By, s), certaintyOf(p.Certainty))
}

func placeName(stack []gotrace.Frame) string {
	f, _ := place.Of(stack)
	return place.Name(f)
}

// PairsShort says that there are too few blocks for any change to be shown, of so many tests.
func PairsShort(least, need, tests int) string {
	return fmt.Sprintf("%s of both sides cannot show a change among %s: it takes %d", Plural(least, "block", "blocks"),
		Plural(tests, "test", "tests"), need)
}

// Profiles says what the CPU profiles of the two sides, in files, are of, and what for.
func Profiles(p *compare.Profiles, files []string) string {
	return fmt.Sprintf("CPU profiles of both sides in %s %s%s, each of one run at the median time, are in %s and %s: "+
		"go tool pprof -diff_base %s %s shows where they differ.", cmp.Or(p.Pair.Key.Workload, "measurements"), on(p.Pair.Key),
		CountOf(p.Pair.Key, p.Point), files[0], files[1], files[0], files[1])
}

// SameProgram says that there is nothing to compare.
func SameProgram(s Sides) string {
	return fmt.Sprintf("%s and %s are the same program: every difference is noise", s.Base, s.New)
}
