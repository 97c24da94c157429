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

// numberRE is a number as Go writes it, with an exponent of at most three digits or a unit.
var numberRE = pattern.Of(`^([0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?(?:[eE]\+?[0-9]{1,3})?)((?:k|[KMGT]i|[MGT]))?$`)

// unitOf is what a prefix of the International System of Units stands for, and with an i one of IEC 80000-13.
func unitOf(prefix string) int64 {
	base := int64(1000)
	if strings.HasSuffix(prefix, "i") {
		base = 1024
	}
	unit := int64(1)
	for range 1 + strings.Index("KMGT", strings.ToUpper(prefix[:1])) {
		unit *= base
	}
	return unit
}

// A listing is a kind of lists of numbers that users write.
type listing struct {
	noun, nouns string
	example     string // of one number, and of a range
	most        int64  // of the list
	factor      int64  // from one number of a range to the next, where the range names none
}

// ParseSizes reads sizes as a user gives them, with commas between: whole numbers such as 1000, 1_000, 1e3, 2.5e6 and
// 64M, and ranges. k, M, G and T are powers of 1000, Ki, Mi, Gi and Ti of 1024. FROM..TO is a size for each decade,
// FROM, 10·FROM … as far as TO; FROM..TO*FACTOR takes steps of another factor, and FROM-TO all whole numbers. A colon
// stands for the asterisk too, which some shells expand.
func ParseSizes(text string) ([]int64, error) {
	return listing{
		noun: "size", nouns: "sizes", most: limits.Sweeps, factor: 10,
		example: "1000, 1e3, 2.5e6 or 64M, or a range such as 1e3..1e8",
	}.parse(text)
}

// ParseCounts reads counts as [ParseSizes] reads sizes, but a range that names no factor doubles: 1..16 is 1,2,4,8,16.
func ParseCounts(text string) ([]int, error) {
	list, err := listing{
		noun: "count", nouns: "counts", most: limits.SweepPoints, factor: 2,
		example: "4, or a range: 1-4 is 1,2,3,4, and 1..16*2 is 1,2,4,8,16",
	}.parse(text)
	out := make([]int, len(list))
	for i, n := range list {
		out[i] = int(n)
	}
	return out, err
}

// parse reads a list with commas between.
func (l listing) parse(text string) ([]int64, error) {
	var out []int64
	for part := range strings.SplitSeq(text, ",") {
		numbers, err := l.part(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		out = append(out, numbers...)
		if err := limits.Count("", l.nouns, int64(len(out)), l.most); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// part reads one number, or a range of them.
func (l listing) part(text string) ([]int64, error) {
	if first, last, is := strings.Cut(text, ".."); is {
		return l.powers(text, first, last)
	}
	if first, last, is := strings.Cut(text, "-"); is && first != "" && !strings.HasSuffix(strings.ToLower(first), "e") {
		return l.between(text, first, last)
	}
	n, err := l.number(text)
	return []int64{n}, err
}

// powers reads FROM..TO and FROM..TO*FACTOR.
func (l listing) powers(text, first, last string) ([]int64, error) {
	factor := l.factor
	if at := strings.IndexAny(last, "*:"); at >= 0 {
		n, err := l.number(last[at+1:])
		switch {
		case err != nil:
			return nil, fmt.Errorf("range %s: its factor: %w", limits.Quote(text), err)
		case n < 2:
			return nil, fmt.Errorf("range %s: its factor is %d: must be at least 2", limits.Quote(text), n)
		}
		factor, last = n, last[:at]
	}
	from, to, err := l.ends(text, first, last)
	if err != nil {
		return nil, err
	}
	out := []int64{from}
	for n := from; n <= to/factor; {
		n *= factor
		out = append(out, n)
	}
	return out, nil
}

// between reads FROM-TO.
func (l listing) between(text, first, last string) ([]int64, error) {
	from, to, err := l.ends(text, first, last)
	if err != nil {
		return nil, err
	}
	if err := limits.Count("", l.nouns, to-from+1, l.most); err != nil {
		return nil, fmt.Errorf("range %s: %w", limits.Quote(text), err)
	}
	var out []int64
	for n := from; n <= to; n++ {
		out = append(out, n)
	}
	return out, nil
}

// ends reads the ends of a range.
func (l listing) ends(text, first, last string) (from, to int64, err error) {
	from, err = l.number(first)
	if err != nil {
		return 0, 0, fmt.Errorf("range %s: %w", limits.Quote(text), err)
	}
	to, err = l.number(last)
	switch {
	case err != nil:
		return 0, 0, fmt.Errorf("range %s: %w", limits.Quote(text), err)
	case from < 1:
		return 0, 0, fmt.Errorf("range %s: begins at %d: must be at least 1", limits.Quote(text), from)
	case to <= from:
		return 0, 0, fmt.Errorf("range %s: its end must be larger than its beginning", limits.Quote(text))
	}
	return from, to, nil
}

// number reads one number, which must be whole.
func (l listing) number(text string) (int64, error) {
	parts := numberRE().FindStringSubmatch(text)
	if parts == nil {
		return 0, fmt.Errorf("%s %s: want a whole number such as %s", l.noun, limits.Quote(text), l.example)
	}
	n, ok := new(big.Rat).SetString(strings.ReplaceAll(parts[1], "_", ""))
	if ok && parts[2] != "" {
		n.Mul(n, new(big.Rat).SetInt64(unitOf(parts[2])))
	}
	switch {
	case !ok || !n.IsInt():
		return 0, fmt.Errorf("%s %s: not a whole number", l.noun, limits.Quote(text))
	case n.Cmp(new(big.Rat).SetInt64(limits.Size)) > 0:
		return 0, fmt.Errorf("%s %s: must be at most %d", l.noun, limits.Quote(text), int64(limits.Size))
	}
	return n.Num().Int64(), nil
}

// ordered returns counts or sizes in ascending order, each once.
func ordered[T cmp.Ordered](of []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(of)))
}
