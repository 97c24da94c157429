package statements_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/history"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A past is a random history: a program, the machine or both get slower or faster at one study.
type past struct {
	at                 int
	one, two, loop     float64 // factors from at on: of the time on one worker, on two, and of the loop in registers
	unloop, tool, same bool    // the loop is not measured; another version of the tool measures from at on; one commit
	kernel             bool    // another kernel runs from at on
	long               bool    // a study has ten launches more
	hs                 *history.History
	s                  *history.Series
	l                  *history.Line
	c                  *history.Change
	medians            map[history.Quantity][]float64 // of the runs, by the checker's own reckoning
	loops              map[history.Quantity][]float64
}

// TestHistories checks what is said of random histories.
func TestHistories(t *testing.T) {
	met, complaints := map[string]int{}, map[string]int{}
	for i := range 60 {
		m := &maker{rng: rand.New(rand.NewPCG(uint64(i), 40))}
		x := m.past(18)
		k := &checker{t: t, number: i, met: met, complaints: complaints}
		k.history(x)
	}
	for _, v := range slices.Concat(names(quantityRules()), names(originRules())) {
		if met[v] == 0 {
			t.Errorf("%s: no history states it", v)
		}
	}
}

// past makes a random history of so many studies.
func (m *maker) past(studies int) *past {
	x := &past{
		at: 7 + m.rng.IntN(5), one: pick(m, 1, 1, 1.1, 0.9), two: pick(m, 1, 1.1, 1.3, 0.8), loop: pick(m, 1, 1, 1.1),
		unloop: m.chance(0.2), tool: m.chance(0.2), same: m.chance(0.2), kernel: m.chance(0.2), long: m.chance(0.3),
		medians: map[history.Quantity][]float64{}, loops: map[history.Quantity][]float64{},
	}
	if m.chance(0.3) {
		x.one, x.two = x.loop, x.loop
	}
	b := history.Builder{Seed: 1, Resamples: resamples}
	for i := range studies {
		one, two, loop := 2.0, 1.1, 1.0
		if i >= x.at {
			one, two, loop = one*x.one, two*x.two, loop*x.loop
		}
		common := math.Exp(0.005 * m.rng.NormFloat64())
		var results []sweep.Result
		add := func(name string, workers int, seconds float64) {
			n := 5
			if x.long && i%2 == 0 {
				n = 15
			}
			for rep := range n {
				r := sweep.Result{Run: sweep.Run{Point: pastPoint(name, workers), Rep: rep, Kind: sweep.Timed}, Status: sweep.OK}
				r.Total = sweep.Seconds(1e8 * seconds * math.Exp(0.01*m.rng.NormFloat64()))
				r.Work, r.User = r.Total, r.Total*sweep.Seconds(workers)
				results = append(results, r)
			}
		}
		add("job", 1, one*common)
		add("job", 2, two*common)
		if !x.unloop {
			add(sweep.SpinWorkload, 1, loop)
			add(sweep.SpinWorkload, 2, loop)
		}
		x.reckon(results)
		b.Add("study", x.header(i), results)
	}
	x.hs = b.History()
	return x
}

func pastPoint(name string, workers int) sweep.Point {
	p := sweep.Point{Workload: name, Procs: 1, Workers: workers, Cores: workers, Size: 10}
	if name == sweep.SpinWorkload {
		p.Size *= int64(workers)
	}
	return p
}

