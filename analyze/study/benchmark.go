package study

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A benchmark cannot follow the count if it keeps at most idleCores cores busy at every count, if noise took none, and
// is not shown to be idleSpeedup times as fast as at the base. The runtime itself takes a tenth of a core, and times of
// the same work differ by more than a tenth from run to run.
const (
	idleCores   = 1.1
	idleSpeedup = 1.15
)

// idleBenchmarks names the benchmarks that cannot follow the count of workers.
func (a *analysis) idleBenchmarks() []warning.Warning {
	if !a.Header.Benchmarks() {
		return nil
	}
	traced := busyByTrace(a.Results, a.in.Explained)
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

// alone reports whether a workload is a benchmark that cannot follow the count of workers.
func (a *analysis) alone(workload string) bool {
	return slices.ContainsFunc(a.idle, func(x warning.Warning) bool {
		return slices.ContainsFunc(x.Items, func(i warning.Item) bool { return i.Name == workload })
	})
}

// A kept is what the traced runs of a point say of the cores that it keeps busy.
type kept struct {
	most float64 // cores busy on average while any was, in the run that kept most busy
	own  float64 // share of the busy core time that was not the runtime's background workers', the largest of a run
}

// busyByTrace returns, for each point, how many Ps its traced runs kept busy, without the share of the background
// workers of the garbage collector. A P that waits for its core counts as busy. If its thread never got one, the work
// that it was to take stayed ready: as much of this as others and the hypervisor took of the cores counts too.
func busyByTrace(results []sweep.Result, explained map[sweep.Run]Explained) map[sweep.Point]kept {
	out := map[sweep.Point]kept{}
	for i := range results {
		r := &results[i]
		e := explained[r.Run]
		if e.Ps == nil {
			continue
		}
		var any float64
		for busy, d := range e.Ps.Profile {
			if busy > 0 {
				any += d.Seconds()
			}
		}
		if any == 0 {
			continue
		}
		sum, own := e.Ps.Busy().Seconds(), ownShare(e.Ledger)
		if e.Ledger != nil {
			sum += min(noise.Taken(r), e.Ledger.Of(cause.SchedLatency).Seconds())
		}
		of := out[r.Point]
		out[r.Point] = kept{most: max(of.most, sum/any*own), own: max(of.own, own)}
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

// cannotFollow reports whether c keeps no more than one core busy at any point beyond its base: by the traces, and by
// CPU time over wall time, of which a trace says what was the program's own.
func cannotFollow(c *Curve, traced map[sweep.Point]kept) bool {
	measured := false
	for i, p := range c.Points {
		if i == c.Base || p.Runs == 0 {
			continue
		}
		measured = true
		l, ok := traced[p.Point]
		low, _ := p.Bounds()
		shown := c.Sweep.Scaling != sweep.Weak && low >= idleSpeedup
		switch {
		case ok && (l.most > idleCores || p.MeanBusy*l.own > idleCores || shown):
			return false
		case ok:
		// On a busy machine the benchmark may have used more cores, and been faster, by what noise can explain.
		case busiest(&p) > idleCores || !(p.Most() < idleSpeedup) || c.Sweep.Scaling == sweep.Weak:
			return false
		}
	}
	return measured
}

// busiest returns how many cores p keeps busy or, where noise can explain some of its time, the most that it allows.
func busiest(p *curve.Point) float64 { return p.MeanBusy * p.Most() / p.Speedup }
