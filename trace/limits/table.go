package limits

// Files of a study.
const (
	// HeaderBytes is the length of study.json. The longest command line that Linux starts is of 6 MiB, with its
	// environment, and ordinary systems allow 2 MiB.
	HeaderBytes = 8 << 20
	// HeaderValues is the number of values in study.json: 4096 points in their sweeps have 25,000, and a command line
	// of one letter per word a million in theory, which nobody types.
	HeaderValues = 400_000
	// RunsBytes is the length of runs.jsonl: the results of a study of 100,000 runs have 200 MB.
	RunsBytes = 512 << 20
	// ResultBytes is the length of a line of runs.jsonl: a run of 4096 processes has 1.3 MB.
	ResultBytes = 4 << 20
	// ResultValues is the number of values in a line of runs.jsonl: a run of 4096 processes has 100,000.
	ResultValues = 200_000
	// Results is the number of runs of a study. 4096 points, 30 times each, are 122,880.
	Results = 131_072
	// Damages is how many damaged lines or places of a file are named; the others are counted.
	Damages = 20
	// TextBytes is the length of one text as JSON writes it: a word of a command line, an error, a name. A word that
	// Linux passes on has at most 128 KiB.
	TextBytes = 256 << 10
	// NumberBytes is the length of a number as JSON writes it. No float64 or int64 needs more than 25.
	NumberBytes = 64
	// KeptBytes is how much is kept of a text that a program makes as long as it likes: of an error, of a warning. JSON
	// may write six bytes for one.
	KeptBytes = 32 << 10
	// ShownChars is how many characters of foreign text an error shows, and ErrorBytes the length of an error of another
	// package, which may show more.
	ShownChars = 60
	ErrorBytes = 500
)

// MemoryGoal is how many bytes of memory the tool aims to stay below, by collecting garbage more often near it. What
// the limits let through needs less; an input that needs more, such as traces of very many goroutines, is read all the
// same.
const MemoryGoal = 900 << 20

// Memory that the analysis of a traced run takes, in bytes, to tell how many are analysed at a time. RecordingMemory is
// what its readers and analyses need, TraceMemory what each Go trace adds. Larger ones of real programs took 30 MB with
// one reader, and 80 MB with two.
const (
	RecordingMemory = 96 << 20
	TraceMemory     = 1 << 20
	// LeastMemory is the least that can be asked for: the process itself takes 20 MB.
	LeastMemory = 32 << 20
)

// Counts of a study, as it is asked for and as it is read.
const (
	// PointCount is the largest number of processes, of workers and of cores of a point, so that a slip of the keyboard
	// does not start a million processes.
	PointCount = 4096
	// Size is the largest work of a point: the largest whole number that every reader of JSON keeps.
	Size = 1 << 53
	// Workloads is the number of workloads of a study.
	Workloads = 1024
	// Variants is the number of programs that a study compares. Each is measured in every block.
	Variants = 64
	// Sweeps is the number of sweeps of a study: one curve each, which takes a tenth of a second to fit and draw.
	Sweeps = 1024
	// SweepPoints is the number of points of a sweep. Intervals of differences are taken of every pair.
	SweepPoints = 256
	// Points is the number of points of all sweeps of a study. A block of 4096 runs of a second takes an hour.
	Points = 4096
	// Reps is the number of blocks of a study, repeats included.
	Reps = 100_000
	// Resumes is the number of segments of a study.
	Resumes = 10_000
	// CPUs is the number of logical processors of a machine. Linux knows at most 8192.
	CPUs = 8192
	// CPUNumber is the largest number of a logical processor: numbers may have gaps.
	CPUNumber = 1<<16 - 1
	// StatBytes is how much is read of /proc/stat: a line for each processor.
	StatBytes = 256 * (CPUNumber + 1)
	// Processes is the number of processes of a run: those of its point, a coordinator, and a service for each.
	Processes = 2*PointCount + 1
	// Captures is the number of capture files of a run: trace and profile of each process, spans, OS records.
	Captures = 2*Processes + 2
	// StudyCaptures is the number of capture files of all runs of a study.
	StudyCaptures = 131_072
	// Metrics is the number of metrics of a benchmark, by unit.
	Metrics = 256
	// Notes is the number of texts in a list that corecurve makes by itself: warnings, reasons, differences.
	Notes = 1000
	// Words is the number of words of a command line or of an environment: as many as fit into the 2 MiB that Linux
	// passes on, if all have 15 letters.
	Words = 131_072
	// ShortBytes is the length of a text that is a name or a line: of a unit, a digest, a processor, a series.
	ShortBytes = 4 << 10
	// Tasks is the number of tasks of a run; as Size.
	Tasks = Size
	// Bytes is the largest number of bytes that a run may have used or printed; as Size.
	Bytes = Size
	// ID is the largest number of a process or thread: the kernel's are below 2^22, those of other systems are 32 bits.
	ID = 1<<31 - 1
)

