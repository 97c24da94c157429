package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/corecurve/corecurve/trace/capture/supervise"
)

// A stopped is a signal that has ended the work of the tool: the cause of its context.
type stopped struct{ signal syscall.Signal }

func (s *stopped) Error() string {
	switch s.signal {
	case syscall.SIGHUP:
		return "hung up"
	case syscall.SIGTERM:
		return "terminated"
	}
	return "interrupted"
}

// status is what a shell reports of a program that the signal has killed: 130 for an interrupt.
func (s *stopped) status() int { return 128 + int(s.signal) }

const (
	// patience is how long a verb that has something to finish may take to end after the first signal.
	patience = 800 * time.Millisecond
	// oneBlow is how long after the first signal another is part of it: what ends a whole group of processes, such as
	// timeout(1) and service managers, often sends two.
	oneBlow = 50 * time.Millisecond
	// lastWords is how long the last message and the end of processes may take.
	lastWords = 300 * time.Millisecond
)

// A watch has the tool end by signals. The first SIGINT, SIGTERM or SIGHUP ends the context of its verb. A verb that
// has something to finish, which it tells by [hold], has a moment for that; any other is left where it stands, be it in
// a read that nobody writes for. The second signal ends the tool at once. A SIGHUP that was ignored when the tool was
// started (nohup) is ignored. SIGQUIT prints the stacks of all goroutines, as in any Go program.
type watch struct {
	told io.Writer // standard error, of nobody else: the verb may be stuck in a write
	mu   sync.Mutex
	held int    // calls of hold that are not released
	left bool   // nothing new may be begun
	kept string // see keep
}

// run runs verb and returns the status of the tool.
func (w *watch) run(verb func(context.Context) int) int {
	ctx, cancel := context.WithCancelCause(context.WithValue(context.Background(), watchKey{}, w))
	defer cancel(nil)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	defer signal.Stop(signals)
	// To a reader that is gone, writing is an error and does not kill the tool while it cleans up. The signal is caught
	// and forgotten, because programs would inherit that it is ignored.
	pipe := make(chan os.Signal, 1)
	signal.Notify(pipe, syscall.SIGPIPE)
	defer signal.Stop(pipe)
	_ = supervise.Adopt() // what cannot be adopted ends with its own lifeline
	status := make(chan int, 1)
	go func() { status <- verb(ctx) }()
	var why *stopped
	var first time.Time
	var late <-chan time.Time
	for {
		select {
		case s := <-status:
			return s
		case s := <-signals:
			if why == nil {
				why, first, late = &stopped{number(s)}, time.Now(), time.After(patience)
				cancel(why)
				if w.let() {
					return w.leave(why)
				}
			} else if time.Since(first) > oneBlow {
				return w.leave(why)
			}
		case <-late:
			return w.leave(why)
		}
	}
}

func number(s os.Signal) syscall.Signal {
	if n, ok := s.(syscall.Signal); ok {
		return n
	}
	return syscall.SIGINT
}

// let reports whether the verb has nothing to finish, and has it begin nothing then.
func (w *watch) let() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = w.held == 0
	return w.left
}

// leave ends what the tool has started, while its verb may still be at work, and says what is kept.
func (w *watch) leave(why *stopped) int {
	w.mu.Lock()
	w.left = true
	w.mu.Unlock()
	text := "corecurve: " + w.words(why) + "\n"
	if w.kept != "" || isTerminal(w.told) {
		text = "\n" + text // a line may have been begun, of which there is no end now
	}
	var wg sync.WaitGroup
	wg.Go(func() { supervise.EndChildren() })
	wg.Go(func() { _, _ = io.WriteString(w.told, text) })
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(lastWords): // a process that cannot die, or a terminal that takes nothing
	}
	return why.status()
}

type watchKey struct{}

// verdict returns the status for the error of a verb whose context the signal has ended, and says what it did.
func (w *watch) verdict(why *stopped, err error, told io.Writer) int {
	text := err.Error()
	if !strings.HasPrefix(text, why.Error()) {
		text = w.words(why) // what else is wrong comes of it
	}
	fmt.Fprintln(told, "corecurve: "+text)
	return why.status()
}

// words says what has happened, and what is kept.
func (w *watch) words(why *stopped) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.kept == "" {
		return why.Error()
	}
	return why.Error() + ": " + w.kept
}

// hold tells that something has begun which a signal should not cut off, until release is called: processes, files that
// are written. If the tool is being left it does not return.
func hold(ctx context.Context) (release func()) {
	w, ok := ctx.Value(watchKey{}).(*watch)
	if !ok {
		return func() {}
	}
	w.mu.Lock()
	if w.left {
		w.mu.Unlock()
		select {}
	}
	w.held++
	w.mu.Unlock()
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.held--
	}
}

// keep has the tool say text when it ends without its verb: what is kept, and how to go on.
func keep(ctx context.Context, text string) {
	if w, ok := ctx.Value(watchKey{}).(*watch); ok {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.kept = text
	}
}

// stopOf returns the signal that has ended ctx; nil: none has.
func stopOf(ctx context.Context) *stopped {
	s, _ := errors.AsType[*stopped](context.Cause(ctx))
	return s
}

// unread reports whether err says that nobody reads standard output any more, as behind a pipe to head.
func unread(err error) bool {
	e, ok := errors.AsType[*fs.PathError](err)
	return ok && e.Path == os.Stdout.Name() && errors.Is(e, syscall.EPIPE)
}
