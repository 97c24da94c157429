package hostile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// explained makes a study with a traced run of each count, whose captures are given by make: called with the bytes that
// one may have, it returns the content of a file of that kind.
func explained(name string, kind sweep.CaptureKind, file string, content func(size int) []byte) Study {
	return Study{name, func(b *builder) {
		p := b.counts()
		b.runs(p...)
		for i, size := range []int{b.size / 100, b.size / 10, b.size * 8 / 9} {
			c := captured(i, kind, file)
			b.files[c.Path] = content(size)
			b.traced(p[i], 0, c)
		}
	}}
}

// traces are the studies whose Go traces are the harm.
func traces() []Study {
	const second = 1_000_000_000
	of := func(name string, fill func(t *trace, size int)) Study {
		return explained(name, sweep.GoTrace, "p0.trace", func(size int) []byte {
			t := newTrace()
			fill(t, size)
			return t.bytes()
		})
	}
	return []Study{
		of("trace-goroutines", func(t *trace, size int) {
			for g := uint64(2); t.size() < size; g++ {
				t.event(100, typCreate, g, 0, 0)
			}
		}),
		of("trace-goroutines-that-run", func(t *trace, size int) {
			for g := uint64(2); t.size() < size; g++ {
				t.event(100, typCreate, g, 0, 0)
				t.event(100, typBlock, 0, 0)
				t.event(100, typStart, g, 1)
				t.event(100, typUnblock, 1, 2*g-3, 0)
				t.event(100, typDestroy)
				t.event(100, typStart, 1, 2*g-2)
			}
		}),
		of("trace-goroutines-that-wait", func(t *trace, size int) {
			for g := uint64(2); t.size() < size; g++ {
				t.event(100, typStatus, g, math.MaxUint64, waiting)
			}
		}),
		of("trace-switches", func(t *trace, size int) {
			for i := uint64(1); t.size() < size; i++ {
				t.event(100, typStop, 0, 0)
				t.event(100, typStart, 1, i)
			}
		}),
		of("trace-ps", func(t *trace, size int) {
			for p := uint64(1); t.size() < size; p++ {
				t.event(100, typP, p, 2)
			}
		}),
		of("trace-procs", func(t *trace, size int) {
			for n := uint64(1); t.size() < size; n++ {
				t.event(100, typProcs, n*n*n*n*n, 0)
			}
		}),
		of("trace-threads", func(t *trace, size int) {
			for m := uint64(1); t.size() < size; m++ {
				t.thread(m)
				t.event(1000, typP, m, 1)
				t.event(1000, typStatus, m+1, m, running)
				t.event(1000, typCreate, 1<<30+m, 0, 0)
			}
		}),
		of("trace-generations", func(t *trace, size int) {
			for t.size() < size {
				t.generation()
				t.event(1000, typP, 0, 1)
				t.event(1000, typStatus, 1, 0, running)
			}
		}),
		of("trace-stacks", func(t *trace, size int) {
			n := uint64(1)
			for t.out.Len() < size*2/3 {
				t.table(typStacks, func(b []byte) []byte {
					for ; len(b) < 60_000; n++ {
						b = appendStack(b, n, n, n+1, n+2)
					}
					return b
				})
			}
			t.thread(0)
			for i := uint64(1); t.size() < size; i++ {
				t.event(100, typStop, 0, i%n)
				t.event(100, typStart, 1, i)
			}
		}),
		of("trace-deep-stacks", func(t *trace, size int) {
			n, deep := uint64(1), make([]uint64, 128)
			for t.out.Len() < size*3/4 {
				t.table(typStacks, func(b []byte) []byte {
					for ; len(b) < 60_000; n++ {
						for i := range deep {
							deep[i] = n*128 + uint64(i)
						}
						b = appendStack(b, n, deep...)
					}
					return b
				})
			}
			t.thread(0)
			for i := uint64(1); t.size() < size; i++ {
				t.event(100, typStop, 0, i%n)
				t.event(100, typStart, 1, i)
			}
		}),
		of("trace-strings", func(t *trace, size int) {
			n := uint64(1)
			for t.out.Len() < size*3/4 {
				t.table(typStrings, func(b []byte) []byte {
					for ; len(b) < 60_000; n++ {
						b = appendText(b, n, fmt.Sprint(n, strings.Repeat(injection, 5)))
					}
					return b
				})
			}
			t.thread(0)
			for i := uint64(1); t.size() < size; i++ {
				t.event(100, typRegion, 0, i%n, 0)
				t.event(100, typLog, 0, i%n, (i+1)%n, 0)
			}
		}),
		of("trace-names", func(t *trace, size int) {
			n := uint64(1)
			for t.out.Len() < size/2 {
				t.table(typStrings, func(b []byte) []byte {
					for ; len(b) < 60_000; n++ {
						b = appendText(b, n, fmt.Sprint("worker ", n))
					}
					return b
				})
			}
			t.thread(0)
			for i := uint64(1); t.size() < size; i++ {
				t.event(100, typRegion, 0, i%n, 0)
				t.event(100, typRegion+1, 0, i%n, 0)
			}
		}),
		of("trace-regions-within-regions", func(t *trace, size int) {
			t.worker()
			t.thread(0)
			for t.size() < size {
				t.event(100, typRegion, 0, 1, 0)
			}
		}),
		of("trace-tasks", func(t *trace, size int) {
			t.worker()
			t.thread(0)
			for i := uint64(1); t.size() < size; i++ {
				t.event(100, typTask, i, i-1, 1, 0)
			}
		}),
		of("trace-workers", func(t *trace, size int) {
			t.worker()
			t.thread(0)
			for g := uint64(2); t.size() < size; g++ {
				t.event(100, typCreate, g, 0, 0)
				t.event(100, typStop, 0, 0)
				t.event(100, typStart, g, 1)
				t.event(100, typRegion, 0, 1, 0)
				t.event(100, typBlock, 0, 0)
				t.event(100, typStart, 1, g-1)
			}
		}),
		of("trace-samples", func(t *trace, size int) {
			n := uint64(0)
			for t.out.Len() < size {
				t.table(typSamples, func(b []byte) []byte {
					for ; len(b) < 60_000; n++ {
						b = append(b, typSample)
						for _, v := range []uint64{second + n, 0, 0, 1, 0} {
							b = appendNumber(b, v)
						}
					}
					return b
				})
			}
			t.thread(0)
		}),
		of("trace-far-times", func(t *trace, size int) {
			for t.size() < size {
				t.event(1<<59, typStop, 0, 0)
				t.event(1<<62, typStart, 1, 1)
			}
		}),
		of("trace-blocked-by-many", func(t *trace, size int) {
			for g := uint64(2); t.size() < size; g++ {
				t.event(100, typCreate, g, 0, 0)
				t.event(100, typUnblock, g-1, 1, 0)
			}
		}),
		{"traces-of-many-runs", func(b *builder) {
			t := newTrace()
			for i := range uint64(20) {
				t.event(1_000_000, typStop, 0, 0)
				t.event(1_000_000, typStart, 1, i+1)
			}
			content := t.bytes()
			n := b.share(1, len(content)+5*230+600, limits.SweepPoints)
			b.sweep("pi", pointsOf("pi", n)...)
			for i := range n {
				p := point("pi", i+1)
				b.runs(p)
				c := captured(i, sweep.GoTrace, "p0.trace")
				b.files[c.Path] = content
				b.traced(p, 0, c)
			}
		}},
		{"traces-of-many-processes", func(b *builder) {
			p := b.counts()
			b.runs(p...)
			t := newTrace()
			for i := range uint64(20) {
				t.event(1_000_000, typStop, 0, 0)
				t.event(1_000_000, typStart, 1, i+1)
			}
			content := t.bytes()
			for i := range 3 {
				var all []sweep.Capture
				for rank := range b.share(1.0/3, len(content)+100, limits.PointCount) {
					c := captured(i, sweep.GoTrace, fmt.Sprintf("p%d.trace", rank))
					c.Rank = rank
					b.files[c.Path] = content
					all = append(all, c)
				}
				b.traced(p[i], 0, all...)
			}
		}},
	}
}

