package gotrace

// A buffer holds the events that are decoded at a time: so many that what is done once for all of them costs next to nothing, so few that
// they stay in the cache that is nearest to the core.
type buffer struct {
	events  []Event
	threads [bufferEvents]uint16 // that they come from, by their index in the generation; set by decoders
	texts   []string             // of the log events
}

const (
	bufferEvents = 64
	noThread     = 0 // no thread has that index
)

func (b *buffer) full() bool { return len(b.events) == cap(b.events) }

// extend returns the place for one more event, which is empty.
func (b *buffer) extend() *Event {
	n := len(b.events)
	b.events = b.events[:n+1]
	return &b.events[n]
}

// add appends an event, with its text if it is a log event.
func (b *buffer) add(ev *Event, text string) {
	*b.extend() = *ev
	if ev.Kind == Log {
		b.texts = append(b.texts, text)
	}
}

// reset empties the buffer, or makes room in one that is new. That clears all events at once: doing so one by one takes longer than all the rest of
// unpacking them.
func (b *buffer) reset() {
	if b.events == nil {
		b.events = make([]Event, 0, bufferEvents)
	}
	clear(b.events[:cap(b.events)])
	clear(b.texts) // they may be long
	b.events, b.texts = b.events[:0], b.texts[:0]
}
