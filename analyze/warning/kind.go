package warning

import "strings"

// A Kind says what a warning is. Each is listed with what its subject, figures and items hold.
type Kind string

// Analysis returns the first part of k: the analysis, or the files, that it is about.
func (k Kind) Analysis() string {
	analysis, _, _ := strings.Cut(string(k), ".")
	return analysis
}

// Recorded is a text recorded in the study, or given by a host, about a run, a workload or the whole study.
const Recorded Kind = "recorded"

// RecordedMore stands for Count more such texts, of Of runs, that are none of the warnings.
const RecordedMore Kind = "recorded.more"

// Of curves. The subject is a point, or the workload of the curve.
const (
	NoPoints     Kind = "curve.no-points"     // the sweep is empty
	NoTimedRun   Kind = "curve.no-timed-run"  // the point was not measured
	NoBase       Kind = "curve.no-base"       // nothing to compare with
	NoTime       Kind = "curve.no-time"       // a run lacks the measure of that name
	FailedTimed  Kind = "curve.failed-timed"  // Count of Of runs; items by status
	FailedTraced Kind = "curve.failed-traced" // Count of Of runs
	FewLaunches  Kind = "curve.few-launches"  // Count, of the Of that an interval takes
	FewAtBase    Kind = "curve.few-at-base"   // Count, of Of: no point of the curve has an interval
	Outliers     Kind = "curve.outliers"      // Count of Of launches; items: Rep, Ratio to the median, Noisy
	Drift        Kind = "curve.drift"         // Ratio by which times grew, over Count blocks; Tau and P of the test
)

// Of a study as a whole.
const (
	Forced Kind = "study.forced" // it went on at Text, after Count runs, although the items differ
	// Interrupted: Count runs are none of the Of that count; Text says what befell the first.
	Interrupted Kind = "study.interrupted"
	// OutputLost: what Count of Of runs printed is not kept; Text says why of the first.
	OutputLost Kind = "study.output-lost"
	// HiddenWords: Count words of the command line are not stored; items: the Name of each place that has one. Of: the
	// words without a name.
	HiddenWords    Kind = "study.hidden-words"
	AboveQuota     Kind = "study.above-quota"     // points on Count cores and more, above the quota of Ratio cores
	WorkersIgnored Kind = "study.workers-ignored" // at the points of both items: Count threads, Ratio busy cores
	TracedOutside  Kind = "study.traced-outside"  // Ratio of the work of traced runs to timed ones; 0: not known
	OtherWork      Kind = "study.other-work"      // Ratio is the least efficiency; AgainstRatio the busy cores of the base
	NoisyRun       Kind = "study.noisy-run"       // one of Of timed runs; Ratio: CPU time that others took
	// FewerResamples: Count resamples instead of Of; items: the points, the launches and, if others than laws are
	// resampled, the resamples of laws.
	FewerResamples Kind = "study.fewer-resamples"
	// ShortRuns: at Count of Of points every traced run took less than Against; Time is the shortest.
	ShortRuns Kind = "study.short-runs"
)

// Of speedup stacks and findings. The subject is a point, or a place on a curve.
const (
	CoresInstead  Kind = "stack.cores-instead"  // traces lack the time of some worker, so it divides the time of cores
	TracedDiffers Kind = "stack.traced-differs" // Ratio is the speedup of traced runs, AgainstRatio that of timed ones
	LessCPU       Kind = "stack.less-cpu"       // Time is running by the trace, Against the CPU time of the kernel
	TracedLoses   Kind = "finding.traced-loses" // Ratio of the speedup is lost by traced runs, AgainstRatio by timed ones
	// CausesExceed: causes take Ratio of the speedup together, and AgainstRatio is lost.
	CausesExceed Kind = "finding.causes-exceed"
	// Withheld: Ratio core-seconds were taken, and traced runs lose AgainstRatio of the speedup that timed ones do not;
	// items: Name of a cause, Ratio of the loss.
	Withheld     Kind = "finding.withheld"
	NotExplained Kind = "finding.not-explained" // Ratio is the share of the lost core time
)

// Of the timeline of a process.
const (
	TimelineEmpty   Kind = "timeline.empty"
	TimelineCut     Kind = "timeline.cut"            // Time before the end
	TimelineSerial  Kind = "timeline.serial-parts"   // Count beyond the first Of
	TimelineAgain   Kind = "timeline.entered-again"  // Name of the lane
	TimelineEarlier Kind = "timeline.region-earlier" // Name of the region
	TimelineMarks   Kind = "timeline.marks-joined"   // Name of the lane; up to Count in one
	TimelineMore    Kind = "timeline.more"           // more of the same
)

