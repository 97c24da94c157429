//go:build !linux

package osched

import (
	"errors"
	"fmt"
	"io"
	"runtime"
)

// errUnsupported says that only Linux tells what its scheduler does.
var errUnsupported = fmt.Errorf("scheduler records on %s: %w", runtime.GOOS, errors.ErrUnsupported)

// A Capture cannot be made here.
type Capture struct{}

// Open returns an [errors.ErrUnsupported].
func Open([]int, Options, func(*Record) error) (*Capture, error) { return nil, errUnsupported }

// Pages is 0.
func (*Capture) Pages() int { return 0 }

// Add does nothing.
func (*Capture) Add(*Record) {}

// Stop returns an [errors.ErrUnsupported].
func (*Capture) Stop() (Summary, error) { return Summary{}, errUnsupported }

// A Recording has nothing but its header here.
type Recording struct {
	Header Header

	writer *Writer
}

// Start writes a file of level [Totals].
func Start(cpus []int, w io.Writer, _ Options) (*Recording, error) {
	h := Header{Level: Totals, CPUs: cpus, Notes: []string{errUnsupported.Error()}}
	writer, err := NewWriter(w, h)
	if err != nil {
		return nil, err
	}
	return &Recording{Header: h, writer: writer}, nil
}

// Follow does nothing.
func (*Recording) Follow(int) {}

// Stop ends the file.
func (r *Recording) Stop() (Summary, error) {
	err := r.writer.Write(&Record{Kind: End, CPU: NoCPU})
	return Summary{Notes: r.Header.Notes}, errors.Join(err, r.writer.Close())
}

// Probe returns [Totals] and why.
func Probe() (Level, error) { return Totals, errUnsupported }
