package osched

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

// A ring is the event of one CPU and the memory to which the kernel writes its records.
type ring struct {
	cpu    int
	fd     int
	memory []byte
	meta   *unix.PerfEventMmapPage
	data   []byte
	last   clock.Time // time of the last record taken out
	full   bool       // it was when it was last taken out, and the kernel has not written since what it dropped
}

// attr describes the event: it counts nothing and reports switches, forks, exits and names of the thread that opens it
// and of all that this thread creates, from their next exec on. It excludes kernel and hypervisor, since only then is
// it open to all users.
func attr() *unix.PerfEventAttr {
	a := &unix.PerfEventAttr{
		Type:        unix.PERF_TYPE_SOFTWARE,
		Config:      unix.PERF_COUNT_SW_DUMMY,
		Sample_type: unix.PERF_SAMPLE_TID | unix.PERF_SAMPLE_TIME | unix.PERF_SAMPLE_CPU,
		Bits: unix.PerfBitDisabled | unix.PerfBitInherit | unix.PerfBitEnableOnExec | unix.PerfBitSampleIDAll |
			unix.PerfBitContextSwitch | unix.PerfBitTask | unix.PerfBitComm | unix.PerfBitCommExec |
			unix.PerfBitUseClockID | unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv,
		Clockid: unix.CLOCK_MONOTONIC,
	}
	a.Size = uint32(unsafe.Sizeof(*a))
	return a
}

// openRings opens a ring of that many pages for each CPU: all of them or none.
func openRings(cpus []int, pages int) (rings []*ring, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, closeRings(rings))
			rings = nil
		}
	}()
	for _, cpu := range cpus {
		fd, err := unix.PerfEventOpen(attr(), 0, cpu, -1, unix.PERF_FLAG_FD_CLOEXEC)
		if err != nil {
			return rings, fmt.Errorf("perf_event_open of CPU %d: %w", cpu, err)
		}
		r := &ring{cpu: cpu, fd: fd}
		rings = append(rings, r)
		r.memory, err = unix.Mmap(fd, 0, (1+pages)*os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			return rings, &ringMemoryError{cpu: cpu, pages: pages, err: err}
		}
		r.meta = (*unix.PerfEventMmapPage)(unsafe.Pointer(&r.memory[0]))
		r.data = r.memory[os.Getpagesize():]
	}
	return rings, nil
}

// A ringMemoryError says that the kernel grants no ring of that size.
type ringMemoryError struct {
	cpu, pages int
	err        error
}

func (e *ringMemoryError) Error() string {
	return fmt.Sprintf("ring of %d pages for CPU %d: %v", e.pages, e.cpu, e.err)
}

func (e *ringMemoryError) Unwrap() error { return e.err }

func closeRings(rings []*ring) error {
	var errs []error
	for _, r := range rings {
		if r.memory != nil {
			errs = append(errs, unix.Munmap(r.memory))
			r.memory, r.data, r.meta = nil, nil, nil
		}
		errs = append(errs, unix.Close(r.fd))
	}
	return errors.Join(errs...)
}

// take returns what the kernel has written since the last call and frees that room. The kernel tells what it has
// dropped with the next record that has room: full says that there was none for another record, and that none has come
// since.
func (r *ring) take() (out []byte, full bool) {
	head := atomic.LoadUint64(&r.meta.Data_head) // pairs with the kernel's barrier before it moves the head
	tail := r.meta.Data_tail
	n := uint64(len(r.data))
	r.full = head-tail > n-largestRecord || head == tail && r.full
	out = make([]byte, 0, head-tail)
	for tail < head {
		at := tail % n
		end := min(n, at+head-tail)
		out = append(out, r.data[at:end]...)
		tail += end - at
	}
	atomic.StoreUint64(&r.meta.Data_tail, tail)
	return out, r.full
}

const (
	sampleIDSize  = 24                            // process, thread, time, CPU, a reserved word
	largestRecord = 8 + 8 + 16 + sampleIDSize + 8 // Comm: header, process and thread, name
)

// decode calls f with the records in b, which must be whole; f must not keep the record. It skips records of kinds that
// were not asked for.
func (r *ring) decode(b []byte, f func(*Record)) error {
	le := binary.NativeEndian
	var rec Record
	for len(b) > 0 {
		if len(b) < 8 {
			return fmt.Errorf("ring of CPU %d: %d bytes left over", r.cpu, len(b))
		}
		kind, misc, size := le.Uint32(b), le.Uint16(b[4:]), int(le.Uint16(b[6:]))
		if size < 8 || size > len(b) {
			return fmt.Errorf("ring of CPU %d: a record of %d bytes with %d left", r.cpu, size, len(b))
		}
		body := b[8:size]
		b = b[size:]
		if len(body) < sampleIDSize {
			continue
		}
		id := body[len(body)-sampleIDSize:]
		rec = Record{
			PID: max(int32(le.Uint32(id)), 0), TID: max(int32(le.Uint32(id[4:])), 0),
			Time: clock.Time(le.Uint64(id[8:])), CPU: int32(le.Uint32(id[16:])),
		}
		if rec.fromKernel(kind, misc, body[:len(body)-sampleIDSize]) {
			r.last = rec.Time
			f(&rec)
		}
	}
	return nil
}

// fromKernel sets what a kernel record says besides when and where, and reports whether it says anything.
func (rec *Record) fromKernel(kind uint32, misc uint16, body []byte) bool {
	le := binary.NativeEndian
	switch {
	case kind == unix.PERF_RECORD_SWITCH && misc&unix.PERF_RECORD_MISC_SWITCH_OUT == 0:
		rec.Kind = In
	case kind == unix.PERF_RECORD_SWITCH && misc&unix.PERF_RECORD_MISC_SWITCH_OUT_PREEMPT != 0:
		rec.Kind = Preempt
	case kind == unix.PERF_RECORD_SWITCH:
		rec.Kind = Out
	case (kind == unix.PERF_RECORD_FORK || kind == unix.PERF_RECORD_EXIT) && len(body) >= 16:
		rec.PID, rec.TID = int32(le.Uint32(body)), int32(le.Uint32(body[8:]))
		rec.Kind = Exit
		if kind == unix.PERF_RECORD_FORK {
			rec.Kind, rec.Parent, rec.Creator = Fork, int32(le.Uint32(body[4:])), int32(le.Uint32(body[12:]))
		}
	case kind == unix.PERF_RECORD_COMM && len(body) >= 8:
		rec.PID, rec.TID, rec.Name = int32(le.Uint32(body)), int32(le.Uint32(body[4:])), unix.ByteSliceToString(body[8:])
		rec.Kind = Comm
		if misc&unix.PERF_RECORD_MISC_COMM_EXEC != 0 {
			rec.Kind = Exec
		}
	case kind == unix.PERF_RECORD_LOST && len(body) >= 16:
		rec.Kind, rec.Count = Lost, le.Uint64(body[8:])
		rec.PID, rec.TID = 0, 0 // they are of whichever thread came next
	default:
		return false
	}
	return true
}
