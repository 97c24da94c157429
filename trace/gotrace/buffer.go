package gotrace

// A buffer holds the events that are decoded at a time: so many that what is done once for all of them costs next to nothing, so few that
// they stay in the cache that is nearest to the core.
type buffer struct {
	events []Event
	texts  []string // of the log events
}

const bufferEvents = 64

func (b *buffer) full() bool { return len(b.events) == cap(b.events) }

// extend returns the place for one more event, which holds what it held before.
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

// reset empties the buffer, or makes room in one that is new.
func (b *buffer) reset() {
	if b.events == nil {
		b.events = make([]Event, 0, bufferEvents)
	}
	clear(b.texts) // they may be long
	b.events, b.texts = b.events[:0], b.texts[:0]
}

// clear sets what most events do not have. Field by field: a literal would be put together elsewhere and then copied, which takes
// longer than all the rest of unpacking.
func (ev *Event) clear() {
	ev.Value, ev.Task, ev.Parent = 0, 0, 0
	ev.SubjectStack, ev.Name = 0, 0
	ev.Reason, ev.Range, ev.Metric = NoReason, NoRange, NoMetric
}
