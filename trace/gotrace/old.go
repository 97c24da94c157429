package gotrace

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/corecurve/corecurve/trace/limits"
)

// Events of the old format that have a form of their own or are looked for: see runtime/trace.go of Go 1.21.
const (
	oldBatch      = 1
	oldStack      = 3
	oldGomaxprocs = 4
	oldGoCreate   = 13
	oldGoWaiting  = 31
	oldInSyscall  = 32
	oldString     = 37
	oldUserLog    = 48
	oldCount      = 50 // no event has this number or a larger one
)

// An old is what a look through a trace of Go 1.21 or earlier finds.
type old struct {
	data   []byte // the first trace in it, with its header
	more   int    // bytes behind it, from where another trace begins
	events int
	procs  int64 // GOMAXPROCS when the trace was started; 0: it does not say
	starts oldStarts
}

// errInParts ends what is said of a trace that is damaged anywhere.
var errInParts = errors.New("traces of Go 1.21 and earlier cannot be read in part")

// readOld reads and looks through the trace that comes from r, one of so many. Traces of Go 1.21 and earlier have no
// generations: golang.org/x/exp/trace reads them as a whole, and takes about 130 bytes of memory for each event. So
// they are looked through first: whether they are whole, how many events they have, and how many Ps, which that reader
// does not pass on.
func readOld(r io.Reader, together int) (*old, error) {
	data, err := limits.ReadAll("", r, int64(limits.OldTraceBytes/together))
	if _, long := errors.AsType[*limits.Error](err); long {
		return nil, fmt.Errorf("it has %w, and %w", err, errInParts)
	}
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	o := &old{data: data}
	for at := headerSize; at < len(data); {
		if isHeader(data[at:]) {
			o.data, o.more = data[:at], len(data)-at
			break
		}
		n, err := o.event(data[at:])
		if err != nil {
			return nil, fmt.Errorf("%w at byte %d; %w", err, at, errInParts)
		}
		if o.events++; o.events > limits.OldTraceEvents/together {
			return nil, fmt.Errorf("it has %w, and %w",
				limits.More("", "events", int64(limits.OldTraceEvents/together)), errInParts)
		}
		at += n
	}
	return o, nil
}

// isHeader reports whether a trace begins at data.
func isHeader(data []byte) bool {
	if !bytes.HasPrefix(data, []byte("go 1.")) {
		return false
	}
	_, err := parseHeader(data[:min(headerSize, len(data))])
	return err == nil
}

var (
	errOldCut    = errors.New("cut off")
	errOldBroken = errors.New("damaged")
)

// event returns the length of the event that data begins with.
func (o *old) event(data []byte) (n int, err error) {
	kind, values := data[0]&0x3f, int(data[0]>>6)+1
	if kind == 0 || kind >= oldCount {
		return 0, errOldBroken
	}
	c := &walker{data: data, at: 1}
	switch {
	case kind == oldString:
		id, length := c.value(), c.value()
		from := c.at
		if c.skip(length); c.err == nil {
			o.starts.text(id, data[from:c.at])
		}
	case kind == oldBatch:
		c.value()
		c.value()
	case values <= 3:
		for i := range values {
			if v := c.value(); i == 1 && c.err == nil {
				o.about(kind, v)
			}
		}
	default:
		length := c.value()
		from := c.at
		if c.skip(length); c.err != nil {
			break
		}
		switch kind {
		case oldGoCreate:
			o.starts.create(data[from:c.at])
		case oldStack:
			o.starts.stack(data[from:c.at])
		case oldUserLog:
			c.skip(c.value())
		}
	}
	return c.at, c.err
}

// about takes what an event of few values is about: the first of them after its time.
func (o *old) about(kind byte, v uint64) {
	switch {
	case kind == oldGoWaiting, kind == oldInSyscall:
		o.starts.exists(v)
	case kind == oldGomaxprocs && o.procs == 0 && v <= limits.Ps:
		o.procs = int64(v)
	}
}

// A walker reads numbers from data.
type walker struct {
	data []byte
	at   int
	err  error
}

func (c *walker) value() uint64 {
	if c.err != nil {
		return 0
	}
	v, n := binary.Uvarint(c.data[c.at:])
	switch {
	case n == 0:
		c.err = errOldCut
		return 0
	case n < 0:
		c.err = errOldBroken
		return 0
	}
	c.at += n
	return v
}

func (c *walker) skip(n uint64) {
	switch left := uint64(len(c.data) - c.at); {
	case c.err != nil:
	case n > left:
		c.err = errOldCut
	default:
		c.at += int(n)
	}
}
