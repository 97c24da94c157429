package host

import (
	"errors"
	"fmt"
	"runtime"
)

// ErrUnsupported says that this operating system does not let a program be confined to some CPUs. It is an [errors.ErrUnsupported].
var ErrUnsupported = fmt.Errorf("confining a program to CPUs on %s: %w", runtime.GOOS, errors.ErrUnsupported)

// firstCPUs numbers the CPUs where the mask is not to be had.
func firstCPUs() []int {
	ids := make([]int, runtime.NumCPU())
	for i := range ids {
		ids[i] = i
	}
	return ids
}
