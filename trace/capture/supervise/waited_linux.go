package supervise

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

// tick is the unit of the times in /proc/PID/stat: USER_HZ is 100 wherever Go runs.
const tick = time.Second / 100

// waited returns the CPU time of the processes that pid, which has ended and is not reaped yet, started and waited for,
// and of theirs. wait4 only tells the sum with its own. 0 if it cannot be known.
func waited(pid int) time.Duration {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	// The name, which is in brackets, may hold brackets.
	f := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	const user, sys = 13, 14 // cutime and cstime, fields 16 and 17 of proc_pid_stat(5), behind pid and name
	if len(f) <= sys {
		return 0
	}
	u, errU := strconv.ParseInt(string(f[user]), 10, 64)
	s, errS := strconv.ParseInt(string(f[sys]), 10, 64)
	if errU != nil || errS != nil || u < 0 || s < 0 {
		return 0
	}
	return time.Duration(u+s) * tick
}
