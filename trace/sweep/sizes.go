package sweep

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/pattern"
)

// sizeRE is a size: a decimal number as Go writes it, with an exponent of at most three digits.
var sizeRE = pattern.Of(`^[0-9]+(_[0-9]+)*(\.[0-9]+)?([eE]\+?[0-9]{1,3})?$`)

// rangeStep is the factor of a range of sizes that names none: a step for each decade.
const rangeStep = 10

// ParseSizes reads sizes as a user gives them, with commas between: whole numbers such as 1000, 1_000, 1e3 and 2.5e6,
// and ranges. FROM..TO is a size for each decade, FROM, 10·FROM … as far as TO; FROM..TO:FACTOR takes steps of another
// factor. A letter for a unit is refused: k is 1000 to some and 1024 to others.
func ParseSizes(text string) ([]int64, error) {
	var out []int64
	for part := range strings.SplitSeq(text, ",") {
		sizes, err := parseRange(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		out = append(out, sizes...)
		if err := limits.Count("", "sizes", int64(len(out)), limits.Sweeps); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// parseRange reads one size, or a range of them.
func parseRange(text string) ([]int64, error) {
	first, last, is := strings.Cut(text, "..")
	if !is {
		n, err := parseSize(text)
		return []int64{n}, err
	}
	factor := int64(rangeStep)
	last, step, given := strings.Cut(last, ":")
	if given {
		n, err := parseSize(step)
		switch {
		case err != nil:
			return nil, fmt.Errorf("range %s: its factor: %w", limits.Quote(text), err)
		case n < 2:
			return nil, fmt.Errorf("range %s: its factor is %d: must be at least 2", limits.Quote(text), n)
		}
		factor = n
	}
	from, err := parseSize(first)
	if err != nil {
		return nil, fmt.Errorf("range %s: %w", limits.Quote(text), err)
	}
	to, err := parseSize(last)
	switch {
	case err != nil:
		return nil, fmt.Errorf("range %s: %w", limits.Quote(text), err)
	case from < 1:
		return nil, fmt.Errorf("range %s: begins at %d: must be at least 1", limits.Quote(text), from)
	case to <= from:
		return nil, fmt.Errorf("range %s: its end must be larger than its beginning", limits.Quote(text))
	}
	out := []int64{from}
	for n := from; n <= to/factor; {
		n *= factor
		out = append(out, n)
	}
	return out, nil
}

// parseSize reads one size, which must be whole.
func parseSize(text string) (int64, error) {
	if !sizeRE().MatchString(text) {
		return 0, fmt.Errorf("size %s: want a whole number such as 1000, 1_000, 1e3 or 2.5e6, or a range such as 1e3..1e8",
			limits.Quote(text))
	}
	n, ok := new(big.Rat).SetString(strings.ReplaceAll(text, "_", ""))
	switch {
	case !ok || !n.IsInt():
		return 0, fmt.Errorf("size %s: not a whole number", limits.Quote(text))
	case n.Cmp(new(big.Rat).SetInt64(limits.Size)) > 0:
		return 0, fmt.Errorf("size %s: must be at most %d", limits.Quote(text), int64(limits.Size))
	}
	return n.Num().Int64(), nil
}

// ordered returns counts or sizes in ascending order, each once.
func ordered[T cmp.Ordered](of []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(of)))
}
