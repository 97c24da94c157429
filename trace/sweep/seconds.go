package sweep

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Seconds is a duration, or a time since some start. It holds nanoseconds and is written to JSON as a decimal number of
// seconds without rounding.
type Seconds time.Duration

// Duration returns s as a [time.Duration].
func (s Seconds) Duration() time.Duration { return time.Duration(s) }

// Float returns s in seconds.
func (s Seconds) Float() float64 { return time.Duration(s).Seconds() }

func (s Seconds) String() string { return time.Duration(s).String() }

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
	text := string(b)
	if whole, frac, ok := strings.Cut(text, "."); ok && len(frac) <= 9 && !strings.ContainsAny(text, "eE") {
		n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", 9-len(frac)), 10, 64)
		if err != nil {
			return fmt.Errorf("seconds %q: %w", text, err)
		}
		*s = Seconds(n)
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("seconds %q: %w", text, err)
	}
	if math.Abs(f) > math.MaxInt64/1e9 {
		return fmt.Errorf("seconds %q: out of range", text)
	}
	*s = Seconds(math.Round(f * 1e9))
	return nil
}
