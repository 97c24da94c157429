package threads

import (
	"cmp"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/osched"
)

// A Builder makes a [Threads] from records in time order and keeps none of them. Set the fields before the first Add;
// the zero value is ready for recordings of level [osched.Switches].
type Builder struct {
	Level     osched.Level // of the recording
	MaxSlices int          // of all threads, kept before neighbours are joined; 0: 3 million (96 MB)
	MaxLanes  int          // of threads, before they take over lanes of ended ones; 0: 256
	From, To  clock.Time   // what lanes show; To 0: all
	// Works, unless nil, reports whether a thread, by its index in [Threads.Threads], is one whose work counts: what
	// cores do for others is shown apart.
	Works func(thread int) bool
	// Watch, unless nil, is called with every change of state, in the order in which they become known. At level
	// [osched.Sampled] those are only beginnings and ends.
	Watch func(Change)

	begun, ended bool
	start, now   clock.Time
	tasks        map[int32]*task // alive, by TID
	out          Threads
	procs        map[int32]int // latest index by PID
	cores        []*core       // by CPU
	lanes        []lane
	free         []int32
	all          []*task
	kept, per    int // blocks of all threads; slices per block
	strange      int // records that contradict others
	strangest    warning.Item
	unplaced     time.Duration

	peers map[int32][]*task // those of a PID since it last began a program, ended ones too
	known []*task           // every thread that is ready or blocked, and others; see task.known
	waits int               // told apart, of all threads
	alike int               // samples of others, which are told apart by their reason alone
}

type core struct {
	strip timeline.Strip
	task  *task // on it
	last  clock.Time
	gap   int // index of its last gap, from 1; 0: none
}

// Add takes the next record.
func (b *Builder) Add(r *osched.Record) {
	t := r.Time
	if !b.begun {
		b.begun, b.start, b.now = true, t, t
		b.MaxSlices = max(cmp.Or(b.MaxSlices, 3<<20), 2)
		b.MaxLanes = cmp.Or(b.MaxLanes, 256)
		b.tasks, b.procs, b.per = make(map[int32]*task), make(map[int32]int), 1
		b.peers = make(map[int32][]*task)
	}
	b.now = max(b.now, t)
	if r.TID < 0 || r.CPU > limits.CPUNumber {
		b.contradiction(warning.NoSuchCPU, r.TID, r.CPU, 0)
		return
	}
	var c *core
	if r.CPU >= 0 {
		c = b.core(r.CPU)
	}
	b.take(r, c)
	if c != nil {
		c.last = b.now
	}
}

func (b *Builder) take(r *osched.Record, c *core) {
	switch r.Kind {
	case osched.In:
		if c != nil && r.TID > 0 {
			b.putOn(b.task(r.PID, r.TID), r.CPU, c)
		}
	case osched.Out:
		b.takeOff(r, c, Blocked)
	case osched.Preempt:
		b.takeOff(r, c, Ready)
	case osched.Fork:
		b.fork(r)
	case osched.Exit:
		if th := b.tasks[r.TID]; th != nil {
			b.end(th)
		}
	case osched.Comm:
		if r.TID > 0 {
			b.name(b.task(r.PID, r.TID), r.Name)
		}
	case osched.Exec:
		b.exec(r, c)
	case osched.Lost:
		if c != nil {
			b.lost(r, c)
		}
	case osched.Blocked:
		if th := b.tasks[r.TID]; th != nil {
			b.sampled(th, r)
		}
	case osched.Woken:
		// One that comes while the thread runs, or has been preempted, says nothing new.
		if th := b.tasks[r.TID]; th != nil && th.state == Blocked && b.Level != osched.Sampled {
			b.set(th, b.now, Ready)
		}
	case osched.Usage:
		if r.TID > 0 {
			b.usage(b.task(r.PID, r.TID), r.OnCPU, r.Ready)
		}
	case osched.End:
		b.ended = true
	}
}

func (b *Builder) core(cpu int32) *core {
	for int(cpu) >= len(b.cores) {
		b.cores = append(b.cores, nil)
	}
	if b.cores[cpu] == nil {
		b.cores[cpu] = &core{strip: timeline.Strip{Origin: b.start}, last: b.start}
	}
	return b.cores[cpu]
}

// task returns the living thread tid, and makes it if it is new.
func (b *Builder) task(pid, tid int32) *task {
	if th := b.tasks[tid]; th != nil {
		return th
	}
	i := int32(len(b.all))
	th := &task{
		Thread: Thread{PID: pid, TID: tid, Start: b.now, Process: b.process(pid, tid)}, since: b.now, index: i,
		cpu: osched.NoCPU,
	}
	b.out.Processes[th.Process].Threads++
	th.lane = b.claim(i)
	b.all = append(b.all, th)
	b.tasks[tid] = th
	b.peers[pid] = append(b.peers[pid], th)
	return th
}

// process returns the process pid. A thread of the same number is its first: it begins a new process if the last has
// ended.
func (b *Builder) process(pid, tid int32) int {
	i, ok := b.procs[pid]
	if ok && (pid != tid || b.out.Processes[i].End == 0) {
		return i
	}
	i = len(b.out.Processes)
	b.out.Processes = append(b.out.Processes, Process{PID: pid, Parent: -1, Start: b.now})
	b.procs[pid] = i
	return i
}

