package host

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

func seconds(s float64) sweep.Seconds { return sweep.Seconds(s * 1e9) }

// after returns the sample read s seconds later on a machine whose CPUs counted these ticks in between.
func after(s float64, add map[int]stat, throttled ...time.Duration) Sample {
	return Sample{at: clock.Time(int64(s * 1e9)), cpus: add, throttled: throttled}
}

// Every case has two CPUs, so that in t seconds the machine has 200·t ticks of 10 ms; a run without CPUs of its own may
// use both.
func TestNoise(t *testing.T) {
	tests := []struct {
		name  string
		after Sample
		use   Use
		want  sweep.Noise
	}{
		{
			// 1 s: CPU 0 is busy for 100 of 100 ticks, CPU 1 for none, and the run used 0.98 s: 0.02 s are others', 1 % of
			// 2 s. Idle time is off by up to a tick on each CPU.
			name: "quiet", after: after(1, map[int]stat{0: {user: 90, system: 10}, 1: {idle: 100}}),
			use: Use{Run: seconds(0.98)},
			want: sweep.Noise{
				Others: seconds(0.02), Share: 0.01,
				CPUs: &sweep.Taken{Had: seconds(2), Others: seconds(0.02), Resolution: seconds(0.02)},
			},
		},
		{
			// The kernel's ticks saw something run on CPU 0 at 90 of 100, but it was idle for 20 of them: it was busy for 0.8 s.
			name: "ticks and idle time disagree", after: after(1, map[int]stat{0: {user: 90, idle: 20}, 1: {idle: 100}}),
			use: Use{Run: seconds(0.8)},
			want: sweep.Noise{
				CPUs: &sweep.Taken{Had: seconds(2), Resolution: seconds(0.02)},
			},
		},
		{
			// 1 s: not idle for 50 + 90 ticks = 1.4 s, run 1.0 s, tool and service 0.2 s: others 0.2 s, 10 % of 2 s; the limit
			// is 5 % of 2 s. Waiting for a disk is idle too, and one more counter that may be off by a tick.
			name: "others", after: after(1, map[int]stat{
				0: {user: 30, nice: 5, system: 10, softirq: 5, idle: 40, iowait: 10}, 1: {user: 85, irq: 5, idle: 10},
			}),
			use: Use{Run: seconds(1), Tool: seconds(0.2)},
			want: sweep.Noise{
				Others: seconds(0.2), Share: 0.1, Noisy: true,
				CPUs: &sweep.Taken{Had: seconds(2), Others: seconds(0.2), Resolution: seconds(0.03)},
				Reasons: []string{"of the 2 s of CPU time that the machine had, other programs took 200 ms (10 %) " +
					"and the hypervisor 0 s (0 %); the limit is 100 ms"},
			},
		},
		{
			// A run on CPU 0, which was busy for 1 s, 0.7 s of them for the run; on CPU 1 others took 1 s that cost it nothing.
			name: "others beside the run", after: after(1, map[int]stat{0: {user: 100}, 1: {user: 100}}),
			use: Use{Run: seconds(0.7), CPUs: []int{0}},
			want: sweep.Noise{
				Others: seconds(1.3), Share: 0.65, Noisy: true,
				CPUs: &sweep.Taken{Had: seconds(1), Others: seconds(0.3), Resolution: seconds(0.01)},
				Reasons: []string{"of the 2 s of CPU time that the machine had, other programs took 1.3 s (65 %) " +
					"and the hypervisor 0 s (0 %); the limit is 100 ms"},
			},
		},
		{
			// A run on CPU 0 used 0.7 s of its 1 s. Its service used 0.4 s somewhere: others took 0.1 s of the 1.2 s that both
			// CPUs were busy, and on CPU 0 no more than that, and perhaps nothing.
			name: "a service on any CPU", after: after(1, map[int]stat{0: {user: 100}, 1: {user: 20, idle: 80}}),
			use: Use{Run: seconds(0.7), Tool: seconds(0.4), CPUs: []int{0}, RunQueue: seconds(0.02)},
			want: sweep.Noise{
				Others: seconds(0.1), Share: 0.05, RunQueue: seconds(0.02),
				CPUs: &sweep.Taken{Had: seconds(1), Others: seconds(0.05), Resolution: seconds(0.06)},
			},
		},
		{
			// 50 ms: 2 and 4 busy ticks, the run used 30 ms: 30 ms others are 30 %, but only 3 ticks.
			name: "three ticks of a short run", after: after(0.05, map[int]stat{0: {user: 2, idle: 3}, 1: {user: 4, idle: 1}}),
			use: Use{Run: seconds(0.03)},
			want: sweep.Noise{
				Others: seconds(0.03), Share: 0.3,
				CPUs: &sweep.Taken{Had: seconds(0.1), Others: seconds(0.03), Resolution: seconds(0.02)},
			},
		},
		{
			// The same with a fourth tick: 40 ms of 100 ms.
			name: "four ticks of a short run", after: after(0.05, map[int]stat{0: {user: 3, idle: 2}, 1: {user: 4, idle: 1}}),
			use: Use{Run: seconds(0.03), RunQueue: seconds(0.02)},
			want: sweep.Noise{
				Others: seconds(0.04), Share: 0.4, RunQueue: seconds(0.02), Noisy: true,
				CPUs: &sweep.Taken{Had: seconds(0.1), Others: seconds(0.04), Resolution: seconds(0.02)},
				Reasons: []string{
					"of the 100 ms of CPU time that the machine had, other programs took 40 ms (40 %) " +
						"and the hypervisor 0 s (0 %); the limit is 30 ms",
					"threads of the run were ready without a core for 20 ms in all",
				},
			},
		},
		{
			// rusage is exact and ticks are not: the run may have used more than the ticks show.
			name: "own above the ticks", after: after(1, map[int]stat{0: {user: 99, idle: 1}, 1: {idle: 100}}),
			use: Use{Run: seconds(1), RunQueue: seconds(3)},
			want: sweep.Noise{
				RunQueue: seconds(3), CPUs: &sweep.Taken{Had: seconds(2), Resolution: seconds(0.02)},
			},
		},
		{
			// 1 s: 12 and 60 ticks stolen are 0.72 s, 36 % of 2 s; what was neither idle nor stolen, 1.08 s, is 0.08 s more
			// than the run used.
			name: "both", after: after(1, map[int]stat{0: {user: 88, steal: 12}, 1: {user: 20, idle: 20, steal: 60}}),
			use: Use{Run: seconds(1)},
			want: sweep.Noise{
				Others: seconds(0.08), Share: 0.04, Steal: seconds(0.72), Noisy: true,
				CPUs: &sweep.Taken{
					Had: seconds(2), Others: seconds(0.08), Hypervisor: seconds(0.72), Resolution: seconds(0.02),
				},
				Reasons: []string{"of the 2 s of CPU time that the machine had, other programs took 80 ms (4 %) " +
					"and the hypervisor 720 ms (36 %); the limit is 100 ms"},
			},
		},
		{
			// Held back for 40 ms and 60 ms by two groups, one within the other: 60 ms, over 5 % of 1 s.
			name:  "throttled",
			after: after(1, map[int]stat{0: {user: 100}, 1: {idle: 100}}, 40*time.Millisecond, 60*time.Millisecond),
			use:   Use{Run: seconds(1)},
			want: sweep.Noise{
				Throttled: seconds(0.06), Noisy: true, CPUs: &sweep.Taken{Had: seconds(2), Resolution: seconds(0.02)},
				Reasons: []string{"a CPU quota held the run back for 60 ms of 1 s (limit 50 ms)"},
			},
		},
		{
			// Counters that say 0.2 s of 1 s are a container's own: there is nothing but their busy ticks.
			name: "a container's own counters", after: after(1, map[int]stat{0: {user: 10, idle: 10}}),
			use: Use{Run: seconds(0.05)},
			want: sweep.Noise{
				Others: seconds(0.05), Share: 0.25, Noisy: true,
				CPUs: &sweep.Taken{Had: seconds(0.2), Others: seconds(0.05), Resolution: seconds(0.02)},
				Reasons: []string{"of the 200 ms of CPU time that the machine had, other programs took 50 ms (25 %) " +
					"and the hypervisor 0 s (0 %); the limit is 30 ms"},
			},
		},
		{
			// CPU 1 went offline, and what it did is not known.
			name: "a CPU goes offline", after: after(1, map[int]stat{0: {user: 100}}), use: Use{Run: seconds(1)},
			want: sweep.Noise{CPUs: &sweep.Taken{Had: seconds(1), Resolution: seconds(0.01)}},
		},
		{
			name: "unreadable", after: Sample{at: 1e9, err: io.ErrUnexpectedEOF},
			use: Use{Run: seconds(1), RunQueue: seconds(1)},
			want: sweep.Noise{RunQueue: seconds(1), Reasons: []string{
				"the CPU use of other programs could not be read: unexpected EOF",
			}},
		},
		{name: "no time", after: Sample{}, want: sweep.Noise{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := Sample{throttled: make([]time.Duration, len(tt.after.throttled)), cpus: map[int]stat{0: {}, 1: {}}}
			got := Noise(before, tt.after, tt.use)
			if d := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-9)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// Counters never go back, whatever the kernel shows.
func TestMinus(t *testing.T) {
	got := stat{user: 7, idle: 3, iowait: 1}.minus(stat{user: 5, idle: 4, iowait: 1})
	if want := (stat{user: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestParseStat(t *testing.T) {
	const good = "cpu  11 22 33 44 55 66 77 88 99 101\ncpu0 10 20 30 40 50 60 70 80 90 100\n" +
		"cpu12 1 2 3 4 5 6 7 8\nintr 5 0\n"
	want := map[int]stat{0: {10, 20, 30, 40, 50, 60, 70, 80}, 12: {1, 2, 3, 4, 5, 6, 7, 8}}
	for name, r := range map[string]io.Reader{
		"whole": strings.NewReader(good), "byte by byte": iotest.OneByteReader(strings.NewReader(good)),
		"no newline": strings.NewReader(strings.TrimSuffix(good, "\nintr 5 0\n")),
		"no more":    strings.NewReader(strings.TrimSuffix(good, "intr 5 0\n")),
	} {
		got, err := parseStat(r)
		if d := cmp.Diff(want, got, cmp.AllowUnexported(stat{})); err != nil || d != "" {
			t.Errorf("%s: %v, (-want +got):\n%s", name, err, d)
		}
	}
	for _, bad := range []string{
		"", "\n", "cpu 1 2 3 4 5 6 7 8\n", "cpu0 1 2\n", "cpux 1 2 3 4 5 6 7 8\n", "cpu0 1 2 3 4 5 6 7 x\n",
		"cpu0 -1 2 3 4 5 6 7 8\n", "intr 1\ncpu0 1 2 3 4 5 6 7 8\n",
	} {
		if got, err := parseStat(strings.NewReader(bad)); err == nil {
			t.Errorf("%q: got %+v, want an error", bad, got)
		}
	}
}

func TestSamplerReadsGroupsWithQuota(t *testing.T) {
	root := machine(map[string]string{
		"proc/stat":              "cpu  10 20 30 40 50 60 70 80 90 100\ncpu0 10 20 30 40 50 60 70 80 90 100\n",
		"proc/self/cgroup":       "4:cpu:/j\n0::/a/b\n",
		"proc/self/mountinfo":    "31 23 0:28 / /cg rw - cgroup2 cgroup2 rw\n33 31 0:30 / /cpu rw - cgroup cgroup rw,cpu\n",
		"cg/a/b/cpu.max":         "max 100000\n",
		"cg/a/b/cpu.stat":        "throttled_usec 99\n", // has no quota: what holds it back is counted at the group that has
		"cg/a/cpu.max":           "50000 100000\n",
		"cg/a/cpu.stat":          "usage_usec 5\nnr_throttled 2\nthrottled_usec 1500\n",
		"cpu/j/cpu.cfs_quota_us": "50000\n", "cpu/j/cpu.cfs_period_us": "100000\n",
		"cpu/j/cpu.stat": "nr_periods 1\nthrottled_time 2500000\n",
	})
	s := newSampler(root)
	got := s.Sample()
	// Version 1 counts nanoseconds, version 2 microseconds; in the order of /proc/self/cgroup.
	want := []time.Duration{2500 * time.Microsecond, 1500 * time.Microsecond}
	if d := cmp.Diff(want, got.throttled); d != "" || got.err != nil {
		t.Errorf("error %v, throttled (-want +got):\n%s", got.err, d)
	}
	root["cg/a/cpu.stat"] = &fstest.MapFile{Data: []byte("throttled_usec 201500\n")}
	later := s.Sample()
	if got := Noise(got, later, Use{}).Throttled; got != seconds(0.2) {
		t.Errorf("throttled %s, want 200 ms", got)
	}
}

func BenchmarkSample(b *testing.B) {
	s := NewSampler()
	for b.Loop() {
		s.Sample()
	}
}
