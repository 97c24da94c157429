package prose

import (
	"math"
	"testing"
)

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		seconds float64
		want    string
	}{
		{0, "0 s"},
		{3e-9, "3.00 ns"},
		{999.4e-9, "999 ns"},
		{999.6e-9, "1.00 µs"}, // three digits of ns would be four
		{83.14e-6, "83.1 µs"},
		{0.512, "512 ms"},
		{0.9996, "1.00 s"},
		{9.996, "10.0 s"}, // 10.00 would be four digits
		{61.24, "61.2 s"},
		{1243, "1243 s"}, // digits before the point stay
		{-0.0021, "-2.10 ms"},
		{math.NaN(), "–"},
		{math.Inf(1), "–"},
	} {
		if got := Plain(Duration(c.seconds)); got != c.want {
			t.Errorf("Duration(%g) = %q, want %q", c.seconds, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"decimals", Fixed(1.2345, 2), "1.23"},
		{"no minus before nothing", Fixed(-0.0001, 3), "0.000"},
		{"minus before something", Fixed(-0.001, 3), "-0.001"},
		{"no number", Fixed(math.Inf(-1), 2), "–"},
		{"four digits", Figure(1.23456, 4), "1.235"},
		{"no zeros at the end", Figure(0.5, 4), "0.5"},
		{"zeros before the point stay", Figure(1200, 3), "1200"},
		{"digits before the point stay", Figure(123456, 3), "123456"},
		{"large", Figure(1.5e9, 3), "1.5e+09"},
		{"small", Figure(0.00001234, 3), "1.23e-05"},
		{"negative", Figure(-0.01234, 3), "-0.0123"},
		{"nothing", Figure(0, 3), "0"},
		{"not a number", Figure(math.NaN(), 3), "–"},
		{"a whole number's zeros", TrimZeros("100"), "100"},
		{"a fraction's zeros", TrimZeros("10.50"), "10.5"},
		{"nothing but zeros", TrimZeros("10.00"), "10"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}
