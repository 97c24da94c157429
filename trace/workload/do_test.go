package workload_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/workload"
)

func shapes() []workload.Shape {
	return []workload.Shape{
		{},
		{Workers: 4},
		{Workers: 3, Chunk: 7},
		{Workers: 3, Static: true},
		{Workers: 30, Static: true, Chunk: 2},
		{Procs: 2},
		{Procs: 2, Workers: 2, Chunk: 3},
		{Procs: 3, Static: true},
		{Procs: 2, Workers: 3, Static: true, Chunk: 2},
		{Procs: 3, Workers: 10, Chunk: 100},
	}
}

// The digest of a workload is the same however it is spread.
func TestDigestOfAllShapes(t *testing.T) {
	for _, w := range []workload.Workload{squares(), uneven(), mixed(), free(), stateful(), served(), serial()} {
		t.Run(w.Name, func(t *testing.T) {
			var want workload.Summary
			for i, shape := range shapes() {
				got, err := workload.Do(t.Context(), w, shape)
				if err != nil {
					t.Fatalf("%+v: %v", shape, err)
				}
				if i == 0 {
					want = got
				}
				if got.Digest != want.Digest || got.Tasks != int(w.Size) {
					t.Errorf("%+v: digest %s of %d results, want %s of %d", shape, got.Digest, got.Tasks, want.Digest, w.Size)
				}
				if got.Work <= 0 || got.Total < got.Work {
					t.Errorf("%+v: work %v of total %v", shape, got.Work, got.Total)
				}
			}
		})
	}
}

// A list of very many tasks runs in bounded time and memory, on processes as on threads.
func TestManyTasks(t *testing.T) {
	n := int64(10_000_000)
	if testing.Short() {
		n = 1_000_000
	}
	var want string
	for _, shape := range []workload.Shape{{Workers: 2}, {Procs: 2}, {Procs: 2, Static: true}, {Procs: 2, Chunk: 1}} {
		shape.Size = n
		got, err := workload.Do(t.Context(), byName(t, "empty"), shape)
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = got.Digest
		}
		if got.Digest != want || int64(got.Tasks) != n {
			t.Errorf("%+v: digest %s of %d", shape, got.Digest, got.Tasks)
		}
		if got.Work > time.Minute {
			t.Errorf("%+v: %d empty tasks took %v", shape, n, got.Work)
		}
	}
}

// The digest is what the documentation says: SHA-256 over number, length and encoding of each result.
func TestDigestIsDocumented(t *testing.T) {
	got, err := workload.Do(t.Context(), squares(), workload.Shape{Size: 3, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	for i := range uint64(3) {
		text = binary.LittleEndian.AppendUint64(text, i)
		text = binary.LittleEndian.AppendUint64(text, 9) // the tag i and eight bytes
		text = binary.LittleEndian.AppendUint64(append(text, 'i'), i*i)
	}
	sum := sha256.Sum256(text)
	if want := hex.EncodeToString(sum[:]); got.Digest != want {
		t.Errorf("digest %s, want %s", got.Digest, want)
	}
}

// The work includes both serial parts, of 20 ms each, with one process and with several.
func TestSerialPartsAreWork(t *testing.T) {
	for _, shape := range []workload.Shape{{}, {Procs: 2}} {
		got, err := workload.Do(t.Context(), serial(), shape)
		if err != nil {
			t.Fatal(err)
		}
		if got.Work < 40*time.Millisecond {
			t.Errorf("%+v: work %v is less than the serial parts", shape, got.Work)
		}
	}
}

func TestDoFails(t *testing.T) {
	one, two := workload.Shape{}, workload.Shape{Procs: 2}
	both := []workload.Shape{one, two}
	for _, tt := range []struct {
		name   string
		shapes []workload.Shape
		want   string
	}{
		{"panics", both, "task 3: panic: boom"},
		{"errs", both, "task 3: no luck"},
		{"bad-type", both, "task 3: result of type func() cannot be encoded"},
		{"goexits", both, "task 3: the goroutine was ended by runtime.Goexit"},
		{"exits", both[1:], "exited with status 0 before its result"},
		{"exits7", both[1:], "exited with status 7 before its result"},
		{"killed", both[1:], "was ended by a signal (killed) before its result"},
		{"open-fails", both, "open: no luck"},
		{"open-goexits", both[1:], "the goroutine was ended by runtime.Goexit"},
		{"before-fails", both, "before: no luck"},
		{"after-panics", both, "after: panic: late"},
		{"run-fails", both, "run: no luck"},
		{"close-fails", both[:1], "close: no luck"},
		{"close-fails", both[1:], "exited with status 1 after its result"},
		{"service-fails", both, "no luck"},
		{"doubled", both, "result 7 was given twice"},
		{"shared", both[1:], "one lock cannot span processes"},
	} {
		for _, shape := range tt.shapes {
			for _, shape.Static = range []bool{false, true} {
				_, err := workload.Do(t.Context(), byName(t, tt.name), shape)
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%s, %+v: error %v, want %q", tt.name, shape, err, tt.want)
				}
			}
		}
	}
}

func TestTaskErrorHasStack(t *testing.T) {
	_, err := workload.Do(t.Context(), byName(t, "panics"), workload.Shape{Workers: 2})
	var task *workload.TaskError
	if !errors.As(err, &task) {
		t.Fatalf("error %v is no TaskError", err)
	}
	if task.Task != 3 || !strings.Contains(string(task.Stack), "failing") {
		t.Errorf("task %d, stack:\n%s", task.Task, task.Stack)
	}
}

func TestDoIsCancelled(t *testing.T) {
	for _, shape := range []workload.Shape{{Workers: 2}, {Procs: 2}} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		start := time.Now()
		w := byName(t, "sleeps")
		shape.Size = 1_000_000
		_, err := workload.Do(ctx, w, shape)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%+v: error %v after %v", shape, err, time.Since(start))
		}
	}
}

func byName(t *testing.T, name string) workload.Workload {
	t.Helper()
	for _, w := range workloads() {
		if w.Name == name {
			return w
		}
	}
	t.Fatalf("no workload %s", name)
	return workload.Workload{}
}
