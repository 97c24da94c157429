package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/corecurve/corecurve/report/view"
)

func TestASCII(t *testing.T) {
	if a, b := utf8.RuneCountInString(asciiFrom), len(asciiTo); a != b {
		t.Fatalf("%d characters have %d replacements", a, b)
	}
	if got, want := ascii("1.93× ±5 % ─●─ 10–20 µs 世"), "1.93x ~5 % -o- 10-20 us ?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestBriefWarnings: of ten kinds the terminal gives eight, and the two that qualify figures it does not print are the
// ones left out.
func TestBriefWarnings(t *testing.T) {
	var all []view.Notice
	for i := range 8 {
		all = append(all, view.Notice{Text: fmt.Sprintf("matters %d", i)})
	}
	all = slices.Insert(all, 2, view.Notice{Text: "critical path of process 0: 3 waits", Minor: true}, view.Notice{Text: "OS scheduler: threads were sampled", Minor: true})
	shown, more := briefWarnings(all)
	if len(shown) != 8 || more != 2 || slices.ContainsFunc(shown, func(s string) bool { return !strings.HasPrefix(s, "matters") }) {
		t.Errorf("%d more than %q", more, shown)
	}
	// With room for one of the minor kinds the first of them stays, in its place.
	shown, more = briefWarnings(all[1:])
	if len(shown) != 8 || more != 1 || shown[1] != "critical path of process 0: 3 waits" {
		t.Errorf("%d more than %q", more, shown)
	}
	if shown, more = briefWarnings(all[:3]); len(shown) != 3 || more != 0 {
		t.Errorf("%d more than %q", more, shown)
	}
}
