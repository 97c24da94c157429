package gotrace

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	rtrace "runtime/trace"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// all reads r to its end.
func all(tb testing.TB, r *Reader) ([]Event, []string, error) {
	tb.Helper()
	var evs []Event
	var texts []string
	for {
		var ev Event
		if err := r.Next(&ev); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return evs, texts, err
		}
		evs = append(evs, ev)
		if ev.Kind == Log {
			texts = append(texts, r.Message())
		}
	}
}

func mustOpen(tb testing.TB, data []byte, readers int) *Reader {
	tb.Helper()
	r, err := Open(bytes.NewReader(data), int64(len(data)), "p0.trace", Options{Readers: readers})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(r.Close)
	return r
}

// openReference opens a trace of the newest format as if it were of a newer release, so that golang.org/x/exp/trace
// reads it.
func openReference(tb testing.TB, data []byte) *Reader {
	tb.Helper()
	return must(Open(bytes.NewReader(data), int64(len(data)), "p0.trace", Options{Newest: latest - 1}))(tb)
}

// manyGenerations records n generations with everything that can cross a boundary: goroutines that run, wait and are in
// system calls, tasks and regions that begin in one and end in another, a GOMAXPROCS that grows, garbage collections.
func manyGenerations(tb testing.TB, n int) []byte {
	tb.Helper()
	fr := rtrace.NewFlightRecorder(rtrace.FlightRecorderConfig{})
	if err := fr.Start(); err != nil {
		tb.Fatal(err)
	}
	defer fr.Stop()
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _, _ = r.Close(), w.Close() }()
	return record(tb, func() {
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		var mu sync.Mutex
		jobs := make(chan []byte)
		for range 3 {
			wg.Go(func() {
				for ctx.Err() == nil {
					mu.Lock()
					b := make([]byte, 1<<14)
					mu.Unlock()
					select {
					case jobs <- b:
					case <-ctx.Done():
					}
				}
			})
			wg.Go(func() {
				for ctx.Err() == nil {
					select {
					case b := <-jobs:
						_, _ = w.Write(b[:16])
						rtrace.Log(ctx, "job", "done")
					case <-ctx.Done():
					}
				}
			})
		}
		wg.Go(func() {
			var b [16]byte
			for ctx.Err() == nil {
				if _, err := r.Read(b[:]); err != nil {
					return
				}
			}
		})
		var tasks []*rtrace.Task
		for k := range n {
			tctx, task := rtrace.NewTask(ctx, "span "+string(rune('a'+k%26)))
			tasks = append(tasks, task)
			region := rtrace.StartRegion(tctx, "outer")
			if k > 1 {
				tasks[k-2].End()
			}
			if k == n/2 {
				runtime.GOMAXPROCS(procs + 2)
			}
			time.Sleep(2 * time.Millisecond)
			if k%3 == 1 {
				runtime.GC()
			}
			if _, err := fr.WriteTo(io.Discard); err != nil {
				tb.Error(err)
			}
			region.End()
		}
		cancel()
		_ = w.Close()
		wg.Wait()
	})
}

// TestReadersAgree checks that generations that are each read by themselves, one after the other or several at a time,
// give what golang.org/x/exp/trace reads from the whole trace: the same events, with the same numbers for stacks and
// strings.
func TestReadersAgree(t *testing.T) {
	for _, data := range [][]byte{manyGenerations(t, 12), busyTrace(t, 20_000)} {
		ref := openReference(t, data)
		want, texts, err := all(t, ref)
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range map[string]*Reader{
			"one reader": mustOpen(t, data, 1), "two readers": mustOpen(t, data, 2), "four readers": mustOpen(t, data, 4),
			"stream": must(NewReader(bytes.NewReader(data), "p0.trace"))(t),
			"gzip":   must(OpenStream(zipped(t, data), "p0.trace", Options{Readers: 2}))(t),
		} {
			got, gotTexts, err := all(t, r)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(got) != len(want) {
				t.Errorf("%s: %d events of %d", name, len(got), len(want))
			}
			for i := range min(len(got), len(want)) {
				if want := &want[i]; want.Kind == ProcTransition && got[i].G == None {
					want.G = None // see stitch
				}
				if got[i] != want[i] {
					t.Fatalf("%s: event %d of %d: %s\n%+v", name, i, len(want), cmp.Diff(want[i], got[i]), want[i])
				}
			}
			if diff := cmp.Diff(texts, gotTexts); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			if diff := cmp.Diff(ref.symbols.stacks, r.symbols.stacks); diff != "" {
				t.Errorf("%s: stacks: %s", name, diff)
			}
			if diff := cmp.Diff(ref.symbols.strings, r.symbols.strings); diff != "" {
				t.Errorf("%s: strings: %s", name, diff)
			}
			if r.Bytes() != int64(len(data)) {
				t.Errorf("%s: %d bytes of %d", name, r.Bytes(), len(data))
			}
		}
	}
}

