package osched

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

const (
	samplePeriod = 10 * time.Millisecond
	listEvery    = 5 // passes between looks for new processes
	// maxShare is the part of one core that sampling may take: with so many threads that a pass takes longer, passes are made less often.
	maxShare = 0.01
	// allowance is what it may take beside that: the first look at a process is dearer than the others.
	allowance = 20 * time.Millisecond
	// pythonEvery is how often a process that had no Python runtime is looked at again: libraries are loaded late.
	pythonEvery = 500 * time.Millisecond
)

// A Sampler looks at the threads of a process tree a hundred times a second.
type Sampler struct {
	usage bool
	why   bool
	emit  func(*Record)

	stop chan struct{}
	once sync.Once
	done chan struct{}

	mu    sync.Mutex
	roots []int // process numbers; that of this process stands for its descendants only

	buf       []byte
	processes map[int]*sampledProcess
	passes    int
	reasons   int64
	denied    error // the first refusal of the kernel
	summary   SamplerSummary
}

// A SamplerSummary is what became of the sampling.
type SamplerSummary struct {
	Passes  int64         // over all threads
	Samples int64         // records handed on
	Period  time.Duration // mean time between passes; longer than 10 ms when there are many threads
	Notes   []string
}

type sampledProcess struct {
	pid     int
	parent  int
	threads map[int]*sampledThread
	python  pythonRuntime
	looked  clock.Time // when its memory map was last read
}

type sampledThread struct {
	tid          int
	seen         int // pass
	onCPU, ready int64
}

// startSampler starts to sample root and its descendants, or if root is this process its descendants alone. usage asks for run and wait
// times, why for what blocks threads. emit is called from one goroutine, with times that do not fall, and must not keep the record.
func startSampler(root int, usage, why bool, emit func(*Record)) *Sampler {
	s := &Sampler{
		roots: []int{root}, usage: usage, why: why, emit: emit,
		stop: make(chan struct{}), done: make(chan struct{}),
		buf: make([]byte, 64<<10), processes: map[int]*sampledProcess{},
	}
	s.summary.Period = samplePeriod
	go s.loop()
	return s
}

// StartSampler starts to look at why threads of process root and of its descendants are blocked; if root is this process, its
// descendants alone. emit is called from one goroutine with records of kind [Blocked], in the order of their times, and must not keep them.
func StartSampler(root int, emit func(*Record)) *Sampler {
	return startSampler(root, false, true, emit)
}

// Add makes the sampler look at another process and its descendants too.
func (s *Sampler) Add(root int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roots = append(s.roots, root)
}

// Stop ends the sampling and returns when the last record has been handed on.
func (s *Sampler) Stop() SamplerSummary {
	s.once.Do(func() { close(s.stop) })
	<-s.done
	if s.denied == nil {
		s.denied = lacking("/proc/self/syscall")
	}
	if s.why && s.denied != nil && s.reasons == 0 {
		s.summary.Notes = append(s.summary.Notes, fmt.Sprintf("why threads were blocked is not known: %v", s.denied))
	}
	if err := lacking("/proc/self/task/" + strconv.Itoa(os.Getpid()) + "/children"); err != nil {
		s.summary.Notes = append(s.summary.Notes, fmt.Sprintf("of a process's descendants only itself was looked at: %v", err))
	}
	if s.summary.Period > 5*samplePeriod {
		s.summary.Notes = append(s.summary.Notes, fmt.Sprintf("threads were looked at every %v only: there were many", s.summary.Period.Round(time.Millisecond)))
	}
	return s.summary
}

// lacking says that the kernel does not have a file.
func lacking(path string) error {
	_, err := os.Stat(path)
	return err
}

func (s *Sampler) loop() {
	defer close(s.done)
	runtime.LockOSThread() // so that its CPU time is that of the passes
	defer runtime.UnlockOSThread()
	timer := time.NewTimer(0)
	defer timer.Stop()
	first := clock.Now()
	var spent time.Duration // CPU time of the passes so far
	for passes := 1; ; passes++ {
		select {
		case <-s.stop:
			s.pass() // what has happened since
			return
		case <-timer.C:
		}
		begin, used := clock.Now(), threadCPU()
		s.pass()
		took := threadCPU() - used // waiting for a core costs the program nothing
		if used == 0 {
			took = time.Duration(clock.Now() - begin)
		}
		spent += took
		due := time.Duration(float64(spent-allowance)/maxShare) - time.Duration(clock.Now()-first)
		timer.Reset(max(samplePeriod-time.Duration(clock.Now()-begin), min(due, time.Second)))
		if passes >= 10 {
			s.summary.Period = time.Duration(clock.Now()-first) / time.Duration(passes)
		}
	}
}

// threadCPU is the CPU time of the calling thread; 0: not known.
func threadCPU() time.Duration {
	var ts unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts) != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}

// pass looks at every thread once.
func (s *Sampler) pass() {
	s.passes++
	s.summary.Passes++
	if s.passes%listEvery == 1 || len(s.processes) == 0 {
		s.mu.Lock()
		roots := slices.Clone(s.roots)
		s.mu.Unlock()
		for _, root := range roots {
			s.find(root, 0)
		}
	}
	for pid, p := range s.processes {
		s.list(p)
		if len(p.threads) == 0 {
			delete(s.processes, pid)
		}
	}
}

