// Package orphans ends the processes of runs that outlived corecurve.
//
// A run ends with the tool, because something is left to end it: its supervisor when the tool is killed, and the tool
// when the supervisor is killed. Where both are killed at once, processes that a program started themselves go on,
// since the kernel ends only the direct children of a process with it. They are ended by the next start of the tool:
//
//  1. Whatever the tool starts for a run is marked by a variable of its environment, which names the tool: its id, when
//     it was started, and the namespaces in which both are true. What that starts itself inherits the mark.
//  2. The next tool looks at the processes of its user, in its own namespaces. One whose mark names a tool that is gone
//     is ended. It is held by a pidfd from before that is found out, so that no other can have its number by then.
//
// A process that was started with another environment, or by a server such as a container daemon, is not found. A tool
// that bears such a mark itself ends nothing: whoever works below a program that outlived its run does so on purpose.
//
// Rejected: a control group for each run, and a PID namespace, which the kernel would end as a whole: both need rights
// that users seldom have.
package orphans

// Env is the variable of the mark.
const Env = "CORECURVE_TOOL"
