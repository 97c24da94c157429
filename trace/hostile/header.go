package hostile

import (
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// headers are the studies whose header is the harm.
func headers() []Study {
	return []Study{
		{"points-of-a-sweep", func(b *builder) {
			n := b.share(1, 85+5*230, limits.SweepPoints)
			for i := range n {
				b.runs(point("pi", i+1))
			}
			b.sweep("pi", pointsOf("pi", n)...)
		}},
		{"points-of-one-run", func(b *builder) {
			n := b.share(1, 85+230, limits.SweepPoints)
			for i := range n {
				b.run(point("pi", i+1), 0, 1/float64(i+1), "")
			}
			b.sweep("pi", pointsOf("pi", n)...)
		}},
		{"points-without-runs", func(b *builder) {
			b.sweep("pi", pointsOf("pi", b.share(1, 75, limits.SweepPoints))...)
			b.runs(point("pi", 1), point("pi", 2))
		}},
		{"points-of-all-sweeps", func(b *builder) {
			n := b.share(1, 85+3*230, limits.Points-3)
			for i := range n {
				p := point(fmt.Sprintf("w%d", i/limits.SweepPoints), i%limits.SweepPoints+1)
				if p.Workers == 1 {
					b.header.Workloads = append(b.header.Workloads, sweep.Program{Name: p.Workload})
					b.sweep(p.Workload)
				}
				s := &b.header.Sweeps[len(b.header.Sweeps)-1]
				s.Points = append(s.Points, p)
				for rep := range 3 {
					b.run(p, rep, 1/float64(p.Workers)+float64(rep)/100, "")
				}
			}
		}},
		{"points-of-extreme-counts", func(b *builder) {
			var points []sweep.Point
			for i := 1; i <= limits.PointCount; i *= 2 {
				points = append(points, sweep.Point{
					Workload: "pi", Procs: i, Workers: limits.PointCount / i, Cores: limits.PointCount, Size: limits.Size,
				}, sweep.Point{Workload: "pi", Procs: limits.PointCount, Workers: limits.PointCount, Cores: i, Size: 1})
			}
			b.runs(points...)
			for _, m := range []sweep.Mode{sweep.Threads, sweep.Procs, sweep.Cores, sweep.Grid} {
				b.sweep("pi", points...)
				b.header.Sweeps[len(b.header.Sweeps)-1].Mode = m
			}
		}},
		{"sweeps", func(b *builder) {
			points := b.counts()
			b.runs(points...)
			for i := range b.share(1, 180, limits.Sweeps-1, limits.Points-3) {
				b.header.Sweeps = append(b.header.Sweeps, sweep.Sweep{Workload: "pi", Mode: sweep.Threads, Size: int64(i), Points: points[:1]})
			}
		}},
		{"sweeps-all-alike", func(b *builder) {
			b.runs(b.counts()...)
			for range b.share(1, 350, limits.Sweeps-1) {
				b.header.Sweeps = append(b.header.Sweeps, b.header.Sweeps[0])
			}
		}},
		{"sweeps-of-nothing", func(b *builder) {
			b.runs(b.counts()...)
			for i := range b.share(1, 90, limits.Sweeps-1) {
				b.header.Sweeps = append(b.header.Sweeps, sweep.Sweep{Workload: "pi", Mode: "a", Scaling: "b", Size: int64(i)})
			}
		}},
		{"sweeps-of-a-grid", func(b *builder) {
			for i := range b.share(1, 3*(90+5*230)+90, limits.Sweeps, limits.Points/3) {
				s := sweep.Sweep{Workload: "pi", Mode: sweep.Grid, Size: 1000, Series: fmt.Sprintf("procs=%d", i+1)}
				for k := range 3 {
					s.Points = append(s.Points, sweep.Point{Workload: "pi", Procs: i + 1, Workers: k + 1, Cores: 4, Size: 1000})
				}
				b.runs(s.Points...)
				b.header.Sweeps = append(b.header.Sweeps, s)
			}
		}},
		{"workloads", func(b *builder) {
			for i := range b.share(1, 3*(90+5*240)+200, limits.Workloads-1, limits.Points/3) {
				name := fmt.Sprintf("w%d", i)
				points := []sweep.Point{point(name, 1), point(name, 2), point(name, 4)}
				b.header.Workloads = append(b.header.Workloads, sweep.Program{Name: name, Doc: "A workload."})
				b.sweep(name, points...)
				b.runs(points...)
			}
		}},
		{"workloads-without-a-law", func(b *builder) {
			counts, times := []int{1, 2, 512, 4096}, []float64{1, 9, 3, 7}
			b.header.Host.CPUs, b.header.Host.Physical = nil, limits.PointCount
			for i := range limits.PointCount {
				b.header.Host.CPUs = append(b.header.Host.CPUs, sweep.CPU{ID: i, Core: i})
			}
			for i := range b.share(1, len(counts)*(90+5*240)+200, limits.Workloads-1, limits.Points/len(counts)-1) {
				name := fmt.Sprintf("w%d", i)
				var points []sweep.Point
				for k, n := range counts {
					p := sweep.Point{Workload: name, Procs: 1, Workers: n, Cores: n, Size: 1000}
					points = append(points, p)
					for rep := range 5 {
						b.run(p, rep, times[(k+i)%4]*(1+float64((rep*7+k*3+i)%5)), "")
					}
				}
				b.header.Workloads = append(b.header.Workloads, sweep.Program{Name: name})
				b.sweep(name, points...)
			}
		}},
		{"workloads-of-one-run", func(b *builder) {
			for i := range b.share(1, 90+240+90+50, limits.Workloads-1) {
				name := fmt.Sprintf("w%d", i)
				b.header.Workloads = append(b.header.Workloads, sweep.Program{Name: name})
				b.sweep(name, point(name, 1))
				b.run(point(name, 1), 0, 1, "")
			}
		}},
		{"workloads-without-sweeps", func(b *builder) {
			b.runs(b.counts()...)
			for i := range b.share(1, 50, limits.Workloads-1) {
				b.header.Workloads = append(b.header.Workloads, sweep.Program{Name: fmt.Sprintf("w%d", i)})
			}
		}},
		{"spin-of-many-counts", func(b *builder) {
			b.runs(b.counts()...)
			n := b.share(1, 85+5*230, limits.SweepPoints)
			for i := range n {
				b.runs(point(sweep.SpinWorkload, i+1))
			}
			b.sweep(sweep.SpinWorkload, pointsOf(sweep.SpinWorkload, n)...)
		}},
		{"long-strings", func(b *builder) {
			b.runs(b.counts()...)
			s, long := strings.Repeat("x", b.share(1.0/16, 1, limits.ShortBytes)), strings.Repeat("x", b.share(1.0/16, 1, limits.TextBytes))
			h, p := &b.header, &b.header.Workloads[0]
			h.CreatedAt, h.Tool, h.Go, h.Stopped = s, s, s, long
			p.Doc, p.Unit, p.SHA256, p.Package = long, s, s, long
			h.Host.Name, h.Host.Kernel, h.Host.CPUModel, h.Host.Level = s, s, s, s
			h.Host.Governor, h.Host.OS, h.Host.BootID = s, s, s
			h.Sweeps[0].Series = s
		}},
		{"many-words", func(b *builder) {
			b.runs(b.counts()...)
			words := strings.Split(strings.Repeat("x ", b.share(1.0/6, 4, limits.Words, limits.HeaderValues/7)), " ")
			h := &b.header
			h.Command = words
			h.Warnings, h.Host.Limits = words[:min(len(words), limits.Notes)], words[:min(len(words), limits.Notes)]
			h.Workloads[0].Argv = words
			h.Workloads[0].Command = &sweep.Command{Argv: words, Env: words}
		}},
		{"warnings", func(b *builder) {
			b.runs(b.counts()...)
			for i := range b.share(1, 20, limits.Notes) {
				b.header.Warnings = append(b.header.Warnings, fmt.Sprintf("warning %d", i))
			}
		}},
		{"cpus", func(b *builder) {
			b.runs(b.counts()...)
			for i := range b.share(1, 35, limits.CPUs-4) {
				b.header.Host.CPUs = append(b.header.Host.CPUs, sweep.CPU{ID: i, Core: i, Socket: i})
			}
		}},
		{"resumes", func(b *builder) {
			b.runs(b.counts()...)
			for i := range b.share(1, 80, limits.Resumes) {
				b.header.Resumes = append(b.header.Resumes, sweep.Resume{At: "2026-01-02T15:04:05Z", FirstRun: i, Forced: true, Different: []string{"kernel"}})
			}
		}},
	}
}

// pointsOf returns the points of workload with 1 to n workers.
func pointsOf(workload string, n int) []sweep.Point {
	var out []sweep.Point
	for i := range n {
		out = append(out, point(workload, i+1))
	}
	return out
}
