package revisions

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/corecurve/corecurve/analyze/history"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A step makes a program or a machine slower from some study on.
type step struct {
	at      int
	factor  float64
	machine bool
}

// made returns the history of studies of a program on one or two workers, each of one commit, under steps.
func made(studies int, steps ...step) *history.History {
	src := rand.New(rand.NewPCG(1, 2))
	b := history.Builder{Seed: 1, Resamples: 200}
	for i := range studies {
		day := time.Date(2026, 1, 1+i, 12, 0, 0, 0, time.UTC).Format(time.RFC3339)
		h := sweep.Header{
			Schema: sweep.StudySchema, CreatedAt: day, Tool: "v1", Go: "go1.26",
			Host: sweep.Host{CPUModel: "A CPU", OS: "linux", Arch: "amd64", Physical: 2, CPUs: make([]sweep.CPU, 2)},
			Workloads: []sweep.Program{{Name: "cache", Revision: &sweep.Revision{
				Commit: fmt.Sprintf("%010x%030d", 0xabcdef1234*uint64(i+1)%0xffffffffff, i), Time: day,
				Subject: fmt.Sprintf("cache: change %d of a <b> & its test", i), Changed: i == 3,
			}}},
			Sweeps: []sweep.Sweep{{
				Workload: "cache", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 100,
				Points: []sweep.Point{point("cache", 1), point("cache", 2)},
			}},
		}
		h.Sweeps = append(h.Sweeps, sweep.CeilingSweep(h.Sweeps[0].Points, 100))
		common, loop := math.Exp(0.008*src.NormFloat64()), 1.0
		for _, s := range steps {
			if i >= s.at {
				common *= s.factor
				if s.machine {
					loop *= s.factor
				}
			}
		}
		var results []sweep.Result
		add := func(workload string, workers, rep int, seconds, deviation float64) {
			t := sweep.Seconds(1e8 * seconds * math.Exp(deviation*src.NormFloat64()))
			results = append(results, sweep.Result{
				Run:    sweep.Run{Point: point(workload, workers), Rep: rep, Kind: sweep.Timed},
				Status: sweep.OK, Total: t, Work: t, User: t * sweep.Seconds(workers),
			})
		}
		for rep := range 10 {
			add("cache", 1, rep, 2*common, 0.015)
			add("cache", 2, rep, 1.05*common, 0.015)
			add(sweep.SpinWorkload, 1, rep, loop, 0.003)
			add(sweep.SpinWorkload, 2, rep, loop, 0.003)
		}
		b.Add(fmt.Sprint("study-", i), h, results)
	}
	return b.History()
}

func point(workload string, workers int) sweep.Point {
	p := sweep.Point{Workload: workload, Procs: 1, Workers: workers, Cores: workers, Size: 100}
	if workload == sweep.SpinWorkload {
		p.Size *= int64(workers)
	}
	return p
}
