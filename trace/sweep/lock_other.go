//go:build !unix

package sweep

import "os"

// lock does nothing, because this system has no flock.
func lock(*os.File) error { return nil }
