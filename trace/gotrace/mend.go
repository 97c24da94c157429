package gotrace

import (
	"maps"
	"math"
	"slices"
)

// A mender makes up for what traces of Go 1.21 and earlier lose as golang.org/x/exp/trace turns them into later ones:
// it drops where the goroutines start that waited, or were in a system call, when the recording began.
type mender struct {
	starts map[int64]StackID // of those goroutines
}

// mend corrects ev, and reports false if it is no event: Go up to 1.21 records that who stops the recording gives way,
// and lets it run on.
func (m *mender) mend(ev *Event, symbols *Symbols) bool {
	switch {
	case ev.Kind != GoTransition:
	case ev.From == Undetermined && ev.SubjectStack == 0:
		ev.SubjectStack = m.starts[ev.Subject]
	case ev.From == Running && ev.To == Runnable:
		return !stopsTrace(symbols.Stack(ev.Stack))
	}
	return true
}

func stopsTrace(stack []Frame) bool {
	return slices.ContainsFunc(stack, func(f Frame) bool { return f.Func == "runtime.StopTrace" })
}

// An oldStarts collects where the goroutines start that waited when the recording began: each of them is created there
// anew, and the next event says what it does.
type oldStarts struct {
	created struct{ g, stack uint64 } // by the last such event
	stackOf map[uint64]uint64         // by goroutine
	stacks  map[uint64][]byte         // what is said of the stacks in stackOf; nil: nothing yet
	strings map[uint64][]byte
}

// exists takes goroutine g for one that waits when the recording begins.
func (s *oldStarts) exists(g uint64) {
	if g != s.created.g || s.created.stack == 0 {
		return
	}
	if s.stackOf == nil {
		s.stackOf, s.stacks = make(map[uint64]uint64), make(map[uint64][]byte)
	}
	s.stackOf[g] = s.created.stack
	s.stacks[s.created.stack] = nil
}

// create notes an event that creates a goroutine: time, goroutine, its stack, that of its creator.
func (s *oldStarts) create(event []byte) {
	c := &walker{data: event}
	c.value()
	s.created.g, s.created.stack = c.value(), c.value()
}

// stack notes an event that tells a stack, if it is asked for. Stacks come last in a trace.
func (s *oldStarts) stack(event []byte) {
	c := &walker{data: event}
	id := c.value()
	if _, ok := s.stacks[id]; ok {
		s.stacks[id] = event[c.at:]
	}
}

func (s *oldStarts) text(id uint64, text []byte) {
	if s.strings == nil {
		s.strings = make(map[uint64][]byte)
	}
	s.strings[id] = text
}

// add adds the stacks to symbols and returns which each goroutine has. A thread that C made, and that waits for a call
// into Go, counts as a goroutine there that starts in no function: it gets none.
func (s *oldStarts) add(symbols *Symbols) map[int64]StackID {
	ids := make(map[uint64]StackID, len(s.stacks))
	for _, id := range slices.Sorted(maps.Keys(s.stacks)) { // so that a trace always gives the same numbers
		frames := s.frames(s.stacks[id])
		if len(frames) > 0 && frames[len(frames)-1].Func != "" {
			ids[id] = symbols.InternStack(frames)
		}
	}
	out := make(map[int64]StackID, len(s.stackOf))
	for g, stack := range s.stackOf {
		if id := ids[stack]; id != 0 && g <= math.MaxInt64 {
			out[int64(g)] = id
		}
	}
	return out
}

// frames reads a stack: how many frames, and of each its counter, function, file and line.
func (s *oldStarts) frames(event []byte) []Frame {
	c := &walker{data: event}
	var out []Frame
	for range min(c.value(), uint64(len(event))) {
		c.value()
		fn, file, line := c.value(), c.value(), c.value()
		if c.err != nil {
			return nil
		}
		out = append(out, Frame{
			Func: string(s.strings[fn]), File: string(s.strings[file]), Line: int(min(line, math.MaxInt32)),
		})
	}
	return out
}
