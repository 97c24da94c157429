package analysis

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/corecurve/corecurve/report/internal/prose"
)

// figure writes a number with three significant digits; digits before the point are never rounded away.
func figure(v float64) string {
	if !prose.Finite(v) {
		return prose.Unknown
	}
	decimals := 0
	switch a := math.Abs(v); {
	case a == 0:
		return "0"
	case a < 0.00995:
		decimals = 4
	case a < 0.0995:
		decimals = 3
	case a < 9.995:
		decimals = 2
	case a < 99.95:
		decimals = 1
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// seconds writes a time with three significant digits in its unit.
func seconds(d time.Duration) string { return prose.Duration(d.Seconds()) }

// percent writes a share so that what is not nothing does not look like it.
func percent(v float64) string {
	switch {
	case !prose.Finite(v):
		return prose.Unknown
	case v > 0 && v < 0.001:
		return "< 0.1" + prose.NoBreak + "%"
	case math.Abs(v) < 0.0995:
		return strconv.FormatFloat(100*v, 'f', 1, 64) + prose.NoBreak + "%"
	default:
		return strconv.FormatFloat(100*v, 'f', 0, 64) + prose.NoBreak + "%"
	}
}

// shorten cuts the middle of s out so that it has at most width characters: both ends of a name tell more.
func shorten(s string, width int) string {
	n := utf8.RuneCountInString(s)
	if n <= width {
		return s
	}
	r := []rune(s)
	tail := width * 2 / 3
	return string(r[:max(width-tail-1, 0)]) + "…" + string(r[n-tail:])
}
