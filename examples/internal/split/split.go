// Package split cuts a total into the parts that tasks work on.
package split

// Parts returns how many parts a total is cut into: most, or one per unit if there are fewer units.
func Parts(total int64, most int) int { return int(max(0, min(total, int64(most)))) }

// Part returns the length of part i of a total cut into n parts. Lengths differ by at most one, longer parts come
// first, and together they are the total.
func Part(total int64, n, i int) int64 {
	part := total / int64(n)
	if int64(i) < total%int64(n) {
		part++
	}
	return part
}

// Speedup returns the speedup of n equal tasks on so many workers over one worker: the tasks run in ceil(n/workers)
// waves, so it is n / ceil(n/workers).
func Speedup(n int64, workers int) float64 {
	if n <= 0 || workers <= 0 {
		return 0
	}
	w := int64(workers)
	return float64(n) / float64((n+w-1)/w)
}
