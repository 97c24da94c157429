package gotrace

import (
	"encoding/binary"
	"fmt"
)

// A resolver renumbers the stacks and strings of events from the generation's numbers to those of the whole trace. The
// consumer does this, not the decoders, so that numbers follow the order of the events, however many readers there are,
// and nothing is interned twice.
type resolver struct {
	symbols *Symbols
	tables  *generation
	stacks  []StackID  // by number in the generation; 0: not resolved yet
	strings []StringID // by number in the generation; 0: not resolved yet

	calls  map[string]StackID // the stacks of all generations, by their program counters
	key    []byte
	frames []Frame
}

// begin moves on to another generation.
func (r *resolver) begin(g *generation) {
	r.tables = g
	r.stacks = append(r.stacks[:0], make([]StackID, len(g.stacks))...)
	r.strings = append(r.strings[:0], make([]StringID, len(g.strings))...)
}

// all resolves the events of a buffer. It drops the first that cannot be resolved and those after it.
func (r *resolver) all(b *buffer) error {
	for i := range b.events {
		if err := r.resolve(&b.events[i]); err != nil {
			b.events = b.events[:i]
			return err
		}
	}
	return nil
}

// resolve renumbers what the event refers to. Decoding has checked that it exists.
func (r *resolver) resolve(ev *Event) (err error) {
	if ev.Name != 0 && ev.Range != StopTheWorld {
		if err = r.name(ev); err != nil {
			return err
		}
	}
	raw := ev.Stack
	if raw != 0 {
		if ev.Stack = r.stacks[raw]; ev.Stack == 0 {
			if ev.Stack, err = r.stack(raw); err != nil {
				return err
			}
		}
	}
	switch own := ev.SubjectStack; own {
	case 0:
	case raw:
		ev.SubjectStack = ev.Stack
	default:
		if ev.SubjectStack = r.stacks[own]; ev.SubjectStack == 0 {
			if ev.SubjectStack, err = r.stack(own); err != nil {
				return err
			}
		}
	}
	if ev.Name != 0 && ev.Range == StopTheWorld { // its stack comes first in the trace
		err = r.name(ev)
	}
	return err
}

func (r *resolver) name(ev *Event) error {
	if ev.Kind == Experimental { // Name holds the type of the event
		ev.Name = r.symbols.Intern(experimentalName(uint8(ev.Name)))
		return nil
	}
	raw := ev.Name
	if ev.Name = r.strings[raw]; ev.Name == 0 {
		text, err := r.tables.text(uint64(raw))
		if err != nil {
			return err
		}
		ev.Name = r.symbols.Intern(text)
		r.strings[raw] = ev.Name
	}
	return nil
}

// stack resolves a stack that the generation has not asked for before. Its program counters tell whether another
// generation has, since they stand for the same calls throughout a process.
func (r *resolver) stack(raw StackID) (StackID, error) {
	w := r.tables.stacks[raw]
	r.key = r.key[:0]
	s := scan{data: r.tables.tables, at: int(w.at)}
	for range w.n {
		r.key = binary.AppendUvarint(r.key, s.number())
		_, _, _ = s.number(), s.number(), s.number()
	}
	id, ok := r.calls[string(r.key)]
	if !ok {
		var err error
		if id, err = r.intern(w); err != nil {
			return 0, err
		}
		if r.calls == nil {
			r.calls = make(map[string]StackID)
		}
		r.calls[string(r.key)] = id
	}
	r.stacks[raw] = id
	return id, nil
}

func (r *resolver) intern(w wireFrames) (StackID, error) {
	r.frames = r.frames[:0]
	s := scan{data: r.tables.tables, at: int(w.at)}
	for range w.n {
		s.number() // program counter
		f, err := r.tables.text(s.number())
		if err != nil {
			return 0, err
		}
		file, err := r.tables.text(s.number())
		if err != nil {
			return 0, err
		}
		r.frames = append(r.frames, Frame{Func: f, File: file, Line: int(min(s.number(), 1<<31-1))})
	}
	return r.symbols.InternStack(r.frames), nil
}

// text returns a string of the generation.
func (g *generation) text(id uint64) (string, error) {
	if id == 0 {
		return "", nil
	}
	if id >= uint64(len(g.strings)) || g.strings[id].at == 0 {
		if g.fault != nil {
			return "", nil
		}
		return "", fmt.Errorf("string %d is missing", id)
	}
	w := &g.strings[id]
	return string(g.tables[w.at : w.at+w.size]), nil
}

// name checks that a string of the generation exists and returns its number for an event.
func (g *generation) name(id uint64) (StringID, error) {
	if id != 0 && (id >= uint64(len(g.strings)) || g.strings[id].at == 0) {
		if g.fault != nil {
			return 0, nil
		}
		return 0, fmt.Errorf("string %d is missing", id)
	}
	return StringID(id), nil
}

// stack checks that a stack of the generation exists and returns its number for an event.
func (g *generation) stack(id uint64) (StackID, error) {
	if id != 0 && (id >= uint64(len(g.stacks)) || g.stacks[id].at == 0) {
		if g.fault != nil {
			return 0, nil
		}
		return 0, fmt.Errorf("stack %d is missing", id)
	}
	return StackID(id), nil
}

// reason sets why a goroutine stops running.
func (g *generation) reason(ev *Event, id uint64) (err error) {
	if id >= uint64(len(g.strings)) || g.strings[id].reason == 0 {
		text, err := g.text(id)
		if err != nil || text == "" {
			if id != 0 { // its text is lost
				ev.Reason = Unspecified
			}
			return err
		}
		g.strings[id].reason = parseReason(text)
	}
	if ev.Reason = g.strings[id].reason; ev.Reason == ReasonOther {
		ev.Name, err = g.name(id)
	}
	return err
}

// experimentalName returns the name of an event of one of the experimental types.
func experimentalName(typ uint8) string {
	return [...]string{
		"Span", "SpanAlloc", "SpanFree", "HeapObject", "HeapObjectAlloc", "HeapObjectFree",
		"GoroutineStack", "GoroutineStackAlloc",
		"GoroutineStackFree",
	}[typ-wireSpan]
}
