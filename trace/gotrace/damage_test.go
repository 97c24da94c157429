package gotrace

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"math"
	"runtime"
	rtrace "runtime/trace"
	"slices"
	"sync"
	"testing"

	"github.com/corecurve/corecurve/trace/clock"
)

// tenGenerations records ten generations in which the same happens as often, so that they are about equal. The first
// and the last have half as many events again: so the others stay below a tenth, whatever the scheduler adds to one.
func tenGenerations(tb testing.TB) []byte {
	tb.Helper()
	fr := rtrace.NewFlightRecorder(rtrace.FlightRecorderConfig{})
	if err := fr.Start(); err != nil {
		tb.Fatal(err)
	}
	defer fr.Stop()
	return record(tb, func() {
		for k := range 10 {
			items := 500
			if k == 0 || k == 9 {
				items = 750
			}
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for i := range items {
						rtrace.StartRegion(tb.Context(), "item").End()
						if i%100 == 0 {
							runtime.Gosched()
						}
					}
				})
			}
			wg.Wait()
			if k == 9 {
				return // the tenth ends with the trace
			}
			if _, err := fr.WriteTo(io.Discard); err != nil {
				tb.Error(err)
			}
		}
	})
}

// byGeneration divides events at Sync events.
func byGeneration(evs []Event) [][]Event {
	var out [][]Event
	for _, ev := range evs {
		if ev.Kind == Sync {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], ev)
	}
	return out
}

// A written event is where an event ends, and when the one before it on the same thread was; 0: there is none.
type written struct {
	end    int64
	before clock.Time
}

// writtenEvents returns the events of a section in the order in which they are written.
func writtenEvents(tb testing.TB, sec section) []written {
	tb.Helper()
	var g generation
	if err := g.parse(&sec, latest); err != nil {
		tb.Fatal(err)
	}
	var out []written
	counts := argCounts()
	for _, c := range g.cursors {
		before := clock.Time(0)
		for {
			if err := c.read(&g, &counts); err != nil {
				tb.Fatal(err)
			}
			if c.ended() {
				break
			}
			out = append(out, written{sec.start + c.start + int64(c.at), before})
			before = c.time
		}
	}
	slices.SortFunc(out, func(a, b written) int { return cmp.Compare(a.end, b.end) })
	return out
}

// certain returns until when all is known if what is written between two places is not: until the last event before it
// on one of the threads that wrote there, or not at all if there is something else than events.
func certain(evs []written, from, to int64) clock.Time {
	if from < evs[0].end || to > evs[len(evs)-1].end {
		return 0 // the clock, stacks or strings, which all events need
	}
	until := clock.Time(math.MaxInt64)
	for i := 1; i < len(evs); i++ {
		if evs[i].end > from && evs[i-1].end < to {
			until = min(until, evs[i].before)
		}
	}
	return until
}

// TestWrongGeneration: a header that damage makes one of another generation does not end the generation that it is in.
func TestWrongGeneration(t *testing.T) {
	data := tenGenerations(t)
	for _, sec := range sections(t, data)[2:8] {
		b := sec.batches[len(sec.batches)/2]
		bad := bytes.Clone(data)
		head := bad[sec.start+b.at-headerLength(t, data, sec.start+b.at):]
		copy(head, []byte{wireEventBatch, 99, 1, 1, 5})
		_, _, err := all(t, mustOpen(t, bad, 1))
		if d, ok := errors.AsType[*DamageError](err); !ok || d.Generations != 1 || d.Generation != sec.number {
			t.Errorf("generation %d is damaged, not: %v", sec.number, err)
		}
	}
}

// headerLength is how long the header of the batch is whose body is at.
func headerLength(t *testing.T, data []byte, body int64) int64 {
	t.Helper()
	starts := headers(t, data)
	i, _ := slices.BinarySearch(starts, body)
	return body - starts[i-1]
}

