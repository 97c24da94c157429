package host

import (
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// Memory returns how much memory this process may use, in bytes: that of the machine, or less where a control group
// allows less. 0: not known.
func Memory() int64 { return usableMemory(os.DirFS("/")) }

func usableMemory(root fs.FS) int64 {
	usable := memory(content(root, "proc/meminfo"))
	for _, g := range groups(root, "memory") {
		file := "memory.limit_in_bytes"
		if g.v2 {
			file = "memory.max"
		}
		// Where there is no limit, version 2 has "max", and version 1 a number beyond any machine.
		limit, err := strconv.ParseInt(line(root, path.Join(g.dir, file)), 10, 64)
		if err == nil && limit > 0 && (usable == 0 || limit < usable) {
			usable = limit
		}
	}
	return usable
}

// memory finds MemTotal in the text of /proc/meminfo, in bytes.
func memory(text string) int64 {
	for l := range strings.Lines(text) {
		value, ok := strings.CutPrefix(l, "MemTotal:")
		if !ok {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
		if err != nil || kib < 0 || kib > 1<<52 {
			return 0
		}
		return kib << 10
	}
	return 0
}
