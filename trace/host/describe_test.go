package host

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// machine builds a root directory from path → text.
func machine(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// place adds the topology files of one CPU.
func place(files map[string]string, id, socket int, siblings string) {
	dir := fmt.Sprintf("sys/devices/system/cpu/cpu%d/topology/", id)
	files[dir+"core_cpus_list"] = siblings + "\n"
	files[dir+"physical_package_id"] = fmt.Sprintf("%d\n", socket)
}

func ids(cpus []sweep.CPU) []int {
	var out []int
	for _, c := range cpus {
		out = append(out, c.ID)
	}
	return out
}

func TestOrder(t *testing.T) {
	type cpu struct {
		id, socket int
		siblings   string
	}
	tests := []struct {
		name                string
		cpus                []cpu // that have topology files
		mask                []int
		want                []int
		physical, sockets   int
		smt, saysNoTopology bool
	}{
		{
			// Two threads per core, the second threads numbered after all first ones.
			name: "smt, siblings far apart",
			cpus: []cpu{{0, 0, "0,2"}, {1, 0, "1,3"}, {2, 0, "0,2"}, {3, 0, "1,3"}},
			mask: []int{0, 1, 2, 3}, want: []int{0, 1, 2, 3}, physical: 2, sockets: 1, smt: true,
		},
		{
			// Cloud machines number the two threads of a core one after the other: 0 and 1 share a core.
			name: "smt, siblings adjacent",
			cpus: []cpu{{0, 0, "0-1"}, {1, 0, "0-1"}, {2, 0, "2-3"}, {3, 0, "2-3"}},
			mask: []int{0, 1, 2, 3}, want: []int{0, 2, 1, 3}, physical: 2, sockets: 1, smt: true,
		},
		{
			// Even CPUs on socket 0, odd ones on socket 1; cores {0,4} {2,6} on socket 0, {1,5} {3,7} on socket 1. All first
			// threads of socket 0, then of socket 1, then the second threads alike.
			name: "two sockets, interleaved",
			cpus: []cpu{
				{0, 0, "0,4"},
				{1, 1, "1,5"},
				{2, 0, "2,6"},
				{3, 1, "3,7"},
				{4, 0, "0,4"},
				{5, 1, "1,5"},
				{6, 0, "2,6"},
				{7, 1, "3,7"},
			},
			mask: []int{0, 1, 2, 3, 4, 5, 6, 7}, want: []int{0, 2, 1, 3, 4, 6, 5, 7}, physical: 4, sockets: 2, smt: true,
		},
		{
			// CPU 4 is the second thread of a core whose first thread the mask leaves out, so it counts as a core's first.
			name: "part of the machine",
			cpus: []cpu{{1, 0, "1,5"}, {4, 0, "0,4"}, {5, 0, "1,5"}},
			mask: []int{1, 4, 5}, want: []int{1, 4, 5}, physical: 2, sockets: 1, smt: true,
		},
		{
			// CPU 1 is offline: it is in no mask, and its core's list no longer names it.
			name: "offline sibling",
			cpus: []cpu{{0, 0, "0"}, {2, 0, "2-3"}, {3, 0, "2-3"}},
			mask: []int{0, 2, 3}, want: []int{0, 2, 3}, physical: 2, sockets: 1, smt: true,
		},
		{
			name: "sockets not numbered",
			cpus: []cpu{{0, -1, "0"}, {1, -1, "1"}},
			mask: []int{0, 1}, want: []int{0, 1}, physical: 2, sockets: 1,
		},
		{
			name: "container without topology files",
			mask: []int{0, 1, 2}, want: []int{0, 1, 2}, physical: 3, sockets: 1, saysNoTopology: true,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			for _, c := range tt.cpus {
				place(files, c.id, c.socket, c.siblings)
			}
			h := describe(machine(files), tt.mask)
			if d := cmp.Diff(tt.want, ids(h.CPUs)); d != "" {
				t.Errorf("order (-want +got):\n%s", d)
			}
			got := []any{h.Physical, h.Sockets, h.SMT, strings.Contains(strings.Join(h.Limits, "\n"), "topology")}
			if d := cmp.Diff([]any{tt.physical, tt.sockets, tt.smt, tt.saysNoTopology}, got); d != "" {
				t.Errorf("physical, sockets, SMT, limit (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.want[:2], CPUSet(h, 2)); d != "" {
				t.Errorf("CPUSet(2) (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.want, CPUSet(h, 100)); d != "" {
				t.Errorf("CPUSet(100) (-want +got):\n%s", d)
			}
		})
	}
}

func TestOlderNameOfSiblings(t *testing.T) {
	h := describe(machine(map[string]string{
		"sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "0-1\n",
		"sys/devices/system/cpu/cpu1/topology/thread_siblings_list": "0-1\n",
	}), []int{0, 1})
	if h.Physical != 1 || !h.SMT {
		t.Errorf("physical %d, SMT %t; want 1, true", h.Physical, h.SMT)
	}
}

func TestDescribeText(t *testing.T) {
	files := map[string]string{
		"proc/sys/kernel/osrelease":      "6.1.0-13-amd64\n",
		"proc/sys/kernel/random/boot_id": "0f1e2d3c-0000-4000-8000-000000000001\n",
		"proc/cpuinfo":                   "processor\t: 0\nmodel\t\t: 85\nmodel name\t: Example CPU @ 2.50GHz\n\nprocessor\t: 1\nmodel name\t: Other\n",
		"proc/meminfo":                   "MemTotal:       16316404 kB\nMemFree: 1 kB\n",
		"proc/stat":                      "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n",
		"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
		"sys/devices/system/cpu/cpu1/cpufreq/scaling_governor": "performance\n",
		"sys/devices/system/cpu/cpu9/cpufreq/scaling_governor": "userspace\n", // not in the mask
		"sys/devices/system/cpu/cpu0/cpu_capacity":             "1024\n",
		"sys/devices/system/cpu/cpu1/cpu_capacity":             "420\n",
	}
	place(files, 0, 0, "0")
	place(files, 1, 0, "1")
	want := sweep.Host{
		OS: runtime.GOOS, Arch: runtime.GOARCH,
		Kernel: "6.1.0-13-amd64", BootID: "0f1e2d3c-0000-4000-8000-000000000001", CPUModel: "Example CPU @ 2.50GHz",
		CPUs: []sweep.CPU{{ID: 0}, {ID: 1, Core: 1}}, Physical: 2, Sockets: 1,
		Governor:    "performance, powersave",
		MemoryBytes: 16316404 * 1024,
		Limits: []string{
			"the cores are not alike (capacities 420, 1024 of 1024): a speedup below the ideal may come from slower cores",
		},
	}
	if d := cmp.Diff(want, describe(machine(files), []int{0, 1})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestCPUModelOfArm(t *testing.T) {
	got := cpuModel("processor\t: 0\nBogoMIPS\t: 243.75\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n")
	if want := "implementer 0x41 part 0xd0c"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestQuota(t *testing.T) {
	const (
		v2mount = "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
		v1mount = "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n" +
			"34 31 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
	)
	tests := []struct {
		name  string
		files map[string]string
		want  float64
	}{
		{"none", map[string]string{"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": v2mount}, 0},
		{"nothing readable", nil, 0},
		{"v2: the tightest of the path counts", map[string]string{
			"proc/self/cgroup": "0::/user/session\n", "proc/self/mountinfo": v2mount,
			"sys/fs/cgroup/user/session/cpu.max": "400000 100000\n", // 4 cores
			"sys/fs/cgroup/user/cpu.max":         "150000 100000\n", // 1.5 cores, above it
		}, 1.5},
		{"v2: max is no quota", map[string]string{
			"proc/self/cgroup": "0::/user\n", "proc/self/mountinfo": v2mount,
			"sys/fs/cgroup/user/cpu.max": "max 100000\n",
		}, 0},
		{"v2: container with a namespace of its own", map[string]string{
			"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": v2mount,
			"sys/fs/cgroup/cpu.max": "50000 100000\n",
		}, 0.5},
		{"v1", map[string]string{
			"proc/self/cgroup": "5:cpuset:/\n4:cpu,cpuacct:/job\n", "proc/self/mountinfo": v1mount,
			"sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us":  "200000\n",
			"sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
			"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us":      "-1\n",
			"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us":     "100000\n",
		}, 2},
		{"v1: container, path seen from outside and part mounted", map[string]string{
			"proc/self/cgroup":                        "4:cpu:/docker/f00\n",
			"proc/self/mountinfo":                     "33 31 0:30 /docker/f00 /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us":      "300000\n",
			"sys/fs/cgroup/cpu/cpu.cfs_period_us":     "100000\n",
			"sys/fs/cgroup/cpu/f00/cpu.cfs_quota_us":  "1\n", // not this process's
			"sys/fs/cgroup/cpu/f00/cpu.cfs_period_us": "100000\n",
		}, 3},
		{"group outside what is mounted", map[string]string{
			"proc/self/cgroup": "0::/../other\n", "proc/self/mountinfo": v2mount,
			"sys/fs/cgroup/cpu.max": "100000 100000\n",
		}, 1},
		{"both versions mounted", map[string]string{
			"proc/self/cgroup":                   "1:cpu:/a\n0::/b\n",
			"proc/self/mountinfo":                "32 31 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu\n41 31 0:38 / /cg/u rw - cgroup2 cgroup2 rw\n",
			"cg/cpu/a/cpu.cfs_quota_us":          "250000\n",
			"cg/cpu/a/cpu.cfs_period_us":         "100000\n",
			"cg/u/b/cpu.max":                     "max 100000\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "1\n",
		}, 2.5},
		{"mount point with a space", map[string]string{
			"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": `31 23 0:28 / /my\040cg rw - cgroup2 cgroup2 rw` + "\n",
			"my cg/cpu.max": "700000 100000\n",
		}, 7},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := describe(machine(tt.files), []int{0}).QuotaCores; got != tt.want {
				t.Errorf("quota: got %g cores, want %g", got, tt.want)
			}
		})
	}
}

func TestParseList(t *testing.T) {
	tests := []struct {
		text string
		want []int
		bad  bool
	}{
		{"", nil, false},
		{"0", []int{0}, false},
		{"0-2,5,7-8", []int{0, 1, 2, 5, 7, 8}, false},
		{"2-1", nil, true},
		{"x", nil, true},
		{"0-99999999", nil, true},
		{"-1", nil, true},
	}
	for _, tt := range tests {
		got, err := parseList(tt.text)
		if d := cmp.Diff(tt.want, got); d != "" || (err != nil) != tt.bad {
			t.Errorf("%q: error %v (-want +got):\n%s", tt.text, err, d)
		}
	}
}

func TestDescribeThisMachine(t *testing.T) {
	h := Describe(Options{})
	if h.Name != "" {
		t.Errorf("host name %q was not asked for", h.Name)
	}
	if len(h.CPUs) == 0 || h.Physical == 0 || h.Physical > len(h.CPUs) || h.Sockets == 0 {
		t.Errorf("implausible: %+v", h)
	}
}

func TestConfine(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := affinity()
	if errors.Is(err, errUnsupported) {
		if _, err := Confine(before); !errors.Is(err, errors.ErrUnsupported) {
			t.Fatalf("got %v, want errors.ErrUnsupported", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	last := before[len(before)-1:]
	restore, err := Confine(last)
	if err != nil {
		t.Fatal(err)
	}
	during, err := affinity()
	if err := errors.Join(err, restore()); err != nil {
		t.Fatal(err)
	}
	after, err := affinity()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][]int{last, before}, [][]int{during, after}); d != "" {
		t.Errorf("during, after (-want +got):\n%s", d)
	}

	// CPUs that do not exist are an error, whether none or only some of them do, and leave the mask as it was.
	for _, cpus := range [][]int{nil, {-1}, {limits.CPUNumber + 1}, {limits.CPUNumber}, {before[0], limits.CPUNumber}} {
		if _, err := Confine(cpus); err == nil {
			t.Errorf("Confine(%v): no error", cpus)
		}
		if after, err := affinity(); err != nil || !cmp.Equal(before, after) {
			t.Errorf("Confine(%v) left CPUs %v (%v), want %v", cpus, after, err, before)
		}
	}
}

// FuzzFiles feeds every parser of this package with the same text: none may panic, and no count may be negative.
func FuzzFiles(f *testing.F) {
	f.Add("cpu  1 2 3 4 5 6 7 8 9 10\n", "0-3")
	f.Add("0::/a\n4:cpu:/b\n", "max 100000")
	f.Add("31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,cpu\n", "150000 100000")
	f.Add("throttled_usec 12\nthrottled_time 13\nMemTotal: 9 kB\n", "\\040\\")
	f.Fuzz(func(t *testing.T, a, b string) {
		var m fs.FS = machine(map[string]string{
			"proc/self/mountinfo": a + "1 2 0:3 / /cg rw - cgroup2 c rw\n", "proc/self/cgroup": a + "0::/\n", "cg/cpu.max": b, "cg/cpu.stat": a,
			"proc/stat": a, "proc/cpuinfo": a, "proc/meminfo": a,
			"sys/devices/system/cpu/cpu0/topology/core_cpus_list": b,
		})
		h := describe(m, []int{0})
		s := newSampler(m).Sample()
		if h.QuotaCores < 0 || h.MemoryBytes < 0 || len(h.CPUs) != 1 {
			t.Errorf("%+v %+v", h, s)
		}
		for id, c := range s.cpus {
			if id < 0 || c.busy() < 0 {
				t.Errorf("CPU %d: %+v", id, c)
			}
		}
		for _, d := range s.throttled {
			if d < 0 {
				t.Errorf("throttled for %s", d)
			}
		}
		_ = unescape(b)
	})
}

// A machine of two cores with two CPUs each: the tool goes to the other core while there is one.
func TestBeside(t *testing.T) {
	h := sweep.Host{CPUs: []sweep.CPU{{ID: 0, Core: 0}, {ID: 1, Core: 1}, {ID: 2, Core: 0}, {ID: 3, Core: 1}}}
	for cores, want := range map[int][]int{0: {0, 1, 2, 3}, 1: {1, 3}, 2: {2, 3}, 3: {3}, 4: nil, 9: nil} {
		if d := cmp.Diff(want, Beside(h, cores)); d != "" {
			t.Errorf("%d cores (-want +got):\n%s", cores, d)
		}
	}
}

// Other threads leave and come back, and so do those that start meanwhile; the calling thread stays.
func TestLeave(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := affinity()
	if err != nil || len(before) < 2 {
		t.Skipf("CPUs %v, %v", before, err)
	}
	elsewhere := func() []int {
		out := make(chan []int)
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			cpus, err := affinity()
			if err != nil {
				t.Error(err)
			}
			out <- cpus
		}()
		return <-out
	}
	last := before[len(before)-1:]
	restore, err := Leave(last)
	if err != nil {
		t.Fatal(err)
	}
	during := elsewhere()
	mine, err := affinity()
	if err := errors.Join(err, restore()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][]int{last, before, before}, [][]int{during, mine, elsewhere()}); d != "" {
		t.Errorf("others during, the caller, others after (-want +got):\n%s", d)
	}
	if _, err := Leave(nil); err == nil {
		t.Error("left for no CPUs")
	}
}
