package supervise

import (
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/internal/proc"
)

// Of a shell that has waited for a program that computes, the CPU time of that is known before the shell is reaped, and
// of a program that starts none there is none.
func TestWaited(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh here")
	}
	const loop = `i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done`
	for _, tt := range []struct {
		script string
		some   bool
	}{{"sh -c '" + loop + "'; true", true}, {loop, false}} {
		c := exec.Command(sh, "-c", tt.script)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		proc.AwaitEnd(c.Process.Pid, func(syscall.Signal) {})
		got := waited(c.Process.Pid)
		if err := c.Wait(); err != nil {
			t.Fatal(err)
		}
		all := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		if (got > 0) != tt.some || got > all+tick || tt.some && got < all-3*tick-all/4 {
			t.Errorf("%q: %v of %v", tt.script, got, all)
		}
	}
	if d := waited(1 << 30); d != time.Duration(0) {
		t.Errorf("of no process: %v", d)
	}
}
