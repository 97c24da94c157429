package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

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
	kills  kills
}

// NewSampler finds out which counters this machine has.
func NewSampler() *Sampler { return newSampler(os.DirFS("/")) }

func newSampler(root fs.FS) *Sampler {
	s := &Sampler{root: root, kills: findKills(root)}
	for _, g := range groups(root, "cpu") {
		if g.quota(root) > 0 {
			s.groups = append(s.groups, g)
		}
	}
	return s
}

// A Sample is the machine's counters at one moment.
type Sample struct {
	at        clock.Time      // CLOCK_MONOTONIC
	cpus      map[int]stat    // of every CPU that is online
	throttled []time.Duration // of each group that has a quota
	killed    Killed          // so far
	err       error
}

// Sample reads the counters now: the lines of the CPUs in /proc/stat, what was killed for want of memory and, under a
// quota, one small file of every group that has one. If a counter cannot be read, [Noise] says so.
func (s *Sampler) Sample() Sample {
	out := Sample{at: clock.Now(), killed: s.kills.read(s.root)}
	out.cpus, out.err = readStat(s.root)
	for _, g := range s.groups {
		out.throttled = append(out.throttled, g.throttled(s.root))
	}
	return out
}

// A Use is the CPU time that is known, of the time between two samples, and where it may have been used.
type Use struct {
	Run  sweep.Seconds // of the processes of the run, which used it on its CPUs
	Tool sweep.Seconds // of corecurve and of the run's service, which may use any CPU
	CPUs []int         // those of the run; nil: all
	// RunQueue is how long threads of the run were ready and had no core. It is recorded and decides nothing, since a
	// run of more workers than cores always waits for itself.
	RunQueue sweep.Seconds
}

// Noise reports what happened on the machine between two samples of one Sampler, besides the run.
//
//  1. What the CPUs were busy, less the use that is known, is what others took; what the hypervisor took is counted by
//     the kernel. Both are given for the machine, and for the run's CPUs: there they say how much the run could be held
//     up by.
//  2. Tool's use may have been on the run's CPUs or beside them. What others took there is then the middle of what is
//     possible, and the resolution holds the rest.
//  3. For those who read no figures, a run is called noisy when others, or the hypervisor, took more than 5 % of the
//     CPU time that the machine had, or when a quota held the run back for more than 5 % of the time; in each case only
//     if it was more than 3 ticks.
func Noise(before, after Sample, use Use) sweep.Noise {
	n := sweep.Noise{RunQueue: use.RunQueue}
	wall := time.Duration(after.at - before.at)
	for i := range min(len(before.throttled), len(after.throttled)) {
		// A group and its parent may hold back the same threads, so the larger counts, not their sum.
		n.Throttled = max(n.Throttled, sweep.Seconds(after.throttled[i]-before.throttled[i]))
	}
	if limit := threshold(wall); n.Throttled.Duration() > limit {
		n.Noisy = true
		n.Reasons = append(n.Reasons, fmt.Sprintf("a CPU quota held the run back for %s of %s (limit %s)",
			n.Throttled, sweep.Seconds(wall), sweep.Seconds(limit)))
	}
	if err := errors.Join(before.err, after.err); err != nil {
		n.Reasons = append(n.Reasons, fmt.Sprintf("the CPU use of other programs could not be read: %v", err))
		return n
	}
	all, run := between(before, after, use.CPUs)
	n.Others = max(0, sweep.Seconds(all.busy)-use.Run-use.Tool)
	n.Steal = sweep.Seconds(all.steal)
	if all.had > 0 {
		n.Share = float64(n.Others) / float64(all.had)
	}
	if run.had > 0 {
		n.CPUs = taken(run, n.Others, use)
	}
	if limit := threshold(all.had); max(n.Others, n.Steal).Duration() > limit {
		percent := func(s sweep.Seconds) float64 { return 100 * float64(s) / float64(all.had) }
		n.Noisy = true
		n.Reasons = append(n.Reasons, fmt.Sprintf("of the %s of CPU time that the machine had, "+
			"other programs took %s (%.3g %%) and the hypervisor %s (%.3g %%); the limit is %s",
			sweep.Seconds(all.had), n.Others, percent(n.Others),
			n.Steal, percent(n.Steal), sweep.Seconds(limit)))
	}
	if n.Noisy && use.RunQueue > 0 {
		n.Reasons = append(n.Reasons, fmt.Sprintf("threads of the run were ready without a core for %s in all",
			use.RunQueue))
	}
	return n
}

// between returns what all CPUs and those of the run did between two samples. A CPU that was not online at both
// counts as none.
func between(before, after Sample, cpus []int) (all, run spent) {
	wall := time.Duration(after.at - before.at)
	for id, now := range after.cpus {
		then, ok := before.cpus[id]
		if !ok {
			continue
		}
		s := now.minus(then).spentIn(wall)
		all = all.plus(s)
		if cpus == nil || slices.Contains(cpus, id) {
			run = run.plus(s)
		}
	}
	return all, run
}

// taken returns what was taken from a run on its CPUs, of which others took at most what they took of the machine.
func taken(run spent, others sweep.Seconds, use Use) *sweep.Taken {
	rest := max(0, sweep.Seconds(run.busy)-use.Run) // of others and of the tool
	low := max(0, rest-use.Tool)
	high := max(low, min(rest, others))
	return &sweep.Taken{
		Had: sweep.Seconds(run.had), Others: (low + high) / 2, Hypervisor: sweep.Seconds(run.steal),
		Resolution: sweep.Seconds(run.either) + (high-low)/2,
	}
}

// threshold returns how much of t is tolerated.
func threshold(t time.Duration) time.Duration {
	return max(time.Duration(noisyShare*float64(t)), noisyTicks*tick)
}
