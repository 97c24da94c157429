// Package osledger accounts for the core time of a program in any language, by what the OS scheduler did with its
// threads (package threads).
//
// The records are read twice, for only the end tells who did the work:
//
//  1. The first pass gives the threads. [Choose] takes those of the run's processes and picks the workers among them:
//     as many as the point has, those that computed and slept the longest or, where that is little of their time, read
//     and wrote. Waits for others (a child, a poll, a futex of one's own, what children send) are no work, so a thread
//     or process that only starts others is no worker.
//  2. The second pass feeds a [Builder] every change of a thread's state. Between two changes, cores without a thread
//     of the run go to threads that are ready (os.preempted), then in equal parts to blocked workers, at most one core
//     to each, by running sums as in package ledger: a wait costs the growth of the sum. What is then left nobody asked
//     for: before the first worker it is a serial part, after the first worker's end imbalance, after the last one's
//     end teardown.
//
// Samples tell what a blocked thread waited for: each cause gets the share of the thread's cost that it has of its
// waits. A wait for a lock names the lock; Python's interpreter lock goes by its name. A futex that does not show as a
// lock may be a condition, a semaphore or a barrier: another thread ends the wait, or it is a lock after all. Waits
// that are over before a sample sees them are likely for a lock if they exclude each other (see crew). Gaps of the
// recording are unknown.
//
// The rows add up to cores × window to the nanosecond, and the causes of each worker to the window.
//
// A serial part is all that a program does before it has workers. Start-up ends with its first thread: the records do
// not tell where an interpreter has started and the program begins, and one name for both keeps threads and processes
// comparable.
//
// Rejected: charging all blocked threads alike. Half of what Python's threads wait for their lock would then be laid on
// the main thread, which waits for them.
package osledger
