// Package supervise runs the copies of a command for one run of a study, in a small process between the tool and them.
//
// The process is there for three reasons. The kernel counts the peak memory of a process from before its exec, so that children of the tool
// would seem as large as the tool; only a parent that is its own process group's last survivor can end what a command leaves
// behind when the tool itself is killed; and the copies' times are taken next to them.
//
//  1. It becomes the reaper of all its descendants and listens on its lifeline: when the tool hangs up, it kills them and exits. It has no
//     parent-death signal itself, since it could not clean up after one.
//  2. It starts the copies, one after the other without waiting, and notes the time before the first.
//  3. While they run it looks at their process trees every 20 ms: resident memory summed at one instant, threads, the high-water
//     mark of each process.
//  4. When the last copy has ended it notes the time, ends descendants that are left (and says so), and reports.
package supervise
