package gotrace

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Traces of Go 1.21 and earlier have no generations: golang.org/x/exp/trace reads them as a whole, and takes about 100
// bytes of memory for each event. So they are looked through first: whether they are whole, how many events they have,
// and how many Ps, which that reader does not pass on.
const (
	maxOldBytes  = 128 << 20
	maxOldEvents = 10_000_000
)

// Events of the old format that have a form of their own or are looked for: see runtime/trace.go of Go 1.21.
const (
	oldBatch      = 1
	oldGomaxprocs = 4
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
}

// errInParts ends what is said of a trace that is damaged anywhere.
var errInParts = errors.New("traces of Go 1.21 and earlier cannot be read in part")

// readOld reads and looks through the trace that comes from r.
func readOld(r io.Reader) (*old, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxOldBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	if len(data) > maxOldBytes {
		return nil, fmt.Errorf("it has more than %d MiB, and %w", maxOldBytes>>20, errInParts)
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
		if o.events++; o.events > maxOldEvents {
			return nil, fmt.Errorf("it has more than %d million events, and %w", maxOldEvents/1_000_000, errInParts)
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
		c.value()
		c.skip(c.value())
	case kind == oldBatch:
		c.value()
		c.value()
	case values <= 3:
		for i := range values {
			if v := c.value(); kind == oldGomaxprocs && i == 1 && o.procs == 0 && v <= maxOldProcs {
				o.procs = int64(v)
			}
		}
	default:
		c.skip(c.value())
		if kind == oldUserLog {
			c.skip(c.value())
		}
	}
	return c.at, c.err
}

// maxOldProcs is the largest GOMAXPROCS that is believed.
const maxOldProcs = 1 << 16

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
