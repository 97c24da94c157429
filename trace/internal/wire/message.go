package wire

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/corecurve/corecurve/trace/clock"
)

// WriteMessage writes m to w as one line, in a single call of Write.
func WriteMessage(w io.Writer, m *Message) error {
	line, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("message: %w", err)
	}
	return nil
}

// check returns an error unless exactly one field of m is set.
func (m *Message) check() error {
	set := 0
	for _, is := range []bool{m.Serving != nil, m.Done != nil, m.Failure != nil, m.Spans != nil, m.End != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		return fmt.Errorf("message has %d fields set, want 1", set)
	}
	return nil
}

// A MessageReader reads the messages that a process sends.
type MessageReader struct {
	r       *bufio.Reader
	line    int
	arrived clock.Time
}

// Arrived returns when the last message had arrived: before it was decoded, which takes longer than sending it.
func (mr *MessageReader) Arrived() clock.Time { return mr.arrived }

// NewMessageReader returns a reader of the JSON lines of r.
func NewMessageReader(r io.Reader) *MessageReader {
	return &MessageReader{r: bufio.NewReader(r)}
}

// Next returns the next message, [io.EOF] if the process has closed its end after a whole line, or
// [io.ErrUnexpectedEOF] if it ended inside one. Lines may have any length.
func (mr *MessageReader) Next() (Message, error) {
	line, err := mr.r.ReadBytes('\n')
	mr.arrived = clock.Now()
	switch {
	case errors.Is(err, io.EOF) && len(line) > 0:
		return Message{}, fmt.Errorf("message %d: %w", mr.line+1, io.ErrUnexpectedEOF)
	case err != nil:
		return Message{}, err
	}
	mr.line++
	var m Message
	if err := json.Unmarshal(line, &m); err != nil {
		return Message{}, fmt.Errorf("message %d: %w", mr.line, err)
	}
	if err := m.check(); err != nil {
		return Message{}, fmt.Errorf("message %d: %w", mr.line, err)
	}
	return m, nil
}
