// Package limits is the one table of what corecurve accepts from outside: files of a study, measurements, traces, what
// programs say of themselves, and what a user asks for. A study is data, whoever made it, so every reader takes its
// limits from here, and what corecurve writes itself stays within them.
//
// The numbers are far above what a measurement needs, and low enough that no input of ordinary length makes a reader
// take much more memory or time than the input is long. Two rules hold the second:
//
//  1. Lengths are looked at before anything is read, and counts before anything is allocated by them.
//  2. What is compressed may unfold to [UnfoldTimes] times its length ([Unfold]). A bound on the content alone would be
//     multiplied by the number of files.
//
// What is beyond a limit is an [Error], which names the place, what was met and what is allowed.
package limits
