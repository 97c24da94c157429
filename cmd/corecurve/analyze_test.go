package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	rtrace "runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// smallTrace is the trace of two goroutines that wait for each other, of several generations: asking a flight recorder
// ends one.
func smallTrace(tb testing.TB) []byte {
	tb.Helper()
	fr := rtrace.NewFlightRecorder(rtrace.FlightRecorderConfig{})
	if err := fr.Start(); err != nil {
		tb.Fatal(err)
	}
	defer fr.Stop()
	var b bytes.Buffer
	if err := rtrace.Start(&b); err != nil {
		tb.Fatal(err)
	}
	for range 3 {
		var wg sync.WaitGroup
		var mu sync.Mutex
		c := make(chan int)
		wg.Go(func() {
			for i := range c {
				mu.Lock()
				time.Sleep(time.Duration(i) * time.Microsecond)
				mu.Unlock()
			}
		})
		for i := range 10 {
			c <- i
		}
		close(c)
		wg.Wait()
		if _, err := fr.WriteTo(io.Discard); err != nil {
			tb.Fatal(err)
		}
	}
	rtrace.Stop()
	return b.Bytes()
}

// newerTrace has a header that no release writes yet.
const newerTrace = "go 1.99 trace\x00\x00\x00 and what may follow it"

// Headers hold zero bytes, which scripts cannot: a trace of a release to come, and one of Go 1.10.
func TestAnalyzeVersions(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{newerTrace, "standard input: the trace format of Go 1.99 is newer than this program can read"},
		{"go 1.10 trace\x00\x00\x00" + strings.Repeat("\x00", 100), "standard input: trace of Go 1.10"},
	} {
		var out, errs bytes.Buffer
		status := run([]string{"analyze", "-"}, strings.NewReader(c.data), &out, &errs)
		if status != exitFailed || !strings.Contains(errs.String(), c.want) || out.Len() > 0 {
			t.Errorf("status %d, want %d; stdout %q; stderr %q, want %q", status, exitFailed, &out, &errs, c.want)
		}
	}
}

// A trace of a release newer than our decoder knows is analysed all the same, and both verbs say how: a real trace of
// Go 1.26 is given to them as if Go 1.25 were the newest known.
func TestNewerReleaseIsSaid(t *testing.T) {
	older := gotrace.Options{Newest: 25}
	dir := t.TempDir()
	data := smallTrace(t)
	if err := os.WriteFile(filepath.Join(dir, "p0.trace"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := captures.OpenFiles([]string{captures.Stdin}, bytes.NewReader(data), older)
	if err != nil {
		t.Fatal(err)
	}
	defer captures.CloseFiles(in)
	a, err := request{}.analyze(in)
	if err != nil {
		t.Fatal(err)
	}
	var text, doc bytes.Buffer
	if err := errors.Join(a.WriteText(&text), a.WriteJSON(&doc)); err != nil {
		t.Fatal(err)
	}
	run := sweep.Result{Captures: []sweep.Capture{{Kind: sweep.GoTrace, Path: "p0.trace"}}}
	run.Kind, run.Status = sweep.Traced, sweep.OK
	e := study.Explain([]sweep.Result{run}, study.Reading{}, func(r *sweep.Result) *captures.Run { return captures.Dir(dir).OpenWith(r, older) })[run.Run]
	if e.Timeline == nil || e.Timeline.Warnings != nil {
		t.Errorf("timeline %+v", e.Timeline)
	}
	const want = "this trace format is newer than corecurve's own decoder (it calls itself go1.26); golang.org/x/exp/trace read it"
	for where, s := range map[string]string{
		"text":   strings.Join(strings.Fields(text.String()), " "),
		"JSON":   doc.String(),
		"report": strings.Join(words.Warnings(e.Warnings), "\n"),
	} {
		if !strings.Contains(s, want) {
			t.Errorf("%s does not say so: %s", where, s)
		}
	}
}

// Wherever a trace is cut or overwritten, the command tells what is left, or fails with a reason; it never tells of
// more events.
func TestAnalyzeDamage(t *testing.T) {
	data := smallTrace(t)
	whole := eventsOf(t, data)
	if whole < 100 {
		t.Fatalf("the trace has only %d events", whole)
	}
	for _, at := range []int{1, 15, 16, 17, 100, len(data) / 3, len(data) / 2, len(data) - 1} {
		if n := eventsOf(t, data[:at]); n > whole {
			t.Errorf("cut at %d of %d: %d events of %d", at, len(data), n, whole)
		}
		bad := bytes.Clone(data)
		for i := range 200 {
			if at >= 16 && at+i < len(bad) {
				bad[at+i] = byte(i * 7)
			}
		}
		eventsOf(t, bad)
	}
}

// eventsOf analyses data and returns the number of events that the command tells of.
func eventsOf(tb testing.TB, data []byte) int64 {
	tb.Helper()
	var out, errs bytes.Buffer
	status := run([]string{"analyze", "--json", "-"}, bytes.NewReader(data), &out, &errs)
	switch status {
	case exitFailed:
		if out.Len() > 0 || errs.Len() == 0 {
			tb.Fatalf("status 1 with %d bytes of output and the reason %q", out.Len(), &errs)
		}
		return 0
	case exitOK:
	default:
		tb.Fatalf("status %d: %s", status, &errs)
	}
	var doc struct {
		Traces []struct{ Events int64 }
		Cores  struct {
			Profile []struct {
				Duration float64 `json:"duration_s"`
			}
		}
		Ledger struct {
			CoreSeconds float64 `json:"core_seconds"`
			Causes      []struct {
				CoreSeconds float64 `json:"core_seconds"`
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		tb.Fatal(err)
	}
	sum := 0.0
	for _, c := range doc.Ledger.Causes {
		if c.CoreSeconds < 0 {
			tb.Errorf("a cause has %g core-seconds", c.CoreSeconds)
		}
		sum += c.CoreSeconds
	}
	// Exact as integers; as floating-point numbers to within their rounding.
	if d := sum - doc.Ledger.CoreSeconds; d > 1e-9*(1+sum) || d < -1e-9*(1+sum) {
		tb.Errorf("causes add up to %.12g core-seconds of %.12g", sum, doc.Ledger.CoreSeconds)
	}
	return doc.Traces[0].Events
}

// FuzzAnalyze gives any bytes to the whole verb: status 0 or 1, and never a panic. It writes both forms.
func FuzzAnalyze(f *testing.F) {
	data := smallTrace(f)
	f.Add(data)
	f.Add(data[:len(data)/2])
	for _, at := range []int{17, 40, len(data) / 3, len(data) - 50} {
		bad := bytes.Clone(data)
		bad[at] ^= 0x55
		f.Add(bad)
	}
	f.Add([]byte(newerTrace))
	f.Add([]byte("go 1.21 trace\x00\x00\x00"))
	f.Add([]byte{})
	f.Add([]byte("\x1f\x8b\x08\x00"))
	path := filepath.Join(f.TempDir(), "x.trace")
	f.Fuzz(func(t *testing.T, data []byte) {
		eventsOf(t, data)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		if status := run([]string{"analyze", path}, nil, &out, &errs); status > exitFailed {
			t.Errorf("status %d: %s", status, &errs)
		}
	})
}
