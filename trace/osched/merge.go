package osched

import "github.com/corecurve/corecurve/trace/clock"

// A merger puts the records of several sources, each ordered by time, into one order. It emits records only up to a
// time that lags behind the present, because a source may be about to deliver one that is a little older.
type merger struct {
	sources []source
	heap    []int      // sources that hold something; the one with the oldest record first
	last    clock.Time // time of the last record emitted
	late    int64      // records that came after younger ones had been emitted
	emit    func(*Record) error
	err     error // the first error of emit
}

// A source is a queue, of which at records have been emitted.
type source struct {
	queue []Record
	at    int
}

func newMerger(n int, emit func(*Record) error) *merger {
	return &merger{sources: make([]source, n), emit: emit}
}

// release emits everything up to the time limit.
func (m *merger) release(limit clock.Time) {
	m.heap = m.heap[:0]
	for i := range m.sources {
		if m.sources[i].at < len(m.sources[i].queue) {
			m.heap = append(m.heap, i)
			m.up(len(m.heap) - 1)
		}
	}
	for len(m.heap) > 0 && m.time(0) <= limit {
		s := &m.sources[m.heap[0]]
		r := &s.queue[s.at]
		if r.Time < m.last {
			m.late++
			r.Time = m.last // keep the file ordered; the shift is how late the record was
		}
		m.last = r.Time
		if m.err == nil {
			m.err = m.emit(r)
		}
		if s.at++; s.at == len(s.queue) {
			last := len(m.heap) - 1
			m.heap[0] = m.heap[last]
			m.heap = m.heap[:last]
		}
		m.down()
	}
	for i := range m.sources {
		s := &m.sources[i]
		n := copy(s.queue, s.queue[s.at:])
		clear(s.queue[n:]) // release the names
		s.queue, s.at = s.queue[:n], 0
	}
}

func (m *merger) time(i int) clock.Time {
	s := &m.sources[m.heap[i]]
	return s.queue[s.at].Time
}

func (m *merger) before(i, j int) bool {
	a, b := m.time(i), m.time(j)
	return a < b || a == b && m.heap[i] < m.heap[j]
}

func (m *merger) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !m.before(i, parent) {
			return
		}
		m.heap[i], m.heap[parent] = m.heap[parent], m.heap[i]
		i = parent
	}
}

func (m *merger) down() {
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(m.heap) {
			return
		}
		if child+1 < len(m.heap) && m.before(child+1, child) {
			child++
		}
		if !m.before(child, i) {
			return
		}
		m.heap[i], m.heap[child] = m.heap[child], m.heap[i]
		i = child
	}
}
