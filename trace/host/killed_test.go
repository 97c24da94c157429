package host

import (
	"testing"
	"testing/fstest"
)

// The count is that of the nearest control group that has one, and of the machine where none has.
func TestKilledBetween(t *testing.T) {
	const (
		v1 = "33 31 0:30 / /cg/memory rw - cgroup cgroup rw,memory\n"
		v2 = "31 23 0:28 / /cg rw - cgroup2 cgroup2 rw\n"
	)
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for _, tt := range []struct {
		name         string
		files        fstest.MapFS
		counts       string
		before, then string
		want         Killed
	}{
		{
			"version 2",
			fstest.MapFS{"proc/self/cgroup": file("0::/job/a\n"), "proc/self/mountinfo": file(v2)},
			"cg/job/a/memory.events", "low 0\noom 7\noom_kill 3\noom_group_kill 0\n", "low 0\noom 9\noom_kill 5\n",
			Killed{2, true},
		},
		{
			"version 1",
			fstest.MapFS{"proc/self/cgroup": file("4:memory:/job\n2:cpu:/other\n"), "proc/self/mountinfo": file(v1)},
			"cg/memory/job/memory.oom_control", "oom_kill_disable 1\nunder_oom 0\noom_kill 1\n",
			"oom_kill_disable 1\nunder_oom 0\noom_kill 2\n",
			Killed{1, true},
		},
		{
			"its parent counts",
			fstest.MapFS{"proc/self/cgroup": file("0::/job/a\n"), "proc/self/mountinfo": file(v2)},
			"cg/job/memory.events", "oom_kill 0\n", "oom_kill 1\n",
			Killed{1, true},
		},
		{
			"the topmost does not count",
			fstest.MapFS{"proc/self/cgroup": file("0::/\n"), "proc/self/mountinfo": file(v2)},
			"proc/vmstat", "nr_free_pages 3\noom_kill 4\nx 1\n", "oom_kill 5\n",
			Killed{1, false},
		},
		{"none since", fstest.MapFS{}, "proc/vmstat", "oom_kill 4\n", "oom_kill 4\n", Killed{}},
		{"no count", fstest.MapFS{}, "proc/vmstat", "nr_free_pages 1\n", "nr_free_pages 2\n", Killed{}},
		{"the file is gone", fstest.MapFS{}, "proc/vmstat", "oom_kill 4\n", "", Killed{}},
		{"no number", fstest.MapFS{}, "proc/vmstat", "oom_kill 4\n", "oom_kill many\n", Killed{}},
	} {
		tt.files[tt.counts] = file(tt.before)
		s := newSampler(tt.files)
		before := s.Sample()
		tt.files[tt.counts] = file(tt.then)
		if got := KilledBetween(before, s.Sample()); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
