package prose

import (
	"math"
	"strconv"
	"strings"
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
	return s
}

// Figure writes v with so many significant digits, without zeros at its end; digits before the point are never rounded away.
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

// Decimals is the number of decimals that gives v three significant digits; digits before the point are never rounded away.
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
