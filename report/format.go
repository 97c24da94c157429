package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/corecurve/corecurve/analyze/curve"
)

// unknown stands where there is no number.
const unknown = "–"

// nbsp keeps a number and its unit on one line; [plainSpace] turns it into a space where nothing would break the line.
const nbsp = "\u00a0"

func plainSpace(s string) string { return strings.ReplaceAll(s, nbsp, " ") }

// A scale is a unit and its size in the base unit.
type scale struct {
	size float64
	unit string
}

// timeScale is the unit in which seconds are written.
func timeScale(seconds float64) scale {
	for _, s := range []scale{{1e-9, "ns"}, {1e-6, "µs"}, {1e-3, "ms"}} {
		// What would round up to four digits belongs to the next unit: 0.9996 ms is 1.00 ms.
		if math.Abs(seconds) < 999.5*s.size {
			return s
		}
	}
	return scale{1, "s"}
}

// decimals is the number of decimals that gives v three significant digits; digits before the point are never rounded away.
func decimals(v float64) int {
	switch v = math.Abs(v); {
	case v < 9.995:
		return 2
	case v < 99.95:
		return 1
	default:
		return 0
	}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func fixed(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// duration writes seconds with three significant digits and a unit: "512 ms".
func duration(seconds float64) string {
	if !finite(seconds) {
		return unknown
	}
	if seconds == 0 {
		return "0" + nbsp + "s"
	}
	s := timeScale(seconds)
	v := seconds / s.size
	return fixed(v, decimals(v)) + nbsp + s.unit
}

// brief writes seconds for a title: as [duration] does, without a fraction of zeros.
func brief(seconds float64) string {
	number, unit, _ := strings.Cut(duration(seconds), nbsp)
	if strings.Contains(number, ".") {
		number = strings.TrimRight(strings.TrimRight(number, "0"), ".")
	}
	return number + nbsp + unit
}

// durationRange writes an interval in the unit and with the decimals of the value it belongs to, which stands beside it: "510–515".
func durationRange(iv *curve.Interval, seconds float64) string {
	if iv == nil || !finite(iv.Low) || !finite(iv.High) || !finite(seconds) {
		return unknown
	}
	s := timeScale(seconds)
	d := decimals(seconds / s.size)
	return fixed(iv.Low/s.size, d) + "–" + fixed(iv.High/s.size, d)
}

// ratio writes a speedup without its sign, for columns: "1.93".
func ratio(v float64) string {
	if !finite(v) {
		return unknown
	}
	return fixed(v, decimals(v))
}

// times writes a speedup: "1.93×".
func times(v float64) string {
	if !finite(v) {
		return unknown
	}
	return ratio(v) + "×"
}

// ratioRange writes the interval of a speedup: "1.90–1.96".
func ratioRange(iv *curve.Interval) string {
	if iv == nil || !finite(iv.Low) || !finite(iv.High) {
		return unknown
	}
	d := decimals(iv.High)
	return fixed(iv.Low, d) + "–" + fixed(iv.High, d)
}

// percent writes a share: "97 %".
func percent(v float64) string {
	if !finite(v) {
		return unknown
	}
	return percentNumber(v) + nbsp + "%"
}

// percentNumber writes a share for a column that is headed %: "97".
func percentNumber(v float64) string {
	if !finite(v) {
		return unknown
	}
	d := 0
	if a := math.Abs(v); a > 0 && a < 0.0095 {
		d = 1
	}
	return fixed(100*v, d)
}

// fraction writes a small number without unit, such as that of Karp and Flatt: "0.012".
func fraction(v float64) string {
	if !finite(v) {
		return unknown
	}
	return fixed(v, 3)
}

// megabytes writes bytes for a column that is headed MB; 0 is not known.
func megabytes(bytes int64) string {
	if bytes == 0 {
		return unknown
	}
	v := float64(bytes) / 1e6
	return fixed(v, decimals(v))
}

// gigabytes writes the memory of a machine.
func gigabytes(bytes int64) string {
	v := float64(bytes) / 1e9
	return fixed(v, decimals(v)) + nbsp + "GB"
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

// sentence ends s with a full stop if it has no end yet.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?:") {
		return s
	}
	return s + "."
}

// printable shows the control characters of foreign text (an error message, an argument) as escapes, so that a program under test cannot steer
// the reader's terminal. Line ends become " / ".
func printable(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " / ")
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteByte(' ')
		case r == unicode.ReplacementChar || !unicode.IsPrint(r):
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// argv writes an argument list as one would type it.
func argv(args []string) string {
	out := make([]string, len(args))
	for i, a := range args {
		a = printable(a)
		if a == "" || strings.ContainsAny(a, " \t\"'$`\\|&;<>(){}*?[]#") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		out[i] = a
	}
	return strings.Join(out, " ")
}