// Of the ledger of a process or, where they are on Ps, CPU time and threads, of a run.
const (
	LedgerEmpty    Kind = "ledger.empty"
	LedgerGap      Kind = "ledger.gap"             // Count parts of Time in all; said here for all folds
	LedgerCut      Kind = "ledger.cut"             // Time before the end, of Worker
	LedgerBegins   Kind = "ledger.begins-late"     // by Time
	LedgerEnds     Kind = "ledger.ends-early"      // by Time
	LedgerAgain    Kind = "ledger.entered-again"   // Worker
	LedgerWaits    Kind = "ledger.waits"           // Worker waited for long more than Of times
	LedgerSerial   Kind = "ledger.serial-parts"    // Count beyond the first Of
	LedgerTwice    Kind = "ledger.contradictions"  // Count times
	LedgerMore     Kind = "ledger.more"            // more of the same
	PsNotCores     Kind = "ledger.ps-not-cores"    // Ratio Ps on Count cores
	PsByRecords    Kind = "ledger.ps-by-records"   // the same, and the OS's records say which had a core
	CPUDiffers     Kind = "ledger.cpu-differs"     // Time of busy Ps, Against the CPU time of the OS
	FewThreads     Kind = "ledger.few-threads"     // Count threads for Of workers
	UnequalThreads Kind = "ledger.unequal-threads" // the work is not that of Count threads
	// LikelyLock: Count waits of Time in all are taken for a lock: all workers waited at once for Ratio of that, and
	// for AgainstRatio of the rest one ran while all others waited.
	LikelyLock Kind = "ledger.likely-lock"
)

// Of the critical path of a process.
const (
	PathEmpty Kind = "path.empty"
	PathShort Kind = "path.short" // Time of Against recorded; Ratio: nothing ran, AgainstRatio: a P lacked
)

// Why bounds of a speedup are not known: both, or the lower one. The span is Against where nothing else is said.
const (
	PathTurns     Kind = "path.turns"              // both: Count goroutines that take turns ran for Time
	PathUnequal   Kind = "path.unequal"            // both: a goroutine ran for Time, an equal one less than a Count-th
	PathProcesses Kind = "path.processes"          // both: Count processes were outside Go for Time
	PathLocks     Kind = "path.locks"              // Time was waited for locks
	PathChans     Kind = "path.channels"           // for channels
	PathLoosely   Kind = "path.locks-and-channels" // for both
	PathCalls     Kind = "path.calls"              // Ratio, Time Against all work, was in system calls
	PathCollector Kind = "path.collector"          // Ratio, Time Against all work, was the collector's
	PathBrief     Kind = "path.brief"              // Count times goroutines ran, for Time on average
)

// Of predictions.
const (
	// PredictStock: the trace does not tell what was done with locks and channels without waiting; of Count waits it does.
	PredictStock Kind = "predict.stock"
	// PredictOneP: recorded on one P, the trace tells nothing at all of locks and channels.
	PredictOneP    Kind = "predict.one-p"
	PredictCond    Kind = "predict.cond"    // Count waits for a Cond, each ended by who ended it in the recording
	PredictForced  Kind = "predict.forced"  // Count operations were forced, at most, on the Of cores of that prediction
	PredictStuck   Kind = "predict.stuck"   // on Of cores the replay stops after Count operations were forced
	PredictLate    Kind = "predict.late"    // Time of the longest chain, Against all of it, timers took that may have been late
	PredictLost    Kind = "predict.lost"    // Count parts of the trace could not be read
	PredictAlone   Kind = "predict.alone"   // one goroutine has Ratio of all work
	PredictNothing Kind = "predict.nothing" // no goroutine of the program ran
	PredictWorkers Kind = "predict.workers" // the Count workers of its pool are fewer than the Of cores
	PredictNoPool  Kind = "predict.no-pool" // no pool of workers is known: there are as many goroutines as recorded
	// PredictUnseen: locks that workers wait for, and memory that they share, do not show in a recording of one worker;
	// PredictMemory: the memory does not.
	PredictUnseen Kind = "predict.unseen"
	PredictMemory Kind = "predict.memory"
	// PredictShared: Count goroutines without marks are taken for workers that share out what they do.
	PredictShared Kind = "predict.shared"
	// Of several processes: PredictNoTasks, there is no coordinator or no task of a child; PredictTasksWait, Count of Of
	// chunks waited for other goroutines of their process, and take as long as they did.
	PredictNoTasks   Kind = "predict.no-tasks"
	PredictTasksWait Kind = "predict.tasks-wait"
	// PredictMarking: marking for the garbage collector takes Ratio of the time on one core, and the recording does not
	// tell whether several cores can share it out. There is a bound.
	PredictMarking Kind = "predict.marking"
	// PredictCalls: Count times goroutines called the collector and waited for the end of a cycle, for Time in all,
	// Against all of the recording, which no replay has. There is a bound.
	PredictCalls Kind = "predict.collector-calls"
	// PredictSpins: Count times goroutines yielded, looked and yielded again, for Ratio of the time of Ps: they wait in a
	// way that no operation tells. Nothing is known.
	PredictSpins Kind = "predict.spins"
	// PredictSized: as many goroutines as the Count Ps were started at one place, for Ratio of the work: on more cores there
	// may be more of them.
	PredictSized Kind = "predict.sized"
	// PredictTries: Count operations with locks and channels were only tried, and goroutines that do Ratio of the work go
	// on otherwise where one is not done.
	PredictTries Kind = "predict.tries"
	// PredictBrief: Count times goroutines ran for less than Time between operations on what they share, for Ratio of
	// the work.
	PredictBrief Kind = "predict.brief"
	// PredictAdrift: Count goroutines did Ratio of the work after which no operation lets another go on: nobody waits for
	// it.
	PredictAdrift Kind = "predict.adrift"
	// PredictBusy: goroutines had Ps for Against but, by CPU samples, cores for Time only.
	PredictBusy Kind = "predict.busy"
)

