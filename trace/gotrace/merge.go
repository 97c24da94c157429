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
	waiting [][]Event // waiting[i]: events of readers[i] that have been read; empty: read more, unless ended[i]
	ended   []bool
	errs    []error // to be delivered at the end

	turn  int        // the reader whose turn it is
	limit clock.Time // its turn ends with this time
}

// NewMerger returns a merger of the events of readers.
func NewMerger(readers ...*Reader) *Merger {
	return &Merger{
		readers: readers, waiting: make([][]Event, len(readers)), ended: make([]bool, len(readers)),
		errs: make([]error, len(readers)), limit: math.MinInt64,
	}
}

// Batch returns the next events that come from one reader, at least one, and which of the readers that is. They are
// valid until the next call, and the caller must not change them. Errors come after all events. One other than io.EOF
// means that the trace of that reader could not be read to its end, and Batch may be called again. io.EOF means that
// all traces have ended.
func (m *Merger) Batch() (events []Event, source int, err error) {
	for i := range m.readers {
		if len(m.waiting[i]) == 0 && !m.ended[i] {
			m.read(i)
		}
	}
	if !m.goesOn() && !m.choose() {
		source, err = m.nextError()
		return nil, source, err
	}
	w := m.waiting[m.turn]
	n := len(w)
	if w[n-1].Time > m.limit {
		for n = 1; w[n].Time <= m.limit; {
			n++
		}
	}
	m.waiting[m.turn] = w[n:]
	return w[:n], m.turn, nil
}

// goesOn reports whether it is still the same reader's turn.
func (m *Merger) goesOn() bool {
	return m.turn < len(m.readers) && len(m.waiting[m.turn]) > 0 && m.waiting[m.turn][0].Time <= m.limit
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

// read reads more events of readers[i].
func (m *Merger) read(i int) {
	var err error
	if m.waiting[i], err = m.readers[i].Batch(); err != nil {
		m.ended[i] = true
		if !errors.Is(err, io.EOF) {
			m.errs[i] = err
		}
	}
}

// choose gives the turn to the reader with the earliest event, until the time of the second earliest. It returns false
// if no events are left. Events of one process come in runs, so this linear search is rare.
func (m *Merger) choose() bool {
	found := false
	best := clock.Time(math.MaxInt64)
	m.limit = math.MaxInt64
	for i, w := range m.waiting {
		if len(w) == 0 {
			continue
		}
		switch t := w[0].Time; {
		case !found || t < best:
			if found {
				m.limit = best
			}
			m.turn, best, found = i, t, true
		case t < m.limit:
			m.limit = t
		}
	}
	return found
}
