// Package capture makes runs: it is the only part of corecurve that starts processes.
//
// A run goes through these steps:
//
//  1. The workload's service, if it has one, is started and gives its address. It is outside the measured work.
//  2. The launcher, one OS thread, puts on the CPU set of the point, reads the clock, forks the first process and takes
//     the CPU set off again. The child inherits the set before its first instruction. The launcher lives as long as the
//     tool, because the parent-death signal of a child belongs to the thread that forked it.
//  3. The process measures itself and sends its outcome over a pipe; the clock is read when it arrives. That is the
//     total.
//  4. The process flushes its captures and exits; wait4 reports what it and its children used. Whatever is left of its
//     process group is killed, and so are orphans that were handed up to the tool as their subreaper.
//  5. The result is one value, which the caller records before the next run.
//
// A command is started by a small process in between, its supervisor, which is kept from one timed run to the next
// (kept.go): there step 2 hands it the run, and the copies of the command are what it forks; step 4 is its saying that
// they and what they left behind are gone.
//
// No process outlives the tool, even if the tool is killed: every process has a parent-death signal and a lifeline, a
// pipe on which it reads end of file when its parent is gone. What is left where all of them are killed at once is
// ended by the next start of the tool (package orphans).
//
// Rejected: one long-lived child per workload (the process launch is the unit of measurement, with its page placement
// and address layout), and a shell in between (its start would be counted).
package capture
