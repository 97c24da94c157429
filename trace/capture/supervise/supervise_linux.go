package supervise

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/shortage"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Asked reports whether this process was started to supervise a command or an aside.
func Asked() bool {
	var spec struct {
		Job wire.Job `json:"job"`
	}
	text := os.Getenv(wire.SpecEnv)
	if text == "" || json.Unmarshal([]byte(text), &spec) != nil {
		return false
	}
	return spec.Job == wire.Command || spec.Job == wire.Aside
}

// Adopt makes this process the parent of whatever its descendants leave behind.
func Adopt() error {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("becoming subreaper: %w", err)
	}
	return nil
}

// Main supervises what this process was started for and returns its exit status.
func Main() int {
	self, err := proc.Enter()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	s := &supervisor{self: self, spec: &self.Spec, forker: proc.NewForker(), tree: newTree()}
	// An interrupt is for the tool, which then hangs up, so that the copies are ended in one way only. The signals are
	// caught and forgotten: the command would inherit that they are ignored, and could not end its own children. So is
	// that nobody reads what this process says any more: it must outlive the tool until its children are ended.
	signal.Notify(make(chan os.Signal, 1), unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGPIPE)
	if err := Adopt(); err != nil {
		return s.fail(err)
	}
	if s.spec.Job == wire.Aside {
		return s.aside()
	}
	self.Watch(func() {
		s.ending.Lock() // for ever
		EndChildren()
		os.Exit(1) // the tool is gone, and the main goroutine waits for copies that no longer exist
	})
	for {
		out, err := s.run()
		if err != nil {
			EndChildren()
			return s.fail(err)
		}
		again := s.spec.Again
		if err = s.report(out); err == nil && again {
			err = s.next()
		}
		switch {
		case err == nil && again:
		case err == nil || errors.Is(err, io.EOF):
			return 0
		default:
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
}

// next waits for the next run, and forgets the last.
func (s *supervisor) next() error {
	s.copies, s.errors, s.tree = nil, nil, newTree()
	return s.self.Next()
}

// A supervisor is this process.
type supervisor struct {
	self   *proc.Self
	spec   *wire.Spec
	forker *proc.Forker
	tree   *tree
	copies []*running
	at     []int      // CPUs of the last run's copies
	errors []string   // that spoil no measurement
	ending sync.Mutex // held once the copies are being ended, because the tool is gone
}

// A running is one copy of the command.
type running struct {
	rank     int
	cmd      *exec.Cmd
	launched clock.Time
	ended    clock.Time
	children time.Duration  // CPU time of the processes that it started and waited for
	sum      hash.Hash      // of its stdout; nil: not needed
	marker   *marker        // of its stdout; nil: not needed
	piped    sync.WaitGroup // the copying of its stdout
	pipe     *os.File
	stopped  atomic.Bool // a signal has stopped it
	tooLong  atomic.Bool // and it was ended because it did not go on
	asks     atomic.Bool // it was ended because it asked the terminal, which it has not
}

// longestStop is how long a copy may be stopped before it is ended: what does not go on would only wait for the end of
// the run's time.
const longestStop = 10 * time.Second

func (s *supervisor) point() sweep.Point {
	spec := s.spec
	return sweep.Point{
		Workload: spec.Workload, Procs: spec.Procs, Workers: spec.Workers, Cores: spec.Cores, Size: spec.Size,
	}
}

// run starts all copies and waits for all of them.
func (s *supervisor) run() (*wire.Outcome, error) {
	for rank := range s.spec.Copies {
		c, err := s.ready(rank)
		if err != nil {
			return nil, shortage.Mark(err)
		}
		s.copies = append(s.copies, c)
	}
	if err := s.settle(); err != nil {
		return nil, err
	}
	before := ownCPU()
	out := &wire.Outcome{Released: clock.Now()}
	for _, c := range s.copies {
		var err error
		s.forker.Do(func() {
			c.launched = clock.Now()
			err = c.cmd.Start()
		})
		if err != nil {
			return nil, fmt.Errorf("starting it: %w", shortage.Mark(err))
		}
		c.started()
	}
	stop := s.tree.watch(s.pids())
	ended := make(chan struct{})
	for _, c := range s.copies {
		go func() {
			c.await()
			c.ended = clock.Now()
			c.children = waited(c.cmd.Process.Pid)
			_ = c.cmd.Wait() // the state says more than the error
			ended <- struct{}{}
		}()
	}
	for range s.copies {
		<-ended
	}
	s.ending.Lock()   // copies that were ended may have been reaped, and nothing is known of them
	s.ending.Unlock() //nolint:staticcheck // it only waits
	stop()
	for _, c := range s.copies {
		out.Finished = max(out.Finished, c.ended)
	}
	out.Own = ownCPU() - before
	out.Stopped = s.stopped()
	return out, s.judge(out)
}

// settle binds the thread that starts the copies to their CPUs, and all others to those beside, if they are not there
// since the run before.
func (s *supervisor) settle() error {
	if slices.Equal(s.at, s.spec.CPUs) {
		return nil
	}
	s.at = s.spec.CPUs
	others := s.spec.Beside
	if len(others) == 0 {
		others = s.spec.CPUs
	}
	var err, stays error
	s.forker.Do(func() {
		if _, err = host.Confine(s.spec.CPUs); err == nil {
			_, stays = host.Leave(others)
		}
	})
	if stays != nil {
		s.errors = append(s.errors, "the supervisor stays on its cores: "+stays.Error())
	}
	return err
}

// await returns when the copy has ended. It stays to be reaped.
func (c *running) await() {
	late := time.AfterFunc(longestStop, func() {
		c.tooLong.Store(true)
		_ = c.cmd.Process.Kill() // it may have ended just now
	})
	late.Stop()
	defer late.Stop()
	proc.AwaitEnd(c.cmd.Process.Pid, func(by syscall.Signal) {
		late.Stop()
		switch {
		case c.asks.Load(): // it goes on to its end
		case by == unix.SIGTTIN || by == unix.SIGTTOU: // the terminal is corecurve's, and waits for nobody
			c.asks.Store(true)
			_ = c.cmd.Process.Kill() // it may have ended just now
		default:
			c.stopped.Store(true)
			if by != 0 {
				late.Reset(longestStop)
			}
		}
	})
}

// stopped reports whether a signal has stopped a copy. What a copy does to the processes that it starts is its own
// doing.
func (s *supervisor) stopped() bool {
	return slices.ContainsFunc(s.copies, func(c *running) bool { return c.stopped.Load() })
}

// ownCPU returns the CPU time of this process in nanoseconds.
func ownCPU() int64 {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &ts) // cannot fail: every kernel has this clock
	return ts.Nano()
}

func (s *supervisor) pids() (pids []int) {
	for _, c := range s.copies {
		pids = append(pids, c.cmd.Process.Pid)
	}
	return pids
}

// ready prepares copy number rank.
func (s *supervisor) ready(rank int) (*running, error) {
	p := s.point()
	argv := Expand(s.spec.Argv, p, s.spec.Copies, rank)
	c := &running{rank: rank, cmd: exec.Command(argv[0], argv[1:]...)}
	c.cmd.Dir = s.spec.WorkDir
	c.cmd.Env = append(os.Environ(), Environ(p, s.spec.Copies, rank)...)
	c.cmd.Env = append(c.cmd.Env, Expand(s.spec.Env, p, s.spec.Copies, rank)...)
	if s.spec.Traced {
		c.cmd.Env = append(c.cmd.Env, "CORECURVE_TRACE="+filepath.Join(s.spec.Dir, "p"+strconv.Itoa(rank)+".trace"))
	}
	c.cmd.Stdout, c.cmd.Stderr = os.Stdout, os.Stderr
	// Its own group, so that what it does to that it does not do to this process, nor to another copy.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: unix.SIGKILL, Setpgid: true}
	if s.spec.Stdin != "" {
		f, err := os.Open(s.spec.Stdin)
		if err != nil {
			return nil, fmt.Errorf("stdin: %w", err)
		}
		c.cmd.Stdin = f
	}
	return c, s.listen(c)
}

// listen routes the stdout of c through this process, if its digest or a marked line is needed.
func (s *supervisor) listen(c *running) error {
	var to []io.Writer
	if s.spec.Mark != "" {
		c.marker = &marker{mark: []byte(s.spec.Mark)}
		to = append(to, c.marker)
	}
	if s.spec.SameOutput {
		c.sum = sha256.New()
		to = append(to, c.sum)
	}
	if to == nil {
		return nil
	}
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("pipe for output: %w", err)
	}
	c.cmd.Stdout, c.pipe = w, w
	c.piped.Go(func() {
		_, _ = io.Copy(io.MultiWriter(append(to, os.Stdout)...), r) // ends with the last process that holds the other end
		_ = r.Close()
	})
	return nil
}

