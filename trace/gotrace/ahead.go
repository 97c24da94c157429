package gotrace

import (
	"errors"
	"io"
	"sync"
)

// An ahead reads generations ahead, several at a time, and gives their events out in order:
//
//  1. One goroutine cuts generations off the input. It makes a job of each and puts it both in line for delivery and up for decoding.
//  2. The readers take one job at a time and pack its events into blocks, with the strings and stacks that are new in the generation.
//  3. The consumer takes the blocks of the job whose turn it is, gives its strings and stacks their numbers in the trace, and hands the
//     blocks back to be filled again.
//
// A job's blocks wait in a channel of its own of limited length and a limited number of jobs is in flight, so that memory is
// bounded: a reader that is far ahead waits. That costs little, as analyses take longer than decoding: the consumer always finds
// events. Events are packed into 24 bytes, as 88 would hold too few; rejected: varints, which cost a fifth of decoding.
type ahead struct {
	order chan *job     // in line for delivery
	slots chan struct{} // a job that is in flight has one
	free  chan *block
	done  chan struct{}
	once  sync.Once
	wait  sync.WaitGroup

	symbols *Symbols // of the trace
	job     *job     // whose turn it is
	block   *block
	at      int // of the next event in block
	wide    int // of the next one that does not fit
	text    int // of the next text
	message string
	strings []StringID // number in the trace by that in the generation
	stacks  []StackID
}

// A job is a generation to be decoded.
type job struct {
	section section
	out     chan *block
	err     error // why it ended; read after out is closed
}

const (
	blockEvents = 1024
	aheadBytes  = 24 << 20 // that wait for delivery at most, but for what does not fit into the packed form
)

// A block is some events of a job.
type block struct {
	base    int64 // time that those of the events count from
	events  []packed
	wide    []Event  // those that are not in the packed form
	texts   []string // of log events
	strings []string // that are new in the generation
	stacks  [][]Frame
}

// newAhead starts the reading.
func newAhead(s *scanner, symbols *Symbols, readers int) *ahead {
	jobs := readers
	length := max(aheadBytes/(jobs*blockEvents*packedSize), 1)
	a := &ahead{
		order: make(chan *job, jobs), slots: make(chan struct{}, jobs), done: make(chan struct{}),
		free: make(chan *block, jobs*(length+2)), symbols: symbols,
	}
	work := make(chan *job)
	a.wait.Go(func() {
		defer close(a.order)
		defer close(work)
		for {
			select {
			case a.slots <- struct{}{}:
			case <-a.done:
				return
			}
			sec, err := s.next()
			if err != nil {
				return
			}
			j := &job{section: sec, out: make(chan *block, length)}
			a.order <- j
			if sec.data == nil {
				close(j.out)
				continue
			}
			select {
			case work <- j:
			case <-a.done:
				return
			}
		}
	})
	for range readers {
		a.wait.Go(func() {
			var d decoder
			for j := range work {
				j.err = a.decode(&d, s.version, j)
				close(j.out)
			}
		})
	}
	return a
}

func (a *ahead) stop() {
	a.once.Do(func() { close(a.done) })
	a.wait.Wait()
}

var errStopped = errors.New("reading was stopped")

// decode packs the events of a generation into blocks.
func (a *ahead) decode(d *decoder, version int, j *job) (err error) {
	d.symbols = &Symbols{}
	if err := d.open(version, j.section.data, j.section.end-j.section.start+1); err != nil {
		return err
	}
	p := packer{ahead: a, job: j, symbols: d.symbols, block: a.empty()}
	defer func() {
		if fault := recover(); fault != nil {
			err = panicError(fault)
		}
		if sent := p.send(); sent != nil { // what came before the fault is good
			err = sent
		}
	}()
	var ev Event
	for {
		if err := d.next(&ev); err != nil {
			return err
		}
		if len(p.block.events) >= blockEvents {
			if err := p.send(); err != nil {
				return err
			}
			p.block = a.empty()
		}
		p.block.add(&ev)
		if ev.Kind == Log {
			p.block.texts = append(p.block.texts, d.message)
		}
	}
}

// A packer fills the blocks of a job.
type packer struct {
	ahead           *ahead
	job             *job
	symbols         *Symbols // of the generation
	strings, stacks int      // that have been sent
	block           *block
}

func (p *packer) send() error {
	b := p.block
	b.strings, b.stacks = p.symbols.strings[p.strings:], p.symbols.stacks[p.stacks:]
	p.strings, p.stacks = len(p.symbols.strings), len(p.symbols.stacks)
	select {
	case p.job.out <- b:
		return nil
	case <-p.ahead.done:
		return errStopped
	}
}

func (a *ahead) empty() *block {
	select {
	case b := <-a.free:
		return b
	default:
		return &block{events: make([]packed, 0, blockEvents+1)}
	}
}

// begin takes the next job.
func (a *ahead) begin(before section) (section, error) {
	j, ok := <-a.order
	if !ok {
		return before, io.EOF
	}
	a.job = j
	a.strings, a.stacks = append(a.strings[:0], 0), append(a.stacks[:0], 0)
	return j.section, nil
}

// end ends the job.
func (a *ahead) end() {
	if a.job != nil {
		a.job = nil
		<-a.slots
	}
}

// next gives out the next event of the job, or what ended it.
func (a *ahead) next(ev *Event) error {
	for a.block == nil || a.at == len(a.block.events) {
		if a.block != nil {
			a.recycle()
		}
		b, ok := <-a.job.out
		if !ok {
			return a.job.err
		}
		a.block, a.at, a.wide, a.text = b, 0, 0, 0
		// In the order in which the generation has them, so that they get the numbers that one reader alone gives them.
		for _, s := range b.strings {
			a.strings = append(a.strings, a.symbols.Intern(s))
		}
		for _, s := range b.stacks {
			a.stacks = append(a.stacks, a.symbols.InternStack(s))
		}
	}
	b := a.block
	p := &b.events[a.at]
	a.at++
	if p.bits == wideEvent {
		*ev = b.wide[a.wide]
		a.wide++
	} else {
		p.unpack(b.base, ev)
		if p.bits&moreBit != 0 {
			b.events[a.at].addMore(ev)
			a.at++
		}
	}
	ev.Name = a.strings[ev.Name]
	ev.Stack, ev.SubjectStack = a.stacks[ev.Stack], a.stacks[ev.SubjectStack]
	if ev.Kind == Log {
		a.message = b.texts[a.text]
		a.text++
	}
	return nil
}

func (a *ahead) recycle() {
	b := a.block
	a.block = nil
	clear(b.texts)
	b.events, b.wide, b.texts = b.events[:0], b.wide[:0], b.texts[:0]
	b.strings, b.stacks = nil, nil
	select {
	case a.free <- b:
	default:
	}
}
