package osched

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// jobEnv makes the test binary one of the programs that tests record.
const jobEnv = "OSCHED_TEST_JOB"

func TestMain(m *testing.M) {
	job, arg, _ := strings.Cut(os.Getenv(jobEnv), " ")
	if job == "" {
		os.Exit(m.Run())
	}
	if err := work(job, arg); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func work(job, arg string) error {
	n, err := strconv.Atoi(arg)
	if err != nil {
		return err
	}
	switch job {
	case "spin": // eight goroutines on eight Ps, for n milliseconds
		runtime.GOMAXPROCS(8)
		var wg sync.WaitGroup
		end := time.Now().Add(time.Duration(n) * time.Millisecond)
		for range 8 {
			wg.Go(func() {
				for time.Now().Before(end) {
				}
			})
		}
		wg.Wait()
	case "pingpong": // two threads pass a byte to and fro over pipes, n times
		return pingpong(n)
	case "crunch": // counts to n million on one thread
		var x uint64
		for i := range uint64(n) * 1e6 {
			x = x*6364136223846793005 + i
		}
		if x == 42 {
			return errors.New("unlikely")
		}
	case "sleepers": // n threads that sleep until stdin ends
		return sleepers(n)
	case "naps": // n threads that compute for a fifth of a millisecond and nap for n times that, for two seconds
		return naps(n)
	case "forks": // n processes that end at once, ten at a time
		return forks(n)
	case "user":
		return recordAsUser()
	case "denied":
		return recordDenied()
	default:
		return fmt.Errorf("no job %q", job)
	}
	return nil
}

func pingpong(n int) error {
	r1, w1, err := os.Pipe()
	if err != nil {
		return err
	}
	r2, w2, err := os.Pipe()
	if err != nil {
		return err
	}
	fds := [4]int{int(r1.Fd()), int(w1.Fd()), int(r2.Fd()), int(w2.Fd())} // Fd makes them blocking
	echo := make(chan error, 1)
	go func() {
		echo <- handOver(fds[0], fds[3], n)
	}()
	first := []byte{1}
	if _, err := w1.Write(first); err != nil {
		return err
	}
	if err := handOver(fds[2], fds[1], n-1); err != nil {
		return err
	}
	err = <-echo
	runtime.KeepAlive([]*os.File{r1, w1, r2, w2})
	return err
}

func sleepers(n int) error {
	for range n {
		go func() {
			runtime.LockOSThread()
			for {
				_ = unix.Nanosleep(&unix.Timespec{Sec: 100}, nil) // a signal of the runtime's ends it early
			}
		}()
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

func naps(n int) error {
	const burn = 200 * time.Microsecond
	end := time.Now().Add(2 * time.Second)
	nap := unix.NsecToTimespec(int64(n) * burn.Nanoseconds())
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			runtime.LockOSThread()
			for time.Now().Before(end) {
				for until := time.Now().Add(burn); time.Now().Before(until); {
				}
				_ = unix.Nanosleep(&nap, nil)
			}
		})
	}
	wg.Wait()
	return nil
}

func forks(n int) error {
	var wg sync.WaitGroup
	errs := make([]error, n)
	turns := make(chan struct{}, 10)
	for i := range n {
		turns <- struct{}{}
		wg.Go(func() {
			errs[i] = exec.Command("true").Run()
			<-turns
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
