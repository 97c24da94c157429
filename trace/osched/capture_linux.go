package osched

import (
	"errors"
	"fmt"
	"math/bits"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

const (
	usualPages = 128
	// lag is how long records are held back, in nanoseconds. A record is in its ring well within a microsecond of its
	// time, unless the hypervisor takes the CPU away in between.
	lag = 20_000_000
	// mostKept is how many bytes of records, of some thirty each, are kept to be written after the run, where that
	// disturbs nobody.
	mostKept = 64 << 20
)

// A capture is the kernel's record of all switches of a process tree.
type capture struct {
	rings []*ring
	pages int
	// stopping ends the draining goroutine, which then closes done.
	stopping, done chan struct{}
	summary        Summary

	watcher *watcher // nil: why threads are blocked is not asked

	kept  []batch // to be merged and emitted
	bytes int     // in kept
	most  int     // of them, before they are emitted
	merge *merger // the last source is the watcher
	err   error   // first error of the draining goroutine
}

// A batch is what was taken out of the rings at one time.
type batch struct {
	at    clock.Time
	rings [][]byte // as the kernel wrote it: a third of what the records would take
	looks []Record
}

// open opens the rings for all that the calling thread, which must be locked to its goroutine, will fork; cpus are
// those where the processes may run. It must be called before what is measured begins: opening takes some ten
// microseconds per CPU. Records stay in the rings until start.
func open(cpus []int, o Options) (*capture, error) {
	pages := o.Pages
	if pages == 0 {
		pages = usualPages
	}
	if pages < 1 || bits.OnesCount(uint(pages)) != 1 {
		return nil, fmt.Errorf("rings of %d pages: not a power of two", pages)
	}
	if len(cpus) == 0 {
		return nil, errors.New("no CPUs to capture")
	}
	c := &capture{most: mostKept, stopping: make(chan struct{}), done: make(chan struct{})}
	if !o.NoReasons {
		c.watcher = newWatcher()
	}
	var err error
	for c.pages = pages; ; c.pages /= 2 {
		if c.rings, err = openRings(cpus, c.pages); err == nil {
			break
		}
		// All CPUs get rings of the same size: a smaller one would lose records that the others keep.
		var noMemory *ringMemoryError
		if c.pages == 1 || !errors.As(err, &noMemory) || !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.ENOMEM) {
			return nil, err
		}
	}
	if c.pages != pages {
		c.summary.Notes = append(c.summary.Notes, fmt.Sprintf(
			"the kernel grants rings of %d pages for each of %d CPUs, not %d: "+
				"records are lost sooner (kernel.perf_event_mlock_kb, ulimit -l)",
			c.pages, len(cpus), pages))
	}
	return c, nil
}

// start calls emit with the records in the order of their times, from a goroutine, until stop has returned. emit must
// not keep the record.
func (c *capture) start(emit func(*Record) error) {
	c.merge = newMerger(len(c.rings)+1, func(r *Record) error {
		c.summary.Records++
		return emit(r)
	})
	go c.drain()
}

// close releases the rings.
func (c *capture) close() error { return closeRings(c.rings) }

// stop ends the capture, emits what is left and an [End], and returns how it went. The error joins the first of emit
// and the first in what the kernel wrote.
func (c *capture) stop() (Summary, error) {
	var errs []error
	close(c.stopping)
	<-c.done
	end := clock.Now()
	for _, r := range c.rings {
		if err := unix.IoctlSetInt(r.fd, unix.PERF_EVENT_IOC_DISABLE, 0); err != nil {
			errs = append(errs, fmt.Errorf("stopping CPU %d: %w", r.cpu, err))
		}
	}
	full := c.takeAll(end)
	c.flush()
	for i, r := range c.rings {
		// The kernel reports dropped records with the next record, and after the last there is none.
		if full[i] {
			c.push(i, Record{Time: max(end, r.last), Kind: Lost, CPU: int32(r.cpu)})
		}
		end = max(end, r.last)
	}
	c.push(len(c.rings), Record{Time: end, Kind: End, CPU: NoCPU})
	c.merge.release(1<<63 - 1)
	c.summary.Late = c.merge.late
	if c.watcher != nil {
		c.summary.Notes = append(c.summary.Notes, c.watcher.close()...)
	}
	errs = append(errs, c.err, c.merge.err, c.close())
	return c.summary, errors.Join(errs...)
}

// drain empties the rings and looks at the threads a hundred times a second, until stop. It sleeps by a timer and not
// in poll(2): whenever a goroutine blocks in a system call, Go's own monitor wakes up too, several times, which cost as
// much as all the rest. A ring of the usual size holds what a core can do in that time ten times over.
func (c *capture) drain() {
	defer close(c.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-c.stopping:
			return
		case <-timer.C:
		}
		now := clock.Now()
		c.takeAll(now)
		c.summary.Wakes++
		wait := samplePeriod
		if c.watcher != nil {
			last := &c.kept[len(c.kept)-1]
			c.watcher.pass(func(r *Record) { last.looks = append(last.looks, *r) })
			wait = c.watcher.budget.next()
		}
		if c.bytes > c.most {
			c.flush()
		}
		timer.Reset(wait)
	}
}

// takeAll moves the contents of all rings into a batch of that time, past the watcher. It reports which rings were
// full.
func (c *capture) takeAll(now clock.Time) (full []bool) {
	full = make([]bool, len(c.rings))
	b := batch{at: now, rings: make([][]byte, len(c.rings))}
	for i, r := range c.rings {
		b.rings[i], full[i] = r.take()
		c.bytes += len(b.rings[i])
		err := r.decode(b.rings[i], func(rec *Record) {
			c.count(*rec)
			if c.watcher != nil {
				c.watcher.see(rec)
			}
		})
		if err != nil {
			c.note(err)
		}
	}
	c.kept = append(c.kept, b)
	return full
}

// flush emits what is kept, except for the youngest records.
func (c *capture) flush() {
	for _, b := range c.kept {
		for i, r := range c.rings {
			s := &c.merge.sources[i]
			// What is damaged has been noted.
			_ = r.decode(b.rings[i], func(rec *Record) { s.queue = append(s.queue, *rec) })
		}
		s := &c.merge.sources[len(c.rings)]
		s.queue = append(s.queue, b.looks...)
		c.merge.release(b.at - lag)
	}
	clear(c.kept)
	c.kept, c.bytes = c.kept[:0], 0
}

func (c *capture) push(source int, r Record) {
	c.count(r)
	s := &c.merge.sources[source]
	s.queue = append(s.queue, r)
}

func (c *capture) count(r Record) {
	if r.Kind == Lost {
		c.summary.Lost += int64(r.Count)
		c.summary.Gaps++
	}
}

// note keeps the first error of the draining goroutine.
func (c *capture) note(err error) {
	if c.err == nil {
		c.err = err
	}
}
