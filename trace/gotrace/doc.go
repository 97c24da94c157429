// Package gotrace reads Go execution traces into compact events of our own, so that the reader below it can be exchanged without a
// change to any analysis.
//
// A trace is read in one pass, and no event is kept:
//
//  1. [Open], for a file, and [OpenStream], for a pipe or what gzip has compressed, look at the header of the input and name what is
//     wrong with it if it is no trace.
//  2. A scanner cuts the trace into its generations (about a second each), hopping from one header of a batch to the next.
//  3. A decoder of our own makes events of a generation, several decoders at a time if wanted. Stacks and strings, which the trace
//     numbers anew in every generation, are interned once in [Symbols].
//  4. [Reader.Next] delivers the events in order, each a flat value without pointers. What crosses from one generation into the next is
//     stitched: the first states of a generation confirm what is known, times go on ascending, tasks keep their names.
//  5. Times are moved onto CLOCK_MONOTONIC, so that the traces of several processes share one axis; a [Merger] delivers the
//     events of several readers in the order of their times.
//  6. What is damaged costs its own generation from the damage on, and an event of the kind [Gap] is in its place; where strings or stacks
//     are damaged, events come without them. In the end one [DamageError] says how much is lost.
//
// Memory is that of the generations being decoded and of a limited number of events that wait for delivery, however long the trace.
//
// All formats are read that golang.org/x/exp/trace reads: those of Go 1.11 and later. It reads two kinds of trace for us: those of Go 1.21
// and earlier, which have no generations and a clock of their own ([Reader.SharedClock]), and those of releases newer than our decoder
// knows ([Reader.Fallback]). It could read the others too, and tests hold our decoder against it event by event, but its accessors alone
// cost more than its reading, and it cannot leave out what is damaged.
package gotrace
