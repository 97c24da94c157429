// Package workload is the API that programs are written against so that corecurve can run them on any number of
// goroutines and processes.
//
// A [Workload] has one of two forms. The task form is a list of independent tasks; corecurve hands them to workers,
// which are goroutines of one process or of several, without a change to the workload. The free form starts its own
// goroutines and may be a pipeline or anything else.
//
// Workers are a bounded queue: with k workers at most k tasks are in progress at a time, and the next is begun when one
// ends.
//
// A main package whose main function calls [Main] can be run by "corecurve run ./its/folder". It can also be run by
// itself, with -workers 4 or -procs 4 to choose between goroutines and processes. [Do] offers the same choice in Go
// code.
//
// A run goes through these steps; measured as work is what lies between the release and the end of After:
//
//  1. Each process calls Open. With several processes a coordinator (the same program) starts them and waits until all
//     are ready.
//  2. Release. The one process, or the coordinator, calls Before.
//  3. Workers take chunks of tasks, do them and return the results: through memory in one process, over pipes from a
//     coordinator, which answers the results of a chunk with the next chunk. A static split gives each worker (each
//     process, if there are several) its share of the list at once. In the free form each process calls Run instead.
//  4. The one process, or the coordinator, calls After.
//  5. The digest of all results is computed and the result is sent.
//  6. Recordings of a traced run are completed, states are closed, the processes exit.
//
// On traced runs each worker is inside a runtime/trace region "worker <k>", each chunk inside a region "task <i>" or
// "tasks <i>-<j>" (j included), and Before and After inside regions "before" and "after". Goroutines of workers carry
// the profiler labels "worker" and "rank". The context that a task gets holds the OpenTelemetry span of its worker.
//
// A task that panics, returns an error, or returns a result of a type that cannot be compared ends the run, and the
// failure names the task. "corecurve run" does a few tasks before it begins a study, so that such a type is told at
// once.
package workload

import "context"

// A Workload is something to run and measure. Name and Doc are required, and either Tasks and Task, or Run.
type Workload struct {
	Name string // lower-case letters, digits, '.', '_' and '-'
	Doc  string // one line: what it does, and which curve to expect

	// Size is the default total work, in the workload's own unit, which Unit names ("darts"). PerWorker is the default
	// for one worker where the work grows with the workers (weak scaling); it is required if Weak is set.
	Size      int64
	PerWorker int64
	Unit      string
	Weak      bool // weak scaling is the default

	// Chunk is the default number of consecutive tasks that a worker takes at a time; 0 means 1. Lists of more than
	// 262,144 chunks are handed out in larger ones.
	Chunk int

	// Shared says why the workload makes no sense on several processes ("one lock cannot span processes"). Runs with
	// procs > 1 are then refused with these words. Empty: any number of processes.
	Shared string

	// Tasks returns the number of tasks. It depends on size alone, never on workers, processes or chunk.
	Tasks func(size int64) int
	// Task does task i of the list and returns its result: nil, a bool, a number, a string, a []byte, a slice or struct
	// of fixed-size values (as in package encoding/binary), or an encoding.BinaryMarshaler. It must seed any random
	// sequence from i, because results of equal points are compared.
	Task func(ctx context.Context, env *Env, i int) (any, error)

	// Run is the free form: it starts its own goroutines, env.Workers of them in its process, which is number env.Rank
	// of env.Procs, and passes numbered results to env.Result.
	Run func(ctx context.Context, env *Env) error

	// Before and After are the serial part (that of Amdahl's law): they run once per run, in the process that hands out
	// the tasks, and belong to the measured work. With several processes that is a coordinator, which does no tasks, so
	// nothing that Before leaves in memory reaches them.
	Before func(ctx context.Context, env *Env) error
	After  func(ctx context.Context, env *Env) error

	// Open makes the state of one process, before its workers are released, and puts it into env.State. It belongs to
	// start-up. If the state is an io.Closer it is closed when the process is done. A coordinator has a state only if
	// there is a Before or an After.
	Open func(ctx context.Context, env *Env) (state any, err error)

	// Service is a server that the workload talks to. It runs in a process of its own, from before the run until after
	// it, is not confined to the run's cores, and counts as neither work nor noise. It calls ready with its address,
	// which the workload finds in env.Service, and serves until ctx is done.
	Service func(ctx context.Context, ready func(addr string)) error
}

// Env is what a workload knows about the run that it is part of.
type Env struct {
	Workers int    // goroutines of this process
	Procs   int    // processes of the run
	Rank    int    // number of this process, from 0; -1 in the Before and After of a run of several processes
	Size    int64  // total work of the run
	Service string // address that the workload's Service gave
	State   any    // what Open returned in this process

	emit func(i int, v any) error
}

// Result hands over result i of a workload of the free form. Every number is given once in a run, by any of its
// processes, and the set of numbers depends on Size alone. Several goroutines may call it at once.
func (e *Env) Result(i int, v any) error { return e.emit(i, v) }
