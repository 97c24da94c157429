//go:build !linux

package host

// Confine returns an [errors.ErrUnsupported]: runs use all CPUs here, and the report says so.
func Confine([]int) (restore func() error, err error) { return nil, errUnsupported }

// Leave returns an [errors.ErrUnsupported].
func Leave([]int) (restore func() error, err error) { return nil, errUnsupported }

func affinity() ([]int, error) { return firstCPUs(), errUnsupported }
