package sweep_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/sweep"
)

func TestParseSizes(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []int64
	}{
		{"1000", []int64{1000}},
		{"1_000,1e3, 2.5e6 ,1E+3", []int64{1000, 1000, 2_500_000, 1000}},
		{"9007199254740992", []int64{1 << 53}},
		{"1.000e3", []int64{1000}},
		{"1e3..1e6", []int64{1000, 10_000, 100_000, 1_000_000}},
		{"1e3..5e4", []int64{1000, 10_000}}, // as far as its end
		{"8..100:2", []int64{8, 16, 32, 64}},
		{"1..10", []int64{1, 10}},
		{"5,1e3..1e4", []int64{5, 1000, 10_000}},
		{"1..9007199254740992:4503599627370496", []int64{1, 1 << 52}},
		{"0", []int64{0}}, // of the right form: the axes refuse it, as they refuse any count of 0
	} {
		got, err := sweep.ParseSizes(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s:\n%s", tt.text, d)
		}
	}
}

func TestParseSizesRefuses(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", `size "": want a whole number`},
		{"10k", `size "10k": want a whole number such as 1000, 1_000, 1e3 or 2.5e6`},
		{"-5", `size "-5": want`},
		{"1e-3", `size "1e-3": want`},
		{"0x10", `size "0x10": want`},
		{"1__0", `size "1__0": want`},
		{"1/3", `size "1/3": want`},
		{"1e1000000000", `size "1e1000000000": want`},
		{"2.5", `size "2.5": not a whole number`},
		{"1.25e1", `size "1.25e1": not a whole number`},
		{"1e16", `size "1e16": must be at most 9007199254740992`},
		{"1e999", `size "1e999": must be at most`},
		{"1e3,,1e4", `size "": want`},
		{"1e3..", `range "1e3..": size "": want`},
		{"1e4..1e3", `range "1e4..1e3": its end must be larger`},
		{"0..1e3", `range "0..1e3": begins at 0`},
		{"1..1e3:1", `range "1..1e3:1": its factor is 1: must be at least 2`},
		{"1..1e3:x", `range "1..1e3:x": its factor: size "x": want`},
		{strings.Repeat("1,", 1024) + "1", "1025 sizes: at most 1024"},
	} {
		if got, err := sweep.ParseSizes(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.40s: %v, %v, want %q", tt.text, got, err, tt.want)
		}
	}
}
