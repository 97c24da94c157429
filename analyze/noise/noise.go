// Package noise says how much of what was measured other programs and the hypervisor can explain.
//
// Noise is weighed in core-seconds, not used as a switch: on a shared machine every run meets some, and a figure that
// is ten times as large as all of it stands.
//
//  1. [Taken] is the time that a run's cores gave to others while the run could have used them. Others had a core for
//     so long (by the kernel's accounts of the CPUs), and threads of the run were ready without a core for so long (by
//     their run queues, if these are those of all that it waits for): what exceeds either was no loss. What the
//     hypervisor took counts in full, as no queue shows it. Nor can more be taken than the cores had besides the run's
//     own CPU time.
//  2. [Least] is the least time that a run can have taken on a quiet machine. A core-second taken delays the run by at
//     most a second, if all else waits for the one thread that lost its core, and by nothing, if that thread was waited
//     for by nobody. So the time on a quiet machine lies between T − taken and T. It is never less than the run's own
//     CPU time over its cores.
//  3. [Waiting] is what noise can explain of the time that lanes (workers, or cores) wait for each other. Of n lanes, a
//     delay of one by x makes the others wait for up to (n − 1)·x.
//
// Not weighed are caches, clocks and units that cores share: others may slow a core without taking it. A loop that
// lives in registers, the ceiling of package curve, shows some of that.
package noise

import "github.com/corecurve/corecurve/trace/sweep"

// Matters is the least share of a time that noise must be able to explain for an interval to be widened by it. Every
// machine has some noise, and a hundredth decides nothing.
const Matters = 0.01

// least is the least part of a time that noise leaves of it.
const least = 0.1

// Taken returns the core-seconds that others and the hypervisor took of the cores of r while it could have used them.
func Taken(r *sweep.Result) float64 {
	others, hypervisor := r.Noise.Others.Float(), r.Noise.Steal.Float()
	if own := r.Noise.CPUs; own != nil { // of the run's own CPUs; else that of the whole machine is the most it can be
		others, hypervisor = own.Others.Float(), own.Hypervisor.Float()
	}
	// 0: not known, as a thread waits a little whenever it wakes.
	if queue := r.Noise.RunQueue.Float(); queue > 0 && queued(r) {
		others = min(others, queue)
	}
	spare := float64(r.Point.Cores)*r.Total.Float() - r.CPU().Float()
	return min(others+hypervisor, max(spare, 0))
}

// queued reports whether the run queues of r are those of all that it waits for: not where a service works for it, or
// programs that its processes start, whose waiting for cores is not known.
func queued(r *sweep.Result) bool {
	for i := range r.Processes {
		p := &r.Processes[i]
		if own, children := p.CPU(); p.Role == sweep.Service || children > own/10 {
			return false
		}
	}
	return true
}

// Least returns the least time, in seconds, that t seconds of r can have taken on a quiet machine. What others took,
// and the run's own CPU time, are taken to be spread evenly over its time.
func Least(r *sweep.Result, t float64) float64 {
	total := r.Total.Float()
	if total <= 0 {
		return t
	}
	own := r.CPU().Float() / float64(max(r.Point.Cores, 1))
	return t * min(1, max(total-Taken(r), own, least*total)/total)
}

// Waiting returns how many lane-seconds of waiting for each other n lanes can owe to the core-seconds taken.
func Waiting(taken float64, n int) float64 { return taken * float64(max(n-1, 0)) }
