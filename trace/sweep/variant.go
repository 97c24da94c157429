package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/trace/internal/raw"
	"github.com/corecurve/corecurve/trace/limits"
)

// A Variant is one of the programs that a study compares: two revisions of a package, or two commands. The points of
// all variants are the same but for its name, and each block holds those of every variant, so that a drift of the
// machine falls on all alike.
type Variant struct {
	Name string      `json:"name"`
	Kind VariantKind `json:"kind"`
	// Ref is what the user named: a revision, or a folder with ~ for the home directory; empty: the working tree, or a
	// command.
	Ref string `json:"ref,omitempty"`
	// Revision is the full hash of the commit; empty: it has none, or none is known.
	Revision string `json:"revision,omitempty"`
	// Changed says that the program was built of a working tree that has changes beside the commit.
	Changed bool `json:"changed,omitempty"`
	// Folder is the root of the working tree or module that holds the sources, absolute with ~ for the home directory; of
	// a revision that of the repository. Empty: a command.
	Folder string `json:"folder,omitempty"`
}

// A VariantKind says what a variant is.
type VariantKind string

// The kinds of variants.
const (
	OfRevision VariantKind = "revision" // built of a commit, in a working tree of its own
	OfFolder   VariantKind = "folder"   // built where its sources lie
	OfCommand  VariantKind = "command"  // a command, run as it is
)

// CheckVariantName returns an error unless name can be that of a variant. It is a part of the names of run directories.
func CheckVariantName(name string) error {
	if !nameRE().MatchString(name) {
		return fmt.Errorf("variant name %s: want lower-case letters, digits, '.', '_' and '-', at most 64",
			limits.Quote(name))
	}
	return nil
}

// A Key names a workload of a study: no two programs of it have the same.
type Key struct{ Workload, Variant string }

// Key returns that of the workload whose point p is.
func (p Point) Key() Key { return Key{p.Workload, p.Variant} }

// Key returns that of p.
func (p *Program) Key() Key { return Key{p.Name, p.Variant} }

// Compares reports whether the study has several variants.
func (h *Header) Compares() bool { return len(h.Variants) > 1 }

// For returns s of another variant: its points differ by that alone.
func (s Sweep) For(variant string) Sweep {
	s.Variant, s.Points = variant, slices.Clone(s.Points)
	for i := range s.Points {
		s.Points[i].Variant = variant
	}
	return s
}

// Split returns one study for each variant of s, in their order: the header with its programs and sweeps alone, the
// sweep of the ceiling, which belongs to all, and the results of their points. These keep the name of the variant, by
// which their folders are found. The damage that was met is that of the whole study, and is told by each. A study that
// compares nothing is returned as it is.
func (s *Study) Split() []*Study {
	if !s.Header.Compares() {
		return []*Study{s}
	}
	var out []*Study
	for _, v := range s.Header.Variants {
		part := &Study{
			Dir: s.Dir, Header: s.Header, Warnings: s.Warnings,
			Results: resultsOf(s.Results, v.Name), Replaced: resultsOf(s.Replaced, v.Name),
			Interrupted: resultsOf(s.Interrupted, v.Name),
		}
		h := &part.Header
		h.Variants, h.Workloads, h.Sweeps = []Variant{v}, nil, nil
		for _, p := range s.Header.Workloads {
			if p.Variant == v.Name || p.Variant == "" {
				h.Workloads = append(h.Workloads, p)
			}
		}
		for _, w := range s.Header.Sweeps {
			if w.Variant == v.Name || w.Variant == "" {
				h.Sweeps = append(h.Sweeps, w)
			}
		}
		out = append(out, part)
	}
	return out
}

// resultsOf returns those of a variant and those that belong to all.
func resultsOf(results []Result, variant string) (out []Result) {
	for _, r := range results {
		if r.Point.Variant == variant || r.Point.Variant == "" {
			out = append(out, r)
		}
	}
	return out
}

// checkVariants returns an error unless the variants of h have names of their own, and everything that h measures is of
// one of them, or is the ceiling.
func (h *Header) checkVariants() error {
	if len(h.Variants) == 1 {
		return errors.New("variants: there is one, and it takes two to compare")
	}
	for i, v := range h.Variants {
		at := fmt.Sprintf("variants[%d]", i)
		if err := CheckVariantName(v.Name); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		if k := slices.IndexFunc(h.Variants[:i], func(o Variant) bool { return o.Name == v.Name }); k >= 0 {
			return fmt.Errorf("%s has the name of variants[%d], %s", at, k, v.Name)
		}
		if !slices.Contains([]VariantKind{OfRevision, OfFolder, OfCommand}, v.Kind) {
			return fmt.Errorf("%s: kind is %s: must be %s, %s or %s", at, limits.Quote(string(v.Kind)), OfRevision, OfFolder,
				OfCommand)
		}
	}
	for i := range h.Workloads {
		if err := h.variant(h.Workloads[i].Name, h.Workloads[i].Variant); err != nil {
			return fmt.Errorf("workloads[%d]: %w", i, err)
		}
	}
	for i := range h.Sweeps {
		if err := h.variant(h.Sweeps[i].Workload, h.Sweeps[i].Variant); err != nil {
			return fmt.Errorf("sweeps[%d]: %w", i, err)
		}
	}
	return nil
}

// variant returns an error unless a workload can be of the variant of that name in the study: it must be one of the
// study's, and the ceiling is of none.
func (h *Header) variant(workload, name string) error {
	known := slices.ContainsFunc(h.Variants, func(v Variant) bool { return v.Name == name })
	switch ceiling := workload == SpinWorkload && len(h.Variants) > 0; {
	case ceiling && name != "":
		return fmt.Errorf("variant is %s: %s is measured once for all", limits.Quote(name), SpinWorkload)
	case ceiling || known || name == "" && len(h.Variants) == 0:
		return nil
	case name == "":
		return errors.New("variant is missing: the study has several")
	}
	return fmt.Errorf("variant is %s, which the study does not have", limits.Quote(name))
}

func (v *Variant) raw() raw.Texts {
	return raw.Texts{Of: map[string]*string{"ref": &v.Ref, "folder": &v.Folder}}
}

type variant Variant

type variantJSON struct {
	variant
	NotUTF8 raw.Bytes `json:"not_utf8,omitempty"`
}

// MarshalJSON writes v with all bytes of its texts.
func (v Variant) MarshalJSON() ([]byte, error) {
	return json.Marshal(variantJSON{variant(v), v.raw().Bytes()})
}

// UnmarshalJSON reads what MarshalJSON has written.
func (v *Variant) UnmarshalJSON(b []byte) error {
	var x variantJSON
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*v = Variant(x.variant)
	return restore(v.raw(), x.NotUTF8)
}
