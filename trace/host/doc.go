// Package host describes the machine that a study runs on: which CPUs it may use and in which order points take them,
// what limits it (quota, governor, kernel), and what else happened on it during a run.
//
// It has three separate parts:
//
//  1. [Describe] reads, once per study, what identifies and limits the machine. It guesses nothing: a field that it
//     cannot read stays empty and, where that costs the study something, a sentence in Limits says what.
//  2. [CPUSet] and [Confine] bind the thread that starts a run to the first CPUs of that description.
//  3. A [Sampler] reads the machine's counters before and after a run, and [Noise] says what others did in between.
//
// The parsers take an [io/fs.FS] that stands for the root of the file system, so that tests can describe any machine in
// a few lines of text. Package prometheus/procfs is not used here: it reads the whole of /proc/stat for its first
// lines, knows neither quotas nor which CPUs share a core, and reads only from a real directory.
package host
