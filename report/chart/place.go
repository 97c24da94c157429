package chart

import (
	"strings"

	"gonum.org/v1/plot/vg"
)

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
