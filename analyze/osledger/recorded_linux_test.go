package osledger

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/osched/oschedtest"
)

// recorded is the ledger of a command with two workers, and where their threads are.
func recorded(t *testing.T, cmd *exec.Cmd) (*threads.Threads, *Choice, *ledger.Ledger) {
	t.Helper()
	_, file := oschedtest.Record(t, cmd, osched.Options{})
	read := func(b *threads.Builder) *threads.Threads {
		each := func(r *osched.Record) error { b.Add(r); return nil }
		if _, err := osched.Each("test", bytes.NewReader(file), each); err != nil {
			t.Fatal(err)
		}
		return b.Finish()
	}
	th := read(&threads.Builder{})
	b := Builder{
		Threads: th, Choice: Choose(th, []int32{int32(cmd.Process.Pid)}, 2), From: th.Start, To: th.End, Cores: 2,
	}
	read(&threads.Builder{Watch: b.Change})
	b.Finish()
	l := b.Ledger()
	if err := ledger.Validate(l); err != nil {
		t.Error(err)
	}
	return th, b.Choice, l
}

// What two workers of a C program wait for gets its name: a lock that is one, and for the rest no lock. Beside their
// sleep, which is their work, nothing else takes a tenth of what they wait for each other. The first thread, or the
// parent, is no worker.
func TestWaitsOfC(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("there is no C compiler")
	}
	program := filepath.Join(t.TempDir(), "waits")
	if text, err := exec.Command("cc", "-pthread", "-o", program, "testdata/waits.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, tt := range []struct {
		kind  string
		want  cause.Cause
		place string
	}{
		{"lock", cause.Futex, "a lock of program waits"},
		{"barrier", cause.Cond, "another thread of program waits, or a lock"},
		{"condition", cause.Cond, "another thread of program waits, or a lock"},
		{"semaphore", cause.Cond, "another thread of program waits, or a lock"},
		{"pipe", cause.IO, "a pipe of program waits"},
		{"children", cause.Sleep, "program waits"},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			// What else runs on the machine may keep one of the threads from its half of the work: then again.
			var wrong []string
			for range 3 {
				th, choice, l := recorded(t, exec.Command(program, tt.kind))
				if wrong = waitsWrong(th, choice, l, tt.kind != "children", tt.want, tt.place); len(wrong) == 0 {
					return
				}
			}
			t.Error(strings.Join(wrong, "\n"))
		})
	}
}

// waitsWrong says what is wrong with a ledger of two workers that waited for want at place; threads: of one process.
func waitsWrong(th *threads.Threads, choice *Choice, l *ledger.Ledger, ofOne bool, want cause.Cause,
	place string,
) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if len(l.Workers) != 2 {
		say("%d workers of %d threads: %+v", len(l.Workers), len(th.Threads), l.Warnings)
		return wrong
	}
	if first := th.Threads[choice.Workers[0]]; ofOne && first.PID == first.TID {
		say("the first thread is a worker")
	}
	sum := map[cause.Cause]time.Duration{}
	for _, w := range l.Workers {
		for c, d := range w.ByCause {
			sum[c] += d
		}
	}
	for _, c := range []cause.Cause{cause.Futex, cause.Cond, cause.IO, cause.Unknown, cause.Mutex} {
		if c != want && sum[c] > sum[want]/10 {
			say("%s takes %v, %s %v", c, sum[c], want, sum[want])
		}
	}
	if sum[want] < 100*time.Millisecond {
		say("%s takes %v", want, sum[want])
	}
	for _, r := range l.Rows {
		if r.Cause == want && r.Stacks[0].Waiting[0].Func != place {
			say("%s is for %q, want %q", r.Cause, r.Stacks[0].Waiting[0].Func, place)
		}
	}
	return wrong
}
