// Package tracegen makes large, realistic Go execution traces for measuring readers: it runs a program under
// runtime/trace that does a little of everything, and stops when there are enough events.
//
// The program has stages that pass work on by select, contended mutexes, tasks with regions and logs that fan out,
// echoes over TCP, reads of files, and a heap that is collected all the time. Only reading a trace would tell its
// number of events, so that is estimated from the bytes.
package tracegen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	rtrace "runtime/trace"
	"sync"
	"sync/atomic"
	"time"
)

// Options say what trace to make.
type Options struct {
	Events     int64 // at least, roughly; 0: 1 million
	Goroutines int   // of the program, roughly; 0: 1000
}

// bytesPerEvent is about what the program's events take, measured: 5.6 to 6.4 in Go 1.26. Too high a figure makes the
// trace longer than requested.
const bytesPerEvent = 6.5

// Write runs the program and writes its trace to w. It traces the calling process, which must not be traced already.
func Write(w io.Writer, o Options) error {
	if o.Events <= 0 {
		o.Events = 1e6
	}
	if o.Goroutines <= 0 {
		o.Goroutines = 1000
	}
	out := &counter{w: w}
	ctx, cancel := context.WithCancel(context.Background())
	p := program{ctx: ctx}
	if err := p.listen(); err != nil {
		cancel()
		return err
	}
	if err := rtrace.Start(out); err != nil {
		cancel()
		return errors.Join(err, p.listener.Close())
	}
	p.start(o.Goroutines)
	for out.n.Load() < int64(float64(o.Events)*bytesPerEvent) && out.failed.Load() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	err := p.listener.Close()
	p.wait.Wait()
	rtrace.Stop()
	if failed := out.failed.Load(); failed != nil {
		err = errors.Join(err, *failed)
	}
	if err != nil {
		return fmt.Errorf("making a trace: %w", err)
	}
	return nil
}

// A counter counts what is written.
type counter struct {
	w      io.Writer
	n      atomic.Int64
	failed atomic.Pointer[error]
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n.Add(int64(n))
	if err != nil {
		c.failed.CompareAndSwap(nil, &err)
	}
	return n, err
}

// A program is what is traced.
type program struct {
	ctx      context.Context
	wait     sync.WaitGroup
	listener net.Listener
	kept     atomic.Pointer[node] // keeps the compiler from dropping what makes garbage
}

// A node is part of a tree that becomes garbage.
type node struct {
	left, right *node
	data        []byte
}

func tree(depth int) *node {
	if depth == 0 {
		return &node{data: make([]byte, 48)}
	}
	return &node{left: tree(depth - 1), right: tree(depth - 1)}
}

func (p *program) listen() (err error) {
	p.listener, err = (&net.ListenConfig{}).Listen(p.ctx, "tcp", "127.0.0.1:0")
	return err
}

func (p *program) start(goroutines int) {
	p.stages(goroutines * 5 / 8)
	p.locks(goroutines / 8)
	p.tasks(goroutines/40 + 1)
	p.echoes(8)
	for range 2 {
		p.wait.Go(p.readFile)
	}
}

// many runs n goroutines.
func (p *program) many(n int, f func(i int)) {
	for i := range max(n, 1) {
		p.wait.Go(func() { f(i) })
	}
}

// stages hands work from stage to stage by select.
func (p *program) stages(n int) {
	numbers, trees := make(chan int), make(chan *node, 64)
	p.many(n*2/5, func(i int) {
		for {
			select {
			case numbers <- i:
			case <-p.ctx.Done():
				return
			}
		}
	})
	p.many(n*2/5, func(int) {
		for {
			select {
			case v := <-numbers:
				select {
				case trees <- tree(3 + v%4):
				case <-p.ctx.Done():
					return
				}
			case <-p.ctx.Done():
				return
			}
		}
	})
	p.many(n/5, func(int) {
		for {
			select {
			case t := <-trees:
				p.kept.Store(t)
			case <-p.ctx.Done():
				return
			}
		}
	})
}

// locks contends for a few mutexes, yields while it holds one, and sleeps.
func (p *program) locks(n int) {
	var locks [16]sync.Mutex
	p.many(n, func(i int) {
		rng := rand.New(rand.NewPCG(uint64(i), 0))
		for p.ctx.Err() == nil {
			mu := &locks[rng.IntN(len(locks))]
			mu.Lock()
			if rng.IntN(8) == 0 {
				runtime.Gosched()
			}
			mu.Unlock()
			if rng.IntN(4) == 0 {
				time.Sleep(time.Duration(rng.IntN(2000)) * time.Microsecond)
			}
		}
	})
}

// tasks fans out requests with regions and logs.
func (p *program) tasks(n int) {
	p.many(n, func(i int) {
		for p.ctx.Err() == nil {
			ctx, task := rtrace.NewTask(p.ctx, "request")
			rtrace.Logf(ctx, "request", "of %d", i)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() { rtrace.WithRegion(ctx, "work", func() { p.kept.Store(tree(6)) }) })
			}
			rtrace.WithRegion(ctx, "wait", wg.Wait)
			task.End()
		}
	})
}

// echoes sends bytes back and forth over TCP.
func (p *program) echoes(n int) {
	p.wait.Go(func() {
		for {
			c, err := p.listener.Accept()
			if err != nil {
				return // closed: the program ends
			}
			p.wait.Go(func() {
				_, _ = io.Copy(c, c)
				_ = c.Close()
			})
		}
	})
	p.many(n, func(int) {
		c, err := (&net.Dialer{}).DialContext(p.ctx, "tcp", p.listener.Addr().String())
		if err != nil {
			return // the program ends
		}
		defer func() { _ = c.Close() }()
		var buf [128]byte
		for p.ctx.Err() == nil {
			if _, err := c.Write(buf[:]); err != nil {
				return
			}
			if _, err := io.ReadFull(c, buf[:]); err != nil {
				return
			}
		}
	})
}

// readFile makes system calls.
func (p *program) readFile() {
	f, err := os.Open(os.DevNull)
	if err != nil {
		return // a trace without system calls of files will do
	}
	defer func() { _ = f.Close() }()
	buf := make([]byte, 1<<16)
	for p.ctx.Err() == nil {
		_, _ = f.Read(buf)
		time.Sleep(200 * time.Microsecond)
	}
}
