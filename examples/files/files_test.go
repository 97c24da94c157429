package files

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/workload"
)

func TestTasks(t *testing.T) {
	for _, c := range []struct {
		size int64
		want []int64 // lengths of the texts, in MiB
	}{
		{0, nil},
		{-4, nil},
		{1, []int64{1}},
		{4, []int64{4}},
		{9, []int64{4, 4, 1}},
	} {
		var got []int64
		for i := range Workload().Tasks(c.size) {
			got = append(got, textBytes(c.size, i)/mib)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("texts of %d MiB (-want +got):\n%s", c.size, d)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	w := Workload()
	env := &workload.Env{Workers: 1, Procs: 1, Size: 5}
	var err error
	if env.State, err = w.Open(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	// The second text has one MiB, which is 2^20 / 64 = 16384 lines.
	got, err := w.Task(t.Context(), env, 1)
	if err != nil {
		t.Fatal(err)
	}
	text := got.(content)
	if text.Bytes != 1<<20 || text.Lines != 16384 {
		t.Errorf("%d bytes in %d lines, want %d in %d", text.Bytes, text.Lines, 1<<20, 16384)
	}
	path := env.State.(*directory).path
	left, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 0 {
		t.Errorf("the task leaves %v", left)
	}
	if err := env.State.(io.Closer).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory is still there: %v", err)
	}
}

func TestErrors(t *testing.T) {
	w := Workload()
	_, err := w.Task(t.Context(), &workload.Env{Size: 1}, 0)
	if err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("without a directory: error %v", err)
	}
	noDirectory := &directory{path: t.TempDir() + "/gone", table: crc32.MakeTable(crc32.Castagnoli)}
	_, err = w.Task(t.Context(), &workload.Env{Size: 1, State: noDirectory}, 0)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "text 0") {
		t.Errorf("in a directory that is not there: error %v", err)
	}
	t.Setenv("TMPDIR", t.TempDir()+"/gone")
	if _, err := w.Open(t.Context(), &workload.Env{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a place for temporary files: error %v", err)
	}
}

func TestWriteText(t *testing.T) {
	lines := stock()
	text := func(seed uint64, length int64) []byte {
		var b bytes.Buffer
		if err := writeText(&b, lines, seed, length); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if !bytes.Equal(text(1, mib), text(1, mib)) {
		t.Error("the same seed gives two texts")
	}
	if bytes.Equal(text(1, mib), text(2, mib)) {
		t.Error("two seeds give the same text")
	}
	for _, n := range []int64{0, 64, 64 << 10, 65 << 10, 1 << 20} {
		b := text(3, n)
		if int64(len(b)) != n {
			t.Errorf("text of %d bytes has %d", n, len(b))
		}
		for i, l := range bytes.SplitAfter(b, []byte{'\n'}) {
			if len(l) != 64 && len(l) != 0 { // nothing follows the last newline
				t.Fatalf("text of %d bytes: line %d has %d bytes", n, i, len(l))
			}
		}
	}
}

func BenchmarkTask(b *testing.B) {
	w := Workload()
	env := &workload.Env{Workers: 1, Procs: 1, Size: taskMiB}
	var err error
	if env.State, err = w.Open(b.Context(), env); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = env.State.(io.Closer).Close() }()
	b.SetBytes(2 * taskMiB * mib)
	for b.Loop() {
		if _, err := w.Task(b.Context(), env, 0); err != nil {
			b.Fatal(err)
		}
	}
}
