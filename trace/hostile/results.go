package hostile

import (
	"fmt"
	"math"
	"strings"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// results are the studies whose results are the harm.
func results() []Study {
	return []Study{
		{"runs-of-a-point", func(b *builder) {
			p := b.counts()
			for i := range b.share(1, 230, limits.Reps) {
				b.run(p[i%3], i/3, 1+float64(i%97)/1000, "")
			}
		}},
		{"runs-that-drift", func(b *builder) {
			p := b.counts()
			for i := range b.share(1, 230, limits.Reps) {
				b.run(p[0], i, 1+float64(i)/1e6, "")
			}
		}},
		{"runs-far-out", func(b *builder) {
			p := b.counts()
			for i := range b.share(1, 230, limits.Reps) {
				b.run(p[0], i, 1+float64(i%5/4)*1000, `,"noise":{"noisy":true}`)
			}
		}},
		{"runs-traced", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			for i := range b.share(1, 420, limits.Reps) {
				b.traced(p[i%3], i)
			}
		}},
		{"runs-that-failed", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			for i := range b.share(1, 200, limits.Reps) {
				b.line(p[i%3], 5+i, "timed", "failed", fmt.Sprintf(`,"error":"failure %d","stderr_tail":"tail"`, i))
			}
		}},
		{"runs-that-failed-alike", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			for i := range b.share(1, 200, limits.Reps) {
				b.line(p[i%3], 5+i, "timed", "failed", `,"error":"failure","stderr_tail":"tail"`)
			}
		}},
		{"runs-of-many-statuses", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			for i := range b.share(1, 180) {
				b.line(p[i%3], 5+i, "timed", fmt.Sprintf("status-%d", i), "")
			}
		}},
		{"runs-that-replace", func(b *builder) {
			p := b.counts()
			for i := range b.share(1, 250) {
				b.run(p[i%3], i, 1, fmt.Sprintf(`,"replaces_rep":%d`, i-3))
			}
		}},
		{"runs-of-other-results", func(b *builder) {
			p := b.counts()
			for i := range b.share(1, 260) {
				b.run(p[i%3], i, 1, fmt.Sprintf(`,"digest":"%d"`, i))
			}
		}},
		{"warnings-of-runs", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			for i := range b.share(1, 6000) {
				b.run(p[i%3], 5+i, 1, fmt.Sprintf(`,"warnings":["%d"%s],"noise":{"noisy":true,"reasons":["%d"%s]}`, i,
					strings.Repeat(`,"warning"`, 300), i, strings.Repeat(`,"reason"`, 300)))
			}
		}},
		{"warnings-of-all-runs", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			for i := range b.share(1, 280, limits.Reps-5) {
				b.run(p[i%3], 5+i, 1, `,"warnings":["0"`+strings.Repeat(`,"1"`, 19)+`]`)
			}
		}},
		{"strings-of-runs", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			s := strings.Repeat("x", b.share(1.0/8, 1, limits.TextBytes))
			b.line(p[0], 9, "timed", "failed", fmt.Sprintf(`,"error":%q,"stderr_tail":%q,"signal":%q`, s, s, s))
			b.line(p[0], 10, "timed", s, "")
			b.run(p[1], 9, 1, fmt.Sprintf(`,"digest":%q,"warnings":[%q],"started_at":%q`, s, s, s))
		}},
		{"processes", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			many := strings.Repeat(`,{"role":"worker","rank":1,"ready_s":1,"max_rss_bytes":1000}`, b.share(0.5, 60, limits.Processes-1))
			b.run(p[1], 9, 1, `,"processes":[{"role":"coordinator"}`+many+`]`)
			b.line(p[1], 9, "traced", "ok", `,"total_s":1,"processes":[{"role":"coordinator"}`+many+`]`)
		}},
		{"metrics", func(b *builder) {
			p := b.benchmark()
			for rep := range 6 {
				var units strings.Builder
				for i := range b.share(1.0/6, 14, limits.Metrics-1) {
					fmt.Fprintf(&units, `,"u%d/op":%d`, i, rep+1)
				}
				b.run(p[rep%3], rep/3, 1, `,"metrics":{"ops/s":1`+units.String()+`}`)
			}
		}},
		{"metrics-of-runs", func(b *builder) {
			p := b.benchmark()
			for i := range b.share(1, 400) {
				b.run(p[i%3], i, 1, fmt.Sprintf(`,"metrics":{"ops/s":%d,"ns/op":1e100,"u%d":-1e100,"v%d":0}`, i, i%100, i))
			}
		}},
		{"captures-missing", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			for i := range b.share(1, 900) {
				b.traced(p[i%3], i, captured(i, "gotrace", "p0.trace"), captured(i, "osched", "o.gz"), captured(i, "spans", "s.jsonl"),
					captured(i, "cpuprofile", "p0.gz"), captured(i, "other", "x"))
			}
		}},
		{"captures-of-a-run", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			var all []sweep.Capture
			for i := range b.share(1, 60, limits.Captures) {
				all = append(all, captured(i, "gotrace", "p0.trace"))
			}
			b.traced(p[0], 0, all...)
		}},
		{"noise", func(b *builder) {
			p := b.counts()
			for i := range b.share(1, 420, limits.Reps) {
				b.run(p[i%3], i, 1+float64(i%97)/1000, fmt.Sprintf(`,"noise":{"others_cpu_s":%d,"others_share":%d,"steal_s":9e3,"run_cpus":`+
					`{"had_core_s":%d,"others_core_s":%d,"hypervisor_core_s":9e3,"resolution_core_s":-9e3},"noisy":true}`,
					i%9000, i%limits.CPUs, i%5, i%7))
			}
		}},
	}
}