// TestTenGenerations overwrites 200 bytes at places all over one of ten generations, with what does not end one: nine
// tenths of the events of the trace are delivered, among them all of the other generations, and of the damaged one all
// until the thread is lost whose events are overwritten.
func TestTenGenerations(t *testing.T) {
	data := tenGenerations(t)
	secs := sections(t, data)
	if len(secs) < 10 {
		t.Fatalf("%d generations", len(secs))
	}
	r, whole, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	want := byGeneration(whole)
	hit := 0 // the largest that has at most a tenth of the events, except the first and the last
	for k := 1; k < 9; k++ {
		if n := len(want[k]); 10*n <= len(whole) && (hit == 0 || n > len(want[hit])) {
			hit = k
		}
	}
	if hit == 0 {
		t.Fatal("all generations have more than a tenth of the events")
	}
	sec := secs[hit]
	evs := writtenEvents(t, sec)
	for at := sec.start; at < sec.end-200; at += (sec.end - sec.start) / 16 {
		until := certain(evs, at, at+200)
		intact := len(slices.Concat(want[:hit]...))
		for _, ev := range want[hit] {
			if ev.Time-r.stitch.offset >= until {
				break
			}
			intact++
		}
		bad := bytes.Clone(data)
		for i := range int64(200) {
			if bad[at+i] = byte(0xa5 + 7*i); bad[at+i] == wireEndOfGeneration {
				bad[at+i]++
			}
		}
		for _, readers := range []int{1, 2} {
			checkKept(t, mustOpen(t, bad, readers), want, hit, intact)
		}
	}
}

// checkKept checks that a trace with one damaged generation keeps nine tenths of its events, the intact first
// ones unchanged and all of the later generations.
func checkKept(t *testing.T, r *Reader, want [][]Event, damaged, intact int) {
	t.Helper()
	whole := slices.Concat(want...)
	evs, _, err := all(t, r)
	if d, ok := errors.AsType[*DamageError](err); !ok || d.Generations != 1 || d.Generation != damaged+1 {
		t.Fatalf("error %v", err)
	}
	if 10*len(evs) < 9*len(whole) {
		t.Errorf("%d events of %d: %v", len(evs), len(whole), err)
	}
	if !slices.Equal(whole[:intact], evs[:min(intact, len(evs))]) {
		t.Errorf("the first %d events are not those of the whole trace: %v", intact, err)
	}
	got := byGeneration(evs)
	for later := len(want) - damaged - 1; later > 0; later-- {
		if g, w := len(got[len(got)-later]), len(want[len(want)-later]); g != w {
			t.Errorf("generation %d has %d events instead of %d: %v", len(want)-later+1, g, w, err)
		}
	}
}

// TestBrokenTables overwrites 200 bytes of the strings or stacks of a generation: names are lost, but no event.
func TestBrokenTables(t *testing.T) {
	data := manyGenerations(t, 4)
	_, whole, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	sec := sections(t, data)[2]
	for _, typ := range []uint8{wireStrings, wireStacks} {
		i := slices.IndexFunc(sec.batches, func(b batch) bool { return b.typ == typ && b.size > 600 })
		if i < 0 {
			t.Fatalf("no batch of type %d", typ)
		}
		bad := bytes.Clone(data)
		from := sec.start + sec.batches[i].at + 200
		for k := range 200 {
			bad[from+int64(k)] = 0xff
		}
		for _, readers := range []int{1, 2} {
			evs, _, err := all(t, mustOpen(t, bad, readers))
			var d *DamageError
			if !errors.As(err, &d) || d.Generations != 1 || d.Generation != sec.number {
				t.Fatalf("type %d: %v; want generation %d to be damaged", typ, err, sec.number)
			}
			gaps := 0
			for _, ev := range evs {
				if ev.Kind == Gap {
					gaps++
				}
			}
			if len(evs)-gaps != len(whole) || gaps != 1 {
				t.Errorf("type %d: %d events and %d gaps, %d in the whole trace", typ, len(evs)-gaps, gaps, len(whole))
			}
		}
	}
}
