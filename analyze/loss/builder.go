package loss

import (
	"cmp"
	"encoding/binary"
	"math"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/trace/gotrace"
)

type label struct{ key, value string }

// A builder collects samples; equal stacks and labels make one sample.
type builder struct {
	types     []string
	profile   profile.Profile
	mapping   *profile.Mapping
	functions map[function]*profile.Function
	locations map[location]*profile.Location
	samples   map[string]int
	sums      [][]float64 // of samples; floats, so that scaled values are rounded once; exact for integers below 2^53
	key       []byte
}

type function struct{ name, file string }

type location struct {
	function *profile.Function
	line     int
}

// newBuilder starts a profile with values of the given types, in nanoseconds. The first is shown by default.
func newBuilder(types ...string) *builder {
	b := &builder{
		types:     types,
		functions: make(map[function]*profile.Function),
		locations: make(map[location]*profile.Location),
		samples:   make(map[string]int),
		// The mapping says that names are known, so that pprof looks for no program to find them in.
		mapping: &profile.Mapping{
			ID: 1, File: "corecurve", HasFunctions: true, HasFilenames: true, HasLineNumbers: true,
			HasInlineFrames: true,
		},
	}
	b.profile.Mapping = []*profile.Mapping{b.mapping}
	b.profile.DefaultSampleType = types[0]
	b.profile.PeriodType = &profile.ValueType{Type: types[0], Unit: "nanoseconds"}
	b.profile.Period = 1
	for _, t := range types {
		b.profile.SampleType = append(b.profile.SampleType, &profile.ValueType{Type: t, Unit: "nanoseconds"})
	}
	return b
}

// add adds values to the sample with these labels and this stack, innermost first.
func (b *builder) add(stack []gotrace.Frame, labels []label, values ...float64) {
	at := make([]*profile.Location, len(stack))
	b.key = b.key[:0]
	for i, f := range stack {
		at[i] = b.location(f)
		b.key = binary.AppendUvarint(b.key, at[i].ID)
	}
	for _, l := range labels {
		b.key = append(append(append(append(b.key, 0), l.key...), 0), l.value...)
	}
	i, ok := b.samples[string(b.key)]
	if !ok {
		i = len(b.profile.Sample)
		b.samples[string(b.key)] = i
		s := &profile.Sample{Location: at, Value: make([]int64, len(values))}
		if len(labels) > 0 {
			s.Label = make(map[string][]string, len(labels))
		}
		for _, l := range labels {
			s.Label[l.key] = []string{l.value}
		}
		b.profile.Sample = append(b.profile.Sample, s)
		b.sums = append(b.sums, make([]float64, len(values)))
	}
	for k, v := range values {
		b.sums[i][k] += v
	}
}

func (b *builder) location(f gotrace.Frame) *profile.Location {
	name := cmp.Or(f.Func, "(unknown)")
	fk := function{name, f.File}
	fn := b.functions[fk]
	if fn == nil {
		fn = &profile.Function{ID: uint64(len(b.functions) + 1), Name: name, SystemName: name, Filename: f.File}
		b.functions[fk] = fn
		b.profile.Function = append(b.profile.Function, fn)
	}
	lk := location{fn, f.Line}
	l := b.locations[lk]
	if l == nil {
		id := uint64(len(b.locations) + 1)
		// pprof tells locations apart by address when it merges profiles; addresses mean nothing else.
		l = &profile.Location{
			ID: id, Address: id, Mapping: b.mapping, Line: []profile.Line{{Function: fn, Line: int64(f.Line)}},
		}
		b.locations[lk] = l
		b.profile.Location = append(b.profile.Location, l)
	}
	return l
}

// finish rounds the values and drops samples that are 0.
func (b *builder) finish() *profile.Profile {
	b.mapping.Limit = uint64(len(b.locations) + 1)
	kept := b.profile.Sample[:0]
	for i, s := range b.profile.Sample {
		some := false
		for k, v := range b.sums[i] {
			s.Value[k] = int64(math.Round(v))
			some = some || s.Value[k] != 0
		}
		if some {
			kept = append(kept, s)
		}
	}
	b.profile.Sample = kept
	return &b.profile
}
