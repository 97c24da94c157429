package sweep

import (
	"fmt"
	"slices"
	"strings"
)

// A scale is the scaling of a sweep, and why it has it.
type scale struct {
	Scaling Scaling
	Basis   Basis
}

// scales returns the scaling of the sweeps of each mode: what the user asks for, or else what the subject has.
func (a Axes) scales(of Subject) (map[Mode]scale, error) {
	asked, err := a.asked()
	if err != nil {
		return nil, err
	}
	out := map[Mode]scale{}
	for _, m := range a.modes() {
		by := scale{Strong, OfWorkload}
		if s, ok := asked[m]; ok {
			by = scale{s, Asked}
		} else if of.Scale != nil {
			by.Scaling, by.Basis = of.Scale(m)
		}
		out[m] = by
	}
	return out, nil
}

// asked returns the scaling that the user asks for, by mode.
func (a Axes) asked() (map[Mode]Scaling, error) {
	out := map[Mode]Scaling{}
	if a.Scaling == "" {
		return out, nil
	}
	modes := a.modes()
	for part := range strings.SplitSeq(a.Scaling, ",") {
		to := modes
		mode, word, single := strings.Cut(part, "=")
		if single {
			to = []Mode{Mode(mode)}
		} else {
			word = part
		}
		s := Scaling(word)
		if s != Strong && s != Weak {
			return nil, fmt.Errorf("--scaling %q: want strong or weak, or one for each mode, as in threads=strong,procs=weak",
				a.Scaling)
		}
		for _, m := range to {
			_, twice := out[m]
			switch {
			case !slices.Contains(modes, m):
				return nil, fmt.Errorf("--scaling %s: the sweeps here are over %s", part, list(modes))
			case twice:
				return nil, fmt.Errorf("--scaling %s: there are two for mode %s", a.Scaling, m)
			case m == Cores && s == Weak:
				return nil, fmt.Errorf("--scaling %s: in mode cores the workers are fixed, and so is the work", part)
			}
			out[m] = s
		}
	}
	return out, nil
}

func list(modes []Mode) string {
	var out []string
	for _, m := range modes {
		out = append(out, string(m))
	}
	return strings.Join(out, " and ")
}
