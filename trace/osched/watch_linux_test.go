package osched

import (
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

// seen makes w see that threads of a process left their cores, or came back.
func seen(w *watcher, k Kind, at clock.Time, pid int32, tids ...int32) {
	for _, tid := range tids {
		w.see(&Record{Time: at, Kind: k, PID: pid, TID: tid})
	}
}

// pass returns what a pass emits, by thread.
func pass(w *watcher) map[int32]Record {
	out := map[int32]Record{}
	w.pass(func(r *Record) { out[r.TID] = *r })
	return out
}

// A thread is looked at once after it has left its core, not again while it stays away, and not if it came back. It
// does not matter that the records of another CPU come later.
func TestOneLook(t *testing.T) {
	needReasons(t)
	pid, tids := asleep(t, 4)
	w := newWatcher()
	defer w.close()
	seen(w, Out, 10, pid, tids[1:]...)
	first := pass(w)
	for _, tid := range tids[1:] {
		r, ok := first[tid]
		if delete(first, tid); !ok || r.Kind != Blocked && r.Kind != Woken {
			t.Errorf("thread %d: %+v", tid, r)
		}
	}
	if len(first) > 0 {
		t.Errorf("looked at %v too, who are on their cores", first)
	}
	if again := pass(w); len(again) > 0 {
		t.Errorf("looked again at %v", again)
	}
	seen(w, Out, 30, pid, tids[1:]...)
	seen(w, In, 40, pid, tids[1])
	seen(w, Preempt, 40, pid, tids[2])
	seen(w, In, 25, pid, tids[3]) // before it left: of another CPU
	second := pass(w)
	if _, ok := second[tids[3]]; !ok || len(second) != len(tids)-3 {
		t.Errorf("looked at %v, want all of %v but those that came back", second, tids[3:])
	}
}

// What was spent in advance ends a pass after a few looks; the next one begins where it ended.
func TestBudgetEndsPass(t *testing.T) {
	needReasons(t)
	pid, tids := asleep(t, 40)
	w := newWatcher()
	defer w.close()
	seen(w, Out, 10, pid, tids...)
	looked := map[int32]bool{}
	for passes := 1; len(looked) < len(tids); passes++ {
		w.budget = budget{have: -lookSaved, at: 1 << 62}
		got := pass(w)
		if len(got) == 0 || len(got) > looksAtOnce {
			t.Fatalf("pass %d looked at %d threads, want %d", passes, len(got), looksAtOnce)
		}
		for tid := range got {
			if looked[tid] {
				t.Errorf("thread %d was looked at twice", tid)
			}
			looked[tid] = true
		}
	}
	if w.cut == 0 {
		t.Error("no pass was cut")
	}
}

// A process that has ended is no error, and its file is not read for the process that gets its number.
func TestEndedProcess(t *testing.T) {
	needReasons(t)
	cmd := exec.Command("sleep", "100")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := int32(cmd.Process.Pid)
	w := newWatcher()
	defer w.close()
	seen(w, Out, 10, pid, pid)
	pass(w)
	key := fileKey{tid: pid, file: syscallFile}
	if _, ok := w.looker.files.open[key]; !ok {
		t.Error("its file is not kept open")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	seen(w, Out, 20, pid, pid)
	if got := pass(w); len(got) > 0 {
		t.Errorf("seen in a process that has ended: %v", got)
	}
	if _, ok := w.looker.files.open[key]; ok {
		t.Error("the file of a process that has ended is still open")
	}
	seen(w, Exit, 30, pid, pid)
	pass(w)
	if len(w.tasks) > 0 {
		t.Errorf("%d threads are remembered", len(w.tasks))
	}
	w.looker.program(pid).python = pythonRuntime{1, 2}
	w.see(&Record{Time: 40, Kind: Fork, PID: pid, TID: pid, Parent: 1})
	if w.looker.programs[pid] != nil {
		t.Error("a new process is taken for the one that had its number")
	}
}

// A child runs its parent's program until it begins another.
func TestProgramOfAChild(t *testing.T) {
	w := newWatcher()
	defer w.close()
	w.looker.program(7).python = pythonRuntime{100, 200}
	w.see(&Record{Time: 1, Kind: Fork, PID: 8, TID: 8, Parent: 7})
	if !w.looker.holdsGIL(8, 150, 0) {
		t.Error("the child has lost its interpreter")
	}
	w.see(&Record{Time: 2, Kind: Exec, PID: 8, TID: 8})
	if w.looker.holdsGIL(8, 150, 0) {
		t.Error("the child has kept its interpreter through exec")
	}
}

// What comes when there is no room is read all the same, and not kept open.
func TestFileRoom(t *testing.T) {
	needReasons(t)
	_, tids := asleep(t, 4)
	f := newFiles()
	defer f.close()
	f.room = 2
	for range 3 {
		for _, tid := range tids {
			if text, err := f.read(fileKey{tid: tid, file: syscallFile}); err != nil || len(text) == 0 {
				t.Errorf("thread %d: %q, %v", tid, text, err)
			}
		}
	}
	if len(f.open) != 2 {
		t.Errorf("%d files are open", len(f.open))
	}
	f.forget(0, tids[0])
	if len(f.open) != 1 {
		t.Errorf("%d files are open after the first thread has ended", len(f.open))
	}
}

// Hundreds of processes that come and go leave no open files behind, and none of them is an error.
func TestManyProcesses(t *testing.T) {
	needSwitches(t)
	const n = 400
	r := record(t, self("forks 400"), Options{})
	if got := count(r.records, Exec); got < n && r.summary.Gaps == 0 {
		t.Errorf("%d programs, want %d and the first", got, n)
	}
	for _, note := range r.summary.Notes {
		t.Log(note)
	}
	if unix.Kill(int(r.pid), 0) == nil {
		t.Error("the process is still there")
	}
}
