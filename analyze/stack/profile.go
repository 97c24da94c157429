package stack

import (
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Sure reports whether counting samples cannot explain what p takes.
func (p *Place) Sure() bool { return math.Abs(p.Speedup) >= certainty*p.Deviation }

// certainty is how many standard errors a function's time must have grown to be named. Samples are counted events: the
// error of k of them is √k.
const certainty = 2

// divideWork says which functions' running time has grown. Profiles are preferred to the ledgers' stack samples, for
// they have those of all processes, and their number.
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
	r.Fresh = fresh(was, is, b.growth, r.Speedup/b.unit)
	for i := range r.Places {
		p := &r.Places[i]
		f, _ := place.Of(p.Waiting)
		p.Deviation = b.unit * uncertain(was, is, f.Func, b.growth)
	}
	r.finish((*Place).Sure)
}

// uncertain returns the standard error of the growth of a function's time.
func uncertain(was, is *places, function string, growth float64) float64 {
	return math.Hypot(is.of(function).deviation(), growth*was.of(function).deviation())
}

// hardly is the part of its time at the point below which a function hardly runs at the base.
const hardly = 0.1

// fresh returns the part of a growth that is in functions which hardly run at the base: what they do there is no part
// of the work, or the base would do it too. Only functions count of which that is certain: one that the base's samples
// missed may have run for as long as one of them stands for.
func fresh(was, is *places, growth, by float64) float64 {
	var samples, all float64
	for _, s := range was.list {
		samples, all = samples+s.samples, all+s.time
	}
	if by <= 0 || samples == 0 {
		return 0
	}
	sum := 0.0
	for _, s := range is.list {
		more := s.time - growth*was.of(s.function).time
		deviation := math.Hypot(uncertain(was, is, s.function, growth), growth*all/samples)
		if s.function != "" && more > (1-hardly)*s.time && more >= certainty*deviation {
			sum += more
		}
	}
	return min(sum/by, 1)
}

// deviation returns the standard error of the time of s.
func (s spent) deviation() float64 {
	if s.samples <= 0 {
		return 0
	}
	return s.time / math.Sqrt(s.samples)
}

// samples divides seconds among functions by the samples of p that are in the program's code.
func samples(p *profile.Profile, seconds float64) *places {
	out := &places{}
	all := Samples(p)
	if all == nil {
		return out
	}
	var sum float64
	for stack, v := range all {
		if v > 0 && ofProgram(stack) {
			sum += v
			out.add(cause.User, ledger.Stack{Waiting: stack}, v)
		}
	}
	period := max(1, float64(p.Period))
	for i := range out.list {
		s := &out.list[i]
		s.samples = s.time / period
		s.time *= seconds / sum
	}
	return out
}

// allocators divides a row of the garbage collector, which does not tell whom it worked for, among the functions that
// allocate, by the samples taken while they did.
func (b *builder) allocators(r *Row) {
	all := b.profiled()
	if all == nil {
		return
	}
	allocates := func(f gotrace.Frame) bool { return strings.HasPrefix(f.Func, "runtime.mallocgc") }
	var found places
	var sum float64
	for stack, v := range all {
		if v > 0 && slices.ContainsFunc(stack, allocates) {
			sum += v
			found.add(r.Cause, ledger.Stack{Waiting: stack}, v)
		}
	}
	if sum > 0 {
		r.Places = difference(&places{}, &found, 1, r.Speedup/sum)
		r.finish(nil)
	}
}

// profiled yields the samples of the point's profile; nil without.
func (b *builder) profiled() iter.Seq2[[]gotrace.Frame, float64] {
	if b.in.AtProfile == nil {
		return nil
	}
	return Samples(b.in.AtProfile)
}

// Samples yields the stacks of p, innermost first, with their CPU time in nanoseconds. It is nil if p has no CPU time.
func Samples(p *profile.Profile) iter.Seq2[[]gotrace.Frame, float64] {
	i := slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool {
		return t.Type == "cpu" && t.Unit == "nanoseconds"
	})
	if i < 0 {
		return nil
	}
	return func(yield func([]gotrace.Frame, float64) bool) {
		for _, s := range p.Sample {
			if !yield(framesOf(s), float64(s.Value[i])) {
				return
			}
		}
	}
}

func framesOf(s *profile.Sample) []gotrace.Frame {
	var out []gotrace.Frame
	for _, l := range s.Location {
		for _, line := range l.Line {
			if f := line.Function; f != nil {
				out = append(out, gotrace.Frame{Func: f.Name, File: f.Filename, Line: int(line.Line)})
			}
		}
	}
	return out
}

// ofProgram reports whether a sample is of the program's own time, without goroutines of the runtime and help for the
// garbage collector.
func ofProgram(stack []gotrace.Frame) bool {
	own := false
	for _, f := range stack {
		if strings.HasPrefix(f.Func, "runtime.gcAssist") || f.Func == "runtime.gcBgMarkWorker" {
			return false
		}
		if p := place.Package(f.Func); p != "runtime" && !strings.HasPrefix(p, "runtime/") &&
			!strings.HasPrefix(p, "internal/runtime/") {
			own = true
		}
	}
	return own
}