// find adds process pid, made by parent, and its descendants.
func (s *Sampler) find(pid, parent int) {
	if pid != os.Getpid() && s.processes[pid] == nil {
		s.processes[pid] = &sampledProcess{pid: pid, parent: parent, threads: map[int]*sampledThread{}}
	}
	// Kernels without CONFIG_PROC_CHILDREN lack the file: then only the root is seen.
	for _, tid := range s.numbers("/proc/" + strconv.Itoa(pid) + "/task") {
		text := s.read("/proc/" + strconv.Itoa(pid) + "/task/" + strconv.Itoa(tid) + "/children")
		var children []int
		for f := range bytes.FieldsSeq(text) {
			if child, err := strconv.Atoi(string(f)); err == nil {
				children = append(children, child)
			}
		}
		for _, child := range children {
			s.find(child, pid)
		}
	}
}

// list looks at the threads of p.
func (s *Sampler) list(p *sampledProcess) {
	dir := "/proc/" + strconv.Itoa(p.pid) + "/task"
	for _, tid := range s.numbers(dir) {
		t := p.threads[tid]
		path := dir + "/" + strconv.Itoa(tid)
		if t == nil {
			t = &sampledThread{tid: tid}
			p.threads[tid] = t
			if s.usage {
				s.meet(p, tid, path)
			}
		}
		t.seen = s.passes
		if s.usage {
			s.times(p, t, path)
		}
		if s.why {
			s.blocked(p, tid, path)
		}
	}
	for tid, t := range p.threads {
		if t.seen == s.passes {
			continue
		}
		delete(p.threads, tid)
		if s.usage {
			s.put(Record{Time: clock.Now(), Kind: Exit, CPU: NoCPU, PID: int32(p.pid), TID: int32(tid)})
		}
	}
}

func (s *Sampler) put(r Record) {
	s.summary.Samples++
	s.emit(&r)
}

// meet tells of a thread that was not there before.
func (s *Sampler) meet(p *sampledProcess, tid int, path string) {
	now := clock.Now()
	s.put(Record{Time: now, Kind: Fork, CPU: NoCPU, PID: int32(p.pid), TID: int32(tid), Parent: int32(p.parent)})
	if name := bytes.TrimSpace(s.read(path + "/comm")); len(name) > 0 {
		s.put(Record{Time: now, Kind: Comm, CPU: NoCPU, PID: int32(p.pid), TID: int32(tid), Name: string(name)})
	}
}

// times tells how long a thread has run and waited so far: the first two numbers of its schedstat
// (Documentation/scheduler/sched-stats.rst).
func (s *Sampler) times(p *sampledProcess, t *sampledThread, path string) {
	now := clock.Now()
	run, wait, ok := parseSchedstat(s.read(path + "/schedstat"))
	if !ok || run == t.onCPU && wait == t.ready {
		return
	}
	t.onCPU, t.ready = run, wait
	s.put(Record{Time: now, Kind: Usage, CPU: NoCPU, PID: int32(p.pid), TID: int32(t.tid), OnCPU: run, Ready: wait})
}

// blocked tells what a thread waits for, if it does.
func (s *Sampler) blocked(p *sampledProcess, tid int, path string) {
	now := clock.Now()
	text := s.read(path + "/syscall")
	call, args, ok := parseSyscall(text)
	if !ok {
		return
	}
	r := Record{
		Time: now, Kind: Blocked, CPU: NoCPU, PID: int32(p.pid), TID: int32(tid),
		Call: int32(call), Reason: Classify(runtime.GOARCH, call),
	}
	switch r.Reason {
	case Futex:
		if call < 449 || call == 455 { // the first argument of futex_waitv is a list
			r.Object = args[0]
		}
		if s.holdsGIL(p, r.Object, now) {
			r.Name = GIL
		}
	case Reading, Writing, Syncing, FileLock:
		r.Object = args[0]
		r.Name = fileKind(p.pid, args[0])
	}
	s.reasons++
	s.put(r)
}

// holdsGIL reports whether address lies inside the runtime of Python in that process.
func (s *Sampler) holdsGIL(p *sampledProcess, address uint64, now clock.Time) bool {
	if address == 0 {
		return false
	}
	if !p.python.found() && (p.looked == 0 || now-p.looked > clock.Time(pythonEvery)) {
		p.looked = now
		p.python = findPython(p.pid)
	}
	return p.python.holds(address)
}

// read returns the beginning of a small file, until the next read; nil if there is none: threads end at any time.
func (s *Sampler) read(path string) []byte {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		s.refused(path, err)
		return nil
	}
	n, err := unix.Read(fd, s.buf)
	_ = unix.Close(fd)
	if err != nil || n < 0 {
		s.refused(path, err)
		return nil
	}
	return s.buf[:n]
}

func (s *Sampler) refused(path string, err error) {
	if s.denied == nil && (errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES)) {
		s.denied = fmt.Errorf("%s: %w", path, err)
	}
}

// numbers are the entries of a directory that are numbers.
func (s *Sampler) numbers(dir string) []int {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer func() { _ = d.Close() }()
	names, err := d.Readdirnames(-1)
	if err != nil {
		return nil
	}
	out := make([]int, 0, len(names))
	for _, name := range names {
		if n, err := strconv.Atoi(name); err == nil {
			out = append(out, n)
		}
	}
	return out
}
