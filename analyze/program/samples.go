package program

import "time"

// A Samples is the CPU samples of a recording. A profile takes one for so much time on a core.
type Samples struct {
	Count int           // after the first
	Ran   time.Duration // by the Ps, of all goroutines, from the first to the last
}

// samples counts CPU samples.
type samples struct {
	count       int
	first, last int64 // running time up to then
}

// add takes a sample, at which goroutines have run for that long.
func (s *samples) add(ran int64) {
	if s.count == 0 {
		s.first = ran
	}
	s.count++
	s.last = ran
}

func (s *samples) finish() Samples {
	return Samples{max(s.count-1, 0), time.Duration(s.last - s.first)}
}
