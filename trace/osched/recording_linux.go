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
	Header Header // as written; Level is what was reached

	writer  *writer
	capture *capture // nil below Switches
	options Options

	mu      sync.Mutex // guards the writer below Switches
	sampler *sampler
	err     error
	last    clock.Time
}

// Start begins a recording of all that the calling thread, which must be locked to its goroutine, will fork, at the
// best level that the kernel allows; cpus are those where the processes may run. It must be called before what is
// measured begins. At [Totals] only the header and the end are written.
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
			h.Level, h.Pages = Switches, c.pages
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
	if h.Level != Totals && !o.NoReasons {
		h.Period, h.Share = samplePeriod.Nanoseconds(), lookShare
	}
	var err error
	if r.writer, err = newWriter(w, h); err != nil {
		if r.capture != nil {
			err = errors.Join(err, r.capture.close())
		}
		return nil, err
	}
	if r.capture != nil {
		r.capture.start(r.writer.write)
	}
	r.Header = h
	return r, nil
}

// Follow samples process pid, which has just been started, and its descendants, where the kernel reports no switches:
// how long they run and why they are blocked. If pid is this process it samples its descendants alone. It may be called
// for several processes, one after another. At [Switches] the records tell of all processes themselves.
func (r *Recording) Follow(pid int) {
	switch {
	case r.Header.Level != Sampled:
	case r.sampler != nil:
		r.sampler.add(pid)
	default:
		r.sampler = startSampler(pid, !r.options.NoReasons, r.put)
	}
}

// put writes a record that needs no merging.
func (r *Recording) put(rec *Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = max(r.last, rec.Time)
	if r.err == nil {
		r.err = r.writer.write(rec)
	}
}

// Stop ends the recording and the file. The processes must have ended, or the rest of their lives is missing.
func (r *Recording) Stop() (Summary, error) {
	var s Summary
	var notes []string
	if r.sampler != nil {
		notes = r.sampler.stop()
	}
	var err error
	if r.capture != nil {
		s, err = r.capture.stop()
		if s.Lost > 0 || s.Gaps > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf(
				"the kernel dropped %d or more switches in %d places: times there are not known", s.Lost, s.Gaps))
		}
		if s.Late > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("%d records came out of order and were shifted", s.Late))
		}
	} else {
		r.put(&Record{Time: max(clock.Now(), r.last), Kind: End, CPU: NoCPU})
		s.Records, err = r.writer.count(), r.err
		s.Notes = append(s.Notes, r.Header.Notes...)
	}
	s.Notes = append(s.Notes, notes...)
	return s, errors.Join(err, r.writer.close())
}

// Probe returns the level that a recording would reach here and now; the error says why it is not a better one.
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

// anyCPU returns a CPU that this thread may use.
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

// schedstats returns an error that says why run times of threads cannot be read, or nil if they can.
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
