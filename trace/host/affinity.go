package host

import (
	"errors"
	"fmt"
	"runtime"
)

// errUnsupported says that this operating system cannot confine a program to some CPUs. It wraps
// [errors.ErrUnsupported].
var errUnsupported = fmt.Errorf("confining a program to CPUs on %s: %w", runtime.GOOS, errors.ErrUnsupported)

// firstCPUs numbers the CPUs from 0, for when the affinity mask cannot be read.
func firstCPUs() []int {
	ids := make([]int, runtime.NumCPU())
	for i := range ids {
		ids[i] = i
	}
	return ids
}
