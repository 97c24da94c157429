// Package files writes large texts to files and reads them again: the example of work that is done by the kernel as
// much as by the program.
//
// Every task makes its text, writes it to a file of its own in a temporary directory, closes it, reads it from the
// start, compares sums, counts the lines and removes the file. The text is not forced to the disk: it stays in the
// kernel's page cache, so the time goes into copying, page allocation and the file system's locks. Files live only as
// long as their tasks, so the disk sees little of them and its speed hardly matters.
//
// Expected curve: below linear. It is CPU-bound, much of it in the kernel (the sys column). What the workers share is
// not a lock of theirs but memory bandwidth and the file system's own locks. There is no formula: how far it scales is
// a property of the kernel and the file system that holds the temporary directory (TMPDIR).
//
// The size is the amount of text in MiB; a task has up to 4 MiB of it. No more than that is on the disk per worker.
package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"github.com/corecurve/corecurve/trace/workload"
)

// taskMiB is the length of a task's text; the last may be shorter.
const taskMiB = 4

const (
	mib   = 1 << 20
	piece = 64 << 10 // bytes written and read at a time; divides a MiB
	line  = 64       // bytes, newline included; divides a piece, so that every text is of whole lines
)

// content is what a task found when it read its file.
type content struct {
	Bytes int64
	Lines int64
	Sum   uint32 // CRC-32, Castagnoli
}

// Workload is the example "files".
func Workload() workload.Workload {
	return workload.Workload{
		Name: "files",
		Doc: "writes and reads large texts through the page cache: below linear, " +
			"kernel time and memory bandwidth are shared",
		Size:      512,
		PerWorker: 512,
		Unit:      "MiB",
		Tasks:     tasks,
		Open:      open,
		Task:      task,
	}
}

func tasks(size int64) int { return int((max(0, size) + taskMiB - 1) / taskMiB) }

// textBytes is the length of the text of task i.
func textBytes(size int64, i int) int64 { return min(taskMiB, size-int64(i)*taskMiB) * mib }

// directory is the state of a process.
type directory struct {
	path   string
	remove func() error
	stock  []byte // what texts are made of
	table  *crc32.Table
}

func open(context.Context, *workload.Env) (any, error) {
	path, remove, err := workload.TempDir()
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return &directory{path: path, remove: remove, stock: stock(), table: crc32.MakeTable(crc32.Castagnoli)}, nil
}

// Close removes the directory and whatever an interrupted task left in it.
func (d *directory) Close() error { return d.remove() }

func task(_ context.Context, env *workload.Env, i int) (any, error) {
	d, ok := env.State.(*directory)
	if !ok {
		return nil, fmt.Errorf("files: text %d: the state of the process is not a directory but %T", i, env.State)
	}
	t, err := d.roundTrip(i, textBytes(env.Size, i))
	if err != nil {
		return nil, fmt.Errorf("files: text %d: %w", i, err)
	}
	return t, nil
}

// roundTrip writes text i, reads it and removes it.
func (d *directory) roundTrip(i int, length int64) (content, error) {
	name := filepath.Join(d.path, strconv.Itoa(i)+".txt")
	written, err := d.write(name, uint64(i), length)
	if err != nil {
		return content{}, err
	}
	t, err := d.read(name)
	if err != nil {
		return content{}, err
	}
	if t.Bytes != length || t.Sum != written {
		return content{}, fmt.Errorf("%s: wrote %d bytes with sum %08x, read %d with %08x",
			name, length, written, t.Bytes, t.Sum)
	}
	return t, os.Remove(name)
}

// write makes the file and returns the sum of what it holds.
func (d *directory) write(name string, seed uint64, length int64) (uint32, error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	sum := crc32.New(d.table)
	err = writeText(io.MultiWriter(f, sum), d.stock, seed, length)
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	return sum.Sum32(), nil
}

// read reads a file to its end.
func (d *directory) read(name string) (content, error) {
	f, err := os.Open(name)
	if err != nil {
		return content{}, err
	}
	defer func() { _ = f.Close() }()
	var t content
	b := make([]byte, piece)
	for {
		n, err := f.Read(b)
		t.Bytes += int64(n)
		t.Lines += int64(bytes.Count(b[:n], []byte{'\n'}))
		t.Sum = crc32.Update(t.Sum, d.table, b[:n])
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return content{}, err
		}
	}
}

// writeText writes a text that depends on the stock, the seed and the length alone: pieces of the stock that begin at
// random lines. Making it costs next to nothing, so that the task's time goes into the file.
func writeText(w io.Writer, stock []byte, seed uint64, length int64) error {
	var source rand.PCG
	source.Seed(seed, uint64(length))
	starts := uint64(len(stock)-piece)/line + 1
	for left := length; left > 0; left -= piece {
		at := source.Uint64() % starts * line
		if _, err := w.Write(stock[at:][:min(left, piece)]); err != nil {
			return err
		}
	}
	return nil
}

// stock returns a MiB of lines of 64 bytes, the same in every process.
func stock() []byte {
	const letters = "etaoinshrdlu wm " // sixteen, so that four random bits choose one
	var source rand.PCG
	source.Seed(line, mib)
	b := make([]byte, mib)
	for at := 0; at < len(b); at += 16 {
		r := source.Uint64()
		for k := range 16 {
			b[at+k] = letters[r>>(4*k)&15]
		}
	}
	for at := line - 1; at < len(b); at += line {
		b[at] = '\n'
	}
	return b
}
