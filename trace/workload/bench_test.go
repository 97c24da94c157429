package workload_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/workload"
)

const emptyProgram = "package main\n\nfunc main() {}\n"

const workloadProgram = `package main

import (
	"context"

	"github.com/corecurve/corecurve/trace/workload"
)

func main() {
	workload.Main(workload.Workload{
		Name: "one", Doc: "one task", Size: 1,
		Tasks: func(int64) int { return 1 },
		Task:  func(context.Context, *workload.Env, int) (any, error) { return nil, nil },
	})
}
`

// BenchmarkReady compares how long an empty Go program takes from its start to its end with how long a user's workload
// program takes from its start until it is ready, which must be at most 3 ms more. Both are measured with
// GOMAXPROCS=2, by turns; the figures are medians.
func BenchmarkReady(b *testing.B) {
	dir := b.TempDir()
	empty, one := build(b, dir, "empty", emptyProgram), build(b, dir, "one", workloadProgram)
	forker := proc.NewForker()
	defer forker.Close()
	env := append(os.Environ(), "GOMAXPROCS=2")
	var emptyTime, readyTime, totalTime []clock.Time
	b.ResetTimer()
	for range b.N {
		start := clock.Now()
		cmd := exec.Command(empty)
		cmd.Env = env
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		emptyTime = append(emptyTime, clock.Now()-start)

		start = clock.Now()
		cmd = exec.Command(one)
		cmd.Env = env
		link, err := forker.Start(cmd, wire.Spec{Job: wire.Root, Workload: "one", Procs: 1, Workers: 1, Size: 1})
		if err != nil {
			b.Fatal(err)
		}
		m, err := wire.NewMessageReader(link.Output).Next()
		if err != nil || m.Done == nil {
			b.Fatal(m, err)
		}
		totalTime = append(totalTime, clock.Now()-start)
		readyTime = append(readyTime, m.Done.Processes[0].Ready-start)
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
		link.Close()
	}
	b.ReportMetric(median(emptyTime), "ns-empty/op")
	b.ReportMetric(median(readyTime), "ns-ready/op")
	b.ReportMetric(median(totalTime), "ns-total/op")
}

func median(v []clock.Time) float64 {
	slices.Sort(v)
	return float64(v[len(v)/2])
}

// build compiles a program below the package's directory, where the module is found.
func build(b *testing.B, dir, name, source string) string {
	b.Helper()
	file, out := filepath.Join(dir, name+".go"), filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		b.Fatal(err)
	}
	if text, err := exec.Command("go", "build", "-o", out, file).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, text)
	}
	return out
}

// BenchmarkTask measures what handing out one empty task costs: inside a process, and from a coordinator to its
// children.
func BenchmarkTask(b *testing.B) {
	for _, shape := range []workload.Shape{
		{Workers: 1},
		{Workers: 2},
		{Workers: 2, Chunk: 100},
		{Workers: 2, Static: true},
		{Procs: 2},
		{Procs: 2, Workers: 4},
		{Procs: 2, Chunk: 100},
		{Procs: 2, Static: true},
	} {
		name := fmt.Sprintf("procs=%d/workers=%d/chunk=%d/static=%v",
			max(1, shape.Procs), max(1, shape.Workers), max(1, shape.Chunk), shape.Static)
		b.Run(name, func(b *testing.B) {
			shape.Size = int64(b.N)
			got, err := workload.Do(b.Context(), empty(), shape)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(got.Work)/float64(b.N), "ns-work/op")
		})
	}
}