// Times, in nanoseconds.
const (
	// Time is the longest duration of anything in a run: 104 days.
	Time = 1 << 53
	// CoreTime is the longest time of all CPUs of a machine together: 9 years, or 16 hours of 4096 CPUs.
	CoreTime = 1 << 58
	// Clock is the latest time since the start of a machine: 146 years. Sums with Time fit an int64.
	Clock = 1 << 62
	// Wall is the latest time of a wall clock, as Unix nanoseconds: in 2116. Differences to Clock fit an int64.
	Wall = 1 << 62
	// Sum is the largest sum of all times of a study: no sum over its runs overflows.
	Sum = 1 << 62
	// SchedulerTime is the longest that a step of Go's scheduler takes; more is no measurement of it.
	SchedulerTime = 1_000_000_000
	// TraceTime is the latest time of an event of a Go trace: 36 years. Analyses may add and double times below it.
	TraceTime = 1 << 60
)

// Files that say what a study shall measure.
const (
	// StudyFileBytes is the length of the file, and StudyFileValues the number of values in it, each behind an alias as
	// often as that is named. A command of a hundred words and a list of a hundred sizes have 10 KB.
	StudyFileBytes  = 256 << 10
	StudyFileValues = 16_384
	// StudyFileDepth is how deep its lists and mappings may lie in each other, of which two have a meaning.
	StudyFileDepth = 32
)

// Compressed input.
const (
	// UnfoldTimes is how many times as long as what is compressed its content may be. Scheduler records unfold to 3 to 5
	// times their length, profiles to 2 to 5, Go traces to 2 to 4.
	UnfoldTimes = 20
	// UnfoldBytes is how long the content may be in any case: a short file may repeat itself more often.
	UnfoldBytes = 1 << 20
)

// Go execution traces.
const (
	// GenerationBytes is how many bytes of one generation are held in memory, where the input can be read only once. The
	// runtime begins a generation every second.
	GenerationBytes = 128 << 20
	// OldTraceBytes is the length of the traces of Go 1.21 or earlier of a run, which are held in memory.
	OldTraceBytes = 128 << 20
	// OldTraceEvents is the number of events of these traces: each takes about 130 bytes of memory.
	OldTraceEvents = 5_000_000
	// Traces is the number of Go traces of a run that are read, one for each process; each takes about 0.7 MB of memory.
	Traces = 512
	// ReplayedBytes is how long the traces are together that a report replays on more cores. An event has about seven
	// bytes, and takes as many nanoseconds in each of twenty replays as in the reading of the trace.
	ReplayedBytes = 512 << 10
	// Goroutines is the number of goroutines of a run that are told apart at the same moment: each takes about 1.6 KB of
	// memory.
	Goroutines = 200_000
	// Objects is the number of locks, channels and the like of a process that are told apart: each takes about 50 bytes of
	// memory.
	Objects = 4 << 20
	// Ps is the largest number of Ps of a process.
	Ps = 1 << 16
	// BatchBytes, Frames and TraceText are those of the format of Go's traces: bytes of a batch, frames of a stack, bytes
	// of a string.
	BatchBytes = 64 << 10
	Frames     = 128
	TraceText  = 1024
)

// OS scheduler records.
const (
	// RecordBytes is the length of a line of scheduler records. Most hold a few numbers, the longest the name of a thread;
	// the header has the numbers of all CPUs.
	RecordBytes = 128 << 10
	// RecordTime is the latest time of a record from the start of its recording: a hundred days, as [Time].
	RecordTime = Time
	// Records is the number of scheduler records of a run: a million switches a second for half a minute.
	Records = 30_000_000
	// NameBytes is the length of the name of a thread or of what it waits for. The kernel's have 15 bytes.
	NameBytes = 256
	// Waits is the number of waits of all threads of a run that are told apart: locks and files that they were sampled
	// waiting for. Each takes about 250 bytes of memory.
	Waits = 250_000
	// RingPages is the number of pages of the ring of a CPU.
	RingPages = 1 << 20
	// Threads is the number of threads of a run, living and ended, that are told apart: each takes about 2 KB of memory.
	// A build that starts 50,000 programs has 100,000.
	Threads = 150_000
)

