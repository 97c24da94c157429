package host

import "testing"

func TestUsableMemory(t *testing.T) {
	const (
		meminfo = "MemTotal:       16316404 kB\nMemFree: 1 kB\n"
		v2      = "31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n"
		v1      = "33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	)
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"nothing readable", nil, 0},
		{"no group", map[string]string{"proc/meminfo": meminfo}, 16316404 << 10},
		{"v2: the tightest of the path counts", map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/user/session\n", "proc/self/mountinfo": v2,
			"sys/fs/cgroup/user/session/memory.max": "max\n", "sys/fs/cgroup/user/memory.max": "1048576\n",
		}, 1 << 20},
		{"v1: no limit is a number beyond the machine", map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "5:memory:/job\n", "proc/self/mountinfo": v1,
			"sys/fs/cgroup/memory/job/memory.limit_in_bytes": "2097152\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":     "9223372036854771712\n",
		}, 2 << 20},
	} {
		if got := usableMemory(machine(tt.files)); got != tt.want {
			t.Errorf("%s: %d bytes, want %d", tt.name, got, tt.want)
		}
	}
}
