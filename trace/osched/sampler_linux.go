package osched

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

// listEvery is the number of passes between looks for new processes, and for new threads that have taken the place of
// ended ones.
const listEvery = 5

// A sampler looks at the threads of a process tree a hundred times a second, where the kernel reports no switches.
// Passes come less often where there are so many threads that they would take more than [lookShare] of a core.
type sampler struct {
	why  bool
	emit func(*Record)

	stopping chan struct{}
	once     sync.Once
	done     chan struct{}

	mu    sync.Mutex
	roots []int // process ids; that of this process stands for its descendants only

	looker    *looker
	budget    budget
	processes map[int]*sampledProcess
	passes    int
	first     clock.Time
	period    time.Duration // mean time between passes
}

type sampledProcess struct {
	pid     int
	parent  int
	threads map[int]*sampledThread
	links   int // of its directory of threads when it was last listed: one for each thread, and some
	listed  int // in which pass
}

type sampledThread struct {
	tid   int
	name  string
	seen  int    // pass in which it was last listed
	times string // its schedstat when it was last read
	wait  Record // what it waits for since it last ran; Kind 0: not known
}

// startSampler samples root and its descendants, or only the descendants if root is this process. why asks for what
// blocks threads. emit is called from one goroutine, with times that never decrease, and must not keep the record.
func startSampler(root int, why bool, emit func(*Record)) *sampler {
	now := clock.Now()
	s := &sampler{
		roots: []int{root}, why: why, emit: emit,
		stopping: make(chan struct{}), done: make(chan struct{}),
		looker: newLooker(), budget: newBudget(now, cpuTime(processClock)), processes: map[int]*sampledProcess{}, first: now,
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
	if said := s.looker.close(); s.why {
		notes = said
	}
	if _, err := os.Stat("/proc/self/task/" + strconv.Itoa(os.Getpid()) + "/children"); err != nil {
		notes = append(notes, fmt.Sprintf("the descendants of a process were not sampled: %v", err))
	}
	if s.period > 2*samplePeriod {
		notes = append(notes, fmt.Sprintf(
			"threads were sampled only every %v: sampling takes at most %g %% of a core",
			s.period.Round(time.Millisecond), 100*lookShare))
	}
	return notes
}

func (s *sampler) loop() {
	defer close(s.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-s.stopping:
			s.pass() // what has happened since the last pass
			return
		case <-timer.C:
		}
		s.pass()
		now := clock.Now()
		s.budget.settle(now, cpuTime(processClock))
		timer.Reset(s.budget.next())
		if s.passes >= 10 {
			s.period = now.Sub(s.first) / time.Duration(s.passes)
		}
	}
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
		for _, t := range p.threads {
			s.look(p, t)
		}
		if len(p.threads) == 0 {
			delete(s.processes, pid)
			s.looker.ended(int32(pid))
		}
	}
}

// find adds process pid, created by parent, and its descendants.
func (s *sampler) find(pid, parent int) {
	var threads []int
	if p := s.processes[pid]; p != nil {
		s.list(p)
		for tid := range p.threads {
			threads = append(threads, tid)
		}
	} else {
		threads = numbers(tasks(pid))
		if pid != os.Getpid() && len(threads) > 0 {
			s.looker.forked(int32(pid), int32(parent))
			s.processes[pid] = &sampledProcess{pid: pid, parent: parent, threads: map[int]*sampledThread{}}
		}
	}
	// Kernels without CONFIG_PROC_CHILDREN lack the file; then only the root is seen.
	for _, tid := range threads {
		text, err := s.looker.files.read(fileKey{pid: int32(pid), tid: int32(tid), file: childrenFile})
		if err != nil {
			continue // there are none, or it has ended
		}
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

func tasks(pid int) string { return "/proc/" + strconv.Itoa(pid) + "/task" }

// list notes which threads p has, if their number has changed or it has not done so for a while.
func (s *sampler) list(p *sampledProcess) {
	dir := tasks(p.pid)
	var st unix.Stat_t
	if unix.Stat(dir, &st) != nil {
		st.Nlink = 0
	}
	links := int(st.Nlink)
	if p.listed != 0 && links == p.links && s.passes-p.listed < listEvery {
		return
	}
	p.links, p.listed = links, s.passes
	if links > 0 {
		for _, tid := range numbers(dir) {
			t := p.threads[tid]
			if t == nil {
				t = &sampledThread{tid: tid}
				p.threads[tid] = t
				s.meet(p, t)
			}
			t.seen = s.passes
			if tid == p.pid {
				s.rename(p, t)
			}
		}
	}
	for _, t := range p.threads {
		if t.seen != s.passes {
			s.end(p, t)
		}
	}
}

// meet emits a thread that was not there before.
func (s *sampler) meet(p *sampledProcess, t *sampledThread) {
	now := clock.Now()
	s.emit(&Record{Time: now, Kind: Fork, CPU: NoCPU, PID: int32(p.pid), TID: int32(t.tid), Parent: int32(p.parent)})
	s.rename(p, t)
}

// rename emits the name of a thread, if it is new. Another name of the first thread usually means another program.
func (s *sampler) rename(p *sampledProcess, t *sampledThread) {
	text, err := s.looker.files.read(fileKey{tid: int32(t.tid), file: commFile})
	if name := string(bytes.TrimSpace(text)); err == nil && name != "" && name != t.name {
		if t.name != "" {
			s.looker.ended(int32(p.pid))
		}
		t.name = name
		s.emit(&Record{Time: clock.Now(), Kind: Comm, CPU: NoCPU, PID: int32(p.pid), TID: int32(t.tid), Name: name})
	}
}

func (s *sampler) end(p *sampledProcess, t *sampledThread) {
	delete(p.threads, t.tid)
	s.looker.files.forget(int32(p.pid), int32(t.tid))
	s.emit(&Record{Time: clock.Now(), Kind: Exit, CPU: NoCPU, PID: int32(p.pid), TID: int32(t.tid)})
}

// look emits how long a thread has run and waited so far, by the first two numbers of its schedstat
// (Documentation/scheduler/sched-stats.rst), if that has changed, and what it waits for, if it is blocked. A thread
// that was blocked and has not run since waits for the same thing.
func (s *sampler) look(p *sampledProcess, t *sampledThread) {
	now := clock.Now()
	text, err := s.looker.files.read(fileKey{tid: int32(t.tid), file: schedstatFile})
	if errors.Is(err, unix.ESRCH) || errors.Is(err, unix.ENOENT) {
		s.end(p, t)
		return
	}
	if string(text) != t.times { // it counts the switches too, so that it tells even of a thread that has just begun to run
		t.times, t.wait.Kind = string(text), 0
		if run, wait, ok := parseSchedstat(text); ok {
			s.emit(&Record{
				Time: now, Kind: Usage, CPU: NoCPU, PID: int32(p.pid), TID: int32(t.tid), OnCPU: run, Ready: wait,
			})
		}
	}
	if !s.why {
		return
	}
	if t.wait.Kind == Blocked {
		t.wait.Time = now
	} else if r, what := s.looker.look(int32(p.pid), int32(t.tid), now); what == blocked {
		t.wait = r
	} else {
		return
	}
	s.emit(&t.wait)
}

// numbers returns those entries of a directory that are numbers.
func numbers(dir string) []int {
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
