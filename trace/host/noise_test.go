package host

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

func seconds(s float64) sweep.Seconds { return sweep.Seconds(s * 1e9) }

// after returns the sample read s seconds later on a machine that counted these ticks in between.
func after(s float64, add stat, throttled ...time.Duration) Sample {
	return Sample{at: clock.Time(int64(s * 1e9)), stat: add, throttled: throttled}
}

// Every case has two CPUs: in t seconds the machine has 200·t ticks of 10 ms.
func TestNoise(t *testing.T) {
	tests := []struct {
		name         string
		after        Sample
		own, service float64
		runQueue     float64
		want         sweep.Noise
	}{
		{
			// 1 s: busy 100 of 200 ticks, of which the run used 0.98 s: 0.02 s are others', 1 % of 2 s.
			name: "quiet", after: after(1, stat{user: 90, system: 10, idle: 100}), own: 0.98,
			want: sweep.Noise{Others: seconds(0.02), Share: 0.01},
		},
		{
			// 1 s: busy 150 ticks = 1.5 s, run 1.0 s, service 0.2 s: others 0.3 s, 15 % of 2 s; the limit is 5 % of 2 s = 0.1 s.
			name: "others", after: after(1, stat{user: 100, nice: 10, system: 30, irq: 5, softirq: 5, idle: 40, iowait: 10}), own: 1, service: 0.2,
			want: sweep.Noise{Others: seconds(0.3), Share: 0.15, Noisy: true, Reasons: []string{
				"other programs used 300ms of the 2s of CPU time that the machine had, 15 % (limit 100ms)",
			}},
		},
		{
			// 50 ms: 10 ticks in all, 6 of them busy, the run used 30 ms: 30 ms others are 30 %, but only 3 ticks.
			name: "three ticks of a short run", after: after(0.05, stat{user: 6, idle: 4}), own: 0.03,
			want: sweep.Noise{Others: seconds(0.03), Share: 0.3},
		},
		{
			// The same with a fourth tick: 40 ms of 100 ms.
			name: "four ticks of a short run", after: after(0.05, stat{user: 7, idle: 3}), own: 0.03, runQueue: 0.02,
			want: sweep.Noise{Others: seconds(0.04), Share: 0.4, RunQueue: seconds(0.02), Noisy: true, Reasons: []string{
				"other programs used 40ms of the 100ms of CPU time that the machine had, 40 % (limit 30ms)",
				"threads of the run were ready without a core for 20ms in all",
			}},
		},
		{
			// rusage is exact and ticks are not: the run may have used more than the ticks show.
			name: "own above the ticks", after: after(1, stat{user: 99, idle: 101}), own: 1, runQueue: 3,
			want: sweep.Noise{RunQueue: seconds(3)},
		},
		{
			// 1 s: 12 ticks stolen are 120 ms, over 5 % of 2 s.
			name: "steal", after: after(1, stat{user: 100, idle: 88, steal: 12}), own: 1,
			want: sweep.Noise{Steal: seconds(0.12), Noisy: true, Reasons: []string{
				"the hypervisor took 120ms of the 2s of CPU time that the machine had, 6 % (limit 100ms)",
			}},
		},
		{
			// Held back for 40 ms and 60 ms by two groups, one within the other: 60 ms, over 5 % of 1 s.
			name: "throttled", after: after(1, stat{user: 100, idle: 100}, 40*time.Millisecond, 60*time.Millisecond), own: 1,
			want: sweep.Noise{Throttled: seconds(0.06), Noisy: true, Reasons: []string{
				"a CPU quota held the run back for 60ms of 1s (limit 50ms)",
			}},
		},
		{
			// Idle time went back: the machine had what the other counters say.
			name: "idle goes back", after: after(1, stat{user: 100, idle: -5}), own: 1,
			want: sweep.Noise{},
		},
		{
			name: "unreadable", after: Sample{at: 1e9, err: io.ErrUnexpectedEOF}, own: 1, runQueue: 1,
			want: sweep.Noise{RunQueue: seconds(1), Reasons: []string{
				"the CPU use of other programs could not be read: unexpected EOF",
			}},
		},
		{name: "no time", after: Sample{}, want: sweep.Noise{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := Sample{throttled: make([]time.Duration, len(tt.after.throttled))}
			got := Noise(before, tt.after, seconds(tt.own), seconds(tt.service), seconds(tt.runQueue))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestParseStat(t *testing.T) {
	const good = "cpu  10 20 30 40 50 60 70 80 90 100\ncpu0 1 1 1 1 1 1 1 1 1 1\n"
	want := stat{10, 20, 30, 40, 50, 60, 70, 80}
	for name, r := range map[string]io.Reader{
		"whole": strings.NewReader(good), "byte by byte": iotest.OneByteReader(strings.NewReader(good)),
		"no newline": strings.NewReader("cpu 10 20 30 40 50 60 70 80"),
	} {
		if got, err := parseStat(r); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
	for _, bad := range []string{"", "cpu0 1 2 3 4 5 6 7 8\n", "cpu 1 2\n", "cpu 1 2 3 4 5 6 7 x\n", "cpu -1 2 3 4 5 6 7 8\n"} {
		if got, err := parseStat(strings.NewReader(bad)); err == nil {
			t.Errorf("%q: got %+v, want an error", bad, got)
		}
	}
}

func TestSamplerReadsGroupsWithQuota(t *testing.T) {
	root := machine(map[string]string{
		"proc/stat":              "cpu  10 20 30 40 50 60 70 80 90 100\n",
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
	if got := Noise(got, later, 0, 0, 0).Throttled; got != seconds(0.2) {
		t.Errorf("throttled %s, want 200ms", got)
	}
}

func BenchmarkSample(b *testing.B) {
	s := NewSampler()
	for b.Loop() {
		s.Sample()
	}
}
