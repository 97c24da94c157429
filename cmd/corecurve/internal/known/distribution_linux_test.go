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

// A job is what a program of Go's distribution is asked to do.
type job struct {
	name   string // what it works on
	folder string // where it runs
	args   []string
}

// TestCompiler predicts the speedup of Go's compiler at packages of Go's library.
func TestCompiler(t *testing.T) {
	n := pairs(t)
	dir := t.TempDir()
	distribution(t, n, "cmd/compile", "-traceprofile", []job{
		compiling(t, "go/types", 2, dir), compiling(t, "net/http", 4, dir),
	})
}

// TestGenerator predicts the speedup of what generates the rules by which Go's compiler rewrites programs: each of the
// architectures has a goroutine, whatever GOMAXPROCS is. It writes to a folder of the test.
func TestGenerator(t *testing.T) {
	n := pairs(t)
	folder := filepath.Join(list(t, "-f", "{{.Dir}}", "cmd/compile/internal/ssa")[0], "_gen")
	t.Chdir(folder) // a module of its own
	distribution(t, n, ".", "-trace", []job{{"rules of all architectures", folder, []string{"-outdir", t.TempDir()}}})
}

// distribution measures a program of Go's distribution at jobs, in so many pairs, and predicts it from recordings with
// sync events, which it writes to the file that a flag of it names.
func distribution(t *testing.T, n int, from, flag string, jobs []job) {
	t.Helper()
	dir := t.TempDir()
	stock, synced, file := filepath.Join(dir, "stock"), filepath.Join(dir, "synced"), filepath.Join(dir, "trace")
	goBuild(t, from, stock, synced)
	noise := watch()
	costs := scheduler(t)
	table := table{rows: [][]string{{"job", "measured S₂", "sync events P=1: S₂/limit", "forced", "warned"}}}
	var misses []miss
	for _, j := range jobs {
		do := func(program string, procs int, more ...string) time.Duration {
			_, took := execute(t, procs, j.folder, program, slices.Concat(more, j.args)...)
			return took
		}
		measured := measure(n, func(procs int) time.Duration { return do(stock, procs) })
		tells := shortest(t, file, costs, func() time.Duration { return do(synced, 1, flag, file) })
		table.rows = append(table.rows, []string{
			j.name, measured.String(), tells.String(), fmt.Sprint(tells.forced), table.notes.of(tells.reasons),
		})
		if by := math.Abs(tells.two/measured.median-1) / realGoal; !(by <= 1) {
			text := fmt.Sprintf("%s: S₂ is %v, not %.2f", j.name, measured, tells.two)
			misses = append(misses, miss{text, by, measured.wide()})
		}
	}
	t.Logf("\n%s", &table)
	judge(t, misses, noise())
}

// compiling is to build a package of Go's library with so many goroutines, in its folder.
func compiling(t *testing.T, pkg string, workers int, dir string) job {
	t.Helper()
	var needs strings.Builder
	for _, line := range list(t, "-deps", "-export", "-f", "{{.ImportPath}}={{.Export}}", pkg) {
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
	about := list(t, "-f", "{{.Dir}}\n{{join .GoFiles \"\\n\"}}", pkg)
	args := []string{
		"-p", pkg, "-std", "-importcfg", config, fmt.Sprintf("-c=%d", workers), "-o", filepath.Join(dir, "out.a"),
	}
	return job{fmt.Sprintf("%s with %d goroutines", pkg, workers), about[0], append(args, about[1:]...)}
}

// list returns the lines that go list prints.
func list(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
