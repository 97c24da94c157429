//go:build !linux

package proc

import (
	"os"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// Account fills in what this process can learn about itself: outside Linux only its id. The starter learns the rest
// when it waits for the process.
func Account(p *wire.Process) { p.PID = os.Getpid() }
