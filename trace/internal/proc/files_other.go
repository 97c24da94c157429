//go:build !unix

package proc

import (
	"errors"
	"os"
	"runtime"
)

var errUnsupported = errors.New("processes of a run need inherited pipes, which " + runtime.GOOS + " does not have")

func supported() error { return errUnsupported }

func inherit(int, string) (*os.File, error) { return nil, errUnsupported }
