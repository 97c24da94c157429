// Package sweep holds the nouns that every other package of corecurve uses: a [Point] of a sweep, a [Run] of a point,
// the [Plan] that orders the runs, the [Result] of one run, and the [Study], the directory that keeps them.
//
// A study goes through these stages, each of which reads only what the one before it left on disk:
//
//	workload ─▶ plan ─▶ capture ─▶ study (a directory) ─▶ timeline ─▶ analysis ─▶ report
//
// The package knows nothing of how runs are made (trace/capture), analysed (analyze) or drawn (report).
package sweep
