package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/sizes"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A magnitude is what large sizes are counted in.
type magnitude struct {
	word string
	size float64
}

// magnitudes are those from the largest to the smallest.
func magnitudes() []magnitude {
	return []magnitude{{"trillion", 1e12}, {"billion", 1e9}, {"million", 1e6}}
}

// AboutSize writes a size that is not known to its last digit: two significant digits, "2.4 million", "41,000".
func AboutSize(v float64) string { return sizeOf(v, 2) }

// sizeOf writes v with so many significant digits.
func sizeOf(v float64, digits int) string {
	if !Finite(v) {
		return Unknown
	}
	if v > 0 {
		unit := math.Pow10(int(math.Floor(math.Log10(v))) - digits + 1)
		if v = math.Round(v/unit) * unit; unit < 1 {
			return TrimZeros(strconv.FormatFloat(v, 'f', -int(math.Floor(math.Log10(unit))), 64))
		}
	}
	for _, m := range magnitudes() {
		if v >= m.size {
			return strconv.FormatFloat(v/m.size, 'g', digits+1, 64) + NoBreak + m.word
		}
	}
	return Fixed(v, 0)
}

// writtenOut is the number of digits beyond which a measured size is written out.
const writtenOut = 3

// MeasuredSize writes a size that was measured, to its last digit: "1,000", "100 million", "1,234,567".
func MeasuredSize(n int64) string {
	unit := int64(1)
	for v := n; v >= 1000; v /= 10 {
		unit *= 10
	}
	if n >= 1e6 && n%unit == 0 {
		return sizeOf(float64(n), writtenOut)
	}
	return Whole(n)
}

// WorkOf names what sizes of a are: "darts", "darts per worker". It is empty where the unit has no name.
func WorkOf(a *sizes.Axis, unit string) string {
	if a.Scaling != sweep.Weak {
		return unit
	}
	of := "worker"
	for i := range a.Lines {
		if a.Lines[i].Sweep.Basis == sweep.Copies {
			of = "process"
		}
	}
	if unit == "" {
		return "per " + of
	}
	return unit + " per " + of
}

// OfSize writes a size with what it is of, which may have no name: "2.4 million darts", "size 2.4 million".
func OfSize(size, work string) string {
	if work == "" {
		return "size " + size
	}
	return size + " " + work
}

// upTo ends a clause that says size already.
func upTo(n int64, work string) string {
	return strings.TrimPrefix(OfSize(MeasuredSize(n), work), "size ")
}

// Line names what a line of sizes has: "2 workers".
func Line(l *sizes.Line) string { return At(l.Sweep, l.Point) }

// Pays says from which size on a line is faster than its base: "2 processes pay from 2.4 million darts on (2.1–2.8
// million)". It is empty where there is nothing to say.
func Pays(l *sizes.Line, work string) string { return pay(l, Line(l), work) }

// PayAll says the same of several lines: in one clause where there is one thing to say of all.
func PayAll(lines []*sizes.Line, work string) string {
	var said, names []string
	together := len(lines) > 1
	for _, l := range lines {
		if text := Pays(l, work); text != "" {
			said, names = append(said, text), append(names, Line(l))
		}
		p, first := &l.Pays, &lines[0].Pays
		alike := p.Kind == sizes.Always || (p.Kind == sizes.Unsure || p.Kind == sizes.None) && p.SlowerTo == 0
		together = together && alike && p.Kind == first.Kind && p.Smallest == first.Smallest && p.Largest == first.Largest
	}
	switch {
	case together && lines[0].Pays.Kind == sizes.Always:
		return pay(lines[0], List(names), work)
	case together:
		return pay(lines[0], strings.Join(names, " or "), work)
	}
	return strings.Join(said, ", ")
}

