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
	// maxShare is the share of one core that sampling may take. When so many threads make a pass longer, passes come
	// less often.
	maxShare = 0.01
	// allowance is CPU time that sampling may take on top of that: the first look at a process costs more than later
	// ones.
	allowance = 20 * time.Millisecond
	// pythonEvery is how often a process without a Python runtime is looked at again, because libraries may be loaded
	// late.
	pythonEvery = 500 * time.Millisecond
)

// A sampler looks at the threads of a process tree a hundred times a second.
type sampler struct {
	usage bool
	why   bool
	emit  func(*Record)

	stopping chan struct{}
	once     sync.Once
	done     chan struct{}

	mu    sync.Mutex
	roots []int // process ids; that of this process stands for its descendants only

	buf       []byte
	processes map[int]*sampledProcess
	passes    int
	reasons   int64
	denied    error         // the kernel's first refusal
	period    time.Duration // mean time between passes; longer than samplePeriod when there are many threads
	notes     []string
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
	seen         int // pass in which it was last seen
	onCPU, ready int64
}

// startSampler samples root and its descendants, or only the descendants if root is this process. usage asks for run
// and wait times, why for what blocks threads. emit is called from one goroutine, with times that never decrease, and
// must not keep the record.
func startSampler(root int, usage, why bool, emit func(*Record)) *sampler {
	s := &sampler{
		roots: []int{root}, usage: usage, why: why, emit: emit,
		stopping: make(chan struct{}), done: make(chan struct{}),
		buf: make([]byte, 64<<10), processes: map[int]*sampledProcess{}, period: samplePeriod,
	}
	go s.loop()
	return s
}

// add makes the sampler look at another process and its descendants too.
func (s *sampler) add(root int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roots = append(s.roots, root)
}

// stop ends the sampling and returns notes on what it could not see, once the last record has been emitted.
func (s *sampler) stop() (notes []string) {
	s.once.Do(func() { close(s.stopping) })
	<-s.done
	if s.denied == nil {
		s.denied = lacking("/proc/self/syscall")
	}
	if s.why && s.denied != nil && s.reasons == 0 {
		s.notes = append(s.notes, fmt.Sprintf("it is unknown why threads were blocked: %v", s.denied))
	}
	if err := lacking("/proc/self/task/" + strconv.Itoa(os.Getpid()) + "/children"); err != nil {
		s.notes = append(s.notes, fmt.Sprintf("the descendants of a process were not sampled: %v", err))
	}
	if s.period > 5*samplePeriod {
		s.notes = append(s.notes, fmt.Sprintf("threads were sampled only every %v, because there are many",
			s.period.Round(time.Millisecond)))
	}
	return s.notes
}

// lacking returns an error if the kernel does not have the file.
func lacking(path string) error {
	_, err := os.Stat(path)
	return err
}

func (s *sampler) loop() {
	defer close(s.done)
	runtime.LockOSThread() // so that its CPU time is that of the passes
	defer runtime.UnlockOSThread()
	timer := time.NewTimer(0)
	defer timer.Stop()
	first := clock.Now()
	var spent time.Duration // CPU time of the passes so far
	for passes := 1; ; passes++ {
		select {
		case <-s.stopping:
			s.pass() // what has happened since the last pass
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
			s.period = time.Duration(clock.Now()-first) / time.Duration(passes)
		}
	}
}

// threadCPU returns the CPU time of the calling thread, or 0 if it is unknown.
func threadCPU() time.Duration {
	var ts unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts) != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}

// pass looks at every thread once.
func (s *sampler) pass() {
	s.passes++
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

// find adds process pid, created by parent, and its descendants.
func (s *sampler) find(pid, parent int) {
	if pid != os.Getpid() && s.processes[pid] == nil {
		s.processes[pid] = &sampledProcess{pid: pid, parent: parent, threads: map[int]*sampledThread{}}
	}
	// Kernels without CONFIG_PROC_CHILDREN lack the file; then only the root is seen.
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
func (s *sampler) list(p *sampledProcess) {
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

func (s *sampler) put(r Record) {
	s.emit(&r)
}

// meet emits a thread that was not there before.
func (s *sampler) meet(p *sampledProcess, tid int, path string) {
	now := clock.Now()
	s.put(Record{Time: now, Kind: Fork, CPU: NoCPU, PID: int32(p.pid), TID: int32(tid), Parent: int32(p.parent)})
	if name := bytes.TrimSpace(s.read(path + "/comm")); len(name) > 0 {
		s.put(Record{Time: now, Kind: Comm, CPU: NoCPU, PID: int32(p.pid), TID: int32(tid), Name: string(name)})
	}
}

// times emits how long a thread has run and waited so far: the first two numbers of its schedstat
// (Documentation/scheduler/sched-stats.rst).
func (s *sampler) times(p *sampledProcess, t *sampledThread, path string) {
	now := clock.Now()
	run, wait, ok := parseSchedstat(s.read(path + "/schedstat"))
	if !ok || run == t.onCPU && wait == t.ready {
		return
	}
	t.onCPU, t.ready = run, wait
	s.put(Record{Time: now, Kind: Usage, CPU: NoCPU, PID: int32(p.pid), TID: int32(t.tid), OnCPU: run, Ready: wait})
}

// blocked emits what a thread waits for, if it is blocked.
func (s *sampler) blocked(p *sampledProcess, tid int, path string) {
	now := clock.Now()
	text := s.read(path + "/syscall")
	call, args, ok := parseSyscall(text)
	if !ok {
		return
	}
	r := Record{
		Time: now, Kind: Blocked, CPU: NoCPU, PID: int32(p.pid), TID: int32(tid),
		Call: int32(call), Reason: classify(runtime.GOARCH, call),
	}
	switch r.Reason {
	case Futex:
		if call < 449 || call == 455 { // the first argument of futex_waitv is a list
			r.Object = args[0]
		}
		if s.holdsGIL(p, r.Object, now) {
			r.Name = GIL
		} else if call < 449 {
			r.Name = futexFor(args, func(tid uint64) bool { return isThread(p.pid, tid) })
		}
	case Reading, Writing, Syncing, FileLock:
		r.Object = args[0]
		r.Name = fileKind(p.pid, args[0])
	}
	s.reasons++
	s.put(r)
}

// holdsGIL reports whether address lies inside the Python runtime of that process.
func (s *sampler) holdsGIL(p *sampledProcess, address uint64, now clock.Time) bool {
	if address == 0 {
		return false
	}
	if !p.python.found() && (p.looked == 0 || now-p.looked > clock.Time(pythonEvery)) {
		p.looked = now
		p.python = findPython(p.pid)
	}
	return p.python.holds(address)
}

// isThread reports whether process pid has a thread of that number.
func isThread(pid int, tid uint64) bool {
	_, err := os.Stat("/proc/" + strconv.Itoa(pid) + "/task/" + strconv.FormatUint(tid, 10))
	return err == nil
}

// read returns the beginning of a small file, valid until the next read, or nil if it cannot be read: threads end at
// any time.
func (s *sampler) read(path string) []byte {
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

func (s *sampler) refused(path string, err error) {
	if s.denied == nil && (errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES)) {
		s.denied = fmt.Errorf("%s: %w", path, err)
	}
}

// numbers returns those entries of a directory that are numbers.
func (s *sampler) numbers(dir string) []int {
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
