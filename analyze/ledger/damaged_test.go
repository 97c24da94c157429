package ledger_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	rtrace "runtime/trace"
	"slices"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// generations returns a trace of a program on that many Ps in more generations than the one per second that the runtime
// makes: each time the flight recorder is read another begins.
func generations(t *testing.T, procs, n int) []byte {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
	fr := rtrace.NewFlightRecorder(rtrace.FlightRecorderConfig{})
	if err := fr.Start(); err != nil {
		t.Fatal(err)
	}
	defer fr.Stop()
	var buf bytes.Buffer
	if err := rtrace.Start(&buf); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		var err error
		for range n {
			time.Sleep(5 * time.Millisecond)
			_, e := fr.WriteTo(io.Discard)
			err = errors.Join(err, e)
		}
		done <- err
	}()
	for running := true; running; {
		everything(200)
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			running = false
		default:
		}
	}
	rtrace.Stop()
	return buf.Bytes()
}

type readings struct {
	ledger *ledger.Ledger
	path   *critical.Path
	gaps   []time.Duration
	err    error
}

func readAll(t *testing.T, data []byte) readings {
	t.Helper()
	r, err := gotrace.NewReader(bytes.NewReader(data), "p0.trace")
	if err != nil {
		t.Fatal(err)
	}
	rp := replay.Replay{Symbols: r.Symbols()}
	l, c := ledger.Builder{Symbols: r.Symbols()}, critical.Builder{Symbols: r.Symbols()}
	var out readings
	var ev gotrace.Event
	var lost clock.Time
	for {
		if err := r.Next(&ev); err != nil {
			if !errors.Is(err, io.EOF) {
				out.err = err
			}
			break
		}
		if lost != 0 {
			out.gaps = append(out.gaps, time.Duration(ev.Time-lost))
			lost = 0
		}
		if ev.Kind == gotrace.Gap {
			lost = ev.Time
		}
		steps := rp.Append(nil, ev)
		l.Add(steps)
		c.Add(steps)
	}
	out.ledger, out.path = l.Finish(), c.Finish()
	if err := ledger.Validate(out.ledger); err != nil {
		t.Error(err)
	}
	if err := critical.Validate(out.path); err != nil {
		t.Error(err)
	}
	return out
}

// TestDamaged overwrites 200 bytes at some places in the middle of a trace. What is left accounts for the same core
// time as the whole trace, to the nanosecond; at least the part that is missing is unknown, and neither work nor span
// has anything of it.
func TestDamaged(t *testing.T) {
	const procs, places = 2, 12
	data := generations(t, procs, 8)
	whole := readAll(t, data)
	if whole.err != nil || len(whole.gaps) > 0 {
		t.Fatalf("%v, gaps %v", whole.err, whole.gaps)
	}
	damaged := 0
	for k := range places {
		at := len(data)/4 + len(data)/2*k/places
		bad := bytes.Clone(data)
		for i := range 200 {
			bad[at+i] = byte(0xa5 + 7*i*(k+1))
		}
		got := readAll(t, bad)
		if len(got.gaps) == 0 {
			continue // what was overwritten is padding, or still makes sense
		}
		damaged++
		if got.ledger.Total != whole.ledger.Total || got.ledger.Wall != whole.ledger.Wall {
			t.Errorf("byte %d: total %d in %v, of the whole trace %d in %v", at, got.ledger.Total, got.ledger.Wall,
				whole.ledger.Total, whole.ledger.Wall)
		}
		var missing time.Duration
		for _, d := range got.gaps {
			missing += d
		}
		if unknown := got.ledger.Of(cause.Unknown); unknown < procs*ledger.CoreTime(missing) {
			t.Errorf("byte %d: %v are missing, %v unknown", at, missing, time.Duration(unknown))
		}
		// Not compared with the whole trace's work: a goroutine of the runtime that was made in the missing part counts
		// as the program's until its start is told.
		if seen := got.ledger.Wall - missing; got.path.Work > procs*seen || got.path.Span > seen {
			t.Errorf("byte %d: work %v, span %v, of %v that can be read", at, got.path.Work, got.path.Span, seen)
		}
		// One fold says that parts are missing.
		if w := slices.Concat(got.ledger.Warnings, got.path.Warnings); len(w) != 1 || w[0].Kind != warning.LedgerGap ||
			w[0].Figures.Count != len(got.gaps) {
			t.Errorf("byte %d: warnings %+v", at, w)
		}
	}
	t.Logf("%d of %d damages left a gap", damaged, places)
	if damaged == 0 {
		t.Error("no damage left a gap")
	}
}
