package pulse

import (
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Nothing that this process does wakes its sleeper: not its garbage collector, nor what it starts, nor the signals that
// it is sent.
func TestSleeperSleeps(t *testing.T) {
	ended := make(chan struct{})
	s := fallAsleep(func() { close(ended) })
	for begin := time.Now(); !s.slept(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 2*time.Minute {
			t.Fatal("it does not fall asleep")
		}
	}
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, unix.SIGUSR1)
	defer signal.Stop(heard)
	for range 20 {
		runtime.GC()
		if err := exec.Command("true").Run(); err != nil {
			t.Fatal(err)
		}
		if err := unix.Kill(os.Getpid(), unix.SIGUSR1); err != nil {
			t.Fatal(err)
		}
		<-heard
		if !s.slept() {
			t.Error("it was woken")
		}
	}
	s.end()
	<-ended
	if s.slept() {
		t.Error("it sleeps although it has ended")
	}
}

// BenchmarkSince is what a run costs that was not disturbed.
func BenchmarkSince(b *testing.B) {
	p := Start()
	defer p.Stop()
	for b.Loop() {
		p.Since(0)
	}
}
