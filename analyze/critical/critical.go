// Package critical finds how long a recorded program would take on unlimited cores, and why.
//
// A [Builder] keeps for every goroutine the virtual time v that it would have reached if nothing ever waited for a P,
// in one pass over the steps:
//
//   - while a goroutine runs, its v grows by the time; so it does in a system call or in C;
//   - a new goroutine starts at its creator's v;
//   - a goroutine woken by another goes on at the later of both;
//   - waits that no goroutine ended (timer, network) take as long as they did.
//
// The span T∞ is the largest v (the work-span model; Brent, JACM 21(2), 1974). A trace does not tell all dependences,
// so three are added: a join waits for all siblings created by the same goroutine at the same place that have ended,
// not only for the last; a receiver that wakes a blocked sender has waited for that sender to arrive; and the end waits
// for every goroutine that ended. What the runtime's own goroutines wake does not depend on them. The path of a
// goroutine that waits at the end goes to where this wait began; if it waits again and again at the same place for
// something outside the program, as at a ticker, only what it ran for counts. The recorder is outside: waiting for it
// takes no time, and neither does the sleep of who slept until there was enough of a recording and then ended it.
//
// Every v is at most the time that really passed, so T∞ ≤ T_N holds for the recording itself.
//
// # Bounds
//
// Let W be the running time of the program, system calls included as long as they keep their P or, by the records of
// the OS, have a core; C that of the garbage collector and the rest of the runtime; D the most that delays (sleeps,
// network, blocked system calls) take of any chain. A greedy schedule on N cores, one that leaves no core idle while a
// goroutine is ready, takes
//
//	max(W/N, T∞) ≤ T_N ≤ (W + C + D + (N−1)·T∞) / N
//
// The left side is plain. The right one is Brent's argument with delays (Muller & Acar, SPAA 2016, theorem 1), without
// the rounding: follow the chain that ends last backwards. Whenever a core is idle that chain goes on, so with r of its
// work and d of its delays done at such times the rest, at most W + C − r, is done by all N cores: T_N ≤ r + d +
// (W + C − r)/N. That is the largest for r + d = T∞ and d = D. For N = 1 it is T_1 ≤ W + C + D: one core is idle only
// while a chain has nothing but a delay. So the speedup T_1/T_N is at most (W + C + D)/T∞. It is at most N, too: one
// core can do what N do in turns, during which delays only get shorter. And it is at least max(W, T∞) divided by the
// right side, never less than 1 since cores can be left idle. [Path.Bounds] has both.
//
// A trace leaves open what some figures are; each bound takes the reading that makes it the looser:
//
//   - A system call that has lost its P computes in the kernel (or in C), or it waits. Its time is on the chain in both
//     cases, part of T_1 at most, and not at least. Or its thread waits for a core, since there are more of them: then
//     its time is nowhere. The upper bound is the greater one.
//   - A wait at a connection may be for another goroutine of the program, and a goroutine that sleeps again and again
//     and hardly runs may look whether others are done. Neither is a delay of its own unless nothing of the program ran
//     meanwhile.
//   - In which order goroutines got a lock, or items came through a channel, is a matter of this schedule. What a
//     goroutine does after it received something is surely after what the sender did, but not after what came
//     before, unless these were the ends of others: a join by a channel.
//
// What surely is on a chain then is [Path.Least], which takes the place of T∞ where that makes the bound looser.
//
// Two things leave no bounds. Goroutines that share out work as they go, by channels, locks or connections at which
// they take turns, or so that one finds all of it done, would on other cores do other parts of it: their own running
// time is no chain. And processes that wait for something outside may wait for each other. The lower bound also needs
// that dependences leave events and that work costs the same everywhere. An uncontended lock, a send into a buffer with
// room and a Done that is not the last leave none, nor do locks of the kernel; so with much waiting for locks or
// channels, many system calls, much garbage collection or very short stretches of work there is none. [Path.Unknown]
// says so with its figures.
//
// Running times are as recorded: where others took the cores, or there are fewer cores than Ps, they are too long, and
// not all by the same factor.
//
// # Memory
//
// The path is a tree of steps that point to the one before: a goroutine that takes over another's v takes over its last
// step. When there are many, those that nobody refers to are forgotten, and chains without a branch are joined into one
// node with a sum for each stack. So memory is bounded by the live goroutines and the distinct stacks, not by the
// events. Rejected: to count references to each node, which costs more with every step than now and then to count all.
//
// A part of the trace that could not be read is on no path: nobody depends on anybody across it.
package critical

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Path is the work and the span (critical path) of a recording.
type Path struct {
	Rank int           // of the process; -1 for the coordinator
	Work time.Duration // T1: running time of the program's goroutines, system calls that kept their P included
	Span time.Duration // T∞: the longest chain of work and delays
	// Parallelism is how many cores can be of use at most: the upper bound of the speedup on unlimited cores. 0: not
	// known.
	Parallelism float64
	Steps       []Step // largest first; they add up to Span

	// What else bounds the speedup.
	Least     time.Duration // of the span: what of it surely is so on any number of cores
	LeastHeld time.Duration // the same if goroutines in system calls without a P only waited for a core
	Delay     time.Duration // the most that delays take of any chain
	Unclear   time.Duration // in system calls without a P, which is work or a delay
	Collector time.Duration // running time of the garbage collector and the rest of the runtime
	// Unknown says why the bounds are not known, or only the upper one; the weightiest first.
	Unknown []warning.Warning

	Operated bool // the trace tells what was done with locks and channels: a replay can tell what the bounds leave open

	Recorded time.Duration // length of the recording, or of the part that was looked at
	Quiet    time.Duration // of that, nothing of the program ran or was ready to run
	Crowded  time.Duration // of that, goroutines of the program were ready and had no P

	Warnings []warning.Warning
}

// A Step is the part of the path with one cause and stack.
type Step struct {
	Cause cause.Cause
	Time  time.Duration
	Stack []gotrace.Frame // innermost first
}
