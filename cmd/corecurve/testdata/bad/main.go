// Command bad holds workloads that go wrong, one way each.
package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"time"

	"github.com/corecurve/corecurve/trace/workload"
)

func main() {
	workload.Main(
		bad("good", func(int) (any, error) { return 7, nil }),
		bad("panics", func(i int) (any, error) {
			if i == 3 {
				panic("three is too many")
			}
			return i, nil
		}),
		bad("errors", func(i int) (any, error) {
			if i == 2 {
				return nil, errors.New("the input is sour")
			}
			return i, nil
		}),
		bad("exits", func(i int) (any, error) {
			if i == 1 {
				os.Stderr.WriteString("leaving early\n")
				os.Exit(5)
			}
			return i, nil
		}),
		bad("hangs", func(int) (any, error) {
			time.Sleep(time.Hour)
			return nil, nil
		}),
		bad("spins", func(int) (any, error) {
			for {
			}
		}),
		bad("dies", func(int) (any, error) {
			p, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = p.Kill()
			}
			time.Sleep(time.Second)
			return nil, err
		}),
		bad("floods", func(i int) (any, error) {
			if i == 0 {
				line := append(bytes.Repeat([]byte("0123456789abcdef"), 4096), '\n')
				for range 1 << 14 { // a gigabyte
					if _, err := os.Stdout.Write(line); err != nil {
						return nil, err
					}
				}
			}
			return i, nil
		}),
		bad("differs", func(int) (any, error) { return time.Now().UnixNano(), nil }),
		bad("odd", func(int) (any, error) { return map[string]int{"a": 1}, nil }),
		bad("leaves", func(i int) (any, error) {
			if i == 0 { // a process in a session of its own, which outlives the run
				return i, exec.Command("setsid", "sleep", "600").Start()
			}
			return i, nil
		}),
		bad("slow", func(i int) (any, error) {
			time.Sleep(20 * time.Millisecond)
			return i, nil
		}),
	)
}

// bad is a workload of eight tasks.
func bad(name string, task func(i int) (any, error)) workload.Workload {
	return workload.Workload{
		Name: name, Doc: "goes wrong: " + name, Size: 8, Unit: "tasks",
		Tasks: func(size int64) int { return int(size) },
		Task:  func(_ context.Context, _ *workload.Env, i int) (any, error) { return task(i) },
	}
}
