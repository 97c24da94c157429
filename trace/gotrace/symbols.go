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
	if len(frames) == 0 {
		return 0
	}
	s.key = s.key[:0]
	for _, f := range frames {
		s.key = binary.AppendUvarint(s.key, uint64(s.Intern(f.Func)))
		s.key = binary.AppendUvarint(s.key, uint64(s.Intern(s.fileOf(f))))
		s.key = binary.AppendVarint(s.key, int64(f.Line))
	}
	if id, ok := s.stackIDs[string(s.key)]; ok {
		return id
	}
	if s.stackIDs == nil {
		s.stackIDs = make(map[string]StackID)
	}
	own := make([]Frame, len(frames))
	for i, f := range frames { // with our strings, so that those of the generation can be freed
		own[i] = Frame{Func: s.Text(s.Intern(f.Func)), File: s.Text(s.Intern(s.fileOf(f))), Line: f.Line}
	}
	s.mu.Lock()
	s.stacks = append(s.stacks, own)
	id := StackID(len(s.stacks))
	s.mu.Unlock()
	s.stackIDs[string(s.key)] = id
	return id
}

// fileOf returns the name under which the file of f is kept.
func (s *Symbols) fileOf(f Frame) string {
	if s.file == nil {
		return f.File
	}
	return s.file(f.File)
}
