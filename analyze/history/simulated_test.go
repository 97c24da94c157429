package history

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A truth is how studies of a simulated history come about: 20 revisions, 10 launches of each point with a deviation of
// 2 % each, and what their machine does. The figures are shares.
type truth struct {
	drift  float64 // deviation of what the launches of a study have in common
	rho    float64 // how much of it the next study has
	shared bool    // the loop in registers has it, too
	odd    float64 // by which one study in ten is slower
	step   float64 // by which the program is slower from some revision on
	loop   float64 // by which machine and loop are slower from some study on
	bump   float64 // by which the program is slower from the 7th study on, and before the 14th
}

// made returns the history and the study of the step.
func (w truth) made(seed uint64) (h *History, at int) {
	const studies, launches, loops = 20, 10, 5
	src := rand.New(rand.NewPCG(seed, 7))
	b := Builder{Seed: seed, Resamples: 50}
	at = leastStudies + src.IntN(studies-2*leastStudies+1)
	drift := w.drift * src.NormFloat64()
	for i := range studies {
		common := drift
		drift = w.rho*drift + math.Sqrt(1-w.rho*w.rho)*w.drift*src.NormFloat64()
		if src.Float64() < 0.1 {
			common += math.Log1p(w.odd)
		}
		if w.bump > 0 {
			at = 7
		}
		if i >= 7 && i < 14 {
			common += math.Log1p(w.bump)
		}
		machine := 0.0
		if w.shared {
			machine = common
		}
		if i >= at {
			common += math.Log1p(w.step) + math.Log1p(w.loop)
			machine += math.Log1p(w.loop)
		}
		r := recorded{src: src}
		for rep := range launches {
			r.add("job", 1, rep, math.Exp(common), 0.02)
			r.add("job", 2, rep, math.Exp(common)/1.9, 0.02)
			if rep < loops {
				r.add(sweep.SpinWorkload, 1, rep, math.Exp(machine), 0.005)
				r.add(sweep.SpinWorkload, 2, rep, math.Exp(machine), 0.005)
			}
		}
		b.Add(strconv.Itoa(i), header(i, fmt.Sprintf("%040d", i)), r.results)
	}
	return b.History(), at
}

// recorded are the runs of a simulated study.
type recorded struct {
	src     *rand.Rand
	results []sweep.Result
}

func (r *recorded) add(workload string, workers, rep int, seconds, deviation float64) {
	t := sweep.Seconds(1e8 * seconds * math.Exp(deviation*r.src.NormFloat64()))
	p := point(workload, workers)
	r.results = append(r.results, sweep.Result{
		Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK, Total: t, Work: t,
		User: t * sweep.Seconds(workers),
	})
}

func point(workload string, workers int) sweep.Point {
	p := sweep.Point{Workload: workload, Procs: 1, Workers: workers, Cores: workers, Size: 100}
	if workload == sweep.SpinWorkload {
		p.Size *= int64(workers)
	}
	return p
}

// header is that of a study of a commit, the n-th of the history.
func header(n int, commit string) sweep.Header {
	day := time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)
	h := sweep.Header{
		Schema: sweep.StudySchema, CreatedAt: day, Tool: "v1", Go: "go1.26",
		Host: sweep.Host{CPUModel: "a CPU", OS: "linux", Arch: "amd64", Physical: 2, CPUs: make([]sweep.CPU, 2)},
		Workloads: []sweep.Program{{Name: "job", Revision: &sweep.Revision{
			Commit: commit, Time: day, Subject: fmt.Sprint("change ", n),
		}}},
		Sweeps: []sweep.Sweep{
			{
				Workload: "job", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 100,
				Points: []sweep.Point{point("job", 1), point("job", 2)},
			},
		},
	}
	h.Sweeps = append(h.Sweeps, sweep.CeilingSweep(h.Sweeps[0].Points, 100))
	return h
}

// How often a history without a change shows one, and how often a step is found, over 100 histories of each kind, or
// $CORECURVE_COVERAGE.
func TestSimulated(t *testing.T) {
	histories := 100
	if n, err := strconv.Atoi(os.Getenv("CORECURVE_COVERAGE")); err == nil {
		histories = n
	}
	if testing.Short() {
		histories = 40
	}
	for _, tt := range []struct {
		name  string
		truth truth
		found float64 // at least this share; 0: the history is flat, and 5 % may show a change
	}{
		{"flat: launches alone", truth{}, 0},
		{"flat: studies differ by 1 %", truth{drift: 0.01}, 0},
		{"flat: by 3 %", truth{drift: 0.03}, 0},
		{"flat: by 1 %, half of which the next has", truth{drift: 0.01, rho: 0.5}, 0},
		{"flat: likewise, and the loop has it", truth{drift: 0.01, rho: 0.5, shared: true}, 0},
		{"flat: one study in ten is 20 % slower", truth{drift: 0.01, odd: 0.2}, 0},
		{"step of 5 %: studies differ by 1 %", truth{drift: 0.01, step: 0.05}, 0.9},
		{"step of 5 %: by 1 %, a third of which the next has", truth{drift: 0.01, rho: 0.3, step: 0.05}, 0.8},
		{"5 % and back: studies differ by 1 %", truth{drift: 0.01, bump: 0.05}, 0.5},
		{"machine slower by 5 %, and said of the program", truth{drift: 0.005, loop: 0.05}, 0},
	} {
		said, right, near := 0, 0, 0
		for i := range histories {
			h, at := tt.truth.made(uint64(i))
			program, hit, close := false, false, false
			for _, c := range h.Series[0].Changes {
				if !c.Shown() || c.Origin == OfMachine {
					continue
				}
				program = true
				slower := c.Quantity != Speedup && c.Ratio > 1
				hit = hit || slower && c.At == at
				close = close || slower && c.First <= at && at <= c.Last && c.Certainty == noise.Certain
			}
			said, right, near = said+count(program), right+count(hit), near+count(close)
		}
		share := func(n int) float64 { return float64(n) / float64(histories) }
		t.Logf("%-55s said %5.1f %%, at its revision %5.1f %%, sure and in its range %5.1f %%", tt.name, 100*share(said),
			100*share(right), 100*share(near))
		// By the standard error of so many, as chance may have it.
		chance := func(p float64) float64 { return math.Sqrt(p * (1 - p) / float64(histories)) }
		if tt.found == 0 && share(said) > Alpha+chance(Alpha) {
			t.Errorf("%s: a change is said of %.1f %%", tt.name, 100*share(said))
		}
		if share(near) < tt.found-chance(tt.found) {
			t.Errorf("%s: found in %.1f %%, want %.0f %%", tt.name, 100*share(near), 100*tt.found)
		}
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
