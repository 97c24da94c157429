// Package osledger accounts for the core time of a program in any language, by what the OS scheduler did with its threads (package
// threads).
//
// The records are read twice, because it is known only at the end who did the work:
//
//  1. The first pass gives the threads. [Choose] takes those of the run's own processes and picks the workers among them: as many as the
//     point has, those that computed, slept and read or wrote for the longest. Waits for others to finish (a child, a poll, a futex of
//     one's own) are no work, so that the thread that only starts the others is none.
//  2. The second pass feeds a [Builder] with every change of a thread's state. Between two changes the cores that no thread of the
//     run is on go to threads that are ready (os.preempted), then in equal parts to workers that are blocked, at most one core to
//     each. Running sums do that, as in package ledger: a wait costs what the sum has grown by meanwhile. What is then left nobody asked for: before the first
//     worker that is a serial part; after the first worker's end it is imbalance; after the last one's, teardown.
//
// What a blocked thread waited for is known by samples. Each of its causes gets the share of the thread's cost that it has of its
// samples; a wait on a lock names the lock, Python's interpreter lock by its name. Gaps of the recording are unknown.
//
// The rows add up to cores times the length of the window to the nanosecond, and so do the causes of each worker to its length.
//
// A serial part is all that a program does before its workers are there. Start-up is only the time until its first thread: where the start of an
// interpreter ends and the program's own preparations begin, the records do not tell, and one name for both keeps threads and processes
// comparable.
//
// Rejected: charging all blocked threads alike, since then half of what Python's threads wait for their lock would be laid on the main
// thread, which waits for them.
package osledger
