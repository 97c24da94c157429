// Package replay follows the goroutines and processors (Ps) of one process through its execution trace. It is the one state machine over
// trace events: what accounts for time is a fold over the steps that it hands on.
//
// A [Replay] turns each event into one [Step] or a few, in the order of their times:
//
//  1. It gives every goroutine a slot, a small number that folds index their own slices by, and says when a slot changes hands ([Born]).
//  2. It follows the state of each goroutine, the P and the OS thread that it has, and says when one of them changes ([Change], [Lost]).
//  3. It classifies, once and by one rule, whose a goroutine is ([Whose]), what a wait is ([Wait]), and what a goroutine's time goes
//     to from now on (Step.Code): user code, a kind of garbage collection, a system call, a wait.
//  4. It resolves wake-ups: Step.By is the goroutine that ended a wait or created another. It is None where a timer, the network or the
//     runtime on somebody's behalf did, or a goroutine that is not the program's.
//  5. It backdates: the first generation of a trace, or the first after a part that is missing, tells of everything that there is, but of
//     each only when something happens to it. Step.Since is from when on it has been so.
//  6. It knows the workers of a workload by the names of their regions (package marker): [Enter] and [Leave].
//  7. After a part that could not be read ([Gap]) every state is unknown until the trace tells it again. What a whole generation
//     does not mention has ended meanwhile.
//
// Steps are plain values and say all that a fold needs, so that folds may run behind the replay. Every event makes at least one step, of
// kind [Tick] if it changes nothing, so that folds know how far the recording has got.
//
// Rejected: handing on intervals when they end. The ledger shares out idle Ps among all who wait at a moment, which is known only from
// begins. A Step says both: what ends, and what begins.
package replay
