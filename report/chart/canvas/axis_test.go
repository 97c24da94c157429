package canvas

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/vg"
)

func TestTickers(t *testing.T) {
	tests := []struct {
		name      string
		ticker    Ticker
		low, high float64
		want      []string // labels; "" has a tick alone
	}{
		{"powers", Powers{Most: 10}, 0.9, 9, []string{"1", "2", "4", "8"}},
		{"below one", Powers{Most: 10}, 0.2, 2, []string{"0.25", "0.5", "1", "2"}},
		{"far below one", Powers{Most: 10}, 0.06, 2, []string{"1/16", "1/8", "1/4", "1/2", "1", "2"}},
		{"exact ends", Powers{Most: 10}, 1, 8, []string{"1", "2", "4", "8"}},
		{"thinned", Powers{Most: 4}, 1, 256, []string{"1", "", "", "8", "", "", "64", "", ""}},
		{"filled by quarters", Powers{Most: 9, Fill: true}, 0.95, 2.1, []string{"1", "1.25", "1.5", "1.75", "2"}},
		{"filled by halves", Powers{Most: 9, Fill: true}, 0.95, 4.2, []string{"1", "1.5", "2", "3", "4"}},
		{"even", Even{Most: 5}, 0, 10, []string{"0", "2", "4", "6", "8", "10"}},
		{"even, negative", Even{Most: 5}, -3, 5, []string{"−2", "0", "2", "4"}},
		{"even, small", Even{Most: 4}, 0, 0.35, []string{"0", "0.1", "0.2", "0.3"}},
		{"whole", Even{Most: 10, Whole: true}, -0.1, 2.2, []string{"0", "1", "2"}},
		{"no range", Even{Most: 5}, 1, 1, nil},
		{"places", places{1, 2, 3, 4, 6, 8, 16}, 0, 17, []string{"1", "", "", "4", "6", "8", "16"}},
		{"places outside", places{1, 2, 3}, 1.5, 2.5, []string{"2"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			ticks := test.ticker.Ticks(test.low, test.high)
			for _, tick := range ticks {
				got = append(got, tick.Label)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !slices.IsSortedFunc(ticks, func(a, b Tick) int { return int(math.Copysign(1, a.Value-b.Value)) }) {
				t.Errorf("not in order: %v", ticks)
			}
		})
	}
}

func TestPlainNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1: "1", -3: "−3", 0.1 + 0.2: "0.3", 1.25: "1.25", 262144: "262,144",
		1e-9: "0.000000001",
	} {
		if got := PlainNumber(v); got != want {
			t.Errorf("plainNumber(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestSpread(t *testing.T) {
	tests := []struct {
		name  string
		slots []slot
		want  []vg.Length
	}{
		{"none", nil, []vg.Length{}},
		{"apart", []slot{{30, 10}, {10, 10}}, []vg.Length{30, 10}},
		{"at one height", []slot{{50, 10}, {50, 10}}, []vg.Length{45, 55}},
		// Side by side their middles are m−10, m and m+10, and the displacements 50−(m−10), 50−m and 52−(m+10) add up
		// to 0.
		{"three", []slot{{50, 10}, {50, 10}, {52, 10}}, []vg.Length{40 + 2./3, 50 + 2./3, 60 + 2./3}},
		{"at the edge", []slot{{0, 10}, {1, 10}}, []vg.Length{5, 15}},
		{"at the other edge", []slot{{100, 10}, {99, 20}}, []vg.Length{95, 80}},
		{"pushed by the edge", []slot{{2, 10}, {12, 10}}, []vg.Length{5, 15}},
		// 200 high in 100: each gets half of its height.
		{"too many", []slot{{50, 100}, {60, 60}, {70, 40}}, []vg.Length{25, 65, 90}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := spread(test.slots, 0, 100)
			near := cmp.Comparer(func(a, b vg.Length) bool { return math.Abs(float64(a-b)) < 1e-9 })
			if diff := cmp.Diff(test.want, got, near); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzSpread(f *testing.F) {
	f.Add([]byte{50, 10, 50, 10, 52, 10, 0, 3, 99, 30})
	f.Fuzz(func(t *testing.T, in []byte) {
		var slots []slot
		total := vg.Length(0)
		for pair := range slices.Chunk(in, 2) {
			if len(pair) == 2 {
				slots = append(slots, slot{vg.Length(pair[0]), vg.Length(pair[1])})
				total += vg.Length(pair[1])
			}
		}
		if total > 200 {
			t.Skip()
		}
		middles := spread(slots, 0, 200)
		for i, a := range slots {
			if middles[i]-a.height/2 < -1e-6 || middles[i]+a.height/2 > 200+1e-6 {
				t.Errorf("%d of %v leaves the range: %v", i, slots, middles)
			}
			for j, b := range slots[:i] {
				if gap := max(middles[i]-middles[j], middles[j]-middles[i]); gap < (a.height+b.height)/2-1e-6 {
					t.Errorf("%d and %d of %v overlap: %v", i, j, slots, middles)
				}
			}
		}
	})
}

// Where not all labels of an axis have room, the first and the last are among those that have.
func TestEndsAreLabelled(t *testing.T) {
	s := Regular(TickSize, Muted)
	for count := 2; count < 40; count++ {
		var ticks []Tick
		for i := range count {
			ticks = append(ticks, Tick{Value: float64(i), Label: "10,000"})
		}
		p := Panel{XAxis: Axis{Min: 0, Max: float64(count - 1), Scale: LinearScale{}}}
		p.Max.X = 500
		out := p.apart(s, ticks)
		if out[0] != ticks[0] || out[len(out)-1] != ticks[count-1] {
			t.Errorf("%d ticks: %v", count, out)
		}
		for i := 1; i < len(out); i++ {
			if p.Px(out[i].Value)-p.Px(out[i-1].Value) < s.Width("10,000") {
				t.Errorf("%d ticks: labels of %v and %v meet", count, out[i-1], out[i])
			}
		}
	}
}

// TestYTicks: on a panel with room for three labels those of whole numbers stand, and a line for each of them.
func TestYTicks(t *testing.T) {
	y := NewAxis(0.9, 2.1, LogScale{}, Powers{Most: 9, Fill: true})
	p := NewPanel(Blank(200, 70), NewAxis(0, 1, LinearScale{}, Even{Most: 2}), y, 0, 0, 0)
	var got []string
	for _, tick := range p.yTicks() {
		got = append(got, tick.Label)
	}
	if want := []string{"1", "2", "1.5"}; !slices.Equal(got, want) {
		t.Errorf("%q of %+v, want %q", got, y.Ticks, want)
	}
}
