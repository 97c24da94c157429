package known

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// realGoal is what the predicted speedup of a real program on two cores may be off.
const realGoal = 0.08

// TestCompiler predicts the speedup of Go's compiler, with sync events, at packages of Go's library.
func TestCompiler(t *testing.T) {
	n := pairs(t)
	dir := t.TempDir()
	stock, synced, file := filepath.Join(dir, "stock"), filepath.Join(dir, "synced"), filepath.Join(dir, "trace")
	goBuild(t, "cmd/compile", stock, synced)
	noise := watch()
	costs := scheduler(t)
	table := table{rows: [][]string{{"package", "goroutines", "measured S₂", "sync events P=1: S₂/limit", "forced", "warned"}}}
	var misses []miss
	for _, job := range []struct {
		pkg     string
		workers int
	}{{"go/types", 2}, {"net/http", 4}} {
		folder, args := compiling(t, job.pkg, job.workers, dir)
		compile := func(program string, procs int, more ...string) time.Duration {
			_, took := execute(t, procs, folder, program, slices.Concat(more, args)...)
			return took
		}
		measured := measure(n, func(procs int) time.Duration { return compile(stock, procs) })
		tells := shortest(t, file, costs, func() time.Duration { return compile(synced, 1, "-traceprofile", file) })
		table.rows = append(table.rows, []string{
			job.pkg, fmt.Sprint(job.workers), measured.String(), tells.String(), fmt.Sprint(tells.forced),
			table.notes.of(tells.reasons),
		})
		if by := math.Abs(tells.two/measured.median-1) / realGoal; !(by <= 1) {
			text := fmt.Sprintf("%s: S₂ is %v, not %.2f", job.pkg, measured, tells.two)
			misses = append(misses, miss{text, by, measured.wide()})
		}
	}
	t.Logf("\n%s", &table)
	judge(t, misses, noise())
}

// compiling returns the folder of a package of Go's library and the arguments by which its compiler builds it there
// with so many goroutines.
func compiling(t *testing.T, pkg string, workers int, dir string) (folder string, args []string) {
	t.Helper()
	list := func(flags ...string) []string {
		cmd := exec.Command("go", append([]string{"list"}, flags...)...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(out)), "\n")
	}
	var needs strings.Builder
	for _, line := range list("-deps", "-export", "-f", "{{.ImportPath}}={{.Export}}", pkg) {
		path, export, _ := strings.Cut(line, "=")
		if export == "" || path == pkg {
			continue
		}
		if short, ok := strings.CutPrefix(path, "vendor/"); ok {
			fmt.Fprintf(&needs, "importmap %s=%s\n", short, path)
		}
		fmt.Fprintf(&needs, "packagefile %s\n", line)
	}
	config := filepath.Join(dir, strings.ReplaceAll(pkg, "/", "-")+".cfg")
	if err := os.WriteFile(config, []byte(needs.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	about := list("-f", "{{.Dir}}\n{{join .GoFiles \"\\n\"}}", pkg)
	args = []string{
		"-p", pkg, "-std", "-importcfg", config, fmt.Sprintf("-c=%d", workers), "-o", filepath.Join(dir, "out.a"),
	}
	return about[0], append(args, about[1:]...)
}
