// Package split cuts a total into the parts that tasks work on.
package split

// Parts is the number of parts that a total is cut into: most, or as many as there are units if those are fewer.
func Parts(total int64, most int) int { return int(max(0, min(total, int64(most)))) }

// Part is the length of part i of a total cut into n parts. Lengths differ by at most one, the longer parts come first, and together they
// are the total.
func Part(total int64, n, i int) int64 {
	part := total / int64(n)
	if int64(i) < total%int64(n) {
		part++
	}
	return part
}

// Speedup is that of n equal tasks on so many workers against one worker: the tasks run in ceil(n/workers) waves, so it is
// n / ceil(n/workers).
func Speedup(n int64, workers int) float64 {
	if n <= 0 || workers <= 0 {
		return 0
	}
	w := int64(workers)
	return float64(n) / float64((n+w-1)/w)
}
