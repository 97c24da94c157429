package osched

import (
	"fmt"
	"runtime"

	"github.com/corecurve/corecurve/trace/clock"
)

// looksAtOnce is how many looks are made before their cost is seen. Every pass makes so many, whatever the budget says.
const looksAtOnce = 8

// A watcher knows from the switches which threads are blocked, and looks at each once in every stretch of being blocked
// that lasts until the next pass. What a thread that stays blocked waits for does not change.
type watcher struct {
	looker *looker
	budget budget
	tasks  map[int32]*watched // by TID
	left   []*watched         // those that have left their cores since they were looked at, the first to do so first
	gone   []*watched         // since the last pass
	passes int
	cut    int // passes that the budget ended early
}

// A watched is a thread.
type watched struct {
	pid, tid int32
	at       clock.Time // of the latest record
	blocked  bool
	queued   bool // in left
	gone     bool
}

func newWatcher() *watcher {
	return &watcher{looker: newLooker(), budget: newBudget(clock.Now(), cpuTime(processClock)), tasks: map[int32]*watched{}}
}

// see takes a record. Those of one CPU come in order, those of several CPUs do not.
func (w *watcher) see(r *Record) {
	if r.Kind == Lost { // anyone may be blocked now
		for _, t := range w.tasks {
			t.blocked = true
			w.queue(t)
		}
		return
	}
	if r.TID <= 0 {
		return
	}
	t := w.tasks[r.TID]
	if t == nil {
		t = &watched{tid: r.TID}
		w.tasks[r.TID] = t
	}
	if r.Time < t.at {
		return
	}
	t.at, t.pid = r.Time, r.PID
	switch r.Kind {
	case Out:
		t.blocked = true
		w.queue(t)
	case In, Preempt:
		t.blocked = false
	case Fork: // may come after the first switches of the thread
		w.looker.files.forget(r.PID, r.TID) // of an earlier thread of that number
		if t.gone {
			t.gone, t.blocked = false, false
		}
		if r.PID == r.TID {
			w.looker.forked(r.PID, r.Parent)
		}
	case Exec:
		t.blocked = false
		w.looker.ended(r.PID)
	case Exit:
		t.gone = true
		w.gone = append(w.gone, t)
	}
}

func (w *watcher) queue(t *watched) {
	if !t.queued {
		t.queued = true
		w.left = append(w.left, t)
	}
}

// pass looks at the threads that are blocked and have not been looked at since they blocked, as far as the budget
// reaches; what is left comes first in the next pass. emit must not keep the record.
func (w *watcher) pass(emit func(*Record)) {
	runtime.LockOSThread() // for its CPU time
	defer runtime.UnlockOSThread()
	w.passes++
	w.budget.settle(clock.Now(), cpuTime(processClock))
	limit := cpuTime(threadClock) + w.budget.have
	done := 0
	for looks := 0; done < len(w.left); done++ {
		t := w.left[done]
		if t.blocked && !t.gone {
			if looks++; looks%looksAtOnce == 1 && looks > 1 && cpuTime(threadClock) > limit {
				w.cut++
				break
			}
			w.look(t, emit)
		}
		t.queued = false
	}
	n := copy(w.left, w.left[done:])
	clear(w.left[n:])
	w.left = w.left[:n]
	for _, t := range w.gone {
		if t.gone && w.tasks[t.tid] == t { // no new thread has its number yet
			w.forget(t)
		}
	}
	clear(w.gone)
	w.gone = w.gone[:0]
}

func (w *watcher) look(t *watched, emit func(*Record)) {
	now := clock.Now()
	r, what := w.looker.look(t.pid, t.tid, now)
	switch what {
	case blocked:
		emit(&r)
	case active: // its switch out is over, and if it were on a core again the reader would know: it is ready
		emit(&Record{Time: now, Kind: Woken, CPU: NoCPU, PID: t.pid, TID: t.tid})
	}
}

func (w *watcher) forget(t *watched) {
	w.looker.files.forget(t.pid, t.tid)
	delete(w.tasks, t.tid)
	if t.pid == t.tid {
		w.looker.ended(t.pid)
	}
}

// close ends it and returns notes on what it could not see.
func (w *watcher) close() []string {
	notes := w.looker.close()
	if 10*w.cut > w.passes {
		notes = append(notes, fmt.Sprintf("in %d of %d passes some blocked threads were not looked at: "+
			"sampling takes at most %g %% of a core", w.cut, w.passes, 100*lookShare))
	}
	return notes
}