func must(r *Reader, err error) func(testing.TB) *Reader {
	return func(tb testing.TB) *Reader {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(r.Close)
		return r
	}
}

func zipped(tb testing.TB, data []byte) io.Reader {
	tb.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write(data); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return &buf
}

// places is the number of places at which tests damage a trace.
const places = 16

// sections returns the generations of a trace.
func sections(tb testing.TB, data []byte) []section {
	tb.Helper()
	return sectionsOf(mustOpen(tb, data, 1))
}

// sectionsOf returns the generations of the trace of a reader that has not begun.
func sectionsOf(r *Reader) []section {
	var out []section
	for {
		s, err := r.scan.next()
		if err != nil {
			return out
		}
		out = append(out, s)
	}
}

// TestOverwritten overwrites 200 bytes at many places of a trace of ten or more generations, as a bad disk would. Nine
// tenths of the generations, and all before and after the damage, are delivered, and one error says what is lost.
func TestOverwritten(t *testing.T) {
	data := manyGenerations(t, 12)
	secs := sections(t, data)
	if len(secs) < 10 {
		t.Fatalf("%d generations", len(secs))
	}
	_, whole, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	for k := range places {
		at := headerSize + (len(data)-headerSize-200)*k/places
		bad := bytes.Clone(data)
		for i := range 200 {
			bad[at+i] = byte(0xa5 + 7*i*(k+1))
		}
		// The damage is in one generation, or in two if it lies across the boundary.
		hit := map[int]bool{}
		var lost int64
		for _, s := range secs {
			if s.start < int64(at+200) && s.end > int64(at) {
				hit[s.number] = true
				lost += s.end - s.start
			}
		}
		for _, readers := range []int{1, 2} {
			r := mustOpen(t, bad, readers)
			evs, _, err := all(t, r)
			if err == nil {
				continue // only padding was overwritten, or the result still makes sense
			}
			var d *DamageError
			if !errors.As(err, &d) {
				t.Fatalf("byte %d: %v", at, err)
			}
			if !hit[d.Generation] || d.Lost > lost || d.Generations > len(hit) {
				t.Errorf("byte %d: %v; damaged are the generations %v of %d bytes", at, d, hit, lost)
			}
			gaps, syncs := 0, 0
			for _, ev := range evs {
				switch ev.Kind {
				case Gap:
					gaps++
				case Sync:
					syncs++
				}
			}
			if gaps > len(hit) || syncs < len(secs)+1-len(hit) {
				t.Errorf("byte %d: %d gaps, %d generations of %d", at, gaps, syncs-1, len(secs))
			}
			if d.Events != int64(len(evs)) || len(evs) > len(whole)+2 {
				t.Errorf("byte %d: %d events, %d said, %d in the whole trace", at, len(evs), d.Events, len(whole))
			}
		}
	}
}

// TestCutAnywhere cuts a trace at many places: the generations before the cut are delivered as they are in the whole
// trace.
func TestCutAnywhere(t *testing.T) {
	data := manyGenerations(t, 6)
	secs := sections(t, data)
	_, whole, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	for k := range places {
		cut := headerSize + (len(data)-headerSize)*k/places
		complete := 0
		for _, s := range secs {
			if s.end <= int64(cut) {
				complete++
			}
		}
		for _, readers := range []int{1, 2} {
			evs, _, err := all(t, mustOpen(t, data[:cut], readers))
			var d *DamageError
			if onBoundary := complete > 0 && secs[complete-1].end == int64(cut); !onBoundary && !errors.As(err, &d) {
				t.Fatalf("cut at byte %d: %v", cut, err)
			}
			syncs := 0
			for _, ev := range evs {
				if ev.Kind == Sync {
					syncs++
				}
			}
			if want := complete + min(complete, 1); syncs != want {
				t.Errorf("cut at byte %d: %d Sync events, %d generations are complete", cut, syncs, complete)
			}
			if n := len(evs) - 1; n > 0 {
				if !slices.Equal(whole[:n], evs[:n]) {
					t.Fatalf("cut at byte %d: the events are not those of the whole trace", cut)
				}
			}
		}
	}
}

