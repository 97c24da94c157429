package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/shortage"
	"github.com/corecurve/corecurve/trace/limits"
)

// WriteMessage writes messages to w, each as one line, in a single call of Write: their reader is woken once.
func WriteMessage(w io.Writer, messages ...*Message) error {
	var lines []byte
	for _, m := range messages {
		line, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("message: %w", err)
		}
		lines = append(append(lines, line...), '\n')
	}
	if _, err := w.Write(lines); err != nil {
		return fmt.Errorf("message: %w", err)
	}
	return nil
}

// Failed returns the message that says why a run gave no result, no longer than a message may be.
func Failed(err error, rank int) *Message {
	text := err.Error()
	if n := len(text); n > limits.FailureBytes {
		text = strings.ToValidUTF8(text[:limits.FailureBytes], "")
		text = fmt.Sprintf("%s… (%d bytes more)", text, n-limits.FailureBytes)
	}
	return &Message{Failure: &Failure{Error: text, Rank: rank, Short: shortage.In(err)}}
}

// Err returns the failure as an error, a shortage marked as such.
func (f *Failure) Err() error {
	err := errors.New(f.Error)
	if f.Short != "" {
		return &shortage.Error{Kind: f.Short, Err: err}
	}
	return err
}

// EachSpans calls send with messages that hold all spans, as many in each as a message may.
func EachSpans(spans []Span, send func(*Message) error) error {
	for part := range slices.Chunk(spans, limits.MessageSpans) {
		if err := send(&Message{Spans: part}); err != nil {
			return err
		}
	}
	return nil
}

// A MessageReader reads the messages that a process sends, and checks their order. Its errors say what the process
// wrote, and go on from "it wrote".
type MessageReader struct {
	in      *pipe
	talk    Talk
	n       int
	arrived clock.Time
}

// Arrived returns when the last message had arrived: before it was decoded, which takes longer than sending it.
func (mr *MessageReader) Arrived() clock.Time { return mr.arrived }

// NewMessageReader returns a reader of the JSON lines of r.
func NewMessageReader(r io.Reader) *MessageReader { return &MessageReader{in: newPipe(r)} }

// Until makes the reading end at t, however it goes on.
func (mr *MessageReader) Until(t time.Time) { mr.in.Until(t) }

// Again makes mr expect the messages of the next run of the same process.
func (mr *MessageReader) Again() { mr.talk = Talk{} }

// Next returns the next message, [io.EOF] if the process has closed its end after a whole line, or an error that wraps
// [io.ErrUnexpectedEOF] if it ended inside one. What is no message is an error as soon as its first bytes come.
func (mr *MessageReader) Next() (Message, error) {
	line, err := mr.readLine()
	mr.arrived = clock.Now()
	if err != nil {
		return Message{}, err
	}
	mr.n++
	m, err := Decode(line)
	if err == nil {
		err = mr.talk.Hear(&m)
	}
	if err != nil {
		return Message{}, fmt.Errorf("message %d on the pipe of corecurve (fd %d), which is none of a run: %s: %s",
			mr.n, OutputFD, limits.Brief(err), limits.Quote(string(line)))
	}
	return m, nil
}

// readLine returns the next line, with its newline.
func (mr *MessageReader) readLine() ([]byte, error) {
	if _, err := mr.in.begun(); err != nil {
		return nil, err
	}
	have, _ := mr.in.Peek(mr.in.Buffered())
	if !begins(have) {
		return nil, mr.in.garbage()
	}
	whole := bytes.IndexByte(have, '\n') >= 0
	if !whole {
		defer mr.in.by(time.Time{})
	}
	var line []byte
	for {
		if !whole {
			mr.in.by(time.Now().Add(stall))
		}
		part, err := mr.in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > limits.MessageBytes:
			return nil, fmt.Errorf("a message on the pipe of corecurve (fd %d) that is too long: %w", OutputFD,
				limits.More("", "bytes", limits.MessageBytes))
		case err == nil:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, half(line, len(line), err)
		}
	}
}

// begins reports whether a message can begin with text, which may be shorter than its first word.
func begins(text []byte) bool {
	for _, name := range messageNames {
		word := `{"` + name + `":`
		if n := min(len(word), len(text)); strings.HasPrefix(word, string(text[:n])) {
			return true
		}
	}
	return false
}

// Decode returns the message that text, the payload of a [FrameMessage], is as JSON.
func Decode(text []byte) (m Message, err error) {
	if err := limits.JSON("", text, limits.MessageValues); err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, err
	}
	return m, m.check()
}