// PayShort says from which size on lines are faster than their bases as the title of a picture, by the end that is
// known where an interval is open on the other side, and the intervals of these sizes as a sentence of its own; without
// such sizes it is what [PayAll] says.
func PayShort(lines []*sizes.Line, work string) (title, intervals string) {
	var said, ends []string
	for i, l := range lines {
		p := &l.Pays
		if p.Kind != sizes.From || p.Before > 0 || !(p.Low > 0) && math.IsInf(p.High, 1) {
			return PayAll(lines, work), ""
		}
		which, size := ShownFrom(p)
		if which == "" {
			which = "about "
		}
		if i == 0 {
			said = append(said, fmt.Sprintf("%s pay from %s%s on", Line(l), which, OfSize(AboutSize(size), work)))
		} else {
			said = append(said, fmt.Sprintf("%s from %s%s", Line(l), which, AboutSize(size)))
		}
		ends = append(ends, fmt.Sprintf("%s %s", Line(l), sizeEnds(p.Low, p.High, p.Method, p.Noise)))
	}
	if len(said) == 0 {
		return PayAll(lines, work), ""
	}
	return strings.Join(said, ", "), "Intervals of these sizes: " + strings.Join(ends, "; ") + "."
}

// ShownFrom is the size from which p is shown to pay: of an interval that is open on one side the other end, and which
// end that is, "at most " or "at least ".
func ShownFrom(p *sizes.Pays) (which string, size float64) {
	switch low, high := p.Low > 0, !math.IsInf(p.High, 1); {
	case high && !low:
		return "at most ", p.High
	case low && !high:
		return "at least ", p.Low
	}
	return "", p.Size
}

// fromOn says from which size on p pays, with its interval: "from 2.4 million darts on (2.1–2.8 million)".
func fromOn(p *sizes.Pays, work string) string {
	which, size := ShownFrom(p)
	within := sizeEnds(p.Low, p.High, p.Method, p.Noise)
	if which != "" {
		what, _ := endsOf(p.Method, p.Noise)
		within = strings.TrimPrefix(strings.TrimLeft(what, ", ")+"; seen from "+AboutSize(p.Size), "; ")
	}
	return fmt.Sprintf("from %s%s on (%s)", which, OfSize(AboutSize(size), work), within)
}

// pay says from which size on who, l or others like it, are faster than the base.
func pay(l *sizes.Line, who, work string) string {
	base := At(l.Sweep, l.Base)
	p := &l.Pays
	switch p.Kind {
	case sizes.From:
		text := fmt.Sprintf("%s pay %s", who, fromOn(p, work))
		if p.Before > 0 {
			text += fmt.Sprintf(", and at %s, but not between", OfSize(MeasuredSize(p.Before), work))
		}
		return text
	case sizes.Always:
		return fmt.Sprintf("%s pay at every size measured, from %s on", who, upTo(p.Smallest, work))
	case sizes.AtMost:
		return fmt.Sprintf("%s were faster than %s at every size measured, and are shown to be from %s on", who, base,
			OfSize(MeasuredSize(p.Shown), work))
	case sizes.Until:
		return fmt.Sprintf("%s pay at %s, %s", who, OfSize(MeasuredSize(p.Shown), work), turned(p))
	case sizes.Unsure:
		if p.SlowerTo > 0 {
			return fmt.Sprintf("%s are slower than %s up to %s, and whether they pay beyond that is too noisy to tell", who, base,
				upTo(p.SlowerTo, work))
		}
		return fmt.Sprintf("too noisy to tell whether %s pay at any size up to %s", who, upTo(p.Largest, work))
	case sizes.None:
		if p.Slower == p.Measured {
			return fmt.Sprintf("%s are slower than %s at every size measured, up to %s", who, base, upTo(p.Largest, work))
		}
		if p.SlowerTo > 0 {
			return fmt.Sprintf("%s are slower than %s up to %s, and not shown to pay at any size up to %s", who, base,
				upTo(p.SlowerTo, work), MeasuredSize(p.Largest))
		}
		return fmt.Sprintf("%s are not shown to pay at any size up to %s", who, upTo(p.Largest, work))
	}
	return ""
}

// turned says that at the largest size something is no longer faster.
func turned(p *sizes.Pays) string {
	if p.Turned {
		return "but are slower at " + MeasuredSize(p.Largest)
	}
	return "which is not shown at " + MeasuredSize(p.Largest)
}

