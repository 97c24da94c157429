package gotrace

import (
	"encoding/binary"
	"fmt"
	"math"
)

// A resolver renumbers the stacks and strings of events from the generation's numbers to those of the whole trace. The
// consumer does this, not the decoders, so that numbers follow the order of the events, however many readers there are,
// and nothing is interned twice.
type resolver struct {
	symbols *Symbols
	tables  *generation
	stacks  []StackID  // by number in the generation
	strings []StringID // by number in the generation; 0: not resolved yet
	files   []StringID // likewise, of strings that are names of files

	known map[string]StackID // the stacks of all generations, by their program counters
	key   []byte
	raw   []wireFrame
	calls []call
}

// unresolved stands in resolver.stacks for a stack that no event has had yet.
const unresolved = math.MaxUint32

// begin moves on to another generation.
func (r *resolver) begin(g *generation) {
	r.tables = g
	r.stacks = append(r.stacks[:0], make([]StackID, len(g.stacks))...)
	for i := range r.stacks[1:] {
		r.stacks[i+1] = unresolved
	}
	r.strings = append(r.strings[:0], make([]StringID, len(g.strings))...)
	r.files = append(r.files[:0], make([]StringID, len(g.strings))...)
}

// resolve renumbers what the event refers to. Decoding has checked that it exists.
func (r *resolver) resolve(ev *Event) (err error) {
	if ev.Name != 0 && ev.Range != StopTheWorld {
		if err = r.name(ev); err != nil {
			return err
		}
	}
	if ev.Stack, err = r.stack(ev.Stack); err != nil {
		return err
	}
	if ev.SubjectStack, err = r.stack(ev.SubjectStack); err != nil {
		return err
	}
	if ev.Name != 0 && ev.Range == StopTheWorld { // its stack comes first in the trace
		err = r.name(ev)
	}
	return err
}

func (r *resolver) name(ev *Event) (err error) {
	if ev.Kind == Experimental { // Name holds the type of the event
		ev.Name = r.symbols.Intern(experimentalName(uint8(ev.Name)))
		return nil
	}
	if _, err = r.tables.name(uint64(ev.Name)); err == nil {
		ev.Name = r.intern(r.strings, uint64(ev.Name), r.symbols.Intern)
	}
	return err
}

// intern returns the number of a string of the generation, which it looks up in known, and adds there by add. A string
// that is lost counts as empty.
func (r *resolver) intern(known []StringID, raw uint64, add func(string) StringID) StringID {
	if raw >= uint64(len(known)) {
		return 0
	}
	if known[raw] == 0 {
		if text, err := r.tables.text(raw); err == nil {
			known[raw] = add(text)
		}
	}
	return known[raw]
}

// stack resolves a stack. One that the generation has not asked for before may be known from another: program counters
// stand for the same calls throughout a process.
func (r *resolver) stack(raw StackID) (StackID, error) {
	if id := r.stacks[raw]; id != unresolved {
		return id, nil
	}
	w := r.tables.stacks[raw]
	r.key, r.raw = r.key[:0], r.raw[:0]
	s := scan{data: r.tables.tables, at: int(w.at)}
	for range w.n {
		r.key = binary.AppendUvarint(r.key, s.number())
		r.raw = append(r.raw, wireFrame{s.number(), s.number(), s.number()})
	}
	id, ok := r.known[string(r.key)]
	if !ok {
		if err := r.resolveCalls(); err != nil {
			return 0, err
		}
		id = r.symbols.internCalls(r.calls)
		if r.known == nil {
			r.known = make(map[string]StackID)
		}
		r.known[string(r.key)] = id
	}
	r.stacks[raw] = id
	return id, nil
}

// A wireFrame is a frame in the tables: the numbers of its function and file, and its line.
type wireFrame struct{ fn, file, line uint64 }

// resolveCalls makes r.calls of r.raw.
func (r *resolver) resolveCalls() error {
	for _, f := range r.raw {
		for _, raw := range [...]uint64{f.fn, f.file} {
			if _, err := r.tables.name(raw); err != nil {
				return err
			}
		}
	}
	r.calls = r.calls[:0]
	for _, f := range r.raw {
		fn := r.intern(r.strings, f.fn, r.symbols.Intern)
		file := r.intern(r.files, f.file, r.symbols.internFile)
		r.calls = append(r.calls, call{fn, file, int(min(f.line, 1<<31-1))})
	}
	return nil
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
	if id < uint64(len(g.stacks)) && g.stacks[id].at != 0 {
		return StackID(id), nil
	}
	return 0, g.noStack(id)
}

// noStack returns what is wrong with an event that has a stack which does not exist: nothing if it has none, or if the
// stack may be lost.
func (g *generation) noStack(id uint64) error {
	if id == 0 || g.fault != nil {
		return nil
	}
	return fmt.Errorf("stack %d is missing", id)
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
