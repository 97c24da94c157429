package gotrace

import (
	"io"
	"sync"
)

// An ahead reads generations ahead of the one that is being delivered, and gives their events out in order:
//
//  1. Each reader but the consumer takes the next generation of the input and a decoder, and packs the events that it decodes
//     into blocks.
//  2. The consumer takes the blocks of the generation whose turn it is, unpacks the events and hands the blocks back.
//  3. When it has come to the end of the blocks but not of the generation, the consumer takes over the decoder and goes on itself, with
//     nothing to pack; the reader begins another generation.
//
// So all readers are busy all the time, however quick the consumer is, and the work of packing, which one reader alone does not have,
// falls on a part of the events only. The number of blocks is limited, so that memory is: a reader that is far ahead waits.
type ahead struct {
	version int
	mu      sync.Mutex // held while the next generation is cut off
	scan    *scanner
	ended   bool
	order   chan *job // in line for delivery

	decoders chan *decoder // that nobody uses
	free     chan *block
	done     chan struct{}
	once     sync.Once
	wait     sync.WaitGroup

	resolver *resolver
	job      *job // whose turn it is
	begun    bool // something of it has come
	waits    bool // for more of it
	taken    bool // its decoder has been taken over
	blocks   unpacker
}

// A job is a generation to be decoded.
type job struct {
	section section
	decoder *decoder // which goes back when all is delivered, as the resolver needs its tables
	blocks  chan *block
	wanted  chan struct{} // closed when the consumer waits
	err     error         // why there are no more blocks; nil: the consumer can go on. Read after blocks is closed.
}

const (
	blockSize  = 16 << 10 // bytes; the last buffer may go beyond it
	aheadBytes = 32 << 20 // that each reader may be ahead
)

// newAhead starts the reading with so many readers, one of which is the consumer.
func newAhead(s *scanner, r *resolver, readers int) *ahead {
	blocks := (readers - 1) * aheadBytes / blockSize
	jobs := readers + 1 // one may be ready and wait
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

// decodeAll is what a reader does that is not the consumer.
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

// cut returns the next generation that can be decoded, or nil at the end.
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

// decode packs the events of a generation until it ends or the consumer wants to go on itself.
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
		j.blocks <- b // there is room for all that there are
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

// begin takes the next generation.
func (a *ahead) begin(before section) (section, error) {
	j, ok := <-a.order
	if !ok {
		return before, io.EOF
	}
	a.job = j
	return j.section, nil
}

// end ends the generation.
func (a *ahead) end() {
	if d := a.job.decoder; d != nil {
		a.decoders <- d
	}
	a.blocks.end()
	a.job, a.begun, a.waits, a.taken = nil, false, false, false
}

// read gives out the next events of the generation, or what ended it.
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
		b.reset()
		a.free <- b
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