// sizeEnds are the ends of the interval of a size, and what they are of. What lies outside of the measured sizes is not
// named.
func sizeEnds(low, high float64, method string, noise bool) string {
	what, why := endsOf(method, noise)
	switch low, high, from, to := low > 0, !math.IsInf(high, 1), low, high; {
	case low && high:
		return SizeInterval(from, to) + what
	case low:
		return "at least " + AboutSize(from) + what
	case high:
		return "at most " + AboutSize(to) + what
	default:
		return "interval not known: " + why
	}
}

// endsOf says what ends of an interval rest on, to stand behind them, and why they are not known where they are not.
func endsOf(method string, noise bool) (what, why string) {
	few := method == curve.MinMax
	switch {
	case few && noise:
		return ", by the fastest and slowest of few runs with what noise allows", "too few runs"
	case few:
		return ", by the fastest and slowest of few runs", "too few runs"
	case noise:
		return " with what noise allows", "too much noise"
	}
	return "", "wider than the sizes measured"
}

func inBrackets(s string) string { return " (" + s + ")" }

// SizeInterval writes the ends of an interval of sizes: "2.1–2.8 million", "810,000 to 1.2 million". A word behind a
// dash would count for both ends.
func SizeInterval(low, high float64) string {
	for _, m := range magnitudes() {
		if low >= m.size {
			return fmt.Sprintf("%s–%s"+NoBreak+"%s", sizeOf(low/m.size, 2), sizeOf(high/m.size, 2), m.word)
		}
	}
	from, to := AboutSize(low), AboutSize(high)
	if strings.Contains(to, NoBreak) {
		return from + " to " + to
	}
	return from + "–" + to
}

// Overtakes says which of two modes is faster from which size on: "processes overtake threads from 5 million darts on,
// with 4 of each".
func Overtakes(v *sizes.Versus, work string) string {
	faster, slower := Mode(v.Faster), Mode(v.Slower)
	with := fmt.Sprintf(", with %d of each", v.N)
	p := &v.Pays
	switch p.Kind {
	case sizes.From:
		text := fmt.Sprintf("%s overtake %s %s%s", faster, slower, fromOn(p, work), with)
		if p.Before > 0 {
			text += fmt.Sprintf("; they are faster at %s too, but not between", OfSize(MeasuredSize(p.Before), work))
		}
		return text
	case sizes.Always:
		return fmt.Sprintf("%s are faster than %s at every size measured%s", faster, slower, with)
	case sizes.AtMost:
		return fmt.Sprintf("%s were faster than %s at every size measured, and are shown to be from %s on%s", faster, slower,
			OfSize(MeasuredSize(p.Shown), work), with)
	case sizes.Until:
		return fmt.Sprintf("%s are faster than %s at %s, %s%s", faster, slower, OfSize(MeasuredSize(p.Shown), work), turned(p),
			with)
	case sizes.Unsure:
		return fmt.Sprintf("too noisy to tell whether %s overtake %s at any size up to %s%s", faster, slower,
			upTo(p.Largest, work), with)
	case sizes.None:
		return fmt.Sprintf("no difference shown between %s and %s at any size up to %s%s", Mode(sweep.Threads),
			Mode(sweep.Procs), upTo(p.Largest, work), with)
	}
	return ""
}

// PaysCells are that size and its interval, for columns.
func PaysCells(p *sizes.Pays) (from, ends string) {
	switch p.Kind {
	case sizes.From:
		return AboutSize(p.Size), sizeEnds(p.Low, p.High, p.Method, p.Noise)
	case sizes.Always:
		return "≤ " + MeasuredSize(p.Smallest), Unknown
	case sizes.AtMost:
		return "≤ " + MeasuredSize(p.Shown), Unknown
	case sizes.Until:
		return "not at " + MeasuredSize(p.Largest), Unknown
	case sizes.Unsure:
		return "too noisy", Unknown
	default:
		return "not shown", Unknown
	}
}

