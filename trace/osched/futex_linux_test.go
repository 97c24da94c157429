package osched

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
)

// In a C program a lock and the end of a thread are told from a condition and a barrier.
func TestFutexesOfC(t *testing.T) {
	needReasons(t)
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("gcc is not installed")
	}
	program := filepath.Join(t.TempDir(), "futexes")
	gcc(t, "-pthread", "-o", program, "testdata/futexes.c")
	cmd := exec.Command(program)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var lock, condition, barrier uint64
	if _, err := fmt.Fscan(out, &lock, &condition, &barrier); err != nil {
		t.Fatal(err)
	}
	near := func(x, address uint64) bool { return x >= address && x < address+48 }
	names := func(records []Record) map[string]string {
		m := map[string]string{}
		for _, r := range records {
			switch {
			case r.Reason != Futex:
			case near(r.Object, lock):
				m["lock"] = r.Name
			case near(r.Object, condition):
				m["condition"] = r.Name
			case near(r.Object, barrier):
				m["barrier"] = r.Name
			case r.TID == r.PID:
				m["join"] = r.Name
			}
		}
		return m
	}
	seen := collect(t, cmd.Process.Pid, func(r []Record) bool { return len(names(r)) == 4 })
	_ = in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	got := names(seen)
	for what, want := range map[string]string{"lock": HeldLock, "condition": "", "barrier": "", "join": ThreadEnd} {
		if name, ok := got[what]; !ok || name != want {
			t.Errorf("%s: seen %v as %q, want %q", what, ok, name, want)
		}
	}
}
