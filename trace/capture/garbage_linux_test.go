package capture

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

// garbageEnv tells task 2 of the workload meddling what to write on the pipe to its starter; "close": it closes it.
const garbageEnv = "CAPTURE_TEST_GARBAGE"

// meddling writes on the pipe that belongs to corecurve and goes on for longer than any test waits.
func meddling() workload.Workload {
	return workload.Workload{
		Name: "meddling", Doc: "for tests", Size: 4,
		Tasks: func(size int64) int { return int(size) },
		Task: func(_ context.Context, _ *workload.Env, i int) (any, error) {
			if i != 2 {
				return i, nil
			}
			text, err := strconv.Unquote(os.Getenv(garbageEnv)) // no variable can hold a zero byte
			if err != nil {
				return nil, err
			}
			if text == "close" {
				if err := syscall.Close(wire.OutputFD); err != nil {
					return nil, err
				}
			}
			for from := []byte(text); text != "close" && len(from) > 0; {
				n, err := syscall.Write(wire.OutputFD, from)
				if err != nil && !errors.Is(err, syscall.EAGAIN) {
					return nil, err
				}
				from = from[max(0, n):]
			}
			time.Sleep(time.Hour)
			return i, nil
		},
	}
}

// What a program writes on the pipe that is not its own fails the run, which would go on until its time is over, says
// what came, and leaves no process.
func TestGarbageIsNamed(t *testing.T) {
	const hello = `wrote 12 bytes on the pipe of corecurve (fd 4) that are no message: "hello world\n"`
	r := newRunner(t)
	for _, tt := range []struct {
		text      string
		one, many string // part of the error, of one process and of several
	}{
		{"hello world\n", "the program " + hello, hello},
		{"hello", `the program wrote 5 bytes on the pipe`, "wrote 5 bytes on the pipe"},
		{strings.Repeat("x", 100_000), "wrote more than 16384 bytes on the pipe", "wrote more than 16384 bytes on the pipe"},
		{"{\"done\":1}\n", "cannot unmarshal number", "wrote 11 bytes"},
		{"{\"end\":{}}\n", "it comes before the outcome", "wrote 11 bytes"},
		{"{\"serving\":\"x\"}\n{\"done\":{}}\n", "the outcome of a service", "wrote"},
		{"{\"done\":{\"released\":1,\"finished\":2}}\n", "before the start of the process", "wrote"},
		{"{\"done\":{\"tasks\":-1}}\n", "tasks is -1: must not be negative", "wrote"},
		{"{\"done\":{}}\n", "of 0 processes, want 1", "wrote"},
		{"\xffD\xff\xff\xff\xff", "wrote 6 bytes", "4 GiB: at most 1 GiB"},
		{"\xffx", "wrote 2 bytes", "wrote 2 bytes"},
		{"\xffC\x00\x00\x00\x00", "wrote 6 bytes", `a frame 'C' on the pipe of corecurve (fd 4) that comes at the wrong time`},
		{"\xffR\x00\x00\x00\x00", "wrote 6 bytes", `a frame 'R'`},
		{"\xffD\x02\x00\x00\x00\x00\x04", "wrote 8 bytes", "tasks 0-3 were not given to it"},
		{"\xffM\x02\x00\x00\x00{}", "wrote 8 bytes", "message has 0 fields set"},
		{"\xffM\x0a\x00\x00\x00{\"end\":{}}", "wrote 16 bytes", "it comes before the outcome"},
		{"close", "closed the pipe of corecurve (fd 4) before it gave a result", "closed the pipe of corecurve"},
	} {
		t.Setenv(garbageEnv, strconv.Quote(tt.text))
		for procs, want := range map[int]string{1: tt.one, 2: tt.many} {
			res := mustRun(t, r, point("meddling", procs, 1, 1, 4), sweep.Timed)
			if res.Status != sweep.Failed || !strings.Contains(res.Error, want) {
				t.Errorf("%.20q, procs %d: %s: %s, want %q", tt.text, procs, res.Status, res.Error, want)
			}
			if len(res.Warnings) > 0 { // of processes that were left
				t.Errorf("%.20q, procs %d: %q", tt.text, procs, res.Warnings)
			}
		}
	}
}