// NeedOf says which size a line needs for its efficiency: "2 processes reach an efficiency of 75 % from 12 million
// darts on (10–14 million)". Where no measured size is shown to have it, it is likely at most. It is empty where there
// is nothing to say.
func NeedOf(l *sizes.Line, work string) string {
	n := &l.Need
	reach := fmt.Sprintf("reach an efficiency of %s", Asked(n.Efficiency))
	who, likely := Line(l)+" ", ""
	if math.IsInf(n.High, 1) && n.Kind != sizes.Far || n.Kind == sizes.Below && n.High > 0 {
		likely = "likely "
	}
	largest := "the largest size measured has " + Percent(n.Reached)
	switch n.Kind {
	case "":
		return ""
	case sizes.Measured, sizes.Extrapolated, sizes.Far:
		text := who + likely + reach + fmt.Sprintf(" from %s on%s", OfSize(Need(n), work), inBrackets(NeedRange(n)))
		if n.Kind == sizes.Extrapolated {
			text += ", " + NeedGround(n, l.Pays.Smallest) + "; " + largest
		}
		return text
	case sizes.Below:
		text := who + likely + reach + fmt.Sprintf(" at every size measured, from %s on", upTo(l.Pays.Smallest, work))
		if likely != "" {
			text += inBrackets(NeedRange(n))
		}
		return text
	case sizes.AsFast:
		return who + reach + " " + NeedGround(n, l.Pays.Smallest) + "; " + largest
	default:
		return fmt.Sprintf("from which size on %s%s is not known: %s, and %s", who, reach, largest,
			NeedGround(n, l.Pays.Smallest))
	}
}

// Need is the size that a line needs for its efficiency, for a column: "6.2 million".
func Need(n *sizes.Need) string {
	switch n.Kind {
	case sizes.Measured:
		return AboutSize(n.Size)
	case sizes.Extrapolated:
		return "about " + AboutSize(n.Size)
	case sizes.Far:
		return "more than " + AboutSize(n.Most())
	default:
		return Unknown
	}
}

// NeedRange is the interval of that size, for a column.
func NeedRange(n *sizes.Need) string {
	switch n.Kind {
	case sizes.Measured, sizes.Extrapolated:
		return sizeEnds(n.Low, n.High, n.Method, n.Noise)
	case sizes.Below:
		if n.High > 0 {
			return sizeEnds(0, n.High, n.Method, n.Noise)
		}
	case sizes.Far:
		return "at least " + AboutSize(n.Low)
	}
	return Unknown
}

// NeedGround says, in as few words as a column takes, how that size is known, or why it is not.
func NeedGround(n *sizes.Need, smallest int64) string {
	switch n.Kind {
	case sizes.Measured:
		return "between two measured sizes"
	case sizes.Below:
		return "every measured size has it, from " + MeasuredSize(smallest) + " on"
	case sizes.Extrapolated:
		return fmt.Sprintf("extrapolated to %s the largest size measured, by an overhead of %s, which misses the efficiencies "+
			"measured by %s", Times(n.Size/float64(n.Largest)), overhead(&n.Overhead), Percent(n.Overhead.Residual))
	case sizes.Far:
		return fmt.Sprintf("more than %.0f times the largest size measured, beyond which nothing is extrapolated",
			n.Most()/float64(n.Largest))
	case sizes.AsFast:
		return "at no size: the overhead, " + overhead(&n.Overhead) + ", grows as fast as the work"
	case sizes.Lost:
		return "a smaller size has what is asked for"
	case sizes.FewSizes:
		return "it takes 3 sizes to extrapolate beyond it"
	case sizes.NoLaw:
		return "nothing is extrapolated, as the law that fits the overhead best misses the efficiencies measured by " +
			Percent(n.Overhead.Residual)
	case sizes.Flat:
		return "nothing is extrapolated, as the time of the base hardly grows with the size"
	}
	return ""
}

// overhead is a law of the overhead with its figures.
func overhead(o *sizes.Overhead) string {
	if o.Law == sizes.Power {
		return fmt.Sprintf("the work to the power of %s", Fixed(o.Q, 2))
	}
	switch part := Percent(math.Abs(o.Q)); {
	case o.Q < 0:
		return fmt.Sprintf("%s minus %s of the work", Duration(o.C), part)
	case o.C < 0:
		return fmt.Sprintf("%s of the work minus %s", part, Duration(-o.C))
	default:
		return fmt.Sprintf("%s and %s of the work", Duration(o.C), part)
	}
}
