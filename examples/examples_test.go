package examples

import (
	"bytes"
	stdcmp "cmp"
	"context"
	"encoding/binary"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/workload"
)

// small returns sizes that take some milliseconds each, except where tasks have a fixed length.
func small() map[string]int64 {
	return map[string]int64{
		"fib":       15,
		"pi":        100_000,
		"factorial": 3,
		"cpu":       4,
		"sleep":     4,
		"fetch":     6,
		"files":     9,
		"dot":       150,
		"sort":      10_000,
		"mutex":     70,
		"mutex-100": 70,
		"spinlock":  70,
		"sharing":   100_000, "sharing-padded": 100_000,
		"serial":    100_000,
		"serial-10": 100_000,
		"imbalance": 100_000,
		"pipeline":  4,
		"alloc":     70,
	}
}

// TestMain lets this binary be a process of a run.
func TestMain(m *testing.M) {
	if workload.IsChild() {
		os.Exit(workload.Child(All()...))
	}
	os.Exit(m.Run())
}

// The same task list must give the same results on one worker, on four workers of one process, and on two processes of
// two workers, whose states are made apart.
func TestResultsAreTheSameEverywhere(t *testing.T) {
	for _, w := range All() {
		t.Run(w.Name, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			size, ok := small()[w.Name]
			if !ok {
				t.Fatal("the test has no size for it")
			}
			if testing.Short() && w.Name == "cpu" {
				t.Skip("half a second of arithmetic")
			}
			if w.Run != nil {
				freeResults(t, w, size)
				return
			}
			addr := serve(t, w)
			base := perform(t, w, workload.Env{Procs: 1, Workers: 1, Size: size, Service: addr})
			for _, env := range []workload.Env{
				{Procs: 1, Workers: 4, Size: size, Service: addr},
				{Procs: 2, Workers: 2, Size: size, Service: addr},
			} {
				if env.Procs > 1 && w.Shared != "" {
					continue
				}
				if d := cmp.Diff(base, perform(t, w, env)); d != "" {
					t.Errorf("%d × %d against one worker (-one +more):\n%s", env.Procs, env.Workers, d)
				}
			}
		})
	}
}

// freeResults compares the digests of the free form, which makes its own goroutines.
func freeResults(t *testing.T, w workload.Workload, size int64) {
	t.Helper()
	var want string
	for _, shape := range []workload.Shape{{}, {Workers: 4}, {Procs: 2, Workers: 2}} {
		if shape.Procs > 1 && w.Shared != "" {
			continue
		}
		shape.Size = size
		got, err := workload.Do(t.Context(), w, shape)
		if err != nil {
			t.Fatal(err)
		}
		if want = stdcmp.Or(want, got.Digest); got.Digest != want {
			t.Errorf("%d × %d workers give digest %s, one worker %s", shape.Procs, shape.Workers, got.Digest, want)
		}
	}
}

// serve starts the service of w, if it has one, for the length of the test, and returns its address.
func serve(t *testing.T, w workload.Workload) string {
	t.Helper()
	if w.Service == nil {
		return ""
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	addr, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- w.Service(ctx, func(a string) { addr <- a }) }()
	select {
	case a := <-addr:
		t.Cleanup(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
		return a
	case err := <-ended:
		cancel()
		t.Fatalf("the service ended: %v", err)
		return ""
	}
}

// perform does what a run does: it opens the state of each process and calls Before, all tasks and After. It returns
// the encoded results in task order.
func perform(t *testing.T, w workload.Workload, env workload.Env) [][]byte {
	t.Helper()
	envs := make([]*workload.Env, env.Procs)
	for rank := range envs {
		e := env
		e.Rank = rank
		envs[rank] = &e
		if w.Open == nil {
			continue
		}
		var err error
		if e.State, err = w.Open(t.Context(), &e); err != nil {
			t.Fatal(err)
		}
		if c, ok := e.State.(io.Closer); ok {
			defer func() {
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}()
		}
	}
	serialPart(t, w.Before, env)
	results := make([][]byte, w.Tasks(env.Size))
	next := make(chan int)
	var wg sync.WaitGroup
	for _, e := range envs {
		for range e.Workers {
			wg.Go(func() {
				for i := range next {
					results[i] = encoded(t, w, e, i)
				}
			})
		}
	}
	for i := range results {
		next <- i
	}
	close(next)
	wg.Wait()
	serialPart(t, w.After, env)
	return results
}

// serialPart runs Before or After, which get no process's state.
func serialPart(t *testing.T, f func(context.Context, *workload.Env) error, env workload.Env) {
	t.Helper()
	if f == nil {
		return
	}
	if err := f(t.Context(), &env); err != nil {
		t.Fatal(err)
	}
}

// encoded does task i, checks that its result is one that a workload may return, and encodes it.
func encoded(t *testing.T, w workload.Workload, env *workload.Env, i int) []byte {
	v, err := w.Task(t.Context(), env, i)
	if err != nil {
		t.Errorf("task %d: %v", i, err)
		return nil
	}
	if v == nil {
		return nil
	}
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
		t.Errorf("task %d: %v", i, err)
	}
	return b.Bytes()
}

func TestDescriptions(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	seen := map[string]bool{}
	for _, w := range All() {
		if !name.MatchString(w.Name) || seen[w.Name] {
			t.Errorf("name %q is malformed or there twice", w.Name)
		}
		seen[w.Name] = true
		for what, wrong := range map[string]bool{
			"a line of documentation": w.Doc == "" || strings.Contains(w.Doc, "\n"),
			"a unit":                  w.Unit == "",
			"a size":                  w.Size < 1,
			"a size per worker":       w.Weak && w.PerWorker < 1,
			"tasks":                   w.Run == nil && (w.Tasks == nil || w.Task == nil || w.Tasks(w.Size) < 1),
			"a size that may be 1":    w.Tasks != nil && w.Tasks(1) < 1,
		} {
			if wrong {
				t.Errorf("%s lacks %s", w.Name, what)
			}
		}
	}
}

// The table in the package's documentation has a line for every example, in the same order.
func TestTable(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, m := range regexp.MustCompile(`(?m)^//\t(\S+)`).FindAllSubmatch(doc, -1) {
		got = append(got, string(m[1]))
	}
	want = append(want, "name")
	for _, w := range All() {
		want = append(want, w.Name)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("names in the table (-want +got):\n%s", d)
	}
}

// Examples show what users can write, so they import nothing of corecurve but the API for workloads.
func TestImports(t *testing.T) {
	const module = "github.com/corecurve/corecurve/"
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			own := strings.HasPrefix(imported, module+"examples/") || imported == module+"trace/workload" ||
				imported == module+"examples" && path == "all/main.go" // which holds them all
			if strings.Contains(imported, ".") && !own {
				t.Errorf("%s imports %s", path, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
