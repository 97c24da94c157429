// Package osched records what the operating system's scheduler did with the threads of a process tree, in any language
// and without privileges: when each thread was on which core, whether it left the core because it blocked or because it
// was preempted, and, by sampling, what it was blocked on.
//
// A recording is made in these steps:
//
//  1. [Start], called on the locked thread that is about to fork, opens one software event per CPU. The children of
//     that thread inherit the events, and their exec switches them on (perf_event_open(2)). The kernel writes every
//     switch, fork, exit and change of name into one ring per CPU, stamped with CLOCK_MONOTONIC, the clock of Go
//     execution traces.
//  2. A hundred times a second a goroutine copies all rings out and notes which threads have left their cores. It keeps
//     the records until the end, where writing them disturbs nobody, or until there are very many. Then it merges them
//     by time, and holds the youngest back a little, so that one which another CPU was about to write finds its place.
//  3. After each copy it looks at the threads that are blocked, once in every stretch of being blocked that lasts so
//     long: in which system call the thread waits (/proc/TID/syscall, kept open) and, for a futex, on which address.
//     Addresses inside Python's runtime are named as its interpreter lock (GIL). If all this takes more than a small
//     share of a core, copies and looks come less often, down to twenty a second; they never end.
//  4. [Recording.Stop] takes what is left and ends the file, which [Each] reads.
//
// Where the kernel refuses the events, a sampler finds the threads in /proc, by [Recording.Follow], and reads their run
// and wait times; it looks again only at those that have run since they were seen blocked. Where the kernel refuses
// these too, only the sums of wait4(2) are left. [Level] says what was reached and what the recording therefore cannot
// show.
//
// Rejected: one event for all CPUs (the kernel refuses inherit without a CPU), tracepoints (they need privileges),
// attaching to a running process (misses its beginning, and threads that are just being made), and waiting for the
// rings in poll(2): Go's monitor thread then wakes up several times as often as the goroutine.
//
// # File
//
// osched.jsonl.gz holds JSON lines, compressed by gzip. The first is the [Header]. Each other line is an array: the
// kind, the time in nanoseconds since the header's start_ns, and
//
//	["i",t,cpu,pid,tid]                      a thread was put on a core
//	["o",t,cpu,pid,tid]                      it left the core because it blocked
//	["p",t,cpu,pid,tid]                      it left the core although it was ready: preempted
//	["f",t,cpu,pid,tid,parent,creator]       it was made, by thread creator of process parent
//	["x",t,cpu,pid,tid]                      it ended
//	["c",t,cpu,pid,tid,"name"]               its name changed
//	["e",t,cpu,pid,tid,"name"]               its process started another program
//	["l",t,cpu,n]                            n records of that CPU were lost before t; 0: an unknown number
//	["w",t,pid,tid,"reason",call,object,"on"] it was blocked: why, system call, futex address or file number, on what
//	["r",t,pid,tid]                          it was seen ready, without a core: what it was blocked by is over
//	["u",t,pid,tid,oncpu,ready]              its run and wait time so far, in nanoseconds
//	["z",t]                                  the recording ended
//
// Lines are ordered by time. Kinds may be added; readers skip those that they do not know.
package osched