// Why a curve of a study is not predicted. The subject is its workload.
const (
	PredictNoTrace Kind = "predict.no-trace"  // no run of it left the Go trace of one process
	PredictGrows   Kind = "predict.grows"     // its work grows with the count
	PredictProcs   Kind = "predict.processes" // up to Count processes share the work
	// PredictWaits: with Count workers, or on as many cores, they wait for Ratio of their time in the way that the item
	// names, a [cause.Group], and in the recording, of Of, for AgainstRatio. There is a bound.
	PredictWaits Kind = "predict.waits"
	PredictLarge Kind = "predict.large" // of the Of bytes of traces that are replayed at most, too few are left for its Count
)

// Of core use.
const (
	UseEmpty  Kind = "use.empty"
	UseEnds   Kind = "use.ends-early"  // by Time
	UseBegins Kind = "use.begins-late" // by Time
	UseLate   Kind = "use.late-events" // Count
	UseOdd    Kind = "use.odd-events"  // Count
	PsSeen    Kind = "use.ps-seen"     // Count; no trace tells GOMAXPROCS
	UseUntold Kind = "use.untold"      // Count Ps
	Widened   Kind = "use.widened"     // Count times, more threads ran than there are cores
)

// Of records of the OS scheduler. Name is the level where one is named.
const (
	ThreadsEmpty   Kind = "threads.empty"
	ThreadsLost    Kind = "threads.lost"           // Count records in Of gaps of Time
	ThreadsStrange Kind = "threads.contradictions" // Count; the item is the first, named as below
	ThreadsCut     Kind = "threads.cut"
	ThreadsFolded  Kind = "threads.folded" // up to Count neighbouring slices in one
	// ThreadsWaits: Count samples were of waits beyond the first Of different ones, and tell the reason alone.
	ThreadsWaits Kind = "threads.waits"
	ThreadsLevel Kind = "threads.level" // it cannot tell everything
	ThreadsLate  Kind = "threads.late"  // Time has no place
	RecordsLevel Kind = "records.level" // the same, and no thread is known
)

// The names of items of [ThreadsStrange]: how a record contradicts others.
const (
	NoSuchCPU  = "no-such-cpu"
	CPUTaken   = "cpu-taken"    // by the thread Other
	NotLeft    = "not-left"     // the CPU Other
	NotHeardOf = "not-heard-of" // the thread before it leaves the CPU
	NotOnIt    = "not-on-it"    // the thread that leaves the CPU
	NotEnded   = "not-ended"    // the thread that is made
)

// Of the files of a run. Name is the path; Text is what its reader said.
const (
	TraceMissing      Kind = "trace.missing"
	TraceDamaged      Kind = "trace.damaged"
	TraceForeign      Kind = "trace.foreign" // read by another reader than ours; Text is the release of its format
	ProfileMissing    Kind = "profile.missing"
	ProfileUnreadable Kind = "profile.unreadable"
	RecordsMissing    Kind = "records.missing"
	RecordsDamaged    Kind = "records.damaged"
	SpansMissing      Kind = "spans.missing"
	SpansDamaged      Kind = "spans.damaged"
	SpansLeftOut      Kind = "spans.left-out" // Count
	NoTrace           Kind = "trace.none"     // the subject is the run
)

// Of benchmarks.
const (
	// IdleBenchmarks: Count of Of keep one core busy at every count; items name them.
	IdleBenchmarks Kind = "bench.idle"
)
