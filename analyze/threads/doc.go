// Package threads says where the OS threads of a process tree were: on which core, ready without one, or blocked and by
// what.
//
//  1. A [Builder] reads the records of package osched in time order and keeps none. Each thread is in one state; a
//     record ends it and begins the next. So the times of a thread in its states add up to its life, to the nanosecond.
//  2. A thread is running from In to Out, Preempt or Exit; ready after Preempt and Fork; blocked after Out. After lost
//     records, threads that they may be about are in an unknown state until heard of again.
//  3. Samples say why: a stretch of being blocked went to what was sampled in it, and the stretches that nobody sampled
//     are shared out by how many stretches each reason was sampled in. A thread that is sampled ready, although it had
//     blocked, is ready from then on. On the thread's lane a stretch without a sample shows the last one, if no older
//     than half a second: nearly all stretches of a contended lock are shorter than one period.
//  4. [Builder.Finish] returns threads, processes, cores, locks and gaps; [Threads.Draw] draws lanes, and
//     [Threads.OnCPU] cuts what the Go runtime calls running to the part that had a core.
//
// Rejected: guessing why a thread blocked from the thread that ran next on its core. The kernel's choice of a core says
// nothing of who woke whom.
package threads
