package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkStart compares commands that have little to do with an empty Go program, by turns: by how much longer they
// take, which is at most 10 ms for help, and what CPU time. The figures are medians.
//
// About half of it goes to the pages of the executable, which the kernel maps when they are first touched, and much of
// the rest to the initialisation of the packages that it is linked from; GODEBUG=inittrace=1 lists these.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	tool, empty := filepath.Join(dir, "corecurve"), filepath.Join(dir, "empty")
	source, trace := filepath.Join(dir, "empty.go"), filepath.Join(dir, "x.trace")
	for path, data := range map[string][]byte{source: []byte("package main\n\nfunc main() {}\n"), trace: smallTrace(b)} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for out, pkg := range map[string]string{tool: ".", empty: source} {
		if text, err := exec.Command("go", "build", "-o", out, pkg).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, text)
		}
	}
	for _, bench := range []struct {
		name string
		args []string
	}{{"help", []string{"--help"}}, {"verb", []string{"report", "--help"}}, {"analyze", []string{"analyze", trace}}} {
		b.Run(bench.name, func(b *testing.B) {
			var ours, other starts
			for b.Loop() {
				other.add(b, exec.Command(empty))
				ours.add(b, exec.Command(tool, bench.args...))
			}
			wall, cpu := ours.medians()
			emptyWall, emptyCPU := other.medians()
			b.ReportMetric(emptyWall, "ms-empty")
			b.ReportMetric(wall-emptyWall, "ms-above")
			b.ReportMetric(cpu-emptyCPU, "cpu-ms-above")
		})
	}
}

// starts are the milliseconds that the processes of a command took.
type starts struct {
	wall, cpu []float64
}

func (s *starts) add(b *testing.B, c *exec.Cmd) {
	b.Helper()
	start := time.Now()
	if err := c.Run(); err != nil {
		b.Fatal(err)
	}
	s.wall = append(s.wall, time.Since(start).Seconds()*1e3)
	s.cpu = append(s.cpu, (c.ProcessState.UserTime()+c.ProcessState.SystemTime()).Seconds()*1e3)
}

func (s *starts) medians() (wall, cpu float64) {
	slices.Sort(s.wall)
	slices.Sort(s.cpu)
	return s.wall[len(s.wall)/2], s.cpu[len(s.cpu)/2]
}
