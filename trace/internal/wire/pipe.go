package wire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/corecurve/corecurve/trace/limits"
)

// stall is how long a process may take to go on with a message that it has begun. It sends each in one call of Write,
// so that only a machine without a free core for seconds comes near it.
const stall = 10 * time.Second

// A pipe is what readers of the output of a process read from. Where it has deadlines, a message that has begun must
// go on within stall.
type pipe struct {
	*bufio.Reader
	mu   sync.Mutex
	from interface{ SetReadDeadline(t time.Time) error } // nil: it has none
	last time.Time                                       // after which nothing is read; zero: none
}

func newPipe(r io.Reader) *pipe {
	p := &pipe{Reader: bufio.NewReaderSize(r, 1<<14)}
	p.from, _ = r.(interface{ SetReadDeadline(t time.Time) error })
	return p
}

// Until makes the reading end at t, however it goes on.
func (p *pipe) Until(t time.Time) {
	p.mu.Lock()
	p.last = t
	p.mu.Unlock()
	p.by(t)
}

// by makes the next reads fail after t; zero: they wait for ever. The error is of no interest: a pipe that is closed,
// or a file that knows no deadlines, is read as it is.
func (p *pipe) by(t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.from == nil {
		return
	}
	if !p.last.IsZero() && (t.IsZero() || t.After(p.last)) {
		t = p.last
	}
	_ = p.from.SetReadDeadline(t)
}

// begun waits for the first byte of a message. It returns io.EOF where there is none.
func (p *pipe) begun() (byte, error) {
	first, err := p.Peek(1)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = io.EOF // nothing was begun
	}
	if err != nil {
		return 0, err
	}
	return first[0], nil
}

// garbage returns an error that says what came in place of a message.
func (p *pipe) garbage() error {
	n := p.Buffered()
	head, _ := p.Peek(n) // what is buffered can be peeked at
	amount := fmt.Sprintf("%d bytes", n)
	if n == 1 {
		amount = "1 byte"
	} else if n == p.Size() {
		amount = fmt.Sprintf("more than %d bytes", n)
	}
	return fmt.Errorf("%s on the pipe of corecurve (fd %d) that are no message: %s",
		amount, OutputFD, limits.Quote(string(head)))
}

// half returns an error that says of what has come of a message that does not go on because of err.
func half(text []byte, length int, err error) error {
	why := "then its end was closed"
	if errors.Is(err, os.ErrDeadlineExceeded) {
		why = fmt.Sprintf("then nothing for %v", stall)
	}
	return fmt.Errorf("half a message on the pipe of corecurve (fd %d): %d bytes, %s: %s: %w",
		OutputFD, length, why, limits.Quote(string(text[:min(len(text), 4*limits.ShownChars)])), io.ErrUnexpectedEOF)
}
