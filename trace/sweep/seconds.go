package sweep

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/corecurve/corecurve/trace/limits"
)

// Seconds is a duration, or a time since some start. It holds nanoseconds and is written to JSON as a decimal number of
// seconds without rounding.
type Seconds time.Duration

// Duration returns s as a [time.Duration].
func (s Seconds) Duration() time.Duration { return time.Duration(s) }

// Float returns s in seconds.
func (s Seconds) Float() float64 { return time.Duration(s).Seconds() }

// String writes s with three digits and a unit, as reports do: "377 ms", "13.4 s".
func (s Seconds) String() string {
	v := math.Abs(s.Float())
	for _, u := range []struct {
		size float64
		name string
	}{{1e-9, "ns"}, {1e-6, "µs"}, {1e-3, "ms"}} {
		if v > 0 && v < 999.5*u.size {
			return fmt.Sprintf("%.3g %s", s.Float()/u.size, u.name)
		}
	}
	if v >= 999.5 {
		return fmt.Sprintf("%.0f s", s.Float())
	}
	return fmt.Sprintf("%.3g s", s.Float())
}

// MarshalJSON writes s as decimal seconds, exactly: 1500000 ns is 0.0015.
func (s Seconds) MarshalJSON() ([]byte, error) {
	sign, n := "", uint64(s)
	if s < 0 {
		sign, n = "-", -n
	}
	text := fmt.Sprintf("%s%d.%09d", sign, n/1e9, n%1e9)
	text = strings.TrimRight(text, "0")
	return []byte(strings.TrimSuffix(text, ".")), nil
}

// UnmarshalJSON reads decimal seconds, to the nanosecond.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	if n, ok := decimal(b); ok {
		*s = Seconds(n)
		return nil
	}
	text := string(b)
	if whole, frac, ok := strings.Cut(text, "."); ok && len(frac) <= 9 && !strings.ContainsAny(text, "eE") {
		n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", 9-len(frac)), 10, 64)
		if err != nil {
			return fmt.Errorf("seconds %s: %s", limits.Quote(text), limits.Brief(err))
		}
		*s = Seconds(n)
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("seconds %s: %s", limits.Quote(text), limits.Brief(err))
	}
	if math.Abs(f) > math.MaxInt64/1e9 {
		return fmt.Errorf("seconds %s: out of range", limits.Quote(text))
	}
	*s = Seconds(math.Round(f * 1e9))
	return nil
}

// decimal returns the nanoseconds of a plain number of seconds with at most nine decimals, as MarshalJSON writes it,
// and allocates nothing. On false it may still be a number, of another form or out of range.
func decimal(b []byte) (n int64, ok bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	whole, frac, _ := bytes.Cut(b, []byte("."))
	if len(whole) == 0 || len(whole) > 9 || len(frac) > 9 { // below a thousand million seconds nothing overflows
		return 0, false
	}
	for _, digits := range [][]byte{whole, frac} {
		for _, c := range digits {
			if c < '0' || c > '9' {
				return 0, false
			}
			n = 10*n + int64(c-'0')
		}
	}
	for range 9 - len(frac) {
		n *= 10
	}
	if negative {
		n = -n
	}
	return n, true
}
