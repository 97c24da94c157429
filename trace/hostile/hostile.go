// Package hostile makes studies that are well formed and meant to harm who reads them: everything that a study can hold
// is there in numbers, sizes and combinations that no measurement has. Tests read them within bounds of time and
// memory.
//
// Every [Study] grows to the size that is asked for, so that the same list serves a quick test and a long one.
package hostile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A Study is a hostile study.
type Study struct {
	Name string
	fill func(*builder)
}

// All returns the hostile studies.
func All() []Study {
	return slices.Concat(headers(), results(), contradictions(), traces(), records(), profiles(), spans())
}

// Files returns the study of about size bytes.
func (s *Study) Files(size int) Files {
	b := newBuilder(size)
	s.fill(b)
	return b.all()
}

// Write makes the study of about size bytes in dir.
func (s *Study) Write(dir string, size int) error {
	if err := s.Files(size).Write(dir); err != nil {
		return fmt.Errorf("hostile study %s: %w", s.Name, err)
	}
	return nil
}

// A builder collects the files of a study.
type builder struct {
	size   int // bytes that the study is to have
	header sweep.Header
	lines  bytes.Buffer // runs.jsonl
	files  Files
}

func newBuilder(size int) *builder {
	h := sweep.Header{
		Schema: sweep.StudySchema, CreatedAt: "2026-01-02T15:04:05Z", Command: []string{"corecurve", "run", "pi"}, Seed: 1,
		Workloads: []sweep.Program{{Name: "pi", Doc: "π by darts", Unit: "darts", Argv: []string{"pi"}, SHA256: "0123"}},
		Rule:      sweep.Rule{MinRuns: 10, MaxRuns: 30, HalfWidth: 0.05},
		Settings:  sweep.Settings{Warmup: 1, Traced: 1, Timeout: 600e9},
		Host:      sweep.Host{OS: "linux", Arch: "amd64", CPUModel: "AMD EPYC", Physical: 4, Sockets: 1, Level: "go trace"},
	}
	for i := range 4 {
		h.Host.CPUs = append(h.Host.CPUs, sweep.CPU{ID: i, Core: i})
	}
	return &builder{size: size, header: h, files: Files{}}
}

// share returns how many things of each bytes fill a part of the study; at most as many as a reader takes.
func (b *builder) share(part float64, each int, most ...int) int {
	return max(slices.Min(append(most, int(part*float64(b.size))/each)), 1)
}

// point returns a point of workload with that many workers.
func point(workload string, workers int) sweep.Point {
	return sweep.Point{Workload: workload, Procs: 1, Workers: workers, Cores: min(workers, 4), Size: 1000}
}

// sweep adds a sweep of points.
func (b *builder) sweep(workload string, points ...sweep.Point) {
	b.header.Sweeps = append(b.header.Sweeps, sweep.Sweep{
		Workload: workload, Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1000, Points: points,
	})
}

// counts adds a sweep of the workload pi on 1, 2 and 4 threads and returns its points.
func (b *builder) counts() []sweep.Point {
	points := []sweep.Point{point("pi", 1), point("pi", 2), point("pi", 4)}
	b.sweep("pi", points...)
	return points
}

// run adds a timed run of p that took the given seconds. more are further fields, each with its comma.
func (b *builder) run(p sweep.Point, rep int, seconds float64, more string) {
	b.line(p, rep, "timed", "ok", fmt.Sprintf(`,"total_s":%.9f,"work_s":%.9f,"user_s":1%s`, seconds, seconds*0.9, more))
}

// runs adds five timed runs of every point.
func (b *builder) runs(points ...sweep.Point) {
	for rep := range 5 {
		for _, p := range points {
			b.run(p, rep, 1/float64(p.Parallelism())+float64(rep)/100, "")
		}
	}
}

// traced adds a traced run of p with these captures.
func (b *builder) traced(p sweep.Point, rep int, captures ...sweep.Capture) {
	list, _ := json.Marshal(captures) // of strings and numbers
	b.line(p, rep, "traced", "ok", fmt.Sprintf(`,"start_monotonic_s":1,"unix_minus_monotonic_ns":1000000000000000000,`+
		`"total_s":1,"work_s":0.9,"startup_s":0.05,"user_s":1,"processes":[{"role":"worker","rank":0,"pid":100,`+
		`"ready_s":0.05,"done_s":0.9}],"captures":%s`, list))
}

// line adds a line of runs.jsonl.
func (b *builder) line(p sweep.Point, rep int, kind, status, more string) {
	point, _ := json.Marshal(p) // of strings and numbers
	fmt.Fprintf(&b.lines, `{"schema":%q,"point":%s,"rep":%d,"kind":%q,"status":%q%s}`+"\n",
		sweep.RunSchema, point, rep, kind, status, more)
}

// all returns the files of the study.
func (b *builder) all() Files {
	header, _ := json.Marshal(&b.header) // of strings and numbers
	b.files["study.json"], b.files["runs.jsonl"] = header, b.lines.Bytes()
	return b.files
}

// injection is a text that would do something in a page, a picture, a table or on a terminal if it stood there raw.
const injection = "<script>alert(1)</script><img src=x onerror=alert(1)>|`[a](javascript:alert(1))\n# a\r\x1b[2J\x1b]0;a\x07" +
	"\u202e\u0000]]>--><svg onload=alert(1)>\"'&lt;${x}{{.}}"
