package otlp

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// A flight is the bytes that requests may hold in memory together.
type flight struct {
	mu    sync.Mutex
	free  int64
	freed chan struct{} // closed and made anew when bytes come back
}

func newFlight(bytes int64) *flight { return &flight{free: bytes, freed: make(chan struct{})} }

// take takes n bytes, and waits for them until ctx is done. It reports whether it got them.
func (f *flight) take(ctx context.Context, n int64) bool {
	for {
		f.mu.Lock()
		if f.free >= n {
			f.free -= n
			f.mu.Unlock()
			return true
		}
		freed := f.freed
		f.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return false
		}
	}
}

// give gives n bytes back.
func (f *flight) give(n int64) {
	f.mu.Lock()
	f.free += n
	close(f.freed)
	f.freed = make(chan struct{})
	f.mu.Unlock()
}

var (
	errFull  = errors.New("no memory is free for the body")
	errLarge = errors.New("the body is too large")
)

// firstBytes is what a body of unknown length takes first.
const firstBytes = 32 << 10

// A load is a body that is read into memory of a flight.
type load struct {
	from *flight
	held int64
}

// read reads all of r, of which size bytes are announced (0: unknown), at most most. It waits up to wait for the first
// bytes of memory, and for none once it holds some, because several that wait for each other would wait for ever.
func (l *load) read(ctx context.Context, r io.Reader, size, most int64, wait time.Duration) ([]byte, error) {
	first, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	over, end := context.WithCancel(ctx)
	end()
	if size == 0 {
		size = firstBytes
	}
	size = min(size, most) + 1 // in the byte above, the end is met
	if !l.from.take(first, size) {
		return nil, errFull
	}
	l.held = size
	buf := make([]byte, 0, size)
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > most:
			return nil, errLarge
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return nil, err
		case len(buf) < cap(buf):
			continue
		}
		size := min(2*int64(cap(buf)), most+1)
		if !l.from.take(over, size-l.held) {
			return nil, errFull
		}
		l.held = size
		grown := make([]byte, len(buf), size)
		copy(grown, buf)
		buf = grown
	}
}

// end gives the memory back.
func (l *load) end() {
	l.from.give(l.held)
	l.held = 0
}
