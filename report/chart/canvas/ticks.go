package canvas

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/report/words"
)

// Powers ticks 1, 2, 4, 8 … and fractions below 1. gonum's LogTicks knows decades only.
type Powers struct {
	Most int // labels; if there are more powers, every second, third … is labelled
	Fill bool
}

// leastDecimal is the exponent of the least power of two that is written as a decimal: 0.25, but 1/16 rather than
// 0.0625.
const leastDecimal = -2

// Ticks returns the powers of two from low to high. With fill, an axis shorter than two doublings has
// a label at the half of each as well, lest it have only one or two in all.
func (p Powers) Ticks(low, high float64) []Tick {
	first, last := int(math.Ceil(math.Log2(low)-1e-9)), int(math.Floor(math.Log2(high)+1e-9))
	step := 1 + (last-first)/max(1, p.Most)
	var ticks []Tick
	for e := first; e <= last; e++ {
		t := Tick{Value: math.Exp2(float64(e))}
		if (e%step+step)%step == 0 {
			t.Label = PlainNumber(t.Value)
			if first < leastDecimal && e < 0 {
				t.Label = "1/" + PlainNumber(1/t.Value)
			}
		}
		ticks = append(ticks, t)
	}
	if !p.Fill || math.Log2(high/low) > 2.5 {
		return ticks
	}
	for e := first - 1; e <= last; e++ {
		for _, part := range []float64{1.25, 1.5, 1.75} {
			v := part * math.Exp2(float64(e))
			if v >= low && v <= high && (part == 1.5 || math.Log2(high/low) < 1.5) {
				ticks = append(ticks, Tick{Value: v, Label: PlainNumber(v)})
			}
		}
	}
	slices.SortFunc(ticks, func(a, b Tick) int { return int(math.Copysign(1, a.Value-b.Value)) })
	return ticks
}

// Even ticks multiples of 1, 2 or 5 times a power of ten.
type Even struct {
	Most int
	// whole keeps to whole numbers: there is no half worker.
	Whole bool
}

// Ticks returns at most e.most ticks, rounded up to two.
func (e Even) Ticks(low, high float64) []Tick {
	if high <= low || math.IsInf(high-low, 0) {
		return nil
	}
	step := math.Pow10(int(math.Floor(math.Log10((high - low) / float64(e.Most)))))
	for _, f := range []float64{1, 2, 5, 10} {
		if (high-low)/(step*f) <= float64(e.Most) {
			step *= f
			break
		}
	}
	if e.Whole {
		step = max(step, 1)
	}
	var ticks []Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9; i++ {
		v := i * step
		ticks = append(ticks, Tick{Value: v, Label: PlainNumber(v)})
	}
	return ticks
}

// places ticks the values given, in ascending order, and labels those that have room.
type places []float64

// Ticks returns the places between low and high. The first has a label, and then, from the last down, each that has
// room between the labels beside it on an axis 340 pixels long, the shortest in use.
func (p places) Ticks(low, high float64) []Tick {
	var ticks []Tick
	for _, v := range p {
		if v >= low && v <= high {
			ticks = append(ticks, Tick{Value: v})
		}
	}
	next := math.Inf(1)
	for i := range slices.Backward(ticks) {
		v := ticks[i].Value
		label := PlainNumber(v)
		room := (high - low) * (0.035 + 0.034*float64(len(label)))
		if i == 0 || next-v >= room && v-ticks[0].Value >= room {
			ticks[i].Label, next = label, v
		}
	}
	return ticks
}

// Decades ticks 1, 2 and 5 times the powers of ten.
type Decades struct{}

// Ticks returns those from low, which is positive, to high.
func (Decades) Ticks(low, high float64) []Tick {
	var ticks []Tick
	for e := math.Floor(math.Log10(low)); e <= math.Log10(high); e++ {
		for _, part := range []float64{1, 2, 5} {
			if v := part * math.Pow(10, e); v >= low && v <= high {
				ticks = append(ticks, Tick{Value: v, Label: PlainNumber(v)})
			}
		}
	}
	return ticks
}

// Percents ticks quarters of 100 %, or more coarsely if the data go far beyond.
func Percents(most float64) Ticker {
	if most > 260 {
		return Even{Most: 6}
	}
	var at places
	for v := 0.0; v <= most*1.06; v += 25 {
		at = append(at, v)
	}
	return at
}

// PlainNumber writes v without an exponent, to six significant digits.
func PlainNumber(v float64) string {
	digits := 6
	if v != 0 {
		digits = max(0, 5-int(math.Floor(math.Log10(math.Abs(v)))))
	}
	unit := math.Pow10(min(digits, 300))
	if v = math.Round(v*unit) / unit; v == 0 {
		return "0" // and not -0
	}
	return words.Grouped(strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), "-", "−", 1))
}
