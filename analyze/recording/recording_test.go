package recording_test

import (
	"bytes"
	"math"
	rtrace "runtime/trace"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// record returns the trace of a goroutine that counts for some milliseconds while the others of this process wait for
// it.
func record(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := rtrace.Start(&b); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for end := time.Now().Add(8 * time.Millisecond); time.Now().Before(end); {
			math.Sqrt(2)
		}
	})
	wg.Wait()
	rtrace.Stop()
	return b.Bytes()
}

func processes(t *testing.T, traces ...[]byte) []recording.Process {
	t.Helper()
	var out []recording.Process
	for i, data := range traces {
		r, err := gotrace.NewReader(bytes.NewReader(data), "p.trace")
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, recording.Process{Rank: i, Reader: r})
	}
	return out
}

// All analyses are of the same time, and say the same of it: what the ledger holds is what Ps there were, what is busy
// in it is what the core use has as busy, and no speedup is asserted that the path excludes.
func TestAnalysesAgree(t *testing.T) {
	data := record(t)
	for _, c := range []struct {
		name   string
		traces [][]byte
		opt    recording.Options
	}{
		{"all", [][]byte{data}, recording.Options{}},
		{"a part", [][]byte{data}, recording.Options{From: 2e6, To: 5e6, SinceFirst: true}},
		{"two processes", [][]byte{data, data}, recording.Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.opt.Goroutines = true
			rec := recording.Read(processes(t, c.traces...), c.opt)
			if i := slices.IndexFunc(rec.Damage, func(err error) bool { return err != nil }); i >= 0 {
				t.Fatal(rec.Damage[i])
			}
			l := ledger.Merge(rec.Ledgers...)
			if err := ledger.Validate(l); err != nil {
				t.Error(err)
			}
			if err := timeline.Validate(rec.Timeline); err != nil {
				t.Error(err)
			}
			p := critical.Merge(rec.Paths...)
			if err := critical.Validate(p); err != nil {
				t.Error(err)
			}
			wall := rec.Use.End.Sub(rec.Use.Start)
			if c.opt.SinceFirst && wall != 3*time.Millisecond {
				t.Errorf("the part is %v long, want 3 ms", wall)
			}
			if l.Wall != wall {
				t.Errorf("the ledger is of %v, the core use of %v", l.Wall, wall)
			}
			busy := time.Duration(0)
			for _, c := range []cause.Cause{
				cause.User, cause.GCDedicated, cause.GCIdle, cause.GCAssist, cause.GCSweep, cause.Syscall,
				cause.Runtime,
			} {
				busy += time.Duration(l.Of(c))
			}
			// Ps that stand still while the world is stopped, and the one that stops it, are one cause in the ledger;
			// so they are where the tracer stops it.
			partly := time.Duration(l.Of(cause.GCSTW) + l.Of(cause.Tracer))
			if use := rec.Use.Busy(); busy > use || use-busy > partly {
				t.Errorf("the ledger has %v as busy and %v as perhaps busy, the core use %v", busy, partly, use)
			}
			if span := p.Span; p.Work > rec.Use.Busy() || span > wall {
				t.Errorf("work %v of %v that is busy, path %v of %v", p.Work, rec.Use.Busy(), span, wall)
			}
			running := time.Duration(0)
			for _, g := range rec.Goroutines.Groups {
				running += g.Running.Total
			}
			if running > rec.Use.Busy() {
				t.Errorf("goroutines ran %v, Ps were busy %v", running, rec.Use.Busy())
			}
			if _, _, gap := rec.Apart(); rec.Extents[0].Events == 0 || gap != 0 {
				t.Errorf("extents %v", rec.Extents)
			}
		})
	}
}

// A trace that is cut is read as far as it goes, and the other process's to its end.
func TestDamage(t *testing.T) {
	data := record(t)
	rec := recording.Read(processes(t, data, data[:len(data)/2]), recording.Options{})
	if rec.Damage[0] != nil || rec.Damage[1] == nil {
		t.Errorf("damage %v", rec.Damage)
	}
	if rec.Extents[0].Events < 20 || rec.Extents[0].Events <= rec.Extents[1].Events {
		t.Errorf("extents %v", rec.Extents)
	}
	if rec.Goroutines != nil {
		t.Error("there is a table of goroutines that nobody wanted")
	}
}
