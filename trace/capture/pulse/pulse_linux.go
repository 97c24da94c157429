package pulse

import (
	"bytes"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

// tasks has a folder for each thread of this process.
const tasks = "/proc/self/task"

// mark is a signal that nobody else uses: the last of those for programs.
const mark = unix.Signal(64)

// Start begins to watch this process.
func Start() *Pulse { return start(suspended) }

// start begins to watch this process, on a machine that has been suspended for as long as the clock says.
func start(slept func() time.Duration) *Pulse {
	p := &Pulse{
		felt: make(chan struct{}, 1), heard: make(chan struct{}, 1), quit: make(chan struct{}),
		beat: clock.Now(), clock: slept, slept: slept(),
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, unix.SIGCONT, mark)
	p.done.Go(func() {
		defer signal.Stop(signals)
		for {
			select {
			case s := <-signals:
				if s == mark {
					select {
					case p.heard <- struct{}{}:
					default: // it is another's, or heard already
					}
				} else {
					p.goOn()
				}
			case <-p.quit:
				return
			}
		}
	})
	p.done.Go(p.watch)
	p.done.Add(1)
	p.sleeper = fallAsleep(p.done.Done)
	return p
}

const (
	// settleWithin is how long the threads of this process may take to go on.
	settleWithin = 250 * time.Millisecond
	// settleStep is how long settle waits before it looks again whether the thread that wakes up has done so.
	settleStep = 100 * time.Microsecond
)

// step waits for settleStep. It holds a thread, because Go's timers are no finer than a millisecond where nothing else
// is to be done.
func step() {
	t := unix.NsecToTimespec(int64(settleStep))
	_ = unix.Nanosleep(&t, nil) // what ends it early only makes settle look earlier
}

// settle returns once this process has gone on with all that comes with it, if it stood still until just now. The
// sleeper says that it did not, as after most runs, at the cost of two system calls; else this takes some tenths of a
// millisecond.
//
//  1. The first thread that goes on takes SIGCONT, and may then wait for a core before it acts on it. It is not asleep
//     until then. So each thread that is not is sent a mark, which it acts on after SIGCONT.
//  2. Go passes signals on in the order in which they were acted on, so a mark comes behind SIGCONT. If all threads are
//     asleep, any of them may take the mark.
//  3. The thread that wakes up must have done so, if it is due.
func (p *Pulse) settle() {
	limit := clock.Now() + clock.Time(settleWithin)
	p.mu.Lock()
	slept := p.sleeper.slept()
	p.mu.Unlock()
	if !slept && !p.hearAll() {
		return
	}
	for p.due() && clock.Now() < limit {
		step()
	}
}

// hearAll returns once all signals are heard that a thread of this process has taken; false: it gave up.
func (p *Pulse) hearAll() bool {
	late := time.NewTimer(settleWithin)
	defer late.Stop()
	select {
	case <-p.heard: // of another pulse
	default:
	}
	marked := false
	for _, tid := range awake() {
		if unix.Tgkill(os.Getpid(), tid, mark) != nil {
			continue // it has ended
		}
		if marked = p.hear(late.C); !marked {
			return false
		}
	}
	return marked || unix.Kill(os.Getpid(), mark) != nil || p.hear(late.C)
}

// hear waits for the mark that was sent. It returns false if that is not heard in time: its thread may have ended.
func (p *Pulse) hear(late <-chan time.Time) bool {
	select {
	case <-p.heard:
		return true
	case <-late:
		return false
	}
}

// due reports whether the thread should have woken up.
func (p *Pulse) due() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return clock.Now().Sub(p.beat) > Period+Period/10
}

