package gotrace

import (
	"io"
	"sync"
)

// An ahead reads generations ahead of the one that is being delivered, and gives their events out in order:
//
//  1. Each reader but the consumer takes the next generation of the input and a decoder, and packs the events that it decodes
//     into blocks, with the threads, strings and stacks that are new in the generation.
//  2. The consumer takes the blocks of the generation whose turn it is, gives its strings and stacks their numbers in the trace, unpacks
//     the events and hands the blocks back.
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

	symbols *Symbols // of the trace
	job     *job     // whose turn it is
	waits   bool     // for the job
	decoder *decoder // that was taken over
	blocks  unpacker
	strings []StringID // number in the trace by that in the generation
	stacks  []StackID
}

// A job is a generation to be decoded.
type job struct {
	section section
	blocks  chan *block
	wanted  chan struct{} // closed when the consumer waits
	decoder *decoder      // to go on with, or nil: the generation has ended. Read after blocks is closed.
	err     error         // why; likewise
}

const (
	blockSize  = 16 << 10 // bytes; the last buffer may go beyond it
	aheadBytes = 24 << 20 // that each reader may be ahead
)

// newAhead starts the reading with so many readers, one of which is the consumer.
func newAhead(s *scanner, symbols *Symbols, readers int) *ahead {
	blocks := (readers - 1) * aheadBytes / blockSize
	a := &ahead{
		version: s.version, scan: s, symbols: symbols, done: make(chan struct{}),
		order: make(chan *job, readers), decoders: make(chan *decoder, readers), free: make(chan *block, blocks),
	}
	for range blocks {
		a.free <- &block{}
	}
	for range readers {
		a.decoders <- &decoder{}
	}
	for range readers - 1 {
		a.wait.Go(a.read)
	}
	return a
}

func (a *ahead) stop() {
	a.once.Do(func() { close(a.done) })
	a.wait.Wait()
}

// read is a reader.
func (a *ahead) read() {
	for {
		select {
		case d := <-a.decoders:
			j := a.cut()
			if j == nil {
				return
			}
			a.decode(d, j)
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
func (a *ahead) decode(d *decoder, j *job) {
	defer close(j.blocks)
	d.symbols = &Symbols{}
	var p packer
	var events buffer
	strings, stacks := 0, 0 // that have been sent
	err := d.open(a.version, &j.section)
	for err == nil {
		b := a.empty(j)
		if b == nil {
			j.decoder = d
			return
		}
		for err == nil && b.size < blockSize {
			events.reset()
			err = d.read(&events)
			p.pack(b, &events)
		}
		b.strings, b.stacks = d.symbols.strings[strings:], d.symbols.stacks[stacks:]
		strings, stacks = len(d.symbols.strings), len(d.symbols.stacks)
		j.blocks <- b // there is room for all that there are
	}
	j.err = err
	a.decoders <- d
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
	a.strings, a.stacks = append(a.strings[:0], 0), append(a.stacks[:0], 0)
	return j.section, nil
}

// end ends the generation.
func (a *ahead) end() {
	a.job, a.waits = nil, false
	a.blocks.end()
	if a.decoder != nil {
		a.decoders <- a.decoder
		a.decoder = nil
	}
}

// fill gives out the next events of the generation, or what ended it.
func (a *ahead) fill(to *buffer) error {
	if a.decoder == nil && !a.blocks.left() {
		if err := a.advance(); err != nil {
			return err
		}
	}
	if a.decoder != nil {
		return a.decoder.read(to)
	}
	from := len(to.events)
	a.blocks.unpack(to)
	for i := range to.events[from:] {
		ev := &to.events[from+i]
		ev.Name = a.strings[ev.Name]
		ev.Stack, ev.SubjectStack = a.stacks[ev.Stack], a.stacks[ev.SubjectStack]
	}
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
		a.number(b)
		a.blocks.begin(b)
		return nil
	case a.job.decoder == nil:
		return a.job.err
	}
	a.decoder = a.job.decoder
	a.decoder.renumber(a.symbols, a.strings, a.stacks)
	return nil
}

// number gives what is new in a block the numbers that one reader alone would give it, by doing so in the same order.
func (a *ahead) number(b *block) {
	for _, s := range b.strings {
		a.strings = append(a.strings, a.symbols.Intern(s))
	}
	for _, s := range b.stacks {
		a.stacks = append(a.stacks, a.symbols.InternStack(s))
	}
}
