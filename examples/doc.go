// Package examples lists the workloads that come with corecurve. Each shows one reason why a program does or does not
// get faster with more cores. Most have a formula for the expected curve, against which the measured one can be
// checked; the package of each explains it.
//
//	name       shows                                     expected curve for n workers, up to the number of cores
//	fib        few unequal tasks                         1.56 at 2, limit 2.38 (list scheduling)
//	pi         equal tasks, nothing shared               n, once the darts outweigh the start: N > s/(d·(1−1/P))
//	factorial  tasks smaller than their handing out      at most min(n·kt/(kt+h), kt/h) for chunks of k
//	cpu        arithmetic only, weak scaling             n up to the cores, then flat
//	sleep      waiting, weak scaling                     n, far beyond the cores
//	fetch      waiting for a server                      m/ceil(m/n) for m documents, far beyond the cores
//	files      kernel work on files                      below n; depends on kernel and file system
//	dot        memory bandwidth                          n, then flat at all bandwidth / that of one core (roofline)
//	sort       unpredictable branches in own caches      n
//	mutex      a lock held for 30 % of the time          min(n, 3.33)
//	mutex-100  a lock held all the time                  1
//	spinlock   a lock held all the time, tried again     1, with all cores busy
//	sharing    neighbours in one cache line              below 1 with threads, n with processes
//	sharing-padded  the same, two cache lines apart      n
//	serial     30 % of the work before the tasks         Amdahl: 1.54 at 2, limit 3.22
//	serial-10  10 % of the work before the tasks         Amdahl: 1.82 at 2, limit 8.77
//	imbalance  one task as long as all others together   1.33 at 2, limit 2
//	pipeline   a slowest stage of three (1:3:2)          1.5 at 2, limit 2
//	alloc      garbage collection                        flat: a list is marked by one core at a time
//
// Sizes are in each workload's own unit, and work is proportional to them, except for fib. Loop lengths are constants
// and not fitted to the machine, so the same size is the same work everywhere. At its default size each workload takes
// one worker between 0.2 and 0.8 s.
//
// The packages use nothing of corecurve but trace/workload, the API that any program can use.
package examples
