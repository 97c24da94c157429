//go:build !linux

package supervise

import (
	"fmt"
	"os"
	"runtime"
)

// Asked reports whether this process was started to supervise a command: never, outside Linux.
func Asked() bool { return false }

// Main prints that commands cannot be supervised here.
func Main() int {
	fmt.Fprintln(os.Stderr, "commands as workloads need Linux, this is "+runtime.GOOS)
	return 1
}

// Children returns nil, because there is no /proc.
func Children(int) []int { return nil }

// EndChildren does nothing: processes that a program leaves behind cannot be found here.
func EndChildren(...int) int { return 0 }

// Stopped reports nothing: there is no /proc.
func Stopped(int) bool { return false }
