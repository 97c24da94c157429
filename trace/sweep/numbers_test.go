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
		{"8..100*2", []int64{8, 16, 32, 64}},
		{"64M,2.5k,1Ki,1Mi,3T", []int64{64_000_000, 2500, 1024, 1 << 20, 3_000_000_000_000}},
		{"1k..1M", []int64{1000, 10_000, 100_000, 1_000_000}},
		{"1e1-1.2e1", []int64{10, 11, 12}},
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
		{"10x", `size "10x": want a whole number such as 1000, 1e3, 2.5e6 or 64M, or a range`},
		{"10ki", `size "10ki": want`},
		{"10K", `size "10K": want`}, // 1000 to some and 1024 to others
		{"1.0005k", `size "1.0005k": not a whole number`},
		{"9999T", `size "9999T": must be at most 9007199254740992`},
		{"1-9e9", `range "1-9e9": 9000 million sizes: at most 1024`},
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

func TestParseCounts(t *testing.T) {
	for text, want := range map[string][]int{
		"4":        {4},
		"1,2,5":    {1, 2, 5},
		"1-4":      {1, 2, 3, 4},
		"1..16*2":  {1, 2, 4, 8, 16},
		"1..16:4":  {1, 4, 16},
		"1..12":    {1, 2, 4, 8},
		"1-3, 6-7": {1, 2, 3, 6, 7},
		"1e2":      {100},
	} {
		got, err := sweep.ParseCounts(text)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", text, err, d)
		}
	}
	for text, want := range map[string]string{
		"1,x":    `count "x": want a whole number such as 4, or a range: 1-4 is 1,2,3,4, and 1..16*2 is 1,2,4,8,16`,
		"":       `count "": want`,
		"-1":     `count "-1": want`,
		"4-1":    `range "4-1": its end must be larger`,
		"1-":     `range "1-": count "": want`,
		"1-9999": `range "1-9999": 9999 counts: at most 256`,
	} {
		if got, err := sweep.ParseCounts(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v, want %q", text, got, err, want)
		}
	}
}