// records are the studies whose records of the OS scheduler are the harm.
func records() []Study {
	of := func(name, level string, line func(i int) string) Study {
		return explained(name, sweep.OSched, "osched.jsonl.gz", func(size int) []byte {
			return zipped(size, `{"schema":"corecurve/osched/1","level":"`+level+`","clock":"CLOCK_MONOTONIC","start_ns":1000000000,"cpus":[0,1,2,3]}`, line)
		})
	}
	return []Study{
		of("records-of-threads", "switches", func(i int) string {
			return fmt.Sprintf(`["f",%d,0,100,%d,100,100]`, i*100, 101+i)
		}),
		of("records-of-processes", "switches", func(i int) string {
			return fmt.Sprintf(`["f",%d,0,%d,%d,100,100]`, i*100, 101+i, 101+i)
		}),
		of("records-of-switches", "switches", func(i int) string {
			return fmt.Sprintf(`["%c",%d,%d,100,%d]`, "ip"[i%2], i*100, i/2%4, 100+i/2%4)
		}),
		of("records-of-threads-that-run", "switches", func(i int) string {
			return fmt.Sprintf(`["%c",%d,%d,100,%d]`, "io"[i%2], i*100, i/2%4, 100+i/2)
		}),
		of("records-of-names", "switches", func(i int) string {
			return fmt.Sprintf(`["c",%d,0,100,%d,"name <%d>\u001b[2J"]`, i*100, 100+i%1000, i)
		}),
		of("records-of-waits", "switches", func(i int) string {
			return fmt.Sprintf(`["w",%d,100,%d,"futex",202,%d,"pipe %d"]`, i*100, 100+i%1000, i, i)
		}),
		of("records-of-waits-of-threads", "switches", func(i int) string {
			if i < 8 {
				return fmt.Sprintf(`["%c",%d,0,100,%d]`, "io"[i%2], i*100, 100+i/2)
			}
			return fmt.Sprintf(`["w",%d,100,%d,"futex",202,%d,"p%d"]`, i*100, 100+i%4, i, i)
		}),
		of("records-of-losses", "switches", func(i int) string { return fmt.Sprintf(`["l",%d,%d,%d]`, i*100, i%4, i) }),
		of("records-of-losses-among-threads", "switches", func(i int) string {
			if i < limits.Threads/2 {
				return fmt.Sprintf(`["f",%d,0,100,%d,100,100]`, i*100, 101+i)
			}
			return fmt.Sprintf(`["l",%d,%d,%d]`, i*100, i%4, i)
		}),
		of("records-of-execs-among-threads", "switches", func(i int) string {
			if i < limits.Threads/2 {
				return fmt.Sprintf(`["f",%d,0,100,%d,100,100]`, i*100, 101+i)
			}
			return fmt.Sprintf(`["x",%d,%d,%d,%d,"%d"]`, i*100, i%4, limits.ID/2, limits.ID/2, i)
		}),
		of("records-of-cpus", "switches", func(i int) string {
			return fmt.Sprintf(`["i",%d,%d,100,%d]`, i*100, i, 100+i)
		}),
		of("records-of-use", "sampled", func(i int) string {
			return fmt.Sprintf(`["u",%d,100,%d,%d,%d]`, i*100, 100+i, i*100, i)
		}),
		of("records-of-use-of-a-thread", "sampled", func(i int) string {
			return fmt.Sprintf(`["u",%d,100,%d,%d,%d]`, i*100, 100+i%3, i*100, i)
		}),
		of("records-of-wrong-order", "switches", func(i int) string {
			return fmt.Sprintf(`["%c",%d,%d,100,%d]`, "iopfx"[i%4], (i*7919)%1_000_000_000, i%4, 100+i%7)
		}),
		of("records-of-far-times", "switches", func(i int) string {
			return fmt.Sprintf(`["%c",%d,%d,100,%d]`, "io"[i%2], int64(i)<<40%math.MaxInt64, i/2%4, 100+i/2%4)
		}),
	}
}