// Spans.
const (
	// SpanLineBytes is the length of a line of spans.
	SpanLineBytes = 16 << 20
	// SpanValues is the number of values in a line of spans, or in a request: 8192 spans of 25 attributes have a million.
	// The shortest span has two, and takes 300 bytes of memory.
	SpanValues = 1 << 20
	// LineSpans is the largest number of spans that are written to a line, so that a reader needs little memory. A batch
	// of the size that children are told to send is one line.
	LineSpans = 8192
	// Spans is the number of spans of a run that are read.
	Spans = 1 << 20
)

// CPU profiles.
const (
	// ProfileBytes is the unfolded length of a profile.
	ProfileBytes = 64 << 20
	// ProfileMemory is how much memory the profiles of a run may take, by the counts of their messages. That of a program
	// with 500 different call stacks takes 300 KB by this measure.
	ProfileMemory = 128 << 20
	// StudyProfileMemory is the same of all runs of a study, which are held until its report is written.
	StudyProfileMemory = 256 << 20
)

// Measurements of other tools, and what programs print.
const (
	// MeasurementBytes is the length of a file of measurements, and MeasurementValues the number of values of JSON in it.
	MeasurementBytes  = 16 << 20
	MeasurementValues = 1 << 20
	// Series is the number of benchmarks or commands of a file, Measured that of their values, and Parameters that of the
	// parameters of a scan.
	Series     = 4096
	Measured   = 250_000
	Parameters = 64
	// MeasuredCounts is the number of different counts of a series.
	MeasuredCounts = 4096
	// MeasuredN is the largest count of a measurement, and MeasuredLeast and MeasuredMost bound its values: squares of
	// them are finite.
	MeasuredN     = 1e9
	MeasuredLeast = 1e-100
	MeasuredMost  = 1e100
	// ListBytes is the length of what a program prints of its workloads, and the go command of packages.
	ListBytes = 16 << 20
	// HistoryStudies is the number of studies of a history: a study a day for three years. Their distances grow with its
	// square. HistoryFolder is the number of entries of a folder in which studies are looked for.
	HistoryStudies = 1000
	HistoryFolder  = 100_000
	// HistoryBytes is the length of all runs.jsonl and study.json of a history: a thousand studies of 5000 runs.
	HistoryBytes = 8 << 30
	// SubjectChars is how much is kept of the first line of a commit's message. Most have 50 to 72 characters.
	SubjectChars = 200
	// TrialBytes is the length of what a test binary prints in a trial of its benchmarks.
	TrialBytes = 64 << 20
	// TailBytes is how much of what a failed command printed is shown.
	TailBytes = 2000
)

// What the processes of a Go workload tell the tool and each other.
const (
	// MessageBytes is the length of a message. The longest hold MessageSpans.
	MessageBytes = 32 << 20
	// MessageValues is the number of values in a message: the outcome of 4096 processes has 80,000.
	MessageValues = 1 << 20
	// MessageSpans is the number of spans in a message.
	MessageSpans = 8192
	// FailureBytes is how much is told of why a run failed.
	FailureBytes = 4 << 10
	// TaskList is the number of tasks of a run: the results of that many, which are in memory, have half a GiB at least.
	TaskList = 1 << 28
	// Chunks is the number of chunks in which they are handed out: at 5 µs for each between processes, a second or two.
	// With 64 workers a worker still takes 4096, so that the last ones of all end nearly together.
	Chunks = 1 << 18
	// ChunkBytes is the length of the results of one chunk of tasks, which are in memory at both ends of a pipe.
	ChunkBytes = 1 << 30
	// ResultsBytes is the length of the results of all tasks of a run, which are in memory until their digest is made.
	ResultsBytes = 1 << 32
)

// What the receiver of spans takes from the processes of a run, and from whoever else reaches it.
const (
	// Connections is the number of connections at a time: an SDK keeps one for each process.
	Connections = 256
	// InFlightBytes is the length of all bodies that are in memory at a time, decompressed.
	InFlightBytes = 64 << 20
	// RequestBytes is the length of a body, compressed and not: 8192 spans of 4 KiB. OpenTelemetry's collector takes 20
	// MiB.
	RequestBytes = 32 << 20
)
