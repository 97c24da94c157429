package canvas

import (
	"strings"

	"gonum.org/v1/plot/vg"
)

// FitPlace shortens the function of "function (file:line)" to the width, as file and line are enough to find it.
func FitPlace(s Script, txt string, width vg.Length) string {
	at := strings.LastIndex(txt, " (")
	if at < 0 || s.Width(txt) <= width {
		return s.Fit(txt, width)
	}
	if rest := width - s.Width(txt[at:]); rest > s.Width("…") {
		return s.Fit(txt[:at], rest) + txt[at:]
	}
	return s.Fit(strings.Trim(txt[at:], " ()"), width)
}
