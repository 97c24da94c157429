package proc

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// A Self is a started process's end of the line.
type Self struct {
	Spec   wire.Spec
	Output *os.File
	Input  *os.File // nil unless the job is [wire.Child], or more than one run is handed to this process

	lifeline *os.File
}

// Started reports whether this process was started to do a job.
func Started() bool { return os.Getenv(wire.SpecEnv) != "" }

// takenEnv holds the id of a process that has taken its job. Programs that it starts inherit the variable but not the
// id.
const takenEnv = "CORECURVE_PROCESS"

// Part reports whether this process is part of a run: it was started to do a job, whether or not it has taken the job
// yet. Such a process must not start runs of its own, or a program that goes on after its job would multiply without
// end.
func Part() bool { return Started() || os.Getenv(takenEnv) == strconv.Itoa(os.Getpid()) }

// Enter takes over the spec and the pipes from the starter. Programs that the process starts itself inherit neither.
func Enter() (*Self, error) {
	text := os.Getenv(wire.SpecEnv)
	if text == "" {
		return nil, errors.New(wire.SpecEnv + " is not set")
	}
	s := &Self{}
	if err := json.Unmarshal([]byte(text), &s.Spec); err != nil {
		return nil, fmt.Errorf("%s: %w", wire.SpecEnv, err)
	}
	err := errors.Join(os.Unsetenv(wire.SpecEnv), os.Setenv(takenEnv, strconv.Itoa(os.Getpid())))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", wire.SpecEnv, err)
	}
	if s.lifeline, err = inherit(lifelineFD, "lifeline"); err != nil {
		return nil, err
	}
	if s.Output, err = inherit(outputFD, "output"); err != nil {
		return nil, err
	}
	if s.Spec.Job == wire.Child || s.Spec.Again {
		if s.Input, err = inherit(inputFD, "input"); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Watch calls gone once, from its own goroutine, when the starter is gone or hangs up.
func (s *Self) Watch(gone func()) {
	go func() {
		var b [1]byte
		for {
			if _, err := s.lifeline.Read(b[:]); err != nil {
				gone()
				return
			}
		}
	}()
}
