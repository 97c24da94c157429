// Package syncevents makes Go's library tell the execution trace what a program does with its locks and channels.
//
// A stock trace shows a lock or a channel only where somebody waits, and never which. A program that is built with
// sync events tells of every operation on a Mutex, RWMutex, channel, WaitGroup, Cond or Once, in log events of the
// format of package gotrace (Operation). Nobody's code is changed: the go command builds with other versions of a few
// files of its library.
//
//  1. [Library.Patch] reads those files from the GOROOT that builds. It finds the places in their syntax trees, by the
//     table of sites, and inserts calls. All stay within lines, so that call stacks keep their line numbers. Two files
//     with what is called are new, and our own.
//  2. If a function is not as the table has it, or the release is not one that is known, there is no patch, and an
//     error names the file, the function and the release. A trace of an ordinary build still tells a part.
//  3. [Patch.Write] writes the files and an overlay (go build -overlay), into which that of a user is merged. GOROOT
//     is only read. The go command keeps what it has built by the content of files, so that the library is built once.
//
// What it costs: without a trace, a look at a variable and, as a Mutex does not fit into its
// callers any more, a call. With one, an event of about 14 bytes; a call stack is recorded only of the first operation
// of a kind on an object in a generation of the trace, because a stack for each doubled the time of programs.
//
// Not told: what the runtime locks for itself, locks within sync.Map and of file descriptors, which are short; the
// sends of timers, which no goroutine makes; and atomic operations.
//
// Rejected: a copy of Go's files in this repository, which would be another project's source and of one release only;
// rewriting the user's sources, which misses what libraries do; uprobes, which need privileges and cost microseconds.
package syncevents
