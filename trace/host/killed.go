package host

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// A Killed is how many processes the kernel has killed for want of memory.
type Killed struct {
	N     int64
	Group bool // of the control group of this process; false: of the machine, since no group counts
}

// KilledBetween returns what was killed between two samples of one Sampler.
func KilledBetween(before, after Sample) Killed {
	return Killed{N: max(0, after.killed.N-before.killed.N), Group: after.killed.Group}
}

// kills is the file that counts them.
type kills struct {
	file  string
	group bool
}

// killsKey begins the line of that file that has the number.
const killsKey = "oom_kill "

// findKills finds the nearest count: that of the process's own control group, in which its children are too, or else
// the machine's. The topmost group of version 2 does not count.
func findKills(root fs.FS) kills {
	for _, g := range groups(root, "memory") {
		file := path.Join(g.dir, "memory.oom_control")
		if g.v2 {
			file = path.Join(g.dir, "memory.events")
		}
		if strings.Contains(content(root, file), killsKey) {
			return kills{file, true}
		}
	}
	return kills{file: "proc/vmstat"}
}

// read returns the count now; 0 if the kernel does not count.
func (k kills) read(root fs.FS) Killed {
	out := Killed{Group: k.group}
	for l := range strings.Lines(content(root, k.file)) {
		if v, ok := strings.CutPrefix(l, killsKey); ok {
			if n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64); err == nil {
				out.N = n
			}
			break
		}
	}
	return out
}
