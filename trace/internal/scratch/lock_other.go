//go:build !unix

package scratch

import (
	"errors"
	"os"
)

// errHeld says that another process has the lock.
var errHeld = errors.New("held")

// take fails: there are no locks here.
func take(string) (*os.File, error) { return nil, errors.ErrUnsupported }
