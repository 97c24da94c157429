package capture

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/internal/shortage"
)

// limitOf names the limit that the shell sets on what may be short, and says what it is now.
func limitOf(kind shortage.Kind) string {
	resource, flag := unix.RLIMIT_NOFILE, "-n"
	switch kind {
	case shortage.Processes:
		resource, flag = unix.RLIMIT_NPROC, "-u"
	case shortage.Disk:
		resource, flag = unix.RLIMIT_FSIZE, "-f"
	}
	var now unix.Rlimit
	if err := unix.Getrlimit(resource, &now); err != nil {
		return "ulimit " + flag
	}
	if now.Cur == unix.RLIM_INFINITY {
		return "ulimit " + flag + " (now unlimited)"
	}
	unit := ""
	if kind == shortage.Disk {
		unit = " bytes"
	}
	return fmt.Sprintf("ulimit %s (now %d%s)", flag, now.Cur, unit)
}
