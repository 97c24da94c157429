package chart

import (
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// nameOf is the place that a stack stands for, or its innermost frame if none of it is the user's own code.
func nameOf(frames []gotrace.Frame) string {
	if f, ok := place.Of(frames); ok {
		return place.Name(f)
	}
	if len(frames) > 0 {
		return place.Name(frames[0])
	}
	return "–"
}

// fitPlace shortens the function of "function (file:line)" to the width, as file and line are enough to find it.
func fitPlace(s script, txt string, width vg.Length) string {
	at := strings.LastIndex(txt, " (")
	if at < 0 || s.width(txt) <= width {
		return s.fit(txt, width)
	}
	if rest := width - s.width(txt[at:]); rest > s.width("…") {
		return s.fit(txt[:at], rest) + txt[at:]
	}
	return s.fit(strings.Trim(txt[at:], " ()"), width)
}
