// Package gotrace reads Go execution traces into compact events of our own, so that the reader underneath can be
// exchanged without changing any analysis.
//
// It reads a trace in one pass, and keeps no event:
//
//  1. [Open], for a file, and [OpenStream], for a pipe or gzip-compressed input, check the header. If the input is no
//     trace, their error says what is wrong with it.
//  2. A scanner cuts the trace into its generations (about a second each), hopping from one header of a batch to the
//     next.
//  3. A decoder of our own decodes a generation into events; several decoders may run at a time. Stacks and strings,
//     which the trace numbers anew in every generation, are interned once in [Symbols].
//  4. [Reader.Batch] and [Reader.Next] deliver the events in order, each a flat value without pointers. What crosses
//     from one generation into the next is stitched: the first states of a generation confirm what is known, times keep
//     ascending, tasks keep their names.
//  5. Times are moved onto CLOCK_MONOTONIC, so that the traces of several processes share one axis. A [Merger] delivers
//     the events of several readers in the order of their times.
//  6. Damage costs the rest of its own generation, and an event of kind [Gap] takes its place. If only strings or
//     stacks are damaged, events come without them. At the end one [DamageError] says how much is lost.
//
// Memory is bounded by the generations being decoded and a limited number of events that wait for delivery, however
// long the trace.
//
// The package reads all formats that golang.org/x/exp/trace reads: those of Go 1.11 and later. That package does the
// reading for two kinds of trace: those of Go 1.21 and earlier, which have no generations and a clock of their own
// ([Reader.SharedClock]), and those of releases newer than our decoder knows ([Reader.Fallback]). It could read the
// others too, and tests compare our decoder with it event by event, but its accessors alone cost more than its reading,
// and it cannot skip what is damaged.
package gotrace
