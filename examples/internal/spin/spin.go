// Package spin is the integer work that several examples are made of: a loop that stays in registers, so that neither
// memory nor the allocator nor an unpredictable branch slows a core down.
//
// A step is one round of the xorshift64 generator (Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8(14),
// 2003, triple 13, 7, 17). Every round needs the one before, so a compiler can neither drop nor reorder rounds, and a
// loop takes about six cycles per step, whatever the numbers are.
package spin

// Steps applies n rounds to x and returns the result. From an x other than 0 it never returns 0, because each round is
// a bijection of the 64-bit words that maps 0 to itself; so a caller can check a result without knowing it.
func Steps(x uint64, n int64) uint64 {
	for range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// Seed returns a start value for task i: different for every task and never 0.
func Seed(i int) uint64 {
	// The odd constant is 2^64 divided by the golden ratio (Knuth, TAOCP vol. 3, section 6.4). Multiplying by an odd
	// number is a bijection modulo 2^64, so i+1, which is not 0, gives neither 0 nor a value twice.
	return (uint64(i) + 1) * 0x9E3779B97F4A7C15
}
