//go:build unix

package seal

import (
	"io/fs"
	"os"
	"syscall"
)

// secured says whether the mode of a file tells who may read it.
const secured = true

// mine reports whether the file is this user's. Root can read a key that another has laid where it is looked for, and
// knows.
func mine(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid()
}
