package sizes

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
)

// A Kind says from which size on something is faster.
type Kind string

// The kinds. Empty: fewer than two sizes were measured.
const (
	From   Kind = "from"          // it crosses between two measured sizes
	Always Kind = "at-every-size" // at every measured size it is shown to be faster
	AtMost Kind = "at-most"       // at every measured size it was faster, and from some size on that is shown
	Until  Kind = "until"         // at a size it is shown to be faster, and not at the largest
	None   Kind = "at-no-size"    // at no measured size is it shown to be faster
	Unsure Kind = "too-noisy"     // as None, but noise is so large that much could be hidden behind it
)

// unsure is the end of an interval that is widened by noise from which on it hides much; package verdict has the same.
const unsure = 1.25

// Pays is the size from which something is faster than something else. What is not known is NaN.
type Pays struct {
	Kind Kind
	// Size is where it crosses, of From; NaN otherwise.
	Size float64
	// Low and High are the ends of its interval: 0 is below the smallest measured size, +Inf beyond the largest; NaN
	// where nothing crosses. AtMost has High.
	Low, High float64
	Method    string // of the interval; see package curve
	Noise     bool   // what noise can explain is in it
	Measured  int    // sizes
	Faster    int    // of Measured: shown to be faster
	Slower    int    // of Measured: shown to be slower
	Smallest  int64  // measured size
	Largest   int64
	// Shown is the smallest measured size not below the crossing from which on every one is shown to be faster or, of
	// Until, the largest that is; 0 if none is.
	Shown int64
	// Before is the largest size below the crossing that is shown to be faster, beyond which it is slower for a while; 0:
	// there is none.
	Before int64
	Turned bool // of Until: at the largest size it is shown to be slower
	// SlowerTo is the measured size up to which, from the smallest on, every one is shown to be slower; 0: not the
	// smallest.
	SlowerTo int64
}

// pays finds from which size r is above 1.
func (r *ratio) pays() Pays {
	n := len(r.sizes)
	p := Pays{Size: math.NaN(), Low: math.NaN(), High: math.NaN(), Measured: n}
	if n < 2 {
		return p
	}
	p.Smallest, p.Largest = int64(r.sizes[0]), int64(r.sizes[n-1])
	faster := make([]bool, n)
	for i, iv := range r.shown {
		switch {
		case iv == nil:
		case iv.Low > 1:
			faster[i] = true
			p.Faster++
		case iv.High < 1:
			p.Slower++
		}
	}
	x := r.crossing(1)
	for i, s := range slices.Backward(r.sizes) {
		if !faster[i] || s < x.size {
			break
		}
		p.Shown = int64(s)
	}
	p.SlowerTo = r.slowerTo()
	last := int64(0) // that is shown to be faster
	for i, s := range r.sizes {
		if !faster[i] {
			continue
		}
		if last = int64(s); s < x.size {
			p.Before = last
		}
	}
	switch {
	case p.Faster == n:
		p.Kind = Always
	case p.Faster == 0 && unsureOf(r.shown[n-1]):
		p.Kind = Unsure
	case p.Faster == 0:
		p.Kind = None
	case p.Shown == 0: // what is seen at the largest size may be chance, and what is shown lies below
		p.Kind, p.Shown, p.Before = Until, last, 0
		p.Turned = r.shown[n-1] != nil && r.shown[n-1].High < 1
	case x.size == 0:
		p.Kind, p.High, p.Method, p.Noise = AtMost, x.high, x.method, x.noise
	default:
		p.Kind, p.Size, p.Low, p.High, p.Method, p.Noise = From, x.size, x.low, x.high, x.method, x.noise
	}
	return p
}

// slowerTo returns the last size of those, from the smallest on, at which r is shown to be below 1.
func (r *ratio) slowerTo() int64 {
	last := int64(0)
	for i, iv := range r.shown {
		if iv == nil || iv.High >= 1 {
			break
		}
		last = int64(r.sizes[i])
	}
	return last
}

// unsureOf reports whether noise leaves room in iv for being much faster.
func unsureOf(iv *curve.Interval) bool { return iv.Noisy() && iv.High >= unsure }

// silent reports whether nothing is shown of p.
func (p *Pays) silent() bool { return p.Kind == None || p.Kind == Unsure || p.Kind == "" }
