package words

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
)

// Unknown stands where there is no number.
const Unknown = "–"

// Finite reports whether v is a number.
func Finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Fixed writes v with so many decimals, and no minus sign before nothing.
func Fixed(v float64, decimals int) string {
	if !Finite(v) {
		return Unknown
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return Grouped(s)
}

// Grouped writes the digits before the point of a number of five digits and more in groups of three: "10,000".
func Grouped(number string) string {
	sign := len(number) - len(strings.TrimLeft(number, "-−"))
	whole := len(number)
	if i := strings.IndexFunc(number[sign:], func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		whole = sign + i
	}
	if whole-sign < 5 {
		return number
	}
	for i := whole - 3; i > sign; i -= 3 {
		number = number[:i] + "," + number[i:]
	}
	return number
}

// Figure writes v with so many significant digits, without zeros at its end; digits before the point are never rounded
// away.
func Figure(v float64, digits int) string {
	a := math.Abs(v)
	switch {
	case !Finite(v):
		return Unknown
	case a == 0:
		return "0"
	case a >= 1e7 || a < 1e-4:
		return strconv.FormatFloat(v, 'g', digits, 64)
	}
	return TrimZeros(strconv.FormatFloat(v, 'f', max(digits-1-int(math.Floor(math.Log10(a))), 0), 64))
}

// TrimZeros leaves out of a decimal fraction the zeros at its end.
func TrimZeros(number string) string {
	if !strings.Contains(number, ".") {
		return number
	}
	return strings.TrimRight(strings.TrimRight(number, "0"), ".")
}

// Decimals is the number of decimals that gives v three significant digits; digits before the point are never rounded
// away.
func Decimals(v float64) int {
	switch v = math.Abs(v); {
	case v < 9.995:
		return 2
	case v < 99.95:
		return 1
	default:
		return 0
	}
}

// A TimeUnit is a unit of time and its size in seconds.
type TimeUnit struct {
	Size float64
	Name string
}

// TimeUnitOf is the unit in which so many seconds are written.
func TimeUnitOf(seconds float64) TimeUnit {
	for _, u := range []TimeUnit{{1e-9, "ns"}, {1e-6, "µs"}, {1e-3, "ms"}} {
		// What would round up to four digits belongs to the next unit: 0.9996 ms is 1.00 ms.
		if math.Abs(seconds) < 999.5*u.Size {
			return u
		}
	}
	return TimeUnit{1, "s"}
}

// Duration writes seconds with three significant digits and a unit: "512 ms", "1.00 s".
func Duration(seconds float64) string {
	if !Finite(seconds) {
		return Unknown
	}
	if seconds == 0 {
		return "0" + NoBreak + "s"
	}
	u := TimeUnitOf(seconds)
	v := seconds / u.Size
	return Fixed(v, Decimals(v)) + NoBreak + u.Name
}

// DurationTitle writes seconds for a title: two significant digits, without zeros at the end.
func DurationTitle(seconds float64) string {
	if !Finite(seconds) {
		return Unknown
	}
	u := TimeUnitOf(seconds)
	v := seconds / u.Size
	decimals := 0
	if math.Abs(v) < 9.95 {
		decimals = 1
	}
	return TrimZeros(Fixed(v, decimals)) + NoBreak + u.Name
}

// DurationRange writes an interval in the unit and with the decimals of the value it belongs to, which stands beside
// it: "510–515".
func DurationRange(iv *curve.Interval, seconds float64) string {
	if iv == nil || !Finite(iv.Low) || !Finite(iv.High) || !Finite(seconds) {
		return Unknown
	}
	if tooWide(iv) {
		return notKnown
	}
	u := TimeUnitOf(seconds)
	d := Decimals(seconds / u.Size)
	return Fixed(iv.Low/u.Size, d) + "–" + Fixed(iv.High/u.Size, d)
}

// mostWide is how many times its lower end the upper end of an interval may be: of one that is wider nothing is known.
const mostWide = 10

func tooWide(iv *curve.Interval) bool { return iv.High > mostWide*iv.Low }

// notKnown stands for an interval that is too wide, in its column or behind its figure.
const notKnown = "not known"

// DurationEnds writes the ends of an interval in the unit of the value that stands beside it in a title: "2.9–11", and
// "−1 to 13" where a sign would be lost in a dash. A lower end of more than nothing is not rounded to it.
func DurationEnds(iv *curve.Interval, seconds float64) string {
	u := TimeUnitOf(seconds)
	end := func(v float64) string {
		decimals := 0
		if math.Abs(v) < 9.95 {
			decimals = 1
		}
		for decimals < 3 && v > 0 && v < 0.5*math.Pow10(-decimals) {
			decimals++
		}
		return strings.Replace(TrimZeros(Fixed(v, decimals)), "-", "−", 1)
	}
	dash := "–"
	if iv.Low < 0 {
		dash = " to "
	}
	return end(iv.Low/u.Size) + dash + end(iv.High/u.Size)
}

// Ratio writes a speedup without its sign, for columns: "1.93".
func Ratio(v float64) string { return Fixed(v, Decimals(v)) }

// Taken writes what a cause takes from a speedup, or gives back, without its sign: "0.53", "−0.14". Pictures, tables
// and findings all write it so.
func Taken(v float64) string { return strings.Replace(Ratio(v), "-", "−", 1) }

// someOf writes v with so many decimals; what is more than nothing and would be rounded to it is less than half of the
// last of them: "< 0.005".
func someOf(v float64, decimals int) string {
	if half := 0.5 * math.Pow10(-decimals); v > 0 && v < half {
		return "<" + NoBreak + Fixed(half, decimals+1)
	}
	return Fixed(v, decimals)
}

// RatioRange writes the interval of a speedup: "1.90–1.96".
func RatioRange(iv *curve.Interval) string {
	if iv == nil || !Finite(iv.Low) || !Finite(iv.High) {
		return Unknown
	}
	if tooWide(iv) {
		return notKnown
	}
	d := Decimals(iv.High)
	return someOf(iv.Low, d) + "–" + Fixed(iv.High, d)
}

// RatioWithin is RatioRange where nothing else says that it is an interval.
func RatioWithin(iv *curve.Interval) string {
	if said := RatioRange(iv); said != notKnown {
		return said
	}
	return "interval " + notKnown
}

// Times writes a speedup: "1.93×".
func Times(v float64) string {
	if !Finite(v) {
		return Unknown
	}
	if v > 0 && v < 0.005 { // no speedup is nothing
		return Fixed(v, max(0, -int(math.Floor(math.Log10(v))))) + "×"
	}
	return Ratio(v) + "×"
}

// TimesTitle writes a speedup for a title: two significant digits, and three where two might hide on which side of 1 it
// is.
func TimesTitle(v float64) string {
	if !Finite(v) {
		return Unknown
	}
	decimals := 0
	switch {
	case v < 1.05:
		decimals = 2
	case v < 9.95:
		decimals = 1
	}
	return Fixed(v, decimals) + "×"
}

// Percent writes a share: "97 %", "2.5 %". What is not nothing does not look like it.
func Percent(v float64) string {
	switch a := math.Abs(v); {
	case !Finite(v):
		return Unknown
	case a == 0:
		return "0" + NoBreak + "%"
	case v > 0 && v < 0.0005:
		return "< 0.1" + NoBreak + "%"
	case a < 0.0995:
		return TrimZeros(Fixed(100*v, 1)) + NoBreak + "%"
	default:
		return Fixed(100*v, 0) + NoBreak + "%"
	}
}

// ShareBeside writes a share as [Percent] does, with as many more digits as it takes to stand on the same side of a
// limit as it does.
func ShareBeside(limit, v float64) string {
	if !Finite(v) {
		return Unknown
	}
	return apart(100*limit, 100*v, 0) + NoBreak + "%"
}

// apart writes v to the nearest with so many decimals, or with more if it would else not stand on the same side of
// limit.
func apart(limit, v float64, decimals int) string {
	for most := decimals + 4; decimals < most; decimals++ {
		said, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', decimals, 64), 64)
		if err == nil && cmp.Compare(said, limit) == cmp.Compare(v, limit) {
			break
		}
	}
	return Fixed(v, decimals)
}

// Asked writes a share that somebody asked for, with the digits that it was given: "75 %", "75.5 %".
func Asked(v float64) string { return Figure(100*v, 6) + NoBreak + "%" }

// PercentNumber writes a share for a column that is headed %: "97".
func PercentNumber(v float64) string {
	d := 0
	if a := math.Abs(v); a > 0 && a < 0.0095 {
		d = 1
	}
	return Fixed(100*v, d)
}

// Fraction writes a small number without unit, such as that of Karp and Flatt: "0.012".
func Fraction(v float64) string { return Fixed(v, 3) }

// Megabytes writes bytes for a column that is headed MB; 0 is not known.
func Megabytes(bytes int64) string {
	if bytes == 0 {
		return Unknown
	}
	return Ratio(float64(bytes) / 1e6)
}

// Gigabytes writes the memory of a machine.
func Gigabytes(bytes int64) string { return Ratio(float64(bytes)/1e9) + NoBreak + "GB" }

// Plural writes a count and its noun.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(strconv.Itoa(n)) + " " + many
}

