package law

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// A Name names a law.
type Name string

// The laws.
const (
	None      Name = "" // no law is named
	USL       Name = "usl"
	Amdahl    Name = "amdahl"
	Gustafson Name = "gustafson" // for weak scaling
)

// Title returns the name as one writes it.
func (n Name) Title() string {
	switch n {
	case USL:
		return "USL"
	case Amdahl:
		return "Amdahl"
	case Gustafson:
		return "Gustafson"
	default:
		return "no law"
	}
}

// The parameters of all laws, by index.
const (
	gamma = iota
	alpha
	beta
)

// A form is the mathematics of a law.
type form struct {
	name  Name
	names []string
	high  []float64 // upper bounds; the lower ones are 0
}

func formOf(n Name) form {
	inf := math.Inf(1)
	switch n {
	case Amdahl, Gustafson:
		return form{n, []string{"gamma", "alpha"}, []float64{inf, 1}}
	default:
		return form{USL, []string{"gamma", "alpha", "beta"}, []float64{inf, inf, inf}}
	}
}

// k returns the number of parameters.
func (f form) k() int { return len(f.names) }

// rate returns the throughput at n.
func (f form) rate(p []float64, n float64) float64 {
	if f.name == Gustafson {
		return p[gamma] * (n - p[alpha]*(n-1))
	}
	return p[gamma] * n / f.below(p, n)
}

// below returns the denominator of the fractions.
func (f form) below(p []float64, n float64) float64 {
	d := 1 + p[alpha]*(n-1)
	if f.name == USL {
		d += p[beta] * n * (n - 1)
	}
	return d
}

// gradient sets g to the derivatives of the rate at n by the parameters.
func (f form) gradient(g, p []float64, n float64) {
	if f.name == Gustafson {
		g[gamma], g[alpha] = n-p[alpha]*(n-1), -p[gamma]*(n-1)
		return
	}
	d := f.below(p, n)
	g[gamma] = n / d
	g[alpha] = -p[gamma] * n * (n - 1) / (d * d)
	if f.name == USL {
		g[beta] = g[alpha] * n
	}
}

// A Method says where an interval comes from.
type Method string

// The methods.
const (
	Bootstrap Method = "bootstrap-percentile"
	Wald      Method = "wald-t"
	NoMethod  Method = "" // too few counts for an interval
)

// A Param is a parameter with its interval; NaN without one.
type Param struct {
	Name             string
	Value, Low, High float64
	OneSided         bool // the value, and one end of the interval, lie on a bound
}

// A Peak is the largest throughput of a law.
type Peak struct {
	N            float64 `json:"n"`
	Throughput   float64 `json:"throughput"`
	Supported    bool    `json:"supported"`    // the interval of beta excludes 0
	Extrapolated bool    `json:"extrapolated"` // it lies beyond the fitted counts
}

// A LackOfFit is the F test of a law against the repeats.
type LackOfFit struct {
	F   float64 `json:"f"`
	Law int     `json:"df_law"`     // degrees of freedom of what the law leaves
	Own int     `json:"df_repeats"` // and of the repeats
	P   float64 `json:"p"`          // probability of an F at least as large if the law holds
}

// A Model is a fitted law.
type Model struct {
	Name     Name
	Params   []Param // gamma, alpha and, for the USL, beta
	Method   Method  // of the intervals
	RSS      float64 // residual sum of squares over the counts
	RSE      float64 // residual standard error; NaN if there are as many parameters as counts
	AICc     float64 // NaN with too few counts
	Peak     *Peak   // nil if the law has none
	Limit    float64 // of the throughput as n grows; NaN if there is none
	Lack     *LackOfFit
	Accurate bool // the iteration came to rest

	form   form
	sinks  bool // alpha is held at 1, and the throughput surely falls with n
	point  []float64
	draws  [][]float64   // parameters of resamples, for the band
	spread *mat.SymDense // covariance of the parameters, for the band
	t      float64       // Student's quantile for spread
}

// Param returns a parameter by name, NaN throughout if the law has none of that name.
func (m *Model) Param(name string) Param {
	for _, p := range m.Params {
		if p.Name == name {
			return p
		}
	}
	return Param{Name: name, Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
}

// At returns the law's throughput at n.
func (m *Model) At(n float64) float64 { return m.form.rate(m.point, n) }

// SerialShare reports whether alpha is a share of the work. Above 1 it is not: workers hinder each other.
func (m *Model) SerialShare() bool { return m.point[alpha] <= 1 }

// Doubtful reports whether the data contradict the law: it leaves more than the repeats explain, or throughput surely
// falls, which only the USL can describe.
func (m *Model) Doubtful() bool {
	return m.Lack != nil && m.Lack.P < lackShown || m.falls()
}

// lackShown is the probability below which a lack of fit is shown.
const lackShown = 0.01

// falls reports whether alpha is held at 1, where the law is level, and the throughput surely is not.
func (m *Model) falls() bool { return m.Name != USL && m.point[alpha] >= 1 && m.sinks }

// Hindered reports whether even the lower end of alpha's interval is above 1: more workers are surely slower than one.
func (m *Model) Hindered() bool { return m.Param("alpha").Low > 1 }

// Contended reports whether alpha's interval excludes 0.
func (m *Model) Contended() bool { return m.Param("alpha").Low > 0 }

// peak returns the largest value of a USL curve: its derivative vanishes where beta·n² = 1 − alpha. If that is below 1,
// the first worker is the best. A place beyond the fitted counts that the data do not show is no peak: noise alone puts
// one at any count.
func (m *Model) peak(most float64) *Peak {
	if m.Name != USL || m.point[beta] <= 0 {
		return nil
	}
	n := 1.0
	if m.point[alpha] < 1 {
		n = max(n, math.Sqrt((1-m.point[alpha])/m.point[beta]))
	}
	p := &Peak{N: n, Throughput: m.At(n), Supported: m.Param("beta").Low > 0, Extrapolated: n > most}
	if p.Extrapolated && !p.Supported {
		return nil
	}
	return p
}

// limit returns what the throughput approaches, if alpha surely is not 0. A USL curve with beta falls to nothing and
// Gustafson's grows for ever: they have none.
func (m *Model) limit() float64 {
	if m.Name == Gustafson || !m.Contended() || m.Name == USL && m.point[beta] > 0 {
		return math.NaN()
	}
	return m.point[gamma] / m.point[alpha]
}
