//go:build !linux

package proc

import (
	"errors"
	"os"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// Outside Linux no process is handed a second run: those that are, supervise commands.

func (l *Link) socket() (*os.File, error) { return nil, errors.ErrUnsupported }

// Hand does nothing.
func (l *Link) Hand(wire.Spec, *os.File, *os.File) error { return errors.ErrUnsupported }
