package study

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A benchmark cannot follow the count if it keeps at most idleCores cores busy at every count and is at most
// idleSpeedup times as fast as at the base. The runtime itself takes a tenth of a core, and times of the same work
// differ by more than a tenth from run to run.
const (
	idleCores   = 1.1
	idleSpeedup = 1.15
)

// idleBenchmarks names the benchmarks that cannot follow the count of workers.
func (a *analysis) idleBenchmarks() []warning.Warning {
	if !a.Header.Benchmarks() {
		return nil
	}
	traced := busyByTrace(a.in.Explained)
	idle := warning.Warning{Kind: warning.IdleBenchmarks}
	swept := 0
	for c := range a.Curves() {
		if c.Sweep.Mode != sweep.Threads || c.Base < 0 || len(c.Points) < 2 {
			continue
		}
		swept++
		if cannotFollow(c, traced) {
			idle.Items = append(idle.Items, warning.Item{Name: c.Sweep.Workload})
		}
	}
	if len(idle.Items) == 0 {
		return nil
	}
	idle.Figures.Count, idle.Figures.Of = len(idle.Items), swept
	return []warning.Warning{idle}
}

// busyByTrace returns, for each point, how many Ps its traced runs kept busy on average while any was busy, without the
// share of the background workers of the garbage collector; of several runs, the most. Other programs do not change it:
// a P that waits for its core counts as busy.
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

// ownShare returns the part of the busy core time that the program itself took, rather than the background workers of
// the runtime.
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

// cannotFollow reports whether c keeps no more than one core busy at any point beyond its base: by the traces or, at a
// point without one, by CPU time over wall time, if the speedup agrees.
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
		if ok {
			continue
		}
		// On a busy machine the benchmark may have used more cores, and been faster, by what noise can explain.
		most := p.Most()
		if p.MeanBusy*most/p.Speedup > idleCores || !(most < idleSpeedup) || c.Sweep.Scaling == sweep.Weak {
			return false
		}
	}
	return measured
}
