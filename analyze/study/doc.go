// Package study analyses a whole study: what is known of its runs becomes one value, which every document, gate and
// comparison reads.
//
// The way of the data:
//
//	sweep.ReadStudy ─▶ header, results ────────────────┬─▶ Analyze ─▶ Study
//	captures.Dir.Open ─▶ Explain ─▶ what the runs say ─┘
//
// [Explain] is the only part that reads, through readers that it is given, and at most two runs at a time. [Analyze] is
// a pure function of plain values. Nothing here makes sentences: package words of the report does.
//
// Rejected: analysing lazily, figure by figure, as documents ask. The cost is the reading of captures, which all of
// them need; and two documents would differ where one of them asked in another order.
package study
