// Package capture makes runs: it is the only part of corecurve that starts processes.
//
// A run goes like this:
//
//  1. The service of the workload, if it has one, is started and has said its address. It is outside the measured work.
//  2. On the launcher (one OS thread that lives as long as the tool, because the parent-death signal of a child belongs to the thread that
//     forked it) the CPU set of the point is put on, the clock is read, the first process is forked, and the CPU set is
//     taken off again. The child inherits it before its first instruction.
//  3. The process measures itself and sends its outcome over a pipe; the clock is read when it has come. That is the total.
//  4. The process flushes its captures and exits; wait4 tells what it and its children used. Whatever is left of its process group, and
//     orphans that have been handed up to the tool as their subreaper, are ended.
//  5. The result is one value, which the caller records before the next run.
//
// No process outlives the tool, even if the tool is killed: every process has a parent-death signal and a lifeline, a pipe on which it reads
// end of file when its parent is gone.
//
// Rejected: one long-lived child per workload (the process launch is the unit of measurement, with its page placement and
// address layout), and a shell in between (its start would be counted).
package capture
