package law

import (
	"fmt"
	"math"
	"strings"
)

// Sentences say what the parameters of m mean, each with its interval.
func (m *Model) Sentences() []string {
	a := m.Param("alpha")
	var out []string
	switch {
	case m.Name == Gustafson:
		out = append(out, fmt.Sprintf("%s of the time of each run is serial; what grows with n runs in parallel (alpha%s).", share(a.Value), ends(a, share)))
	case !m.SerialShare():
		out = append(out, fmt.Sprintf("Further workers cost more than they do: alpha is above 1, no share of the work but workers hindering "+
			"each other (alpha %s%s).", figure(a.Value), ends(a, figure)))
	case a.Value == 0:
		out = append(out, fmt.Sprintf("No part of the work shows as serialised (alpha%s).", ends(a, share)))
	default:
		out = append(out, fmt.Sprintf("%s of the work is serialised (alpha%s).", share(a.Value), ends(a, share)))
	}
	if m.Name == USL {
		// T(n) = (1/n)·(1 + alpha·(n−1) + beta·n·(n−1)) / gamma: beta's part of it is beta·(n−1)·T(1).
		b := m.Param("beta")
		if b.Value == 0 {
			out = append(out, fmt.Sprintf("No cost shows that rises with every further worker (beta%s).", ends(b, share)))
		} else {
			out = append(out, fmt.Sprintf("Each further worker adds %s of the time of one worker to the time of all: the cost of agreeing (beta%s).",
				share(b.Value), ends(b, share)))
		}
	}
	return append(out, m.farthest())
}

// farthest says where the throughput ends.
func (m *Model) farthest() string {
	g := m.Param("gamma").Value
	switch {
	case m.Peak != nil && m.Peak.N <= 1 && (m.Peak.Supported || m.Hindered()):
		return "By this law one worker is the fastest."
	case m.Peak != nil && !m.Peak.Supported:
		return fmt.Sprintf("A peak near n = %s is possible but not shown: the interval of beta reaches 0.", figure(m.Peak.N))
	case m.Peak != nil:
		s := fmt.Sprintf("The throughput peaks near n = %s, at %s times that of one worker", figure(m.Peak.N), figure(m.Peak.Throughput/g))
		if m.Peak.Extrapolated {
			s += ", which lies beyond the fitted counts: an extrapolation"
		}
		return s + "."
	case !math.IsNaN(m.Limit) && m.SerialShare():
		return fmt.Sprintf("By this law no number of workers gives more than %s times the throughput of one.", figure(m.Limit/g))
	case !math.IsNaN(m.Limit):
		return fmt.Sprintf("By this law the throughput falls towards %s of that of one worker.", share(m.Limit/g))
	default:
		return "By this law the throughput grows with n without a limit."
	}
}

// ends writes an interval behind the name of what it belongs to: "; 95 % interval 0.5 % to 2.1 %".
func ends(p Param, write func(float64) string) string {
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

// share writes a part of 1 in percent.
func share(v float64) string { return figure(100*v) + "\u00a0%" }

// figure writes v with three significant digits and no more zeros than it takes to be read.
func figure(v float64) string {
	switch a := math.Abs(v); {
	case a == 0:
		return "0"
	case a >= 1e6 || a < 1e-4:
		return fmt.Sprintf("%.3g", v)
	case a >= 99.95:
		return fmt.Sprintf("%.0f", v)
	}
	decimals := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	s := fmt.Sprintf("%.*f", max(decimals, 0), v)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