// benchmark adds a sweep of a benchmark.
func (b *builder) benchmark() []sweep.Point {
	b.header.Workloads[0].Command = &sweep.Command{Benchmark: &sweep.Benchmark{Name: "BenchmarkPi", Package: "a/b", Folder: "~"}}
	return b.counts()
}

// captured returns a capture of run i.
func captured(i int, kind sweep.CaptureKind, name string) sweep.Capture {
	return sweep.Capture{Kind: kind, Path: fmt.Sprintf("runs/%d/%s", i, name), Role: sweep.Worker}
}

// contradictions are the studies that cannot be, and those of texts that would do something.
func contradictions() []Study {
	return []Study{
		{"nothing", func(b *builder) { b.header = sweep.Header{Schema: sweep.StudySchema} }},
		{"no-header", func(b *builder) {
			b.header = sweep.Header{Schema: sweep.StudySchema}
			b.runs(point("pi", 1), point("pi", 2))
		}},
		{"no-sweeps", func(b *builder) { b.runs(pointsOf("pi", b.share(1, 5*230, limits.PointCount))...) }},
		{"runs-of-no-sweep", func(b *builder) {
			b.runs(b.counts()...)
			b.runs(pointsOf("other", b.share(1, 5*230, limits.PointCount))...)
		}},
		{"no-host", func(b *builder) {
			b.runs(b.counts()...)
			b.header.Host = sweep.Host{}
		}},
		{"impossible-host", func(b *builder) {
			b.runs(b.counts()...)
			b.header.Host.Physical, b.header.Host.Sockets, b.header.Host.SMT = -1, math.MaxInt64, true
			b.header.Host.QuotaCores, b.header.Host.MemoryBytes = 1e300, math.MinInt64
		}},
		{"impossible-settings", func(b *builder) {
			b.runs(b.counts()...)
			b.header.Rule = sweep.Rule{MinRuns: math.MaxInt64, MaxRuns: math.MinInt64, HalfWidth: -1e300, Budget: math.MinInt64}
			b.header.Settings = sweep.Settings{Chunk: -1, Timeout: math.MinInt64, Warmup: math.MaxInt64, Traced: math.MinInt64}
			b.header.Resumes = []sweep.Resume{{FirstRun: math.MinInt64}, {FirstRun: math.MaxInt64}}
		}},
		{"times", func(b *builder) {
			times := []string{"0", "1e-9", "-1", "1e6", "9223372036", "9007199", "0.000000001", "1"}
			for i, t := range times {
				points := pointsOf(fmt.Sprintf("w%d", i), len(times))
				b.sweep(points[0].Workload, points...)
				for k, p := range points {
					for rep, other := range times {
						b.line(p, rep, "timed", "ok", fmt.Sprintf(`,"total_s":%s,"work_s":%s,"startup_s":%s,"teardown_s":%s,"exit_s":%s,`+
							`"user_s":%s,"sys_s":%s,"start_monotonic_s":%s,"max_rss_bytes":%d`,
							times[k], other, t, t, other, t, other, t, int64(math.MinInt64)+int64(i)))
						b.line(p, rep, "traced", "ok", fmt.Sprintf(`,"total_s":%s,"work_s":%s,"startup_s":%s`, t, other, times[k]))
					}
				}
			}
		}},
		{"sizes", func(b *builder) {
			sizes := []int64{1, limits.Size, 2, limits.Size - 1, limits.Size / 2, 3}
			var points []sweep.Point
			for i, s := range sizes {
				points = append(points, sweep.Point{Workload: "pi", Procs: 1, Workers: i + 1, Cores: 1, Size: s})
			}
			for _, scaling := range []sweep.Scaling{sweep.Strong, sweep.Weak, "other", ""} {
				b.sweep("pi", points...)
				b.header.Sweeps[len(b.header.Sweeps)-1].Scaling = scaling
			}
			b.sweep("spin", points...)
			b.runs(points...)
		}},
		{"sweeps-of-bad-points", func(b *builder) {
			b.runs(b.counts()...)
			b.sweep("pi", sweep.Point{}, sweep.Point{Workload: injection, Procs: -1, Workers: math.MinInt64, Cores: -5, Size: -7},
				sweep.Point{Workload: "pi"}, point("other", 3), point("pi", 1), point("pi", 1))
			b.sweep("")
			b.sweep("spin", sweep.Point{}, sweep.Point{Workload: "pi", Workers: -1})
		}},
		{"texts", func(b *builder) {
			b.runs(b.counts()...)
			texts := []string{injection, "\xff\xfe\xfd", "", " ", "\u2028"}
			h, p := &b.header, &b.header.Workloads[0]
			h.Command, h.Warnings, h.Host.Limits = texts, texts, texts
			h.CreatedAt, h.Tool, h.Go, h.Stopped = injection, injection, injection, injection
			p.Doc, p.Unit, p.SHA256, p.Package, p.Argv = injection, injection, injection, injection, texts
			h.Host = sweep.Host{
				Name: injection, OS: injection, Arch: injection, Kernel: injection, BootID: injection, CPUModel: injection,
				Governor: injection, Level: injection, Limits: texts, CPUs: h.Host.CPUs, Physical: 4,
			}
			h.Resumes = []sweep.Resume{{At: injection, Forced: true, Different: texts}}
			h.Sweeps[0].Series, h.Sweeps[0].Mode, h.Sweeps[0].Scaling, h.Sweeps[0].Basis = injection, injection, injection, injection
			q := fmt.Sprintf("%q", "<script>alert(1)</script>\x1b[2J")
			q = strings.ReplaceAll(q, `\x1b`, `\u001b`)
			b.line(point("pi", 1), 9, "timed", "failed", `,"error":`+q+`,"stderr_tail":`+q+`,"signal":`+q)
			b.run(point("pi", 2), 9, 1, `,"digest":`+q+`,"warnings":[`+q+`],"metrics":{`+q+`:1},"noise":{"noisy":true,"reasons":[`+q+`]}`)
			b.traced(point("pi", 2), 0, sweep.Capture{Kind: "gotrace", Path: "runs/" + strings.ReplaceAll(injection, "\x00", "")})
		}},
		{"no-results", func(b *builder) { b.counts() }},
		{"grid-of-other-modes", func(b *builder) {
			for i, m := range []sweep.Mode{sweep.Grid, sweep.Procs, sweep.Cores, "", "x"} {
				points := pointsOf("pi", 6)
				b.sweep("pi", points[i:]...)
				b.header.Sweeps[i].Mode = m
			}
			b.runs(pointsOf("pi", 6)...)
		}},
	}
}
