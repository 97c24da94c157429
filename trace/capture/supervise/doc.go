// Package supervise runs the copies of a command for one run of a study, in a small process between the tool and the
// copies.
//
// That process is needed for three reasons. The kernel counts the peak memory of a process from before its exec, so
// children of the tool would seem as large as the tool. When the tool is killed, something must still be alive to end
// what the command leaves behind. And the copies' times are taken close to them.
//
//  1. The process becomes the reaper of all its descendants and listens on its lifeline: when the tool hangs up, it
//     kills them and exits. It has no parent-death signal itself, since it could not clean up after one.
//  2. It starts the copies, one after the other without waiting, and records the time before the first.
//  3. While they run it samples their process trees every 20 ms: resident memory summed at one instant, threads, and
//     the high-water mark of each process.
//  4. When the last copy has ended it records the time, ends descendants that are left (and reports them), and sends
//     the outcome.
//
// A program beside the measured work, such as the go command or one that prepares a run, is an [Aside]: a process like
// that stands between it and the tool too, which only ends what must end.
package supervise