// awake returns the threads that are not asleep, without the caller's. It reads a file for each thread, after every
// run.
func awake() (tids []int) {
	dir, err := os.Open(tasks)
	if err != nil {
		return nil // nothing can be seen
	}
	defer func() { _ = dir.Close() }()
	threads, _ := dir.Readdirnames(-1) // those that were read before an error
	own, at := unix.Gettid(), int(dir.Fd())
	var buf [256]byte // more than comes before the state
	for _, name := range threads {
		tid, err := strconv.Atoi(name)
		if err != nil || tid == own {
			continue
		}
		fd, err := unix.Openat(at, name+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			continue // it has ended
		}
		n, _ := unix.Read(fd, buf[:])
		_ = unix.Close(fd)
		if state := stateIn(buf[:max(0, n)]); state == 'R' || state == 'T' {
			tids = append(tids, tid)
		}
	}
	return tids
}

// goOn records that a signal has stopped this process: at most since the thread last woke up or, if it has been quicker
// than the signal, for the whole time before.
func (p *Pulse) goOn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.find(Standstill{Why: Stopped, For: max(clock.Now().Sub(p.beat), p.gap)})
}

// accountEvery is after how many beats the thread accounts for those of this process: that takes longer than a beat.
const accountEvery = 25

// watch wakes up every Period until Stop.
func (p *Pulse) watch() {
	timer := time.NewTimer(Period)
	defer timer.Stop()
	before, _ := account()
	for beats := 1; ; beats++ {
		select {
		case <-timer.C:
		case <-p.quit:
			return
		}
		now := clock.Now()
		p.mu.Lock()
		p.gap = now.Sub(p.beat)
		late := p.gap - Period
		p.mu.Unlock()
		if late >= leastFreeze || beats%accountEvery == 0 {
			after, counted := account()
			p.mu.Lock()
			if late -= after.since(before); counted && late >= leastFreeze {
				p.find(Standstill{Why: Frozen, For: late})
			}
			p.mu.Unlock()
			before = after
		}
		p.mu.Lock()
		p.beat = now
		p.mu.Unlock()
		p.look()
		timer.Reset(Period)
	}
}

// look compares the clocks.
func (p *Pulse) look() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	if d := now - p.slept; d >= leastSleep {
		p.find(Standstill{Why: Suspended, For: d})
	}
	p.slept = now
}

// suspended returns how long this machine has been suspended since it was started: CLOCK_BOOTTIME minus
// CLOCK_MONOTONIC.
func suspended() time.Duration {
	const tries = 5
	least := time.Duration(1<<63 - 1)
	for range tries { // one between whose readings the thread had no core is too large
		before := clock.Now()
		var ts unix.Timespec
		_, _, _ = unix.RawSyscall(unix.SYS_CLOCK_GETTIME, unix.CLOCK_BOOTTIME, uintptr(unsafe.Pointer(&ts)), 0)
		least = min(least, time.Duration(ts.Nano())-time.Duration(before))
		if clock.Now().Sub(before) < time.Millisecond {
			break
		}
	}
	return least
}

// A spent is how long each thread of this process has run, or been ready to run, all in all.
type spent map[string]time.Duration

// since returns how long all threads together ran or were ready between two accounts.
func (s spent) since(before spent) (sum time.Duration) {
	for thread, t := range s {
		sum += max(0, t-before[thread]) // a new thread may have the number of another
	}
	return sum
}

// account accounts for the threads of this process; false if the kernel does not say.
func account() (spent, bool) {
	threads, err := os.ReadDir(tasks)
	if err != nil {
		return nil, false
	}
	out, counted := spent{}, false
	for _, t := range threads {
		b, err := os.ReadFile(filepath.Join(tasks, t.Name(), "schedstat"))
		if err != nil {
			continue // it has ended
		}
		f := bytes.Fields(b) // nanoseconds on a core, nanoseconds ready, times on a core
		if len(f) < 2 {
			continue
		}
		ran, errRan := strconv.ParseInt(string(f[0]), 10, 64)
		ready, errReady := strconv.ParseInt(string(f[1]), 10, 64)
		if errRan == nil && errReady == nil {
			out[t.Name()], counted = time.Duration(ran+ready), true
		}
	}
	return out, counted
}
