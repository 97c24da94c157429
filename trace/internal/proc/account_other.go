//go:build !linux

package proc

import (
	"os"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// Account fills in what the kernel knows of this process so far: outside Linux its number alone, and the starter's wait for it tells
// the rest.
func Account(p *wire.Process) { p.PID = os.Getpid() }
