// Package threads says where the OS threads of a process tree were: on which core, ready without one, or blocked and by what.
//
//  1. A [Builder] is fed the records of package osched in the order of their times and keeps none. Each thread is in one state
//     since some time; a record ends it and begins the next. So the times of a thread in its states add up to its life, to the nanosecond.
//  2. A thread is running from In to Out, Preempt or Exit; ready after Preempt and after Fork; blocked after Out. After records
//     were lost, threads whose switches may be among them are in no known state until they are heard of again.
//  3. Samples say why: of a thread's blocked time each reason gets the share that it has of the samples taken while the thread was
//     blocked. On the thread's lane a blocked stretch shows the sample taken inside it, or the last one, if that is no older than
//     ten samples before it: nearly all stretches of a contended lock are shorter than the time between samples.
//  4. [Builder.Finish] returns threads, processes, cores, locks and gaps; [Threads.Timeline] draws them as lanes, and [Threads.OnCPU]
//     cuts what the Go runtime calls running to the part that had a core.
//
// Rejected: guessing why a thread blocked from the thread that ran next on its core: the kernel's choice of a core says nothing of who
// woke whom.
package threads