// started closes what the copy now holds itself.
func (c *running) started() {
	if f, ok := c.cmd.Stdin.(*os.File); ok {
		_ = f.Close()
	}
	if c.pipe != nil {
		_ = c.pipe.Close()
	}
}

// judge fills in what the ended copies used, and returns an error if one of them failed.
func (s *supervisor) judge(out *wire.Outcome) error {
	out.CPUs = s.tree.cpus
	if still := s.tree.still; still >= longStill {
		s.errors = append(s.errors, fmt.Sprintf("a signal stopped a process that it started, for about %s: that is in its time",
			sweep.Seconds(still)))
	}
	tells := true
	for _, c := range s.copies {
		tells = tells && s.tree.tells(c.cmd.Process.Pid, c.launched, c.ended)
	}
	if tells || s.tree.below { // of processes below the copies, samples are all that can be known
		out.TreeRSS, out.Threads = s.tree.rss, s.tree.threads
	}
	var failed error
	for _, c := range s.copies {
		state := c.cmd.ProcessState
		p := wire.Process{
			Role: "worker", Rank: c.rank, PID: c.cmd.Process.Pid,
			Launched: c.launched, Entered: c.launched, Ready: c.launched, Done: c.ended,
		}
		if ru, ok := state.SysUsage().(*syscall.Rusage); ok {
			p.User, p.Sys = ru.Utime.Nano(), ru.Stime.Nano()
			p.Children = min(int64(c.children), p.User+p.Sys)
			p.Own = p.User + p.Sys - p.Children
			p.Switches = [2]int64{ru.Nvcsw, ru.Nivcsw}
			p.MaxRSS = s.tree.highWater(p.PID, ru.Maxrss<<10, c.launched, c.ended)
		}
		out.Processes = append(out.Processes, p)
		if failed == nil {
			failed = s.exit(c)
		}
	}
	return failed
}

