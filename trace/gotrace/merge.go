package gotrace

import (
	"errors"
	"io"
	"math"

	"github.com/corecurve/corecurve/trace/clock"
)

// A Merger delivers the events of several traces in the order of their times. The traces must share a clock.
type Merger struct {
	readers []*Reader
	heads   []Event // heads[i]: the next event of readers[i], if live[i]
	live    []bool
	errs    []error    // to be delivered at the end
	cur     int        // reader whose turn it is; -1: not chosen yet
	limit   clock.Time // cur's turn ends with this time
	primed  bool
}

// NewMerger returns a merger of the events of readers.
func NewMerger(readers ...*Reader) *Merger {
	return &Merger{
		readers: readers, cur: -1,
		heads: make([]Event, len(readers)), live: make([]bool, len(readers)),
		errs: make([]error, len(readers)),
	}
}

// Next fills ev with the earliest event left and returns which of the readers it is from. Errors come after all events.
// One other than io.EOF means that the trace of that reader could not be read to its end, and Next may be called again.
// io.EOF means that all traces have ended.
func (m *Merger) Next(ev *Event) (source int, err error) {
	if len(m.readers) == 1 {
		return m.only(ev)
	}
	if !m.primed {
		m.primed = true
		for i := range m.readers {
			m.advance(i)
		}
	}
	if m.cur < 0 {
		m.choose()
		if m.cur < 0 {
			return m.nextError()
		}
	}
	i := m.cur
	*ev = m.heads[i]
	m.advance(i)
	if !m.live[i] || m.heads[i].Time > m.limit {
		m.cur = -1
	}
	return i, nil
}

// only delivers the events of a single trace as they come.
func (m *Merger) only(ev *Event) (int, error) {
	if m.primed { // it has ended with an error, which has been delivered
		return -1, io.EOF
	}
	err := m.readers[0].Next(ev)
	switch {
	case err == nil:
		return 0, nil
	case errors.Is(err, io.EOF):
		return -1, io.EOF
	default:
		m.primed = true
		return 0, err
	}
}

// nextError delivers the errors of the readers, which come after all events, so that damage in one trace does not hold
// up the others.
func (m *Merger) nextError() (int, error) {
	for i, err := range m.errs {
		if err != nil {
			m.errs[i] = nil
			return i, err
		}
	}
	return -1, io.EOF
}

func (m *Merger) advance(i int) {
	err := m.readers[i].Next(&m.heads[i])
	m.live[i] = err == nil
	if err != nil && !errors.Is(err, io.EOF) {
		m.errs[i] = err
	}
}

// choose gives the turn to the reader with the earliest event, until the time of the second earliest. Events of one
// process come in runs, so this linear search is rare.
func (m *Merger) choose() {
	m.cur, m.limit = -1, math.MaxInt64
	best := clock.Time(math.MaxInt64)
	for i := range m.readers {
		if !m.live[i] {
			continue
		}
		switch t := m.heads[i].Time; {
		case m.cur < 0 || t < best:
			if m.cur >= 0 {
				m.limit = best
			}
			m.cur, best = i, t
		case t < m.limit:
			m.limit = t
		}
	}
}
