package osched

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
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
