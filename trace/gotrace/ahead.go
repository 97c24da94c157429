package gotrace

import (
	"io"
	"sync"
)

// An ahead reads generations ahead of the one that is being delivered, and delivers their events in order:
//
//  1. Each reader except the consumer takes the next generation of the input and a decoder, and packs the events that
//     it decodes into blocks.
//  2. The consumer takes the blocks of the generation whose turn it is, unpacks the events and returns the blocks.
//  3. If the consumer runs out of blocks before the end of the generation, it takes over the decoder and goes on
//     itself, without packing. The reader then begins another generation.
//
// So all readers are busy all the time, however quick the consumer is, and only some events cost the work of packing,
// which a single reader does not have. The number of blocks is limited, which bounds memory: a reader that is far ahead
// waits.
type ahead struct {
	version int
	mu      sync.Mutex // held while the next generation is cut off the input
	scan    *scanner
	ended   bool
	order   chan *job // in the order of delivery

	decoders chan *decoder // not in use
	free     chan *block
	done     chan struct{}
	once     sync.Once
	wait     sync.WaitGroup

	resolver *resolver
	job      *job // the one whose turn it is
	begun    bool // some of its events have been delivered
	waits    bool // the consumer waits for more of it
	taken    bool // the consumer has taken over its decoder
	blocks   unpacker
}

// A job is a generation to decode.
type job struct {
	section section
	decoder *decoder // returned when all events are delivered, because the resolver needs its tables
	blocks  chan *block
	wanted  chan struct{} // closed when the consumer waits
	// err says why there are no more blocks; nil: the consumer can go on. It may be read once blocks is closed.
	err error
}

const (
	blockSize  = 16 << 10 // bytes; the last buffer may exceed it
	aheadBytes = 32 << 20 // how far ahead each reader may be
)

// newAhead starts so many readers, one of which is the consumer.
func newAhead(s *scanner, r *resolver, readers int) *ahead {
	blocks := (readers - 1) * aheadBytes / blockSize
	jobs := readers + 1 // one more, which may be ready and wait
	a := &ahead{
		version: s.version, scan: s, resolver: r, done: make(chan struct{}),
		order: make(chan *job, jobs), decoders: make(chan *decoder, jobs), free: make(chan *block, blocks),
	}
	for range blocks {
		a.free <- &block{}
	}
	for range jobs {
		a.decoders <- &decoder{}
	}
	for range readers - 1 {
		a.wait.Go(a.decodeAll)
	}
	return a
}

func (a *ahead) stop() {
	a.once.Do(func() { close(a.done) })
	a.wait.Wait()
}

// decodeAll is the loop of a reader that is not the consumer.
func (a *ahead) decodeAll() {
	for {
		select {
		case d := <-a.decoders:
			j := a.cut()
			if j == nil {
				return
			}
			j.decoder = d
			a.decode(j)
		case <-a.done:
			return
		}
	}
}

// cut returns the next generation that can be decoded, or nil at the end. It also puts those that cannot be decoded in
// line.
func (a *ahead) cut() *job {
	a.mu.Lock()
	defer a.mu.Unlock()
	for !a.ended {
		sec, err := a.scan.next()
		if err != nil {
			a.ended = true
			close(a.order)
			break
		}
		j := &job{section: sec, blocks: make(chan *block, cap(a.free)), wanted: make(chan struct{})}
		select {
		case a.order <- j:
		case <-a.done:
			return nil
		}
		if sec.data != nil {
			return j
		}
		close(j.blocks)
	}
	return nil
}

// decode packs the events of a generation until it ends or the consumer takes over.
func (a *ahead) decode(j *job) {
	defer close(j.blocks)
	var threads holders
	var events buffer
	for j.err = j.decoder.open(a.version, &j.section); j.err == nil; {
		b := a.empty(j)
		if b == nil {
			return
		}
		for j.err == nil && b.size < blockSize {
			events.reset()
			j.err = j.decoder.read(&events)
			b.pack(&events, &threads)
		}
		j.blocks <- b // there is room for all blocks that exist
	}
}

// empty returns a block to fill, or nil if the consumer waits for the job.
func (a *ahead) empty(j *job) *block {
	select {
	case <-j.wanted:
		return nil
	default:
	}
	select {
	case b := <-a.free:
		return b
	case <-j.wanted:
	case <-a.done:
	}
	return nil
}

// begin moves on to the next generation.
func (a *ahead) begin(before section) (section, error) {
	j, ok := <-a.order
	if !ok {
		return before, io.EOF
	}
	a.job = j
	return j.section, nil
}

// end ends the generation. If events of it are left, its reader stops at the end of its block.
func (a *ahead) end() {
	if !a.waits {
		close(a.job.wanted)
	}
	if b := a.blocks.block; b != nil {
		a.release(b)
	}
	for b := range a.job.blocks {
		a.release(b)
	}
	if d := a.job.decoder; d != nil {
		a.decoders <- d
	}
	a.blocks.end()
	a.job, a.begun, a.waits, a.taken = nil, false, false, false
}

// release makes a block empty and free.
func (a *ahead) release(b *block) {
	b.reset()
	a.free <- b
}

// read appends the next events of the generation to the buffer, or returns what ended it.
func (a *ahead) read(to *buffer) error {
	if !a.taken && !a.blocks.left() {
		if err := a.advance(); err != nil {
			return err
		}
	}
	if a.taken {
		return a.job.decoder.read(to)
	}
	a.blocks.unpack(to)
	return nil
}

// advance takes the next block or, if there is none yet, the decoder.
func (a *ahead) advance() error {
	if b := a.blocks.block; b != nil {
		a.release(b)
		a.blocks.block = nil
	}
	var b *block
	select {
	case b = <-a.job.blocks:
	default:
		if !a.waits {
			a.waits = true
			close(a.job.wanted)
		}
		b = <-a.job.blocks
	}
	switch {
	case b != nil:
		a.blocks.begin(b)
	case a.job.err != nil:
		return a.job.err
	default:
		a.taken = true
	}
	if !a.begun {
		a.begun = true
		a.resolver.begin(&a.job.decoder.generation)
	}
	return nil
}
