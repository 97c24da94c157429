package ledger

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A rowKey is a cause with the stacks of who waits and who is blamed.
type rowKey struct {
	cause           cause.Cause
	waiting, blamed gotrace.StackID
	worker          int32 // who waits; noWorker
}

// A row is what a rowTable sums up.
type row struct {
	key rowKey
	sum float64
}

// A rowTable sums by row. It grows with the number of distinct rows.
type rowTable struct {
	index  map[rowKey]int32
	rows   []row
	recent [64]int32 // index by a hash of the key; of any row if there is none of that hash
}

func (t *rowTable) add(k rowKey, d float64) { t.row(k).sum += d }

// row returns row k. It is valid until the next call.
func (t *rowTable) row(k rowKey) *row {
	h := (uint32(k.waiting)*5 + uint32(k.blamed)*3 + uint32(k.cause) + uint32(k.worker)) % uint32(len(t.recent))
	if i := int(t.recent[h]); i < len(t.rows) {
		if r := &t.rows[i]; r.key == k {
			return r
		}
	}
	i := t.find(k)
	t.recent[h] = i
	return &t.rows[i]
}

// find returns the index of row k, which it adds if there is none.
func (t *rowTable) find(k rowKey) int32 {
	i, ok := t.index[k]
	if !ok {
		if t.index == nil {
			t.index = make(map[rowKey]int32)
		}
		i = int32(len(t.rows))
		t.index[k] = i
		t.rows = append(t.rows, row{key: k})
	}
	return i
}

// total returns the sum of the rows that pass want.
func (t *rowTable) total(want func(rowKey) bool) float64 {
	var sum float64
	for _, r := range t.rows {
		if want(r.key) {
			sum += r.sum
		}
	}
	return sum
}

// change adds d, which may be negative, to row k. No row falls below 0.
func (t *rowTable) change(k rowKey, d float64) {
	r := t.row(k)
	r.sum = max(r.sum+d, 0)
}

// Apportion splits total among xs in proportion to their weights, of which none may be negative, by largest remainder:
// integers that add up to total exactly. If all weights are 0 the first part gets all.
func Apportion[D ~int64, T any](total D, xs []T, weight func(T) float64) []D {
	out := make([]D, len(xs))
	if len(xs) == 0 || total <= 0 {
		return out
	}
	var sum float64
	weights := make([]float64, len(xs))
	for i, x := range xs {
		weights[i] = weight(x)
		sum += weights[i]
	}
	if sum <= 0 {
		out[0] = total
		return out
	}
	rest := total
	order := make([]int, len(weights))
	remainder := make([]float64, len(weights))
	for i, w := range weights {
		exact := w * (float64(total) / sum)
		floor := math.Floor(exact)
		out[i] = D(floor)
		remainder[i] = exact - floor
		rest -= out[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(remainder[y], remainder[x]) })
	for k := 0; rest > 0; k = (k + 1) % len(order) {
		if weights[order[k]] > 0 {
			each := max(rest/D(len(order)), 1)
			out[order[k]] += each
			rest -= each
		}
	}
	for k := 0; rest < 0; k = (k + 1) % len(order) { // rounding of large sums may exceed total
		if i := order[k]; out[i] > 0 {
			out[i]--
			rest++
		}
	}
	return out
}
