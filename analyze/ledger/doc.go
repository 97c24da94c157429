// Package ledger says where all core time went: every core-second has one cause, with the stacks of those who waited
// and of those they waited for.
//
// A [Builder] reads the steps of one process and keeps none of them. A P that has a goroutine is busy with user code,
// system calls, garbage collection, the runtime or the tracer; its time goes to the stacks of the CPU profile's
// samples. For the idle Ps two running sums suffice. Between two events, with I idle Ps, R goroutines that are ready
// and B that are blocked:
//
//  1. While the world is stopped, all I go to that.
//  2. Otherwise min(I, R) go to scheduling latency: P and goroutine have not met yet.
//  3. Of the rest, b = min(rest, B) go to the blocked goroutines in equal parts: a sum W grows by dt·b/B, and a wait
//     costs the growth of W from its start to its end.
//  4. What is then left found no goroutine that could use it: a sum V grows by dt·rest/(running goroutines), and each
//     of these is charged the growth of V while it ran. That is the cause serial.
//
// The cost of a wait is laid on what the goroutine that ended it did meanwhile, back to the start of the wait: on the
// stacks at which it ran and, where it was blocked itself, on the goroutine that ended that wait, and so on. For this
// the Builder keeps a few of the latest stretches of each goroutine, those in which anybody was charged.
//
// Waits for others to finish (WaitGroup, the pool of workers) are charged only when nobody else is blocked; laid on a
// running worker they are load imbalance. A wait that never ends should not be charged at all, but whether it will end
// is not known while it lasts; dormancy says how it is guessed. Waits that began before the recording count as such.
//
// All sums are exact: rows add up to ∫P dt in integer nanoseconds, fractions go by largest remainder, and no row is
// negative. The time of each worker (a goroutine inside a region "worker k") is partitioned by its own state; speedup
// stacks are made of that. [Merge] joins processes, and [OfRun] accounts for a whole run on its cores.
package ledger
