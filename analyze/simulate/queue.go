package simulate

// An event is something that happens at a time.
type event struct {
	at   int64
	seq  int64 // those of one time happen in the order in which they were made
	id   int32 // of a P; of a timer, the goroutine
	kind eventKind
}

type eventKind uint8

const (
	ranOn  eventKind = iota // a P has done what it was doing
	woke                    // an idle P is awake
	stole                   // a P has waited to take what is next on another
	passed                  // what a goroutine waited for outside has passed
)

func (e *event) before(f *event) bool { return e.at < f.at || e.at == f.at && e.seq < f.seq }

// A heap holds events, the next one first. Every node has four children. What is taken off the top leaves a gap there,
// which the next event fills: one event most often makes one.
type heap struct {
	all []event
	seq int64
	gap bool
}

func (h *heap) empty() bool { return len(h.all) == 0 || h.gap && len(h.all) == 1 }

func (h *heap) push(e event) {
	h.seq++
	e.seq = h.seq
	if h.gap {
		h.gap = false
		h.sink(e)
		return
	}
	h.all = append(h.all, e)
	i := len(h.all) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.before(&h.all[up]) {
			break
		}
		h.all[i] = h.all[up]
		i = up
	}
	h.all[i] = e
}

// pop takes the next event of a heap that is not empty.
func (h *heap) pop() event {
	if h.gap {
		n := len(h.all) - 1
		e := h.all[n]
		h.all = h.all[:n]
		h.sink(e)
	}
	h.gap = true
	return h.all[0]
}

// sink puts e on the top, and then where it belongs.
func (h *heap) sink(e event) {
	n := len(h.all)
	i := 0
	for {
		least := i
		of := &e
		for c := 4*i + 1; c < min(4*i+5, n); c++ {
			if h.all[c].before(of) {
				least, of = c, &h.all[c]
			}
		}
		if least == i {
			break
		}
		h.all[i] = h.all[least]
		i = least
	}
	h.all[i] = e
}

// A queue is goroutines in order, linked by goroutine.next: a goroutine is in one queue at most.
type queue struct {
	first, last int32 // none if n is 0
	n           int32
}

func (m *machine) push(q *queue, g int32) {
	m.gs[g].next = none
	if q.n == 0 {
		q.first = g
	} else {
		m.gs[q.last].next = g
	}
	q.last = g
	q.n++
}

func (m *machine) pushFront(q *queue, g int32) {
	m.gs[g].next = q.first
	if q.n == 0 {
		m.gs[g].next = none
		q.last = g
	}
	q.first = g
	q.n++
}

func (m *machine) pop(q *queue) int32 {
	g := q.first
	q.first = m.gs[g].next
	q.n--
	return g
}

// remove takes g out of q, if it is in it.
func (m *machine) remove(q *queue, g int32) {
	before := int32(none)
	at := q.first
	for range q.n {
		if at == g {
			if before == none {
				q.first = m.gs[g].next
			} else {
				m.gs[before].next = m.gs[g].next
			}
			if q.last == g {
				q.last = before
			}
			q.n--
			return
		}
		before, at = at, m.gs[at].next
	}
}
