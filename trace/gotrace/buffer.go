package gotrace

// A buffer holds the events that are decoded at a time: enough that work done once per buffer costs next to nothing,
// and few enough to stay in the cache nearest to the core.
type buffer struct {
	n       int // events
	all     [bufferEvents]Event
	threads [bufferEvents]uint16 // that the events come from, by their index in the generation; set by decoders
	texts   []string             // of the log events
}

const (
	bufferEvents = 64
	noThread     = 0 // no thread has that index
)

func (b *buffer) events() []Event { return b.all[:b.n] }

func (b *buffer) full() bool { return b.n == bufferEvents }

// extend returns the place of one more event, which is zero.
func (b *buffer) extend() *Event {
	ev := &b.all[b.n]
	b.n++
	return ev
}

// add appends an event, with its text if it is a log event.
func (b *buffer) add(ev *Event, text string) {
	*b.extend() = *ev
	if ev.Kind == Log {
		b.texts = append(b.texts, text)
	}
}

// reset empties the buffer. It clears all events at once, because clearing them one by one takes longer than the rest
// of unpacking them.
func (b *buffer) reset() {
	clear(b.all[:])
	clear(b.texts) // they may be long
	b.n, b.texts = 0, b.texts[:0]
}
