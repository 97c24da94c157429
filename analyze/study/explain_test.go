package study

import (
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestRunsAtATime: as many runs as there are Ps are read at a time, fewer where memory is short, and one in any case.
func TestRunsAtATime(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	var results []sweep.Result
	for i := range 12 {
		results = append(results, sweep.Result{Status: sweep.OK, Run: sweep.Run{
			Point: sweep.Point{Workload: "w", Procs: 1, Workers: 1, Cores: 1, Size: 1}, Rep: i, Kind: sweep.Traced,
		}})
	}
	for _, tt := range []struct {
		memory int64
		want   int
	}{{0, 3}, {limits.RecordingMemory, 1}, {1, 1}, {2*limits.RecordingMemory + 1, 2}, {9 * limits.RecordingMemory, 3}} {
		var mu sync.Mutex
		now, most := 0, 0
		full := make(chan struct{}) // closed when as many as are wanted are at it
		out := Explain(results, Reading{Memory: tt.memory}, func(*sweep.Result) *captures.Run {
			mu.Lock()
			now++
			if most = max(most, now); now == tt.want && most == now {
				select {
				case <-full:
				default:
					close(full)
				}
			}
			mu.Unlock()
			select {
			case <-full:
			case <-time.After(2 * time.Minute):
			}
			mu.Lock()
			now--
			mu.Unlock()
			return &captures.Run{}
		})
		if most != tt.want || len(out) != len(results) {
			t.Errorf("memory %d: %d runs at a time, want %d; %d runs explained", tt.memory, most, tt.want, len(out))
		}
	}
}

// TestShownTimeline: whatever the order in which the runs of a point are read, the nearest that has a timeline keeps
// it.
func TestShownTimeline(t *testing.T) {
	run := func(k int) sweep.Run { return sweep.Run{Rep: k, Kind: sweep.Traced} }
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}, {3, 1, 2, 0}} {
		e := explainer{out: map[sweep.Run]Explained{}, shown: map[sweep.Point]shown{}}
		for _, k := range order {
			x := Explained{}
			if k > 0 { // the nearest has none
				x.Timeline = &timeline.Timeline{}
			}
			e.keep(run(k), k, x, 0)
		}
		for k := range order {
			if has := e.out[run(k)].Timeline != nil; has != (k == 1) {
				t.Errorf("read in the order %v: run %d has a timeline: %t", order, k, has)
			}
		}
	}
}
