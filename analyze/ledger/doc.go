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
//  4. What is then left found no goroutine that could use it. A sum V grows by dt·rest/(running goroutines), and each
//     of these is charged the growth of V while it ran: that is the cause serial. If none runs there is nothing to run:
//     idle.
//
// A wait that a timer or the network ends, after which its goroutine hardly runs, weighs nothing: a ticker beside a
// serial part must not hide it, and a server that nobody calls is idle. What follows a wait is known only later. So
//
//   - when something outside the program ends a wait for a timer, a message or a channel, or when a goroutine does that
//     runs because of such a wait, its cost is held back ([trial]) until its goroutine, and those that this wakes or
//     creates, and so on, have worked for a 64th of its length. If they have not by the goroutine's next trial, the
//     time goes where it would have gone without the wait, for which sums are kept ([instead]): to serial, or to idle,
//     with the stack that waited. Work follows wake-ups by the numbers of trials ([origin]); no event is kept.
//   - a wait of which nothing is known, or of a kind that has weighed nothing before, must not dilute the shares of
//     others. It is doubtful: its W grows beside the others', by what it would take of the rest, and nothing is charged
//     until it has proved to matter. Then the rest is reduced. Waits for a lock never are on trial, nor are workers'.
//
// Rejected: judging by earlier waits alone, which errs on the first and on the one long sleep; and keeping the events
// until all waits of a moment are decided, which a ticker of a second makes millions.
//
// The cost of a wait is laid on what the goroutine that ended it did meanwhile, back to the start of the wait: on the
// stacks at which it ran and, where it was blocked itself, on the goroutine that ended that wait, and so on; before it
// was born, on its creator. For this the Builder keeps a few of the latest stretches of each goroutine, those in which
// anybody was charged.
//
// Waits for others to finish (WaitGroup, the pool of workers) are charged only when nobody else is blocked; laid on a
// running worker they are load imbalance. A wait that never ends is not charged, but whether it will end is not known
// while it lasts; dormancy says how it is guessed. Waits that began before the recording are doubtful.
//
// All sums are exact: rows add up to ∫P dt in integer nanoseconds, fractions go by largest remainder, and no row is
// negative. The time of each worker (a goroutine inside a region "worker k") is partitioned by its own state, from the
// birth of its goroutine on; speedup stacks are made of that. [Merge] joins processes, and [OfRun] accounts for a whole
// run on its cores.
package ledger