// zipped returns a compressed file of a header and lines, as long as it may be.
func zipped(size int, header string, line func(i int) string) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	fmt.Fprintln(z, header)
	for i := 0; out.Len() < size; i++ {
		fmt.Fprintln(z, line(i))
	}
	_ = z.Close() // to memory
	return out.Bytes()
}

// profiles are the studies whose CPU profiles are the harm.
func profiles() []Study {
	of := func(name string, each int, fill func(p *profile.Profile, n int)) Study {
		return explained(name, sweep.CPUProfile, "p0.cpu.pb.gz", func(size int) []byte {
			p := &profile.Profile{
				SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
				PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 10_000_000, DurationNanos: 1e9,
			}
			fill(p, max(size/each, 1))
			var out bytes.Buffer
			_ = p.Write(&out) // to memory
			return out.Bytes()
		})
	}
	// frames adds n functions of a name and returns their locations.
	frames := func(p *profile.Profile, n int, name func(i int) string) []*profile.Location {
		for i := range n {
			f := &profile.Function{ID: uint64(i + 1), Name: name(i), SystemName: name(i), Filename: "/a/b.go"}
			l := &profile.Location{ID: f.ID, Address: f.ID, Line: []profile.Line{{Function: f, Line: int64(i)}}}
			p.Function, p.Location = append(p.Function, f), append(p.Location, l)
		}
		return p.Location
	}
	sample := func(stack ...*profile.Location) *profile.Sample {
		return &profile.Sample{Location: stack, Value: []int64{1, 10_000_000}}
	}
	plain := func(i int) string { return fmt.Sprintf("main.f%d", i) }
	return []Study{
		of("profile-of-functions", 24, func(p *profile.Profile, n int) {
			for _, l := range frames(p, n, plain) {
				p.Sample = append(p.Sample, sample(l))
			}
		}),
		of("profile-of-samples", 6, func(p *profile.Profile, n int) {
			l := frames(p, 1000, plain)
			for i := range n {
				p.Sample = append(p.Sample, sample(l[i%1000], l[i/1000%1000]))
			}
		}),
		of("profile-of-deep-stacks", 8000, func(p *profile.Profile, n int) {
			l := frames(p, 1000, plain)
			for i := range n {
				var stack []*profile.Location
				for k := range 4000 {
					stack = append(stack, l[(i*k+k*k)%1000])
				}
				p.Sample = append(p.Sample, sample(stack...))
			}
		}),
		of("profile-of-long-names", 30_000, func(p *profile.Profile, n int) {
			for _, l := range frames(p, n, func(i int) string { return fmt.Sprint(i, strings.Repeat(injection, 5000)) }) {
				p.Sample = append(p.Sample, sample(l))
			}
		}),
		of("profile-of-extreme-values", 24, func(p *profile.Profile, n int) {
			for i, l := range frames(p, n, plain) {
				s := sample(l)
				s.Value = []int64{math.MaxInt64 - int64(i), math.MinInt64 + int64(i)}
				p.Sample = append(p.Sample, s)
			}
		}),
	}
}

