package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/law"
)

// Count writes a count that need not be whole: "8", "17.8528".
func Count(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// Counts writes counts, a long list by its ends.
func Counts(n []float64) string {
	if len(n) > 6 {
		return fmt.Sprintf("%s … %s (%d counts)", Count(n[0]), Count(n[len(n)-1]), len(n))
	}
	out := make([]string, len(n))
	for i, v := range n {
		out[i] = Count(v)
	}
	return strings.Join(out, ", ")
}

// figure3 writes a parameter with three significant digits; percent3 writes one that is a share, however small.
func figure3(v float64) string  { return Figure(v, 3) }
func percent3(v float64) string { return Figure(100*v, 3) + NoBreak + "%" }

// Law says what the parameters of m mean, each with its interval, a sentence each.
func Law(m *law.Model) []string {
	a := m.Param("alpha")
	var out []string
	switch {
	case m.Name == law.Gustafson:
		out = append(out, fmt.Sprintf("%s of the time of each run is serial; what grows with n runs in parallel "+
			"(alpha%s).", percent3(a.Value), ends(a, percent3)))
	case m.Hindered():
		out = append(out, fmt.Sprintf("Further workers cost more than they do: alpha is above 1, no share of the "+
			"work but workers hindering each other (alpha %s%s).", figure3(a.Value), ends(a, figure3)))
	case !m.SerialShare():
		out = append(out, fmt.Sprintf("Further workers bring nothing that shows (alpha %s%s).", figure3(a.Value),
			ends(a, figure3)))
	case a.Value == 0:
		out = append(out, fmt.Sprintf("No part of the work shows as serialised (alpha%s).", ends(a, percent3)))
	case a.Low <= 0:
		out = append(out, fmt.Sprintf("No part of the work surely shows as serialised (alpha %s%s).",
			percent3(a.Value), ends(a, percent3)))
	default:
		out = append(out, fmt.Sprintf("%s of the work is serialised (alpha%s).", percent3(a.Value), ends(a, percent3)))
	}
	if m.Name == law.USL {
		// T(n) = (1/n)·(1 + alpha·(n−1) + beta·n·(n−1)) / gamma: beta's part of it is beta·(n−1)·T(1).
		switch b := m.Param("beta"); {
		case b.Value == 0:
			out = append(out, fmt.Sprintf("No cost shows that rises with every further worker (beta%s).",
				ends(b, percent3)))
		case b.Low <= 0:
			out = append(out, fmt.Sprintf("No cost surely shows that rises with every further worker (beta %s%s).",
				percent3(b.Value), ends(b, percent3)))
		default:
			out = append(out, fmt.Sprintf("Each further worker adds %s of the time of one worker to the time of all: "+
				"the cost of agreeing (beta%s).",
				percent3(b.Value), ends(b, percent3)))
		}
	}
	return append(out, farthest(m))
}

// farthest says where the throughput ends.
func farthest(m *law.Model) string {
	g := m.Param("gamma").Value
	switch {
	case level(m):
		return "By this law the throughput stays what it is with one worker, as far as the data show."
	case m.Peak != nil && m.Peak.N <= 1 && (m.Peak.Supported || m.Hindered()):
		return "By this law one worker is the fastest."
	case m.Peak != nil && math.IsNaN(m.Param("beta").Low):
		return fmt.Sprintf("A peak near n = %s is possible but not shown: beta has no interval.", figure3(m.Peak.N))
	case m.Peak != nil && !m.Peak.Supported:
		return fmt.Sprintf("A peak near n = %s is possible but not shown: the interval of beta reaches 0.",
			figure3(m.Peak.N))
	case m.Peak != nil:
		s := fmt.Sprintf("The throughput peaks near n = %s, at %s times that of one worker", figure3(m.Peak.N),
			figure3(m.Peak.Throughput/g))
		if m.Peak.Extrapolated {
			s += ", which lies beyond the fitted counts: an extrapolation"
		}
		return s + "."
	case !math.IsNaN(m.Limit) && m.SerialShare():
		return fmt.Sprintf("By this law no number of workers gives more than %s times the throughput of one.",
			figure3(m.Limit/g))
	case !math.IsNaN(m.Limit):
		return fmt.Sprintf("By this law the throughput falls towards %s of that of one worker.", percent3(m.Limit/g))
	case m.Name == law.Gustafson && m.Param("alpha").Value > 1-1e-9:
		return "By this law the throughput does not grow with n."
	case m.Param("beta").Value > 0:
		why := "the interval of beta reaches 0"
		if math.IsNaN(m.Param("beta").Low) {
			why = "beta has no interval"
		}
		return "How far the throughput grows does not show: " + why + "."
	case m.Name != law.Gustafson && m.Param("alpha").Value > 0:
		why := "the interval of alpha reaches 0"
		if math.IsNaN(m.Param("alpha").Low) {
			why = "alpha has no interval"
		}
		return "How far the throughput grows does not show: " + why + "."
	case m.Name == law.Amdahl && m.Param("alpha").High > 0:
		return fmt.Sprintf("No limit shows; if there is one, it is at least %s times the throughput of one worker.",
			figure3(1/m.Param("alpha").High))
	case m.Name != law.Gustafson && m.Param("alpha").High != 0:
		return "How far the throughput grows does not show: the data do not tell alpha from 0."
	default:
		return "By this law the throughput grows with n without a limit."
	}
}

// level reports whether the data do not tell m from a law under which further workers change nothing: alpha = 1 and
// beta = 0.
func level(m *law.Model) bool {
	a := m.Param("alpha")
	return m.Name != law.Gustafson && a.Low > 0 && a.Low <= 1 && a.High >= 1 && !(m.Param("beta").Low > 0)
}

// ends writes an interval behind the name of what it belongs to: "; 95 % interval 0.5 % to 2.1 %".
func ends(p law.Param, write func(float64) string) string {
	if math.IsNaN(p.Low) || math.IsNaN(p.High) {
		return ""
	}
	if p.OneSided && p.Value == 0 {
		return fmt.Sprintf("; 95\u00a0%% sure: at most %s", write(p.High))
	}
	if p.OneSided {
		return fmt.Sprintf("; 95\u00a0%% sure: at least %s", write(p.Low))
	}
	return fmt.Sprintf("; 95\u00a0%% interval %s to %s", write(p.Low), write(p.High))
}

// LawChoice says why a law is named, or why none is.
func LawChoice(c law.Choice) string {
	switch c.Kind {
	case law.Unnamed:
		return fmt.Sprintf("no law is named from %s; it takes %d", Plural(c.Counts, "count", "counts"), c.Needed)
	case law.Asked:
		return c.Law.Title() + " was asked for; no other was fitted"
	case law.Alone:
		return c.Law.Title() + " is the only law with two counts more than parameters"
	default:
		return fmt.Sprintf("AICc prefers %s to %s by %.3g", c.Law.Title(), c.Rival.Title(), c.By)
	}
}

// LawNotes are the clauses of several notes, in their order.
func LawNotes(all []law.Note) []string {
	var out []string
	for _, n := range all {
		out = append(out, lawNote(n))
	}
	return out
}

func lawNote(n law.Note) string {
	name := n.Law.Title()
	switch n.Kind {
	case law.BeyondCores:
		return fmt.Sprintf("n = %s: beyond the %s cores, where workers take turns, and not fitted", Counts(n.N),
			Count(n.Value))
	case law.NoBase:
		return "n = 1 was not measured: there is no base, and so no speedup, no efficiency and no Karp–Flatt fraction"
	case law.FewCounts:
		return fmt.Sprintf("%s has %d parameters and is not fitted to %d counts", name, n.Needed, n.Count)
	case law.NotAtRest:
		return fmt.Sprintf("%s: the fit did not come to rest in %d steps: its figures are not accurate", name, n.Count)
	case law.OnResiduals:
		why := "one launch per count"
		if n.Count > 1 {
			why = fmt.Sprintf("counts with fewer than %d launches", n.Needed)
		}
		return why + ": intervals of the parameters rest on the residuals (Wald, Student's t), not on repeats"
	case law.Lacking:
		return fmt.Sprintf("%s does not describe the data: it leaves %.3g times the variance of repeats (F test at "+
			"%d and %d degrees, p = %.2g)",
			name, n.Lack.F, n.Lack.Law, n.Lack.Own, n.Lack.P)
	case law.Falling:
		return fmt.Sprintf("throughput falls with n, which %s's law cannot say: its alpha is held at 1", name)
	case law.OffBase:
		where := "above"
		if n.Value < 0 {
			where = "below"
		}
		return fmt.Sprintf("n = 1 was measured %s %s what %s gives for it: speedups over the base and the law differ "+
			"by as much",
			Percent(math.Abs(n.Value)), where, name)
	case law.Superlinear:
		text := fmt.Sprintf("superlinear: at n = %s each worker does up to %.2f times the work of the one at n = 1: "+
			"the base is slow (its data may not fit "+
			"one core's cache), so efficiencies exceed 100"+NoBreak+"%% and the laws, whose alpha cannot be negative, do not hold at the base", Counts(n.N), n.Value)
		if n.Few {
			text += "; with so few launches it may be noise"
		}
		return text
	default:
		return name + "'s law was asked for: times are taken to be for work that grows with n (weak scaling)"
	}
}
