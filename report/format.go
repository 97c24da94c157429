package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/internal/prose"
)

// brief writes seconds for a title: as [prose.Duration] does, without a fraction of zeros.
func brief(seconds float64) string {
	number, unit, _ := strings.Cut(prose.Duration(seconds), prose.NoBreak)
	return prose.TrimZeros(number) + prose.NoBreak + unit
}

// durationRange writes an interval in the unit and with the decimals of the value it belongs to, which stands beside it: "510–515".
func durationRange(iv *curve.Interval, seconds float64) string {
	if iv == nil || !prose.Finite(iv.Low) || !prose.Finite(iv.High) || !prose.Finite(seconds) {
		return prose.Unknown
	}
	u := prose.TimeUnitOf(seconds)
	d := prose.Decimals(seconds / u.Size)
	return prose.Fixed(iv.Low/u.Size, d) + "–" + prose.Fixed(iv.High/u.Size, d)
}

// ratio writes a speedup without its sign, for columns: "1.93".
func ratio(v float64) string { return prose.Fixed(v, prose.Decimals(v)) }

// times writes a speedup: "1.93×".
func times(v float64) string {
	if !prose.Finite(v) {
		return prose.Unknown
	}
	return ratio(v) + "×"
}

// ratioRange writes the interval of a speedup: "1.90–1.96".
func ratioRange(iv *curve.Interval) string {
	if iv == nil || !prose.Finite(iv.Low) || !prose.Finite(iv.High) {
		return prose.Unknown
	}
	d := prose.Decimals(iv.High)
	return prose.Fixed(iv.Low, d) + "–" + prose.Fixed(iv.High, d)
}

// percent writes a share: "97 %".
func percent(v float64) string {
	if !prose.Finite(v) {
		return prose.Unknown
	}
	return percentNumber(v) + prose.NoBreak + "%"
}

// percentNumber writes a share for a column that is headed %: "97".
func percentNumber(v float64) string {
	d := 0
	if a := math.Abs(v); a > 0 && a < 0.0095 {
		d = 1
	}
	return prose.Fixed(100*v, d)
}

// fraction writes a small number without unit, such as that of Karp and Flatt: "0.012".
func fraction(v float64) string { return prose.Fixed(v, 3) }

// megabytes writes bytes for a column that is headed MB; 0 is not known.
func megabytes(bytes int64) string {
	if bytes == 0 {
		return prose.Unknown
	}
	v := float64(bytes) / 1e6
	return prose.Fixed(v, prose.Decimals(v))
}

// gigabytes writes the memory of a machine.
func gigabytes(bytes int64) string {
	v := float64(bytes) / 1e9
	return prose.Fixed(v, prose.Decimals(v)) + prose.NoBreak + "GB"
}

// plural writes a count and its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// list joins words as in a sentence.
func list(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// argv writes an argument list as one would type it.
func argv(args []string) string {
	out := make([]string, len(args))
	for i, a := range args {
		a = prose.Printable(a)
		if a == "" || strings.ContainsAny(a, " \t\"'$`\\|&;<>(){}*?[]#") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		out[i] = a
	}
	return strings.Join(out, " ")
}
