package sweep

import (
	"cmp"
	"math"
	"slices"
)

// Standing splits results into those that count and those that a later run of the same point replaces, because others
// disturbed their block far more than the rest. A repeat that fails replaces nothing. If all of them count, standing is
// results.
func Standing(results []Result) (standing, replaced []Result) {
	gone := map[Run]bool{}
	for i := range results {
		if r := &results[i]; r.Replaces != nil && r.Status == OK {
			gone[Run{Point: r.Point, Rep: *r.Replaces, Kind: r.Kind}] = true
		}
	}
	if len(gone) == 0 {
		return results, nil
	}
	for _, r := range results {
		if gone[r.Run] {
			replaced = append(replaced, r)
		} else {
			standing = append(standing, r)
		}
	}
	return standing, replaced
}

// farBeyond is the least by which a block's share must exceed the median block's to be disturbed beyond the rest.
const farBeyond = 0.1

// leastBlocks is how many blocks there must be to say which of them is out of the ordinary.
const leastBlocks = 3

// Disturbed returns the block of a kind from which others and the hypervisor took a far larger share of the CPUs than
// from the rest, the largest if there are several; false if there is none.
//
// The share of a block is what was taken from its runs, of the CPU time that their CPUs had. It is far larger if it
// exceeds the median of all blocks by a tenth of the CPUs and by three times the robust standard deviation of the
// blocks (1.4826 times the median absolute deviation), even if it is as much too high as its resolution allows. So on a
// machine that is as noisy all the time no block is disturbed beyond the others.
func Disturbed(results []Result, kind Kind) (rep int, ok bool) {
	type block struct{ had, taken, off2 float64 } // seconds; off2 is squared
	blocks := map[int]*block{}
	standing, _ := Standing(results)
	for i := range standing {
		r := &standing[i]
		n := r.Noise.CPUs
		if r.Kind != kind || n == nil || n.Had <= 0 {
			continue
		}
		b := blocks[r.Rep]
		if b == nil {
			b = &block{}
			blocks[r.Rep] = b
		}
		b.had += n.Had.Float()
		b.taken += n.Sum().Float()
		b.off2 += n.Resolution.Float() * n.Resolution.Float() // errors of different runs are independent
	}
	if len(blocks) < leastBlocks {
		return 0, false
	}
	var shares []float64
	for _, b := range blocks {
		shares = append(shares, b.taken/b.had)
	}
	middle := median(shares)
	for i, s := range shares {
		shares[i] = math.Abs(s - middle)
	}
	limit := middle + max(farBeyond, 3*1.4826*median(shares))
	reps := make([]int, 0, len(blocks))
	for rep, b := range blocks {
		if (b.taken-math.Sqrt(b.off2))/b.had > limit {
			reps = append(reps, rep)
		}
	}
	if len(reps) == 0 {
		return 0, false
	}
	return slices.MaxFunc(reps, func(x, y int) int {
		a, b := blocks[x], blocks[y]
		return cmp.Or(cmp.Compare(a.taken/a.had, b.taken/b.had), cmp.Compare(y, x))
	}), true
}

// median returns the middle of values, which it sorts; there must be one.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
