package osched

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

// A Recording writes what the scheduler does to the processes of a run into a file.
type Recording struct {
	Header Header // as it was written; Level is what was reached

	writer  *Writer
	capture *Capture // nil below Switches
	options Options

	mu      sync.Mutex // of writer, below Switches
	sampler *Sampler
	err     error
	last    clock.Time
}

// Start begins a recording of all that the calling thread, which must be locked to its goroutine, will fork, on the best level that is
// allowed; cpus are those where the processes may run. It must be called before what is measured begins. At [Totals] nothing is
// written but the header and the end.
func Start(cpus []int, w io.Writer, o Options) (*Recording, error) {
	r := &Recording{options: o}
	h := Header{Level: Totals, Start: clock.Now(), CPUs: slices.Clone(cpus)}
	best := o.Highest
	if best == "" {
		best = Switches
	}
	if best == Switches {
		c, err := open(cpus, o)
		if err != nil {
			h.Notes = append(h.Notes, "no switches: "+err.Error())
		} else {
			r.capture = c
			h.Level, h.Pages = Switches, c.Pages()
			h.Notes = append(h.Notes, c.summary.Notes...)
		}
	}
	if r.capture == nil && best != Totals {
		if err := schedstats(); err != nil {
			h.Notes = append(h.Notes, "no run times of threads: "+err.Error())
		} else {
			h.Level = Sampled
		}
	}
	var err error
	if r.writer, err = NewWriter(w, h); err != nil {
		if r.capture != nil {
			err = errors.Join(err, r.capture.close())
		}
		return nil, err
	}
	if r.capture != nil {
		r.capture.start(r.writer.Write)
	}
	r.Header = h
	return r, nil
}

// Follow samples process pid, which has just been started, and its descendants: why they are blocked and, below [Switches], how long they
// run. With the number of this process it samples all its descendants. It may be called for several processes, not at the same time.
func (r *Recording) Follow(pid int) {
	usage := r.Header.Level == Sampled
	if r.Header.Level == Totals || !usage && r.options.NoReasons {
		return
	}
	if r.sampler != nil {
		r.sampler.Add(pid)
		return
	}
	emit := r.put
	if r.capture != nil {
		emit = r.capture.Add
	}
	r.sampler = startSampler(pid, usage, !r.options.NoReasons, emit)
}

// put writes a record that needs no merging.
func (r *Recording) put(rec *Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = max(r.last, rec.Time)
	if r.err == nil {
		r.err = r.writer.Write(rec)
	}
}

// Stop ends the recording and the file. The processes must have ended, or the rest of their lives is not in it.
func (r *Recording) Stop() (Summary, error) {
	var s Summary
	var notes []string
	if r.sampler != nil {
		notes = r.sampler.Stop().Notes
	}
	var err error
	if r.capture != nil {
		s, err = r.capture.Stop()
		if s.Lost > 0 || s.Gaps > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("the kernel dropped %d or more switches in %d places: times there are not known", s.Lost, s.Gaps))
		}
		if s.Late > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("%d records came too late for their place and were shifted", s.Late))
		}
	} else {
		r.put(&Record{Time: max(clock.Now(), r.last), Kind: End, CPU: NoCPU})
		s.Records, err = r.writer.Records(), r.err
		s.Notes = append(s.Notes, r.Header.Notes...)
	}
	s.Notes = append(s.Notes, notes...)
	return s, errors.Join(err, r.writer.Close())
}

// Probe returns the level that a recording would reach here and now, and why no better one.
func Probe() (Level, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cpu, err := anyCPU()
	if err == nil {
		var rings []*ring
		if rings, err = openRings([]int{cpu}, 1); err == nil {
			return Switches, closeRings(rings)
		}
	}
	if bad := schedstats(); bad != nil {
		return Totals, errors.Join(err, bad)
	}
	return Sampled, err
}

// anyCPU is one that exists.
func anyCPU() (int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return 0, fmt.Errorf("sched_getaffinity: %w", err)
	}
	for cpu := range 8 * len(set) * 8 {
		if set.IsSet(cpu) {
			return cpu, nil
		}
	}
	return 0, errors.New("sched_getaffinity: no CPU")
}

// schedstats says why run times of threads are not to be had, if so.
func schedstats() error {
	const path = "/proc/self/schedstat"
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if run, _, ok := parseSchedstat(text); !ok || run == 0 {
		return fmt.Errorf("%s: no times in %q", path, text)
	}
	return nil
}
