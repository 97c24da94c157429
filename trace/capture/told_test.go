package capture

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/gotrace"
)

// teller is a program that does every operation, in a region of its own. What a comment stands
// beside is not told.
const teller = `package main

import (
	"context"
	"os"
	"reflect"
	"runtime/trace"
	"sync"
	"time"
)

var tick = time.After(1)

func main() {
	f, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := trace.Start(f); err != nil {
		panic(err)
	}
	defer trace.Stop()
	trace.WithRegion(context.Background(), "told", func() { channels(); locks(); groups() })
}

func channels() {
	c, never := make(chan int, 600), make(chan int)
	c <- 1
	<-c
	select {
	case c <- 1:
	default:
	}
	select {
	case <-c:
	case <-never:
	}
	select {
	case <-c: // is empty
	default:
	}
	r := reflect.ValueOf(c)
	r.Send(reflect.ValueOf(1))
	r.Recv()
	r.TryRecv() // is empty
	close(c)
	<-c
	for range c {
	}
	<-tick // comes from no goroutine
}

func locks() {
	var mu sync.Mutex
	mu.Lock()
	mu.TryLock() // is locked
	mu.Unlock()
	mu.TryLock()
	mu.Unlock()
	var rw sync.RWMutex
	rw.RLock()
	rw.TryLock() // is read
	rw.RUnlock()
	rw.Lock()
	rw.TryRLock() // is locked
	rw.Unlock()
	rw.TryRLock()
	rw.RLocker().Unlock()
	rw.TryLock()
	rw.Unlock()
}

func groups() {
	var wg sync.WaitGroup
	wg.Add(2000)
	wg.Add(-1999)
	wg.Done()
	wg.Wait()
	var once sync.Once
	once.Do(func() {})
	once.Do(func() {}) // has passed before
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	mu.Lock()
	go func() {
		mu.Lock()
		cond.Signal()
		mu.Unlock()
	}()
	cond.Wait()
	mu.Unlock()
	cond.Broadcast()
}
`

// TestTold: a program that is built with sync events tells all that it does, in the order in which it does it, and
// once.
func TestTold(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	dir := written(t, map[string]string{"go.mod": "module example.com/teller\n\ngo 1.24\n", "main.go": teller})
	p, err := SyncEvents.Compile(t.Context(), dir, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "told.trace")
	if out, err := exec.Command(p.Argv[0], name).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := []string{
		"make a 600", "make b 0", "send a 600", "recv a 600", "send a 600 nonblocking", "recv a 600 select",
		"send a 600", "recv a 600", "close a 600", "recv a 600 closed", "recv a 600 closed",
		"lock c", "unlock c", "lock c nonblocking", "unlock c",
		"rlock d", "runlock d", "lock d", "unlock d", "rlock d nonblocking", "runlock d", "lock d nonblocking", "unlock d",
		"add e 2000", "add e -1999", "add e -1", "wait e",
		"oncebegin f", "onceend f", "oncepass f",
		"lock g", "condwait h", "unlock g", "condwoken h", "lock g", "unlock g", "broadcast h",
	}
	if diff := cmp.Diff(want, told(t, name)); diff != "" {
		t.Error(diff)
	}
}

// told returns what the goroutine that begins the region of a trace does until it ends, with a letter for each object.
func told(t *testing.T, name string) (out []string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r, err := gotrace.NewReader(f, name)
	if err != nil {
		t.Fatal(err)
	}
	ops := strings.Fields("make send recv close lock unlock rlock runlock add wait condwait condwoken signal broadcast " +
		"oncebegin onceend oncepass")
	letters := map[uint64]string{}
	g := int64(gotrace.None)
	for {
		var ev gotrace.Event
		if err := r.Next(&ev); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		switch {
		case ev.Kind == gotrace.RegionBegin:
			g = ev.G
		case ev.Kind == gotrace.RegionEnd:
			g = gotrace.None
		case ev.Kind == gotrace.Operated && ev.G == g:
			o := ev.Operation()
			if letters[o.Object] == "" {
				letters[o.Object] = string(rune('a' + len(letters)))
			}
			line := ops[o.Op-gotrace.OpMake] + " " + letters[o.Object]
			if o.Op <= gotrace.OpClose || o.Op == gotrace.OpAdd {
				line += fmt.Sprintf(" %d", o.Amount)
			}
			for bit, name := range []string{"select", "nonblocking", "closed"} {
				if o.Mode&(1<<bit) != 0 {
					line += " " + name
				}
			}
			out = append(out, line)
		}
	}
}
