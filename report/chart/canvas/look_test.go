package canvas

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
)

// Drawn as pixels, hatching is two of nine along an edge, of lines that rise or fall; crossed it is both, and a look
// without it has none.
func TestHatched(t *testing.T) {
	for _, tt := range []struct {
		pattern    cause.Pattern
		dark       int  // of the pixels of a row from 1 to 9
		rise, fall bool // a line through 9, 9 goes on to 12, 12, or to 12, 6
	}{
		{cause.Rising, 2, true, false},
		{cause.Falling, 2, false, true},
		{cause.Crossed, 4, true, true},
		{cause.Edged, 0, false, false},
	} {
		l, dark := Look{Fill: Vermillion, Pattern: tt.pattern}, 0
		for x := range 9 {
			if l.Hatched(float64(x+1), 3) {
				dark++
			}
		}
		rise, fall := l.Hatched(9, 9) && l.Hatched(12, 12), l.Hatched(9, 9) && l.Hatched(12, 6)
		if dark != tt.dark || rise != tt.rise || fall != tt.fall {
			t.Errorf("pattern %v: %d dark, rises %v, falls %v", tt.pattern, dark, rise, fall)
		}
	}
}

func TestStays(t *testing.T) {
	for hue, want := range map[Hue]bool{Vermillion: true, Silver: true, Grid: false, White: false, Black: false} {
		if hue.Stays() != want {
			t.Errorf("%v stays: %v", hue, !want)
		}
	}
}