// header is that of study i, a day each.
func (x *past) header(i int) sweep.Header {
	day := time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)
	commit := strings.Repeat(string(rune('a'+i)), 40)
	if x.same && i >= x.at-1 && i <= x.at+1 {
		commit = strings.Repeat("z", 40)
	}
	h := sweep.Header{
		Schema: sweep.StudySchema, CreatedAt: day, Tool: "one", Host: sweep.Host{CPUs: make([]sweep.CPU, 2), Kernel: "one"},
		Workloads: []sweep.Program{{Name: "job", Revision: &sweep.Revision{Commit: commit, Time: day}}},
		Sweeps: []sweep.Sweep{{
			Workload: "job", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 10,
			Points: []sweep.Point{pastPoint("job", 1), pastPoint("job", 2)},
		}},
	}
	h.Sweeps = append(h.Sweeps, sweep.CeilingSweep(h.Sweeps[0].Points, 10))
	if i >= x.at && x.tool {
		h.Tool = "two"
	}
	if i >= x.at && x.kernel {
		h.Host.Kernel = "two"
	}
	return h
}

// reckon notes the medians of a study.
func (x *past) reckon(results []sweep.Result) {
	of := func(name string, workers int) float64 {
		var times []float64
		for _, r := range results {
			if r.Point.Workload == name && r.Point.Workers == workers {
				times = append(times, r.Total.Float())
			}
		}
		if times == nil {
			return math.NaN()
		}
		slices.Sort(times)
		return times[len(times)/2] // of 5 or 15
	}
	put := func(to map[history.Quantity][]float64, name string) {
		one, two := of(name, 1), of(name, 2)
		to[history.BaseTime], to[history.TopTime] = append(to[history.BaseTime], one), append(to[history.TopTime], two)
		to[history.Speedup] = append(to[history.Speedup], one/two)
	}
	put(x.medians, "job")
	put(x.loops, sweep.SpinWorkload)
}

// history checks all changes of a history.
func (k *checker) history(x *past) {
	x.s = &x.hs.Series[0]
	for i := range x.s.Lines {
		x.l = &x.s.Lines[i]
		for j := range x.s.Changes {
			if x.c = &x.s.Changes[j]; x.c.Quantity != x.l.Quantity {
				continue
			}
			rule(k, quantityRules(), x.c.Quantity, x)
			rule(k, originRules(), x.c.Origin, x)
			k.change(x)
		}
	}
}

// segments are the studies on both sides of a change, up to the next of its line.
func (x *past) segments() (lo, hi int) {
	lo, hi = 0, len(x.l.Values)
	for _, c := range x.s.Changes {
		if c.Quantity != x.c.Quantity {
			continue
		}
		if c.At < x.c.At {
			lo = max(lo, c.At)
		} else if c.At > x.c.At {
			hi = min(hi, c.At)
		}
	}
	return lo, hi
}

// shift is the ratio of geometric means of values, from at on over before, within the segments of the change.
func (x *past) shift(values []float64) float64 {
	lo, hi := x.segments()
	var before, after float64
	for i := lo; i < hi; i++ {
		if i < x.c.At {
			before += math.Log(values[i]) / float64(x.c.At-lo)
		} else {
			after += math.Log(values[i]) / float64(hi-x.c.At)
		}
	}
	return math.Exp(after - before)
}