// spans are the studies whose spans are the harm.
func spans() []Study {
	of := func(name string, span func(i int) (pid int, text string)) Study {
		return explained(name, sweep.Spans, "spans.jsonl", func(size int) []byte {
			var out bytes.Buffer
			for i := 0; out.Len() < size; i++ {
				pid, text := span(i)
				from := 1_000_000_001_000_000_000 + i*100
				fmt.Fprintf(&out, `{"resourceSpans":[{"resource":{"attributes":[{"key":"process.pid","value":{"intValue":"%d"}}]},`+
					`"scopeSpans":[{"scope":{"name":"x"},"spans":[{"traceId":"0123456789abcdef0123456789abcdef","spanId":"%016x",`+
					`"name":%s,"startTimeUnixNano":"%d","endTimeUnixNano":"%d"}]}]}]}`+"\n", pid, i+1, text, from, from+1_000_000)
			}
			return out.Bytes()
		})
	}
	all := []Study{
		of("spans-of-names", func(i int) (int, string) { return 100, fmt.Sprintf(`"span %d"`, i) }),
		of("spans-of-a-name", func(int) (int, string) { return 100, `"<script>alert(1)</script>\u001b[2J"` }),
		of("spans-of-processes", func(i int) (int, string) { return 1000 + i, `"work"` }),
		of("spans-of-long-names", func(i int) (int, string) { return 100, fmt.Sprintf("%q", fmt.Sprint(i, strings.Repeat("x", 100_000))) }),
	}
	for i := range all { // a timeline to stand on
		fill := all[i].fill
		all[i].fill = func(b *builder) {
			fill(b)
			for i, p := range []sweep.Point{point("pi", 1), point("pi", 2), point("pi", 4)} {
				t := newTrace()
				for i := range uint64(100) {
					t.event(1_000_000, typStop, 0, 0)
					t.event(1_000_000, typStart, 1, i+1)
				}
				c := captured(i, sweep.GoTrace, "p0.trace")
				b.files[c.Path] = t.bytes()
				b.traced(p, 1, c, captured(i, sweep.Spans, "spans.jsonl"))
			}
		}
	}
	return all
}
