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

// A heap holds events, the next one first. Every node has four children.
type heap struct {
	all []event
	seq int64
}

func (h *heap) push(e event) {
	h.seq++
	e.seq = h.seq
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

func (h *heap) pop() event {
	top := h.all[0]
	n := len(h.all) - 1
	e := h.all[n]
	h.all = h.all[:n]
	if n == 0 {
		return top
	}
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
	return top
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
