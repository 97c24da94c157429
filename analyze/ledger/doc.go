// Package ledger says where all core time went: every core-second has one cause, and the stacks of those who waited and of those they waited
// for.
//
// A [Builder] is fed the events of one process and keeps none of them. A P that has a goroutine is busy, with user code, system
// calls, garbage collection, the runtime or the tracer; its time goes to the stacks that the CPU profile's samples show. For the
// Ps that have none, two running sums suffice. Between two events, with I idle Ps, R goroutines that are ready and B that are blocked:
//
//  1. while the world is stopped, all I go to that;
//  2. otherwise min(I, R) go to scheduling latency: P and goroutine had not met yet;
//  3. of the rest, b = min(rest, B) go to those who are blocked, in equal parts: a sum W grows by dt·b/B, and a wait costs what W grew by
//     from its begin to its end;
//  4. what is then left found no goroutine that could use it: a sum V grows by dt·rest/(goroutines that run), and each
//     of these is charged what V grew by while it ran. That is the cause serial.
//
// The cost of a wait is laid on what the goroutine that ended it was doing meanwhile, as far back as the wait's begin: the stacks at which it
// ran; where it was itself blocked, the goroutine that ended that wait, and so on. For this a few of the latest stretches of
// each goroutine are kept, namely those that anybody was charged for.
//
// Waits for others to finish (WaitGroup, the pool of workers) are asked only when nobody else is blocked: on a running worker they are
// load imbalance. A wait that never ends must not be asked at all, but whether it will end cannot be known while it lasts; see
// dormancy for how it is guessed. Waits that began before the recording count as such.
//
// All is exact: rows add up to ∫P dt in integer nanoseconds, with fractions given out by largest remainder, and none is negative. Workers
// (goroutines inside a region "worker k") have their own time partitioned by their own state, which is what a speedup stack is made
// of. [Merge] puts processes together and [OfRun] accounts for a whole run on its cores.
package ledger
