// Package report turns what a study measured into documents: text for the terminal, report.json, report.md and report.html.
//
// It goes four steps:
//
//  1. [Build] composes the results of a study into curves, a measured ceiling, verdicts, speedup stacks, findings and warnings. It is pure: the
//     same input gives the same [Report], and so the same bytes in every document.
//  2. [Report.Figures] says which pictures there are, under which file names, and what their titles say.
//  3. [Report.Profiles] has the profiles that go tool pprof opens.
//  4. [Report.WriteText], [Report.WriteJSON], [Report.WriteMarkdown] and [Report.WriteHTML] write one document each to an io.Writer.
//
// The three documents for people share one view of the study (view.go): sentences and tables that are already words, so that a number
// reads the same wherever it stands. What turns numbers and facts into words is package words.
//
// Rejected: a template engine for the terminal and Markdown (aligned columns and wrapped lines need widths, which templates do not know), and
// scripts in report.html (it is to open in ten years, on a plane, and in a viewer that blocks scripts).
package report
