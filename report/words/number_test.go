package words

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
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

func TestUnits(t *testing.T) {
	iv := func(low, high float64) *curve.Interval { return &curve.Interval{Low: low, High: high} }
	for _, c := range []struct{ name, got, want string }{
		{"speedup", Times(1.934), "1.93×"},
		{"speedup of two digits", Times(12.34), "12.3×"},
		{"speedup of three digits", Times(123.4), "123×"},
		{"rounding up to ten", Times(9.996), "10.0×"},
		{"unknown speedup", Times(math.NaN()), "–"},
		{"interval", RatioRange(iv(1.9, 1.956)), "1.90–1.96"},
		{"interval over ten", RatioRange(iv(9.9, 10.1)), "9.9–10.1"},
		{"low end that is not nothing", Plain(RatioRange(iv(0.0049, 0.013))), "< 0.005–0.01"},
		{"ten times as wide", RatioRange(iv(0.2, 2)), "0.20–2.00"},
		{"wider", RatioRange(iv(0.2, 2.01)), "not known"},
		{"low end that is nothing", RatioRange(iv(0, 38.9)), "not known"},
		{"wider, in a sentence", RatioWithin(iv(0.2, 2.01)), "interval not known"},
		{"times that are wider", DurationRange(iv(0.1, 1.02), 0.5), "not known"},
		{"no interval", RatioRange(nil), "–"},
		{"half an interval", RatioRange(iv(1, math.Inf(1))), "–"},
		{"interval in the unit of its value", DurationRange(iv(0.95, 1.02), 1.0), "0.95–1.02"},
		{"ends in a title", DurationEnds(iv(0.0029, 0.0109), 0.006), "2.9–11"},
		{"an end below nothing", DurationEnds(iv(-0.001, 0.0109), 0.006), "−1 to 11"},
		{"an end of next to nothing", DurationEnds(iv(0.00001, 0.0109), 0.006), "0.01–11"},
		{"interval in milliseconds", DurationRange(iv(0.51, 0.515), 0.512), "510–515"},
		{"share", Percent(0.966), "97 %"},
		{"small share", Percent(0.004), "0.4 %"},
		{"no share", Percent(0), "0 %"},
		{"very small share", Percent(0.0001), "< 0.1 %"},
		{"speedup in a title", TimesTitle(1.934), "1.9×"},
		{"slowdown in a title", TimesTitle(0.934), "0.93×"},
		{"speedup of little in a title", TimesTitle(1.012), "1.01×"},
		{"share above a limit", ShareBeside(0.75, 0.767), "77 %"},
		{"share that rounds to the limit", ShareBeside(0.75, 0.7506), "75.1 %"},
		{"share that rounds to beyond the limit", ShareBeside(0.754, 0.7544), "75.44 %"},
		{"share at the limit", ShareBeside(0.75, 0.75), "75 %"},
		{"speedup of two digits in a title", TimesTitle(9.96), "10×"},
		{"time in a title", DurationTitle(0.00812), "8.1 ms"},
		{"time in a title, no zeros", DurationTitle(1.004), "1 s"},
		{"significant", Significant(0.00123), "0.00123"},
		{"significant, large", Significant(1304), "1304"},
		{"amount", Amount(0.7), "0.70"},
		{"small amount", Amount(0.0123), "0.012"},
		{"very small amount", Amount(0.00123), "0.0012"},
		{"large amount", Amount(1304), "1304"},
		{"noise of arithmetic", Significant(1e-9), "0"},
		{"Karp and Flatt", Fraction(0.0364), "0.036"},
		{"no minus before nothing", Fraction(-0.0001), "0.000"},
		{"memory", Megabytes(12_345_678), "12.3"},
		{"unknown memory", Megabytes(0), "–"},
		{"plural", Plural(2, "run", "runs"), "2 runs"},
		{"list", List([]string{"a", "b", "c"}), "a, b and c"},
	} {
		if got := Plain(c.got); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for number, want := range map[string]string{
		"0": "0", "1037": "1037", "10000": "10,000", "360000000": "360,000,000", "-12345.678": "-12,345.678",
		"−100000": "−100,000", "0.00012345": "0.00012345", "1e+10": "1e+10",
	} {
		if got := Grouped(number); got != want {
			t.Errorf("%s: %q, want %q", number, got, want)
		}
	}
	if got := Plural(12000, "run", "runs") + ", " + Fixed(98765.4321, 1); got != "12,000 runs, 98,765.4" {
		t.Errorf("%q", got)
	}
}

func TestSize(t *testing.T) {
	for size, want := range map[int64]string{
		1: "weak scaling, size 1 loop per worker", 2: "weak scaling, size 2 loops per worker",
		360_000_000: "weak scaling, size 360,000,000 loops per worker",
	} {
		if got := Size(sweep.Sweep{Scaling: sweep.Weak, Size: size}, "loops"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestQuantity(t *testing.T) {
	for want, q := range map[string]struct {
		n    int64
		unit string
	}{
		"1 loop": {1, "loops"}, "1 copy": {1, "copies"}, "2 loops": {2, "loops"}, "9600 darts": {9600, "darts"},
		"12,800 trees": {12_800, "trees"}, "360,000,000 steps": {360_000_000, "steps"}, "8192 MiB": {8192, "MiB"},
		"1 MiB": {1, "MiB"}, "1000": {1000, ""}, "-150,000": {-150_000, ""}, "1 pass": {1, "pass"},
	} {
		if got := Plain(Quantity(q.n, q.unit)); got != want {
			t.Errorf("%d of %q: %q, want %q", q.n, q.unit, got, want)
		}
	}
}