// change checks the figures, the certainty and the words of a change.
func (k *checker) change(x *past) {
	c := x.c
	k.hold(c.Interval.Low < c.Ratio && c.Ratio < c.Interval.High && c.P <= history.Alpha/3,
		"%s: %v in %v, p = %v", c.Quantity, c.Ratio, c.Interval, c.P)
	k.hold(c.First <= c.At && c.At <= c.Last, "%s: at %d, outside %d to %d", c.Quantity, c.At, c.First, c.Last)
	k.hold(c.Before >= 3 && c.After >= 3, "%s: %d studies before and %d after", c.Quantity, c.Before, c.After)
	beyond := c.Interval.Low > 1 || c.Interval.High < 1
	switch c.Certainty {
	case noise.Certain:
		k.hold(beyond && math.Abs(math.Log(c.Ratio)) >= math.Log(1.01), "sure of %v in %v", c.Ratio, c.Interval)
		k.hold(c.Origin != history.Untold && c.Origin != history.NotMeasured, "sure of what is %s", c.Origin)
		k.hold(!x.kernel || c.At != x.at, "sure although the kernel changed")
	case noise.Likely:
		k.hold(c.Ratio > 1.0099 || c.Ratio < 0.9902, "likely: %v", c.Ratio)
	default:
		k.hold(!c.Shown(), "%s is shown", c.Certainty)
		return
	}
	if x.s.Drift > 0 && c.Origin != history.SameProgram {
		k.hold(math.Abs(math.Log(c.Ratio)) > math.Log(x.s.Drift),
			"%v is said, and studies of one program differ by %v", c.Ratio, x.s.Drift)
	}
	f := figures{must: []float64{c.Ratio, c.Interval.Low, c.Interval.High, float64(c.Before), float64(c.After)}}
	if c.MachineRange != nil {
		f.may = append(f.may, c.Machine, c.MachineRange.Low, c.MachineRange.High)
	}
	f.may = append(f.may, 1, 2) // the counts of workers
	text := words.HistoryChanges(x.hs, x.s, []*history.Change{c})
	text = strings.Replace(text, words.HistoryLine(x.s, c.Quantity), "", 1)
	k.said(text, f)
	k.hold(strings.Contains(text, "likely") == (c.Certainty == noise.Likely), "%q is %s", text, c.Certainty)
}

// quantityRules say what must be so of a line that changes.
func quantityRules() map[history.Quantity]func(*checker, *past) {
	of := func(k *checker, x *past) {
		want := x.shift(x.medians[x.c.Quantity])
		k.hold(math.Abs(x.c.Ratio/want-1) < 1e-6, "%s changes by %v, and by the runs by %v", x.c.Quantity, x.c.Ratio, want)
		k.hold(math.Abs(want-1) > 1e-4, "%s does not change", x.c.Quantity)
	}
	return map[history.Quantity]func(*checker, *past){history.BaseTime: of, history.TopTime: of, history.Speedup: of}
}

// originRules say what must be so of the loop and the programs for a change to be of that origin.
func originRules() map[history.Origin]func(*checker, *past) {
	commits := func(x *past) (before, after string) {
		return x.s.Entries[x.c.At-1].Program.Revision.Commit, x.s.Entries[x.c.At].Program.Revision.Commit
	}
	other := func(k *checker, x *past) {
		before, after := commits(x)
		k.hold(before != after, "%s, and both sides are of one commit", x.c.Origin)
	}
	loop := func(k *checker, x *past) float64 {
		other(k, x)
		want := x.shift(x.loops[x.c.Quantity])
		k.hold(math.Abs(x.c.Machine/want-1) < 1e-6, "the loop changes by %v, and by the runs by %v", x.c.Machine, want)
		k.hold(!x.tool || x.c.At != x.at, "%s, and other versions of the tool have other loops", x.c.Origin)
		return math.Log(want)
	}
	return map[history.Origin]func(*checker, *past){
		history.SameProgram: func(k *checker, x *past) {
			before, after := commits(x)
			k.hold(before == after, "one program, of commits %s and %s", before, after)
		},
		history.OfProgram: func(k *checker, x *past) {
			rest := math.Log(x.c.Ratio) - loop(k, x)
			k.hold(rest*math.Log(x.c.Ratio) > 0 && math.Abs(rest) >= math.Log(1.01),
				"the program's, and beyond the loop is %v", rest)
		},
		history.OfMachine: func(k *checker, x *past) {
			d := loop(k, x)
			k.hold(d*math.Log(x.c.Ratio) > 0 && math.Abs(d) >= math.Log(1.01), "the machine's, and the loop changes by %v", d)
		},
		history.NotMeasured: func(k *checker, x *past) {
			other(k, x)
			k.hold(x.unloop && math.IsNaN(x.c.Machine), "the loop is said not to be measured")
		},
		history.Untold: func(k *checker, x *past) {
			other(k, x)
			k.hold(!x.unloop, "the loop tells nothing as it was not measured")
		},
	}
}