// TestCutGzip cuts a compressed trace.
func TestCutGzip(t *testing.T) {
	data := manyGenerations(t, 6)
	zip, err := io.ReadAll(zipped(t, data))
	if err != nil {
		t.Fatal(err)
	}
	zip = zip[:len(zip)*3/4]
	r, err := Open(bytes.NewReader(zip), int64(len(zip)), "p0.trace.gz", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	evs, _, err := all(t, r)
	var d *DamageError
	if !errors.As(err, &d) || !strings.Contains(err.Error(), "p0.trace.gz: generation ") || len(evs) == 0 {
		t.Errorf("%d events, error %v", len(evs), err)
	}
}

// TestOldFormats reads the traces of Go 1.11 to 1.21 that the Go source has for its own tests.
func TestOldFormats(t *testing.T) {
	// the toolchain that runs the test
	dir := filepath.Join(runtime.GOROOT(), "src/internal/trace/internal/tracev1/testdata") //nolint:staticcheck
	files, err := filepath.Glob(filepath.Join(dir, "*_good"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("no old traces in %s", dir)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(bytes.NewReader(data), int64(len(data)), filepath.Base(name), Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		evs, _, err := all(t, r)
		if err != nil || len(evs) == 0 || r.SharedClock() || r.Bytes() != int64(len(data)) {
			t.Errorf("%s: %d events, error %v, %d bytes of %d", r.Name(), len(evs), err, r.Bytes(), len(data))
		}
	}
}

// TestPacked checks that an event comes out of a block unchanged, whether or not it fits the packed form.
func TestPacked(t *testing.T) {
	none := Event{Time: 1 << 40, G: None, P: None, M: 5, Subject: None}
	evs := []Event{none}
	for _, change := range []func(*Event){
		func(e *Event) { e.Kind, e.G, e.P, e.M, e.Subject = GoTransition, 7, 3, 4194302, 8 },
		func(e *Event) { e.Kind, e.From, e.To, e.Reason = GoTransition, Running, Waiting, ReasonOther },
		func(e *Event) { e.Kind, e.To, e.Stack, e.SubjectStack = GoTransition, Syscall, 5, 5 },
		func(e *Event) { e.Kind, e.Stack, e.SubjectStack = GoTransition, 5, 6 },
		func(e *Event) { e.Kind, e.SubjectStack = GoTransition, 6 },
		func(e *Event) { e.Kind, e.G = GoTransition, 1<<40 },
		func(e *Event) { e.Kind, e.P = ProcTransition, 1023 },
		func(e *Event) { e.Kind, e.M = ProcTransition, 1<<40 },
		func(e *Event) { e.Kind, e.M = ProcTransition, None },
		func(e *Event) { e.Kind, e.Time = StackSample, e.Time+1<<32 },
		func(e *Event) { e.Kind, e.Range, e.Subject = RangeActive, RangeOther, 9 },
		func(e *Event) { e.Kind, e.Range, e.Name = RangeBegin, StopTheWorld, 4 },
		func(e *Event) { e.Kind, e.Metric, e.Value = MetricValue, MetricOther, 1<<40-1 },
		func(e *Event) { e.Kind, e.Metric, e.Value = MetricValue, HeapGoal, 1<<63-1 },
		func(e *Event) { e.Kind, e.Task, e.Parent, e.Name = TaskBegin, 1, 2, 3 },
	} {
		e := none
		change(&e)
		evs = append(evs, e)
	}
	evs = append(evs, evs...) // the first events of a thread are not packed
	var b block
	var threads holders
	for from := range slices.Chunk(evs, 4) {
		var in buffer
		for i, ev := range from {
			in.add(&ev, "")
			in.threads[i] = map[int64]uint16{None: noThread, 5: 1, 4194302: 2, 1 << 40: maxThreads}[ev.M]
		}
		b.pack(&in, &threads)
	}
	var u unpacker
	u.begin(&b)
	var got []Event
	for u.left() {
		var to buffer
		to.reset()
		u.unpack(&to)
		got = append(got, to.events()...)
	}
	if len(b.wide) >= len(evs) {
		t.Error("no event is packed")
	}
	if diff := cmp.Diff(evs, got); diff != "" {
		t.Error(diff)
	}
	if size := int(reflect.TypeFor[Event]().Size()); size != eventSize {
		t.Errorf("an event has %d bytes", size)
	}
	if size := int(reflect.TypeFor[packed]().Size()); size != packedSize {
		t.Errorf("a packed event has %d bytes", size)
	}
}

// TestClose stops reading in the middle: no goroutine may be left waiting.
func TestClose(t *testing.T) {
	data := manyGenerations(t, 6)
	before := runtime.NumGoroutine()
	for range 10 {
		r := mustOpen(t, data, 3)
		var ev Event
		for range 100 {
			if err := r.Next(&ev); err != nil {
				t.Fatal(err)
			}
		}
		r.Close()
		if err := r.Next(&ev); err == nil {
			t.Error("a closed reader reads on")
		}
	}
	// A goroutine that has reported that it is done may still be about to end.
	for deadline := time.Now().Add(2 * time.Minute); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines are left", runtime.NumGoroutine()-before)
		}
	}
}
