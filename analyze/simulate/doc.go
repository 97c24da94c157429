// Package simulate replays a recorded program (package program) on any number of Ps, to tell how long it would take
// there.
//
// A [Model] is a program prepared for replays. [Model.Run] is one replay: a discrete simulation of Go's scheduler.
//
//  1. Each P has a local queue and a place for the goroutine that runs next, which takes what its goroutine has just
//     made ready or created, in the same turn; all share a global queue, which gets goroutines that were preempted,
//     yielded, or came back from outside. A turn ends as Go's monitor sees it for the second time, after 10 to 20 ms:
//     it looks every 10 ms. A P takes what runs next, from its own queue, from the global queue, and at last half of
//     the queue of another; every 61st time it looks at the global queue first. What is next on a P that is busy may be
//     taken only after a delay.
//  2. A P without work is idle. A goroutine made ready wakes one, unless one is on its way already; a P that finds work
//     wakes another. To be woken takes the latency of the model, little for one that has just run dry, and costs the
//     waker.
//  3. A lock is Go's: who unlocks wakes the first who waits, but whoever comes first gets it, until one has waited for
//     1 ms. The other model, an ideal one, hands it over in order of arrival at no cost.
//  4. Channels, WaitGroups and read-write locks are kept by their rules. Of a channel from which several goroutines
//     with one start function receive again and again, a pool, whoever is free takes the next item and then does what
//     was done with that item in the recording. A goroutine that selects among several channels does what it did after
//     the message that comes first.
//  5. What the trace does not tell as operations is kept as recorded: whose wait which goroutine ended.
//  6. Workers that take chunks of a workload's tasks are a pool, too, whose items are there from the beginning, in
//     order. Where tasks were dealt evenly each worker has its share of them.
//  7. A cycle of the garbage collector runs as max(1, N/4) further goroutines.
//
// In another schedule, a recorded choice may have gone another way. When nothing can go on, the operation that was done
// first in the recording is forced; [Result.Forced] counts how often. A result with any is to be doubted.
//
// [Model.Span] replays on unlimited Ps at no cost, which gives the longest chain T∞ and what it consists of.
//
// Everything is decided by the program, the configuration and a generator of fixed seed: the same gives the same.
//
// Sources: Go's runtime/proc.go (findRunnable, stealWork, wakep, runqput), internal/sync/mutex.go, runtime/chan.go;
// Blumofe & Leiserson, JACM 46(5), 1999, for the bounds that hold for work stealing.
package simulate
