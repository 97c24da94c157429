package osched

import (
	"errors"
	"fmt"
	"math/bits"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

const (
	usualPages = 128
	// lag is how long records are held back, in nanoseconds. A record is in its ring well within a microsecond of its
	// time, unless the hypervisor takes the CPU away in between.
	lag = 20_000_000
)

// A capture is the kernel's record of all switches of a process tree.
type capture struct {
	rings   []*ring
	pages   int
	wake    int // eventfd
	done    chan struct{}
	summary Summary

	mu     sync.Mutex
	extra  []Record // records from elsewhere, see add
	closed bool

	merge *merger
	buf   []byte
	err   error // first error of the draining goroutine
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
	c := &capture{wake: -1, done: make(chan struct{})}
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
	if c.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC); err != nil {
		return nil, errors.Join(fmt.Errorf("eventfd: %w", err), closeRings(c.rings))
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

// close releases the rings and the eventfd.
func (c *capture) close() error { return errors.Join(closeRings(c.rings), unix.Close(c.wake)) }

// add puts a record from elsewhere into the order. Any goroutine may call it, with times that never decrease; after
// stop it does nothing.
func (c *capture) add(r *Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.extra = append(c.extra, *r)
	}
}

// stop ends the capture, emits what is left and an [End], and returns how it went. The error joins the first of emit
// and the first in what the kernel wrote.
func (c *capture) stop() (Summary, error) {
	end := clock.Now()
	var errs []error
	if _, err := unix.Write(c.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		errs = append(errs, fmt.Errorf("eventfd: %w", err)) // cannot happen: the counter is 0
	}
	<-c.done
	for _, r := range c.rings {
		if err := unix.IoctlSetInt(r.fd, unix.PERF_EVENT_IOC_DISABLE, 0); err != nil {
			errs = append(errs, fmt.Errorf("stopping CPU %d: %w", r.cpu, err))
		}
	}
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	full := c.takeAll()
	for i, r := range c.rings {
		// The kernel reports dropped records with the next record, and after the last there is none.
		if full[i] {
			c.push(i, Record{Time: max(end, r.last), Kind: Lost, CPU: int32(r.cpu)})
		}
		end = max(end, r.last)
	}
	if queue := c.merge.sources[len(c.rings)].queue; len(queue) > 0 {
		end = max(end, queue[len(queue)-1].Time)
	}
	c.push(len(c.rings), Record{Time: end, Kind: End, CPU: NoCPU})
	c.merge.release(1<<63 - 1)
	c.summary.Late = c.merge.late
	errs = append(errs, c.err, c.merge.err, c.close())
	return c.summary, errors.Join(errs...)
}

// drain empties the rings whenever one of them asks for it, until stop.
func (c *capture) drain() {
	defer close(c.done)
	var polled []unix.PollFd
	for _, r := range c.rings {
		polled = append(polled, unix.PollFd{Fd: int32(r.fd), Events: unix.POLLIN})
	}
	polled = append(polled, unix.PollFd{Fd: int32(c.wake), Events: unix.POLLIN})
	for {
		n, err := unix.Poll(polled, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			c.note(fmt.Errorf("poll: %w", err))
			return
		}
		if n <= 0 {
			continue
		}
		if polled[len(polled)-1].Revents != 0 {
			return
		}
		for i := range polled {
			if polled[i].Revents&(unix.POLLHUP|unix.POLLERR) != 0 {
				polled[i].Fd = -1 // the thread that opened it has ended: no more wake-ups; stop takes what is left
			}
		}
		now := clock.Now()
		c.takeAll()
		c.summary.Wakes++
		c.merge.release(now - lag)
	}
}

// takeAll moves the contents of all rings, and the added records, into the merger. It reports which rings were full.
func (c *capture) takeAll() (full []bool) {
	full = make([]bool, len(c.rings))
	for i, r := range c.rings {
		c.buf, full[i] = r.take(c.buf[:0])
		s := &c.merge.sources[i]
		before := len(s.queue)
		var err error
		if s.queue, err = r.decode(c.buf, s.queue); err != nil {
			c.note(err)
		}
		for _, rec := range s.queue[before:] {
			c.count(rec)
		}
	}
	c.mu.Lock()
	s := &c.merge.sources[len(c.rings)]
	s.queue = append(s.queue, c.extra...)
	clear(c.extra)
	c.extra = c.extra[:0]
	c.mu.Unlock()
	return full
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
