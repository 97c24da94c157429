package study

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A benchmark that cannot follow the count uses at most so many cores, whatever the count, and is at most so much
// faster than at the base. A tenth of a core is the runtime's own; times of the same work differ by more than a tenth
// from run to run.
const (
	idleCores   = 1.1
	idleSpeedup = 1.15
)

// idleBenchmarks are warnings that name the benchmarks that cannot follow the count of workers.
func (a *analysis) idleBenchmarks() []warning.Warning {
	if !a.Header.Benchmarks() {
		return nil
	}
	traced := busyByTrace(a.in.Explained)
	idle := warning.Warning{Kind: warning.IdleBenchmarks}
	swept := 0
	for i := range a.Workloads {
		for k := range a.Workloads[i].Curves {
			c := &a.Workloads[i].Curves[k]
			if c.Sweep.Mode != sweep.Threads || c.Base < 0 || len(c.Points) < 2 {
				continue
			}
			swept++
			if cannotFollow(c, traced) {
				idle.Items = append(idle.Items, warning.Item{Name: c.Sweep.Workload})
			}
		}
	}
	if len(idle.Items) == 0 {
		return nil
	}
	idle.Figures.Count, idle.Figures.Of = len(idle.Items), swept
	return []warning.Warning{idle}
}

// busyByTrace is the most Ps that traced runs of each point kept busy on average, while any was, less the share of the
// garbage collector's background workers. Other programs do not change it, as a P that waits for its core counts as
// busy.
func busyByTrace(explained map[sweep.Run]Explained) map[sweep.Point]float64 {
	out := map[sweep.Point]float64{}
	for run, e := range explained {
		if e.Use == nil {
			continue
		}
		var sum, any float64
		for busy, d := range e.Use.Profile {
			sum += float64(busy) * d.Seconds()
			if busy > 0 {
				any += d.Seconds()
			}
		}
		if any > 0 {
			out[run.Point] = max(out[run.Point], sum/any*ownShare(e.Ledger))
		}
	}
	return out
}

// ownShare is the part of the busy core time that went to the program itself rather than to the runtime's background
// workers.
func ownShare(l *ledger.Ledger) float64 {
	if l == nil {
		return 1
	}
	var own, background float64
	for _, c := range []cause.Cause{cause.User, cause.GCAssist, cause.GCSweep, cause.Syscall} {
		own += l.Of(c).Seconds()
	}
	for _, c := range []cause.Cause{cause.GCDedicated, cause.GCIdle, cause.GCSTW, cause.Runtime, cause.Tracer} {
		background += l.Of(c).Seconds()
	}
	if own == 0 {
		return 1
	}
	return own / (own + background)
}

// cannotFollow reports whether the points of c beyond its base keep no more than one core busy: by their traces or,
// where one has none, by processor time over wall time, if the speedup says so too.
func cannotFollow(c *Curve, traced map[sweep.Point]float64) bool {
	measured := false
	for i, p := range c.Points {
		if i == c.Base || p.Runs == 0 {
			continue
		}
		measured = true
		busy, ok := traced[p.Point]
		if ok && busy > idleCores {
			return false
		}
		// On a busy machine neither processor time nor speedup tell what the benchmark could have used.
		if ok {
			continue
		}
		if 2*p.Noisy > p.Runs || p.MeanBusy > idleCores || !(p.Speedup < idleSpeedup) || c.Sweep.Scaling == sweep.Weak {
			return false
		}
	}
	return measured
}
