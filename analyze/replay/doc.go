// Package replay follows the goroutines and processors (Ps) of one process through its execution trace. It is the one
// state machine over trace events; everything that accounts for time is a fold over its steps.
//
// A [Replay] turns each event into one or a few [Step]s, in time order. It
//
//  1. gives every goroutine a slot, a small number by which folds index their own slices, and says when a slot changes
//     hands ([Born]);
//  2. follows the state, the P and the OS thread of each goroutine and says when one of them changes ([Change],
//     [Lost]);
//  3. classifies, once and by one rule, whose a goroutine is ([Whose]), what a wait is ([Wait]), and what the
//     goroutine's time goes to from now on (Step.Cause): user code, a kind of garbage collection, a system call, a
//     wait;
//  4. resolves wake-ups: Step.By is the goroutine that ended a wait or created another. It is None where a timer, the
//     network, a goroutine that is not the program's, or the runtime on somebody's behalf did;
//  5. backdates: the first generation of a trace, and the first after a missing part, mentions everything that exists,
//     but each goroutine only when something happens to it. Step.Since is the time from which the state has held;
//  6. recognises the workers of a workload by the names of their regions (package marker): [Enter] and [Leave];
//  7. numbers the channels, locks and the like of a program that was built with sync events, and says what goroutines
//     do with them ([Operated]); other programs tell only of those operations that make somebody wait;
//  8. forgets every state after a part that could not be read ([Gap]), until the trace tells it again. What a whole
//     generation then does not mention has ended meanwhile.
//
// Steps are plain values that say all a fold needs, so a fold may run behind the replay. Every event makes at least one
// step, of kind [Tick] if nothing changed, so that folds know how far the recording has got.
//
// Rejected: handing on intervals when they end. The ledger shares idle Ps among all who wait at a moment, and who waits
// is known only if the beginnings are. A Step says both what ends and what begins.
package replay
