// Package critical finds how long a recorded program would take on unlimited cores, and why.
//
// A [Builder] keeps for every goroutine the virtual time v that it would have reached if nothing ever had to wait for a P, and takes one pass
// over the events:
//
//   - a goroutine that runs: v grows by the time;
//   - one that is created begins at its creator's v;
//   - one that is woken by another goes on at the later of both;
//   - a system call, and a wait that no goroutine ended (timer, network), take as long as they did.
//
// The work T1 is the running time of the program's goroutines, the span T∞ the largest v, and the parallelism their quotient (the work-span model;
// Brent, JACM 21(2), 1974). A trace does not tell all dependences, so three are added: a join waits for all siblings that were created by the same
// goroutine at the same place and have ended, not only for the last; a receiver that wakes a blocked sender has waited for that sender's arrival; and the end
// waits for every goroutine that ended. What the runtime's own goroutines wake is not made dependent on them. A goroutine that is still alive at the end
// counts unless it waits for something outside the program, as a ticker does.
//
// Every v is at most the time that really passed, so max(T1/N, T∞) ≤ T_N holds for the recording itself.
//
// The path is kept as a tree of steps that point to the one before: a goroutine that takes over another's v takes over its last step. Steps that nobody refers
// to are freed, and when there are many, chains without a branch are joined into one that holds a sum for each stack. Memory is therefore bound by the live goroutines and the distinct stacks, not by the events.
//
// A part of the trace that could not be read is on no path: nobody depends on anybody across it.
//
// An uncontended lock, a send into a buffer with room and a Done that is not the last leave no event: for programs that live on those the
// span is a lower bound.
package critical