// putOn begins a slice.
func (b *Builder) putOn(th *task, cpu int32, c *core) {
	if c.task != nil && c.task != th {
		b.contradiction(warning.CPUTaken, th.TID, cpu, c.task.TID)
		b.set(c.task, b.now, Unknown)
	}
	if th.state == Running {
		if c.task == th {
			return // exec has told it already
		}
		b.contradiction(warning.NotLeft, th.TID, cpu, th.cpu)
	}
	b.set(th, b.now, Unknown)
	if th.cpu != osched.NoCPU && th.cpu != cpu {
		th.Migrations++
	}
	th.cpu = cpu
	b.set(th, b.now, Running)
	th.Slices++
	c.task = th
}

// takeOff ends a slice.
func (b *Builder) takeOff(r *osched.Record, c *core, to State) {
	if c == nil {
		return
	}
	th := b.tasks[r.TID]
	if r.TID == 0 { // the thread is ending: its number is gone already
		if c.task != nil {
			b.end(c.task)
		}
		return
	}
	if th == nil {
		// No switch follows an exit, so the start of an unknown thread was lost.
		if len(b.out.Gaps) == 0 {
			b.contradiction(warning.NotHeardOf, r.TID, r.CPU, 0)
			return
		}
		th = b.task(r.PID, r.TID)
	}
	if th.state != Running && th.state != Unknown {
		b.contradiction(warning.NotOnIt, r.TID, r.CPU, 0)
	}
	if to == Ready {
		th.Preempted++
	}
	b.set(th, b.now, to)
}

// fork begins a thread. The kernel may tell of it late, when it has already run on another core.
func (b *Builder) fork(r *osched.Record) {
	if r.TID <= 0 {
		return
	}
	th := b.tasks[r.TID]
	if th != nil && th.forked {
		b.contradiction(warning.NotEnded, r.TID, 0, 0)
		b.end(th)
		th = nil
	}
	fresh := th == nil
	if fresh {
		th = b.task(r.PID, r.TID)
		if b.Level != osched.Sampled {
			b.set(th, b.now, Ready)
		}
	}
	th.forked = true
	if creator := b.tasks[r.Creator]; creator != nil && th.Name == "" {
		b.name(th, creator.Name)
	}
	if parent, ok := b.procs[r.Parent]; ok && r.PID == r.TID && r.Parent != r.PID && parent != th.Process {
		b.out.Processes[th.Process].Parent = parent
	}
}

// exec begins another program in a process: all other threads are gone, and the one that is left runs.
func (b *Builder) exec(r *osched.Record, c *core) {
	if r.TID <= 0 {
		return
	}
	peers := b.peers[r.PID]
	b.peers[r.PID] = nil
	for _, th := range peers {
		switch {
		case b.tasks[th.TID] != th: // it has ended
		case th.TID == r.TID:
			b.peers[r.PID] = append(b.peers[r.PID], th)
		default:
			b.end(th)
		}
	}
	th := b.task(r.PID, r.TID)
	b.name(th, r.Name)
	if c != nil && th.state != Running {
		b.putOn(th, r.CPU, c)
	}
}

// Started returns how many threads b has met, living and ended: what memory depends on.
func (b *Builder) Started() int { return len(b.all) }

// living returns the living threads by index, so that nothing depends on the order of a map.
func (b *Builder) living() []*task {
	out := make([]*task, 0, len(b.tasks))
	for _, th := range b.tasks {
		out = append(out, th)
	}
	slices.SortFunc(out, byIndex)
	return out
}

func byIndex(x, y *task) int { return int(x.index - y.index) }

func (b *Builder) name(th *task, name string) {
	th.Name = name
	if th.TID == th.PID {
		b.out.Processes[th.Process].Name = name
	}
}

func (b *Builder) end(th *task) {
	if b.Level == osched.Sampled {
		b.usage(th, th.told, th.toldReady)
		b.unplaced += time.Duration(th.told + th.toldReady - th.placed - th.placedReady)
	}
	b.set(th, b.now, Gone)
	th.End = max(b.now, th.since)
	if p := &b.out.Processes[th.Process]; th.TID == th.PID {
		p.End = th.End
	}
	delete(b.tasks, th.TID)
	b.release(th.lane)
}

// lost marks the time since the last record of a core as unknown. It looks at those threads only of which something has
// become known since the last loss, so that records of losses take no longer than others.
func (b *Builder) lost(r *osched.Record, c *core) {
	from := c.last
	if g := c.gap - 1; g >= 0 && b.out.Gaps[g].To == from { // one loss after the other is one gap
		b.out.Gaps[g].To = b.now
		b.out.Gaps[g].Lost += r.Count
	} else {
		b.out.Gaps = append(b.out.Gaps, Gap{CPU: r.CPU, From: from, To: b.now, Lost: r.Count})
		c.gap = len(b.out.Gaps)
	}
	list := b.known
	b.known = nil
	if c.task != nil && !c.task.known {
		list = append(list, c.task)
	}
	slices.SortFunc(list, byIndex)
	for _, th := range list {
		switch {
		case b.tasks[th.TID] != th: // it has ended
		case th.state == Running && th != c.task:
			b.known = append(b.known, th)
			continue
		case th.state != Unknown:
			b.set(th, max(from, th.since), Unknown)
		}
		th.known = false
	}
	b.show(&c.strip, from, b.now, timeline.Unknown)
}

// contradiction counts a record that contradicts others, by thread, CPU and what it clashes with.
func (b *Builder) contradiction(name string, thread, cpu, other int32) {
	if b.strange++; b.strange == 1 {
		b.strangest = warning.Item{Name: name, Thread: int(thread), CPU: int(cpu), Other: int(other)}
	}
}
