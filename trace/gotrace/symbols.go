package gotrace

import (
	"encoding/binary"
	"sync"
)

// A StringID is the number of a string in a Symbols. 0 is the empty string.
type StringID uint32

// A StackID is the number of a stack in a Symbols. 0 is no stack.
type StackID uint32

// A Frame is one call of a stack.
type Frame struct {
	Func string
	File string
	Line int
}

// Symbols holds every stack and string of a trace once. Its zero value is empty and ready.
//
// Two stacks are the same if their functions, files and lines are the same. Program counters, which tell several calls
// on one line apart, are not kept, because nothing that a person reads shows them. Memory grows with the distinct
// stacks and strings, not with the events.
//
// One goroutine may add while any number of others look up.
type Symbols struct {
	mu        sync.RWMutex // held to add, and by those who look up
	strings   []string
	stringIDs map[string]StringID
	stacks    [][]Frame
	stackIDs  map[string]StackID
	key       []byte              // of the stack being looked up
	file      func(string) string // renames files of frames; nil: they stay
	recent    [64]knownString
}

type knownString struct {
	text string
	id   StringID
}

// Text returns the string with the number id, or "" if there is none.
func (s *Symbols) Text(id StringID) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if id == 0 || int(id) > len(s.strings) {
		return ""
	}
	return s.strings[id-1]
}

// Stack returns the frames of the stack with the number id, innermost first. The caller must not change them.
func (s *Symbols) Stack(id StackID) []Frame {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if id == 0 || int(id) > len(s.stacks) {
		return nil
	}
	return s.stacks[id-1]
}

// Intern returns the number of text, which it adds if it is new.
func (s *Symbols) Intern(text string) StringID {
	if text == "" {
		return 0
	}
	// Most names are looked up over and over; comparing a string with itself costs next to nothing.
	recent := &s.recent[(len(text)+7*int(text[len(text)-1]))%len(s.recent)]
	if recent.text == text {
		return recent.id
	}
	if id, ok := s.stringIDs[text]; ok {
		*recent = knownString{text, id}
		return id
	}
	if s.stringIDs == nil {
		s.stringIDs = make(map[string]StringID)
	}
	s.mu.Lock()
	s.strings = append(s.strings, text)
	id := StringID(len(s.strings))
	s.mu.Unlock()
	s.stringIDs[text] = id
	return id
}

// InternStack returns the number of the stack of frames, which it copies if it is new.
func (s *Symbols) InternStack(frames []Frame) StackID {
	calls := make([]call, len(frames))
	for i, f := range frames {
		calls[i] = call{s.Intern(f.Func), s.internFile(f.File), f.Line}
	}
	return s.internCalls(calls)
}

// A call is a Frame with the numbers of its strings.
type call struct {
	fn, file StringID
	line     int
}

// internCalls returns the number of the stack of calls.
func (s *Symbols) internCalls(calls []call) StackID {
	if len(calls) == 0 {
		return 0
	}
	s.key = s.key[:0]
	for _, c := range calls {
		s.key = binary.AppendUvarint(s.key, uint64(c.fn))
		s.key = binary.AppendUvarint(s.key, uint64(c.file))
		s.key = binary.AppendVarint(s.key, int64(c.line))
	}
	if id, ok := s.stackIDs[string(s.key)]; ok {
		return id
	}
	if s.stackIDs == nil {
		s.stackIDs = make(map[string]StackID)
	}
	frames := make([]Frame, len(calls))
	for i, c := range calls {
		frames[i] = Frame{Func: s.Text(c.fn), File: s.Text(c.file), Line: c.line}
	}
	s.mu.Lock()
	s.stacks = append(s.stacks, frames)
	id := StackID(len(s.stacks))
	s.mu.Unlock()
	s.stackIDs[string(s.key)] = id
	return id
}

// internFile returns the number of the name under which a file of a frame is kept.
func (s *Symbols) internFile(name string) StringID {
	if s.file != nil {
		name = s.file(name)
	}
	return s.Intern(name)
}
