package stack

import (
	"math"
	"slices"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// certainty is the number of standard errors by which a function's time must have grown to be named: samples are counted events, so
// the error of k of them is √k.
const certainty = 2

// divideWork says which functions' running time has grown. Profiles are preferred to the stack samples of the ledgers because they
// have those of all processes, and their number.
func (b *builder) divideWork(r *Row, from, to *part) {
	r.Cause = cause.WorkInflation
	was, is := &from.places, &to.places
	sampled := b.in.BaseProfile != nil && b.in.AtProfile != nil
	if sampled {
		was, is = samples(b.in.BaseProfile, from.time), samples(b.in.AtProfile, to.time)
		sampled = was.known && is.known
	}
	if !sampled {
		was, is = &from.places, &to.places
	}
	r.Places = difference(was, is, b.growth, b.unit)
	if !sampled {
		r.finish(nil)
		return
	}
	r.finish(func(p *Place) bool {
		f, _ := place.Of(p.Waiting)
		deviation := math.Hypot(is.of(f.Func).deviation(), b.growth*was.of(f.Func).deviation())
		return math.Abs(p.Speedup) >= certainty*b.unit*deviation
	})
}

// deviation is the standard error of the time of s.
func (s spent) deviation() float64 {
	if s.samples <= 0 {
		return 0
	}
	return s.time / math.Sqrt(s.samples)
}

// samples divides seconds among functions by the samples of p that were taken in the program's code.
func samples(p *profile.Profile, seconds float64) *places {
	out := &places{}
	value := cpuIndex(p)
	if value < 0 {
		return out
	}
	var sum float64
	for _, s := range p.Sample {
		stack := Frames(s)
		v := float64(s.Value[value])
		if v <= 0 || !ofProgram(stack) {
			continue
		}
		sum += v
		out.add(cause.User, stack, nil, v)
	}
	period := max(1, float64(p.Period))
	for i := range out.list {
		s := &out.list[i]
		s.samples = s.time / period
		s.time *= seconds / sum
	}
	return out
}

// allocators divides a row of the garbage collector, of which it is not known whom it worked for, among the functions that allocate, by the samples
// taken while they did.
func (b *builder) allocators(r *Row) {
	p := b.in.AtProfile
	if p == nil || cpuIndex(p) < 0 {
		return
	}
	found := places{}
	var sum float64
	for _, s := range p.Sample {
		stack := Frames(s)
		if !slices.ContainsFunc(stack, func(f gotrace.Frame) bool { return strings.HasPrefix(f.Func, "runtime.mallocgc") }) {
			continue
		}
		if v := float64(s.Value[cpuIndex(p)]); v > 0 {
			sum += v
			found.add(r.Cause, stack, nil, v)
		}
	}
	if sum == 0 {
		return
	}
	r.Places = difference(&places{}, &found, 1, r.Speedup/sum)
	r.finish(nil)
}

// cpuIndex is the index of the value that is nanoseconds of CPU time; −1 if p has none.
func cpuIndex(p *profile.Profile) int {
	return slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Type == "cpu" && t.Unit == "nanoseconds" })
}

// Frames returns the stack of a sample, innermost first.
func Frames(s *profile.Sample) []gotrace.Frame {
	var out []gotrace.Frame
	for _, l := range s.Location {
		for _, line := range l.Line {
			if line.Function != nil {
				out = append(out, gotrace.Frame{Func: line.Function.Name, File: line.Function.Filename, Line: int(line.Line)})
			}
		}
	}
	return out
}

// ofProgram reports whether a sample is of the program's own time: not of the runtime's goroutines, and not of helping the garbage collector.
func ofProgram(stack []gotrace.Frame) bool {
	own := false
	for _, f := range stack {
		if strings.HasPrefix(f.Func, "runtime.gcAssist") || f.Func == "runtime.gcBgMarkWorker" {
			return false
		}
		if p := place.Package(f.Func); p != "runtime" && !strings.HasPrefix(p, "runtime/") && !strings.HasPrefix(p, "internal/runtime/") {
			own = true
		}
	}
	return own
}
