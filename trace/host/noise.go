package host

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// tick is the unit in which /proc/stat counts: USER_HZ is 100 on every architecture on which Go runs on Linux
// (proc_stat(5)).
const tick = 10 * time.Millisecond

// Noise is judged against the larger of a share of the available time and a number of ticks: the kernel counts whole
// ticks, so one or two of them say nothing about a short run.
const (
	noisyShare = 0.05
	noisyTicks = 3
)

// A Sampler reads the counters by which the noise of a run is judged.
type Sampler struct {
	root   fs.FS
	groups []group // those with a quota: only they can be throttled
}

// NewSampler finds out which counters this machine has.
func NewSampler() *Sampler { return newSampler(os.DirFS("/")) }

func newSampler(root fs.FS) *Sampler {
	s := &Sampler{root: root}
	for _, g := range groups(root) {
		if g.quota(root) > 0 {
			s.groups = append(s.groups, g)
		}
	}
	return s
}

// A Sample is the machine's counters at one moment.
type Sample struct {
	at        clock.Time // CLOCK_MONOTONIC
	stat      stat
	throttled []time.Duration // of each group that has a quota
	err       error
}

// Sample reads the counters now: one line of /proc/stat and, under a quota, one small file of every group that has one.
// If a counter cannot be read, [Noise] says so.
func (s *Sampler) Sample() Sample {
	out := Sample{at: clock.Now()}
	out.stat, out.err = readStat(s.root)
	for _, g := range s.groups {
		out.throttled = append(out.throttled, g.throttled(s.root))
	}
	return out
}

// Noise reports what happened on the machine between two samples of one Sampler, besides the run. own is the CPU time
// of the run's processes and of the tool itself in that time, service that of the run's service, and runQueue how long
// threads of the run were ready and had no core. runQueue is recorded but decides nothing, since a run of more workers
// than cores always waits for itself.
//
// Others is the busy ticks of all CPUs minus own and service. A run is noisy when others, or what the hypervisor stole,
// exceed 5 % of the CPU time that the machine had, or when a quota held the run back for more than 5 % of the time; in
// each case only if it was more than 3 ticks.
func Noise(before, after Sample, own, service, runQueue sweep.Seconds) sweep.Noise {
	n := sweep.Noise{RunQueue: runQueue}
	wall := time.Duration(after.at - before.at)
	for i := range min(len(before.throttled), len(after.throttled)) {
		// A group and its parent may hold back the same threads, so the larger counts, not their sum.
		n.Throttled = max(n.Throttled, sweep.Seconds(after.throttled[i]-before.throttled[i]))
	}
	if limit := threshold(wall); n.Throttled.Duration() > limit {
		n.Noisy = true
		n.Reasons = append(n.Reasons, fmt.Sprintf("a CPU quota held the run back for %s of %s (limit %s)",
			round(n.Throttled.Duration()), round(wall), round(limit)))
	}
	if err := errors.Join(before.err, after.err); err != nil {
		n.Reasons = append(n.Reasons, fmt.Sprintf("the CPU use of other programs could not be read: %v", err))
		return n
	}

	d := after.stat.minus(before.stat)
	had, busy := ticks(d.total()), ticks(d.busy())
	n.Others = max(0, sweep.Seconds(busy)-own-service)
	n.Steal = sweep.Seconds(ticks(d.steal))
	if had > 0 {
		n.Share = float64(n.Others) / float64(had)
	}
	limit := threshold(had)
	for _, f := range []struct {
		what string
		took time.Duration
	}{{"other programs used", n.Others.Duration()}, {"the hypervisor took", n.Steal.Duration()}} {
		if f.took > limit {
			n.Noisy = true
			n.Reasons = append(n.Reasons, fmt.Sprintf(
				"%s %s of the %s of CPU time that the machine had, %.3g %% (limit %s)",
				f.what, round(f.took), round(had), 100*float64(f.took)/float64(had), round(limit)))
		}
	}
	if n.Noisy && runQueue > 0 {
		n.Reasons = append(n.Reasons, fmt.Sprintf("threads of the run were ready without a core for %s in all",
			round(runQueue.Duration())))
	}
	return n
}

// threshold returns how much of t is tolerated.
func threshold(t time.Duration) time.Duration {
	return max(time.Duration(noisyShare*float64(t)), noisyTicks*tick)
}

func round(d time.Duration) time.Duration { return d.Round(time.Millisecond) }

func ticks(n int64) time.Duration { return time.Duration(n) * tick }

// stat is the first line of /proc/stat, in ticks over all CPUs. Time in guests is part of user time there.
type stat struct{ user, nice, system, idle, iowait, irq, softirq, steal int64 }

func (s stat) busy() int64  { return s.user + s.nice + s.system + s.irq + s.softirq }
func (s stat) total() int64 { return s.busy() + s.idle + s.iowait + s.steal }

// minus returns what was added since t. The kernel may let iowait and idle go back a little (proc_stat(5)); that counts
// as no time.
func (s stat) minus(t stat) stat {
	since := func(a, b int64) int64 { return max(0, a-b) }
	return stat{
		since(s.user, t.user), since(s.nice, t.nice), since(s.system, t.system), since(s.idle, t.idle),
		since(s.iowait, t.iowait), since(s.irq, t.irq), since(s.softirq, t.softirq), since(s.steal, t.steal),
	}
}

// readStat reads the counters of all CPUs together.
func readStat(root fs.FS) (stat, error) {
	f, err := root.Open("proc/stat")
	if err != nil {
		return stat{}, err
	}
	defer func() { _ = f.Close() }()
	return parseStat(f)
}

// parseStat reads the first line of /proc/stat and nothing after it: the lines that follow are long on large machines.
func parseStat(r io.Reader) (stat, error) {
	var buf [512]byte
	n, err := io.ReadAtLeast(r, buf[:], 1)
	for err == nil && n < len(buf) && !bytes.ContainsRune(buf[:n], '\n') {
		var more int
		more, err = r.Read(buf[n:])
		n += more
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return stat{}, fmt.Errorf("proc/stat: %w", err)
	}
	first, _, _ := bytes.Cut(buf[:n], []byte{'\n'})
	fields := bytes.Fields(first)
	// Kernels before 2.6.11 had no steal.
	if len(fields) < 9 || string(fields[0]) != "cpu" {
		return stat{}, fmt.Errorf("proc/stat: line 1: %q is not the sum of all CPUs", first)
	}
	var v [8]int64
	for i := range v {
		n, err := strconv.ParseInt(string(fields[i+1]), 10, 64)
		if err != nil || n < 0 || n > 1<<52 {
			return stat{}, fmt.Errorf("proc/stat: line 1: field %d: %q is not a number of ticks", i+2, fields[i+1])
		}
		v[i] = n
	}
	return stat{v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]}, nil
}