// Whole writes a count, grouped.
func Whole(n int64) string { return Grouped(strconv.FormatInt(n, 10)) }

// Quantity writes a number of a workload's unit, which is named in the plural: "360,000,000 steps", "1 loop"; without a
// unit the number alone.
func Quantity(n int64, unit string) string {
	switch {
	case unit == "":
		return Whole(n)
	case n != 1:
	case strings.HasSuffix(unit, "ies"):
		unit = strings.TrimSuffix(unit, "ies") + "y"
	case strings.HasSuffix(unit, "s") && !strings.HasSuffix(unit, "ss"):
		unit = strings.TrimSuffix(unit, "s")
	}
	return Whole(n) + " " + unit
}

// Significant writes v with three significant digits; what is within the noise of arithmetic is 0.
func Significant(v float64) string {
	switch a := math.Abs(v); {
	case !Finite(v):
		return Unknown
	case a < 1e-6:
		return "0"
	case a < 1e-3 || a >= 1e5:
		return strings.Replace(strconv.FormatFloat(v, 'e', 2, 64), "-", "−", 1)
	default:
		return strings.Replace(Fixed(v, max(0, 2-int(math.Floor(math.Log10(a))))), "-", "−", 1)
	}
}

// Amount writes a quantity for a column, such as core-seconds: two decimals, more where that would be next to nothing.
func Amount(v float64) string {
	decimals := Decimals(v)
	switch a := math.Abs(v); {
	case a == 0:
		return "0"
	case a < 0.00995:
		decimals = 4
	case a < 0.0995:
		decimals = 3
	}
	return Fixed(v, decimals)
}
