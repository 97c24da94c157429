// Package oschedtest records programs for the tests of those who read OS records.
package oschedtest

import (
	"bytes"
	"os/exec"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/osched"
)

// Record runs cmd under a recording of the CPUs that the test may use, and returns what was written, which
// [osched.Each] reads. It skips the test where the level that o asks for is not to be had.
func Record(t *testing.T, cmd *exec.Cmd, o osched.Options) (level osched.Level, file []byte) {
	t.Helper()
	var out bytes.Buffer
	type started struct {
		r   *osched.Recording
		err error
	}
	ready, finish := make(chan started), make(chan struct{})
	defer close(finish)
	// The thread stays locked and ends with the goroutine that made it: events are inherited from it.
	go func() {
		runtime.LockOSThread()
		r, err := osched.Start(CPUs(), &out, o)
		if err == nil {
			err = cmd.Start()
		}
		ready <- started{r, err}
		<-finish
	}()
	s := <-ready
	if s.err != nil {
		t.Fatal(s.err)
	}
	s.r.Follow(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.r.Stop(); err != nil {
		t.Fatal(err)
	}
	want := o.Highest
	if want == "" {
		want = osched.Switches
	}
	if s.r.Header.Level != want {
		t.Skipf("level %q: %q", s.r.Header.Level, s.r.Header.Notes)
	}
	return want, out.Bytes()
}

// CPUs are those that this process may use; nil for all.
func CPUs() []int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return nil
	}
	var out []int
	for i := range 1024 {
		if set.IsSet(i) {
			out = append(out, i)
		}
	}
	return out
}
