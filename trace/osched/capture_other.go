//go:build !linux

package osched

import (
	"errors"
	"fmt"
	"io"
	"runtime"
)

// errUnsupported says that only Linux reports what its scheduler does.
var errUnsupported = fmt.Errorf("scheduler records on %s: %w", runtime.GOOS, errors.ErrUnsupported)

// A Recording has only a header here.
type Recording struct {
	Header Header

	writer *writer
}

// Start writes a file of level [Totals].
func Start(cpus []int, w io.Writer, _ Options) (*Recording, error) {
	h := Header{Level: Totals, CPUs: cpus, Notes: []string{errUnsupported.Error()}}
	writer, err := newWriter(w, h)
	if err != nil {
		return nil, err
	}
	return &Recording{Header: h, writer: writer}, nil
}

// Follow does nothing.
func (*Recording) Follow(int) {}

// stop ends the file.
func (r *Recording) Stop() (Summary, error) {
	err := r.writer.write(&Record{Kind: End, CPU: NoCPU})
	return Summary{Notes: r.Header.Notes}, errors.Join(err, r.writer.close())
}

// Probe returns [Totals] and why.
func Probe() (Level, error) { return Totals, errUnsupported }
