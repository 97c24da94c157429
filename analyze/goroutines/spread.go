package goroutines

import (
	"math/bits"
	"slices"
	"time"
)

// A spread collects one time of every goroutine.
type spread struct {
	n               int
	total, min, max time.Duration
	all             []time.Duration // while there are at most exact
	classes         []uint32        // after that; not nil
}

// Times below 2^subBits ns have a class of their own; above, every doubling has 2^subBits classes.
const subBits = 6

// class returns the class of d, which must be positive.
func class(d time.Duration) int {
	shift := max(bits.Len64(uint64(d))-1-subBits, 0)
	return shift<<subBits + int(d>>shift)
}

func middle(class int) time.Duration {
	shift := max(class>>subBits-1, 0)
	low := time.Duration(class-shift<<subBits) << shift
	return low + time.Duration(1)<<shift/2
}

func (s *spread) add(d time.Duration) {
	if s.n == 0 {
		s.min = d
	}
	s.n++
	s.total += d
	s.min, s.max = min(s.min, d), max(s.max, d)
	if s.classes == nil {
		if len(s.all) < exact {
			s.all = append(s.all, d)
			return
		}
		s.classify()
	}
	s.count(class(d), 1)
}

// classify turns the times into a histogram.
func (s *spread) classify() {
	if s.classes != nil {
		return
	}
	s.classes = []uint32{}
	for _, d := range s.all {
		s.count(class(d), 1)
	}
	s.all = nil
}

func (s *spread) count(c int, n uint32) {
	if c >= len(s.classes) {
		s.classes = append(s.classes, make([]uint32, c+1-len(s.classes))...)
	}
	s.classes[c] += n
}

func (s *spread) merge(other *spread) {
	for _, d := range other.all {
		s.add(d)
	}
	if other.classes == nil {
		return
	}
	if s.n == 0 {
		s.min, s.max = other.min, other.max
	}
	s.classify()
	for c, n := range other.classes {
		s.count(c, n)
	}
	s.n += other.n
	s.total += other.total
	s.min, s.max = min(s.min, other.min), max(s.max, other.max)
}

// finish returns the figures. The median of an even number is the mean of the middle two.
func (s *spread) finish() Spread {
	out := Spread{Count: s.n, Total: s.total, Min: s.min, Max: s.max, Approximate: s.classes != nil}
	switch {
	case s.n == 0:
	case s.classes != nil:
		seen := 0
		for c, n := range s.classes {
			if seen += int(n); 2*seen >= s.n {
				out.Median = min(max(middle(c), s.min), s.max)
				break
			}
		}
	default:
		slices.Sort(s.all)
		a, b := s.all[(s.n-1)/2], s.all[s.n/2]
		out.Median = a + (b-a)/2
	}
	return out
}
