package document

import (
	"math"

	"github.com/corecurve/corecurve/analyze/sizes"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A SizeAxis is what the size of the work does to the curves of one workload and scaling. The figures at each size
// stand with the curves.
type SizeAxis struct {
	Workload   string        `json:"workload"`
	Scaling    sweep.Scaling `json:"scaling"`
	Sizes      []int64       `json:"sizes"`      // ascending; totals, or per worker under weak scaling
	Efficiency float64       `json:"efficiency"` // that is asked for
	Lines      []SizeLine    `json:"lines"`
	Versus     []SizeVersus  `json:"versus"` // processes against threads
}

// A SizeLine is one mode and count beyond the base.
type SizeLine struct {
	Mode    sweep.Mode `json:"mode"`
	Series  string     `json:"series"`
	N       int        `json:"n"`
	Procs   int        `json:"procs"`
	Workers int        `json:"workers"`
	Cores   int        `json:"cores"`
	Sizes   []int64    `json:"sizes"` // that were measured
	Pays    SizePays   `json:"pays"`
	Need    SizeNeed   `json:"isoefficiency"`
}

// A SizeVersus is two modes at one count.
type SizeVersus struct {
	N      int        `json:"n"`
	Faster sweep.Mode `json:"faster"`
	Slower sweep.Mode `json:"slower"`
	SizePays
}

// A SizeRange is a size with its interval.
type SizeRange struct {
	Size       schema.Number `json:"size"`
	SizeReason string        `json:"size_reason,omitempty"`
	Low        schema.Number `json:"low"` // of its interval
	LowReason  string        `json:"low_reason,omitempty"`
	High       schema.Number `json:"high"`
	HighReason string        `json:"high_reason,omitempty"`
	Method     string        `json:"method,omitempty"`
	Noise      bool          `json:"noise,omitempty"` // what noise can explain is in the interval
}

// sizeRange is the size, or why there is none, with its interval.
func sizeRange(size, low, high float64, method string, noise bool, none string) SizeRange {
	r := SizeRange{Method: method, Noise: noise}
	r.Size, r.SizeReason = schema.NumberOf(size, none)
	r.Low, r.LowReason = sizeEnd(low)
	r.High, r.HighReason = sizeEnd(high)
	return r
}

// A SizePays is the size from which something is faster.
type SizePays struct {
	Kind sizes.Kind `json:"kind"`
	SizeRange
	Measured    int    `json:"sizes_measured"`
	ShownFaster int    `json:"sizes_shown_faster"`
	ShownSlower int    `json:"sizes_shown_slower"`
	Shown       int64  `json:"shown_at,omitempty"`          // a measured size that is shown to be faster
	Before      int64  `json:"shown_below_at,omitempty"`    // a smaller one, with sizes between that are slower
	Turned      bool   `json:"slower_at_largest,omitempty"` // of kind until: that is shown
	SlowerTo    int64  `json:"slower_up_to,omitempty"`      // a measured size; from the smallest to it all are shown to be slower
	Text        string `json:"text,omitempty"`
}

// A SizeNeed is the size that a count needs for the efficiency.
type SizeNeed struct {
	Kind sizes.NeedKind `json:"kind"`
	SizeRange
	Reached   schema.Number `json:"largest_efficiency"` // at the largest size
	NoReached string        `json:"largest_efficiency_reason,omitempty"`
	Law       *SizeLaw      `json:"overhead,omitempty"` // that is extrapolated
	Text      string        `json:"text,omitempty"`
}

// A SizeLaw is the overhead n·Tₙ − T₁ over the time T₁ of the base: power c·T₁^q, or fixed-and-share c + q·T₁.
type SizeLaw struct {
	Law      sizes.LawName `json:"law"`
	C        float64       `json:"c"` // in core-seconds where the law is fixed-and-share
	Q        float64       `json:"q"`
	Residual float64       `json:"residual"` // root mean square, in units of efficiency
	Points   int           `json:"sizes"`
}

// sizeDocs are what the sizes of w come to, as report.json holds it.
func sizeDocs(w *study.Workload) []SizeAxis {
	out := []SizeAxis{}
	for i := range w.Sizes {
		a := &w.Sizes[i]
		unit := words.WorkOf(a, w.Program.Unit)
		d := SizeAxis{
			Workload: a.Workload, Scaling: a.Scaling, Sizes: a.Sizes, Efficiency: a.Efficiency, Lines: []SizeLine{},
			Versus: []SizeVersus{},
		}
		for k := range a.Lines {
			if l := &a.Lines[k]; !l.IsBase && l.Pays.Kind != "" {
				d.Lines = append(d.Lines, sizeLineDoc(l, unit))
			}
		}
		for k := range a.Versus {
			v := &a.Versus[k]
			doc := SizeVersus{N: v.N, Faster: v.Faster, Slower: v.Slower, SizePays: sizePaysDoc(&v.Pays)}
			doc.Text = words.Plain(words.Overtakes(v, unit))
			d.Versus = append(d.Versus, doc)
		}
		out = append(out, d)
	}
	return out
}

func sizeLineDoc(l *sizes.Line, unit string) SizeLine {
	d := SizeLine{
		Mode: l.Sweep.Mode, Series: l.Sweep.Series, N: l.N, Procs: l.Point.Procs, Workers: l.Point.Workers,
		Cores: l.Point.Cores, Pays: sizePaysDoc(&l.Pays),
	}
	for _, p := range l.Places {
		d.Sizes = append(d.Sizes, p.Size)
	}
	d.Pays.Text = words.Plain(words.Pays(l, unit))
	n := &l.Need
	why := words.Plain(words.NeedGround(n, l.Pays.Smallest))
	d.Need = SizeNeed{
		Kind: n.Kind, SizeRange: sizeRange(n.Size, n.Low, n.High, n.Method, n.Noise, why),
		Text: words.Plain(words.NeedOf(l, unit)),
	}
	d.Need.Reached, d.Need.NoReached = schema.NumberOf(n.Reached, why)
	if o := n.Overhead; o.Points > 0 {
		d.Need.Law = &SizeLaw{Law: o.Law, C: o.C, Q: o.Q, Residual: o.Residual, Points: o.Points}
	}
	return d
}

func sizePaysDoc(p *sizes.Pays) SizePays {
	return SizePays{
		Kind:      p.Kind,
		SizeRange: sizeRange(p.Size, p.Low, p.High, p.Method, p.Noise, "nothing crosses between two measured sizes"),
		Measured:  p.Measured, ShownFaster: p.Faster, ShownSlower: p.Slower, Shown: p.Shown, Before: p.Before, Turned: p.Turned,
		SlowerTo: p.SlowerTo,
	}
}

// sizeEnd is the end of an interval of sizes, or nil and why.
func sizeEnd(v float64) (end schema.Number, reason string) {
	switch {
	case v == 0:
		return nil, "below the smallest measured size"
	case math.IsInf(v, 1):
		return nil, "beyond the largest size of which something can be said"
	}
	return schema.NumberOf(v, "there is no interval")
}