// exit returns an error if a copy ended in failure.
func (s *supervisor) exit(c *running) error {
	which := ""
	if s.spec.Copies > 1 {
		which = fmt.Sprintf("copy %d: ", c.rank)
	}
	if c.asks.Load() {
		return errors.New(which + "it asked the terminal for input or changed it, and a run has no terminal: it was ended")
	}
	if c.tooLong.Load() {
		return fmt.Errorf("%sa signal stopped it for %v, so it was ended", which, longestStop)
	}
	if why := endOf(c.cmd.ProcessState); why != "" && !slices.Contains(s.spec.OKExit, c.cmd.ProcessState.ExitCode()) {
		return errors.New(which + why)
	}
	return nil
}

// report ends what is left and sends the tool the outcome and the end, with which the run is over for the tool. It
// closes the standard files before.
func (s *supervisor) report(out *wire.Outcome) error {
	end := wire.End{Errors: s.errors}
	if n := EndChildren(); n > 0 {
		end.Errors = append(end.Errors, fmt.Sprintf("%d processes that it left behind were ended", n))
	}
	if s.spec.SameOutput {
		out.Digest = s.digest()
	}
	for i, c := range s.copies {
		if c.marker != nil {
			c.piped.Wait()
			out.Processes[i].Marked = c.marker.last
		}
	}
	done := wire.Message{Done: out}
	if err := proc.Quiet(); err != nil {
		return errors.Join(wire.WriteMessage(s.self.Output, &done), err)
	}
	end.Used = used()
	return wire.WriteMessage(s.self.Output, &done, &wire.Message{End: &end})
}

// used returns the CPU time, in nanoseconds, of this process and of all that it has waited for.
func used() (sum int64) {
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var ru unix.Rusage
		if err := unix.Getrusage(who, &ru); err == nil {
			sum += ru.Utime.Nano() + ru.Stime.Nano()
		}
	}
	return sum
}

// digest returns the digest of the distinct outputs, in the order of the copies. Equal outputs count once, so that runs
// of any number of copies can be compared.
func (s *supervisor) digest() string {
	all := sha256.New()
	var seen []string
	for _, c := range s.copies {
		c.piped.Wait()
		if sum := hex.EncodeToString(c.sum.Sum(nil)); !slices.Contains(seen, sum) {
			seen = append(seen, sum)
			_, _ = io.WriteString(all, sum) // a hash never fails
		}
	}
	return hex.EncodeToString(all.Sum(nil))
}

func (s *supervisor) fail(err error) int {
	m := wire.Failed(err, 0)
	m.Failure.Stopped = s.stopped()
	if err := wire.WriteMessage(s.self.Output, m); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return 1
}
