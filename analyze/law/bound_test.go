package law

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A program that does not get faster at all is no case of falling throughput, whatever the noise, though Amdahl's alpha
// is held at 1 in both.
func TestLevelIsNoFall(t *testing.T) {
	for _, w := range []struct {
		name    string
		seconds []float64
		falls   bool
	}{
		{"exactly level", []float64{2, 2, 2, 2, 2}, false},
		{"level with noise", []float64{2, 2.05, 1.98, 2.04, 2.02}, false},
		{"slower and slower", []float64{2, 2.4, 2.9, 3.3, 3.8}, true},
	} {
		var counts []Count
		for i, s := range w.seconds {
			counts = append(counts, Count{N: float64(i + 1), Launches: []float64{s}, Work: 1})
		}
		r := FitCounts(counts, Options{Law: Amdahl})
		if alpha := param(t, r, Amdahl, "alpha").Value; math.Abs(alpha-1) > 0.01 || noted(r, Falling) != w.falls {
			t.Errorf("%s: alpha %v, falling %v, want 1 and %v", w.name, alpha, noted(r, Falling), w.falls)
		}
		if m := r.Model(Amdahl); m.Doubtful() != w.falls || m.Hindered() {
			t.Errorf("%s: doubtful %v, hindered %v", w.name, m.Doubtful(), m.Hindered())
		}
	}
}

// Rounding is no contention and no peak at a count of millions.
func TestRoundingIsNothing(t *testing.T) {
	for _, data := range [][]Count{
		exact(Amdahl, 3, 0),
		exact(Amdahl, 3, 0.1),
		once(1, 1, 2, 2, 3, 3.0000000001, 4, 3.9999999999, 5, 5),
		once(1, 1, 2, 1.8181818182, 4, 3.0769230769, 8, 4.7058823529, 16, 6.4, 32, 7.8048780488, 64, 8.7671232877),
	} {
		m := FitCounts(data, Options{}).Model(USL)
		if b := m.Param("beta"); b.Value != 0 || m.Peak != nil {
			t.Errorf("beta %+v, peak %+v", b, m.Peak)
		}
		if a := m.Param("alpha"); a.Value != 0 && math.Abs(a.Value-0.1) > 1e-6 {
			t.Errorf("alpha %+v", a)
		}
	}
	for _, m := range FitCounts(exact(Gustafson, 2, 1e-14), Options{Weak: true}).Models {
		if a := m.Param("alpha"); a.Value != 0 {
			t.Errorf("%s: alpha %+v", m.Name, a)
		}
	}
}

// Ends of intervals lie within the parameter's bounds and about its value, whatever the data; an asymptote has an alpha
// that is not 0, and a peak that is not shown lies where it was measured.
func TestIntervalsWithinBounds(t *testing.T) {
	src := rand.New(rand.NewPCG(5, 0))
	for s := range 300 {
		var counts []Count
		for _, n := range []float64{1, 2, 4, 8, 16}[:3+s%3] {
			c := Count{N: n}
			for range 1 + s%2*4 {
				c.Launches = append(c.Launches, math.Pow(n, 1.2*src.Float64()-0.2)*math.Exp(0.3*src.NormFloat64()))
			}
			counts = append(counts, c)
		}
		r := FitCounts(counts, Options{Weak: s%5 == 0, Resamples: 50})
		for i := range r.Models {
			m := &r.Models[i]
			for j, p := range m.Params {
				if !math.IsNaN(p.Low) && !(0 <= p.Low && p.Low <= p.Value && p.Value <= p.High && p.High <= m.form.high[j]) {
					t.Errorf("data %d: %s: %+v", s, m.Name, p)
				}
			}
			if !math.IsNaN(m.Limit) && !(m.Param("alpha").Low > 0) {
				t.Errorf("data %d: %s: limit %v with alpha %+v", s, m.Name, m.Limit, m.Param("alpha"))
			}
			if p := m.Peak; p != nil && !p.Supported && p.N > r.Last() {
				t.Errorf("data %d: peak %+v beyond %v", s, p, r.Last())
			}
		}
	}
}
