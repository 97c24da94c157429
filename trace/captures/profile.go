package captures

import (
	"fmt"
	"io"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/trace/internal/protobuf"
	"github.com/corecurve/corecurve/trace/limits"
)

// parseProfile reads a CPU profile. Two bytes of a message can become a hundred in memory, so it is weighed before it
// is parsed. Formats before that of protobuf, which pprof's own reader tries when nothing else is left, are not read:
// no program that corecurve runs writes them. It returns what the profile takes in memory, which must be at most room.
func parseProfile(name string, r io.Reader, room int64) (p *profile.Profile, weight int64, err error) {
	content, err := limits.Unfold("", r)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", name, err)
	}
	b, err := limits.ReadAll("", content, limits.ProfileBytes)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", name, err)
	}
	w := weigher{most: room}
	if err := w.profile(b); err != nil {
		return nil, 0, fmt.Errorf("%s: no profile: %w", name, err)
	}
	if w.weight > w.most {
		return nil, 0, fmt.Errorf("%s: the profiles of the run would take %w of memory", name,
			limits.More("", "bytes", limits.ProfileMemory))
	}
	if p, err = profile.ParseUncompressed(b); err != nil {
		return nil, 0, fmt.Errorf("%s: no profile: %w", name, err)
	}
	if err := p.CheckValid(); err != nil {
		return nil, 0, fmt.Errorf("%s: damaged profile: %w", name, err)
	}
	return p, w.weight, nil
}

// A weigher adds up how much memory the messages of a profile take once parsed: the sizes of pprof's types, with what
// growing slices, maps and indices of them take. It stops where that is more than most.
type weigher struct{ weight, most int64 }

// What messages take, in bytes.
const (
	sampleWeight   = 192
	labelledWeight = 1200 // the three maps of a sample with labels
	labelWeight    = 256
	numberWeight   = 32 // of a location or a value, one by one
	packedWeight   = 16 // of one among others
	mappingWeight  = 320
	locationWeight = 256
	lineWeight     = 64
	functionWeight = 256
	textWeight     = 32
	otherWeight    = 64
)

// The numbers of the fields of profile.proto that repeat.
const (
	sampleField   = 2
	mappingField  = 3
	locationField = 4
	functionField = 5
	textField     = 6

	locationOfSample = 1
	valueOfSample    = 2
	labelOfSample    = 3
	lineOfLocation   = 4
)

func (w *weigher) profile(b []byte) error {
	for f, err := range protobuf.Fields(b) {
		if err != nil {
			return err
		}
		switch f.Number {
		case sampleField:
			w.weight += sampleWeight
			err = w.sample(f.Bytes)
		case mappingField:
			w.weight += mappingWeight
		case locationField:
			w.weight += locationWeight
			err = w.location(f.Bytes)
		case functionField:
			w.weight += functionWeight
		case textField:
			w.weight += textWeight + int64(len(f.Bytes))
		default:
			w.weight += otherWeight + numbers(f)
		}
		if err != nil || w.weight > w.most {
			return err
		}
	}
	return nil
}

func (w *weigher) sample(b []byte) error {
	labels := int64(0)
	for f, err := range protobuf.Fields(b) {
		if err != nil {
			return err
		}
		switch f.Number {
		case labelOfSample:
			labels++
		case locationOfSample, valueOfSample:
			w.weight += numbers(f)
		}
		if w.weight+labels*labelWeight > w.most {
			break
		}
	}
	if labels > 0 {
		w.weight += labelledWeight + labels*labelWeight
	}
	return nil
}

func (w *weigher) location(b []byte) error {
	for f, err := range protobuf.Fields(b) {
		if err != nil {
			return err
		}
		if f.Number == lineOfLocation {
			w.weight += lineWeight
		}
		if w.weight > w.most {
			break
		}
	}
	return nil
}

// numbers returns the weight of the numbers in a field, which may be packed.
func numbers(f protobuf.Field) int64 {
	if f.Wire != protobuf.Bytes {
		return numberWeight
	}
	n := int64(0)
	for _, c := range f.Bytes {
		if c < 0x80 { // the last byte of a number
			n++
		}
	}
	return packedWeight * n
}
