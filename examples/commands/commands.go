// Package commands holds short programs in Python and C as workloads: what articles on threads against processes show
// by hand. They are embedded, so "corecurve run py-fib" needs an interpreter or compiler but no file.
//
// With one process a Python program uses threads, with several it uses processes: the one switch that such articles are
// about. Expected on n cores:
//
//	py-fib        CPU-bound: threads stay at 1 (the lock of the interpreter, GIL), processes reach n less their start-up
//	py-sleep      waiting: threads and processes speed up alike, beyond the cores
//	py-spawn      processes that start a fresh interpreter each: the most expensive start
//	py-fork       processes that are copies: the cheapest start
//	py-forkserver copies of a clean server process: in between
//	py-queue      a producer and consumers over a queue: between processes every job is pickled
//	py-pool       a pool with chunks of tasks
//	py-files      files forced to the disk: threads can wait at the same time
//	py-dot        numpy's dot product: releases the GIL, bound by memory bandwidth
//	py-sort       numpy's sort: releases the GIL, CPU-bound
//	c-threads     POSIX threads: n, the contrast to Python's
//	c-mutex       POSIX threads and one mutex, handed over thousands of times a second: 1 or less
package commands

import "embed"

//go:embed programs
var programs embed.FS

// A Program is one of the commands.
type Program struct {
	Name string
	Doc  string
	Size int64 // default number of tasks
	// Needs are the programs that must be on the PATH; Module is the Python module that must be importable.
	Needs  []string
	Module string
	// File is the name of the source. Argv is the command, in which {file} stands for the path of the source, or of
	// what was compiled from it.
	File    string
	Source  []byte
	Argv    []string
	Compile []string // how to make {out} from {file}; empty if {file} runs as it is
}

// All returns the commands, in listing order.
func All() []Program {
	python := func(name, doc string, size int64, file string, args ...string) Program {
		return Program{
			Name: name, Doc: doc, Size: size, Needs: []string{"python3"}, File: file, Source: source(file),
			Argv: append([]string{"python3", "{file}"}, args...),
		}
	}
	numeric := func(name, doc string, size int64, work string) Program {
		p := python(name, doc, size, "numeric.py", work, "{workers}", "{procs}", "{size}")
		p.Module = "numpy"
		return p
	}
	c := func(name, doc string, size int64, file string) Program {
		return Program{
			Name: name, Doc: doc, Size: size, Needs: []string{"cc"}, File: file, Source: source(file),
			Argv: []string{"{file}", "{workers}", "{size}"}, Compile: []string{
				"cc", "-O2", "-pthread", "-o", "{out}", "{file}",
			},
		}
	}
	return []Program{
		python("py-fib", "Python, CPU-bound: threads take turns (GIL), processes run at once",
			256, "futures.py", "fib", "{workers}", "{procs}", "{size}"),
		python("py-sleep", "Python, waiting: threads and processes speed up alike",
			16, "futures.py", "sleep", "{workers}", "{procs}", "{size}"),
		python("py-spawn", "multiprocessing by spawn: a fresh interpreter for each process",
			256, "start.py", "spawn", "{procs}", "{size}"),
		python("py-fork", "multiprocessing by fork: each process a copy",
			256, "start.py", "fork", "{procs}", "{size}"),
		python("py-forkserver", "multiprocessing by forkserver: copies of a clean process",
			256, "start.py", "forkserver", "{procs}", "{size}"),
		python("py-queue", "Python, a queue between a producer and consumers",
			600, "queues.py", "{workers}", "{procs}", "{size}"),
		python("py-pool", "Python, a pool that takes tasks in chunks",
			600, "pools.py", "{workers}", "{procs}", "{size}", "8"),
		python("py-files", "Python, files forced to the disk",
			64, "files.py", "{workers}", "{procs}", "{size}"),
		numeric("py-dot", "numpy's dot product: without the GIL, bound by memory", 32, "dot"),
		numeric("py-sort", "numpy's sort: without the GIL, CPU-bound", 32, "sort"),
		c("c-threads", "POSIX threads, CPU-bound: the contrast to Python's threads", 1500, "threads.c"),
		c("c-mutex", "POSIX threads that share one mutex: 1 or less", 30_000, "mutex.c"),
	}
}

// source returns an embedded file, or nil if there is none of that name, which the tests notice.
func source(name string) []byte {
	b, err := programs.ReadFile("programs/" + name)
	if err != nil {
		return nil
	}
	return b
}
