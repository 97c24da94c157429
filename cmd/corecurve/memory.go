package main

import (
	"os"
	"runtime"
	"runtime/debug"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// memoryOption is the flag that bounds the memory for the analysis of traces.
type memoryOption struct {
	memory string // a number of bytes with a unit; empty: an eighth of the machine's
	bytes  int64  // set by bound; 0: no bound, since the machine's memory is not known
}

func (o *memoryOption) memoryFlag(f *pflag.FlagSet) {
	f.StringVar(&o.memory, "memory", "",
		"memory for reading traces, as in 500MB: bounds how many are read at a time (default an eighth of the machine's)")
}

// bound reads the flag, and makes the garbage collector keep to it.
func (o *memoryOption) bound() error {
	goal := int64(limits.MemoryGoal)
	if o.memory == "" {
		o.bytes = host.Memory() / 8
		// Many runs at a time need more.
		goal = max(goal, min(o.bytes, int64(runtime.GOMAXPROCS(0))*limits.RecordingMemory))
	} else {
		given, err := humanize.ParseBytes(o.memory)
		if err != nil || given < limits.LeastMemory || given > limits.Bytes {
			return usagef("--memory %q: want at least %s, as in 500MB or 2GiB", o.memory, humanize.IBytes(limits.LeastMemory))
		}
		o.bytes, goal = int64(given), int64(given)
	}
	keepTo(goal)
	return nil
}

// keepTo makes the garbage collector keep to so many bytes, unless the environment says otherwise.
func keepTo(goal int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(goal)
	}
}

// traces returns how to read traces.
func (o *memoryOption) traces() gotrace.Options {
	if o.bytes > 0 && o.bytes < limits.RecordingMemory {
		return gotrace.Options{Readers: 1}
	}
	return gotrace.Options{}
}

// explain analyses the captures of a study. Where there is a run for every P, nobody would read ahead for another.
func (o *memoryOption) explain(
	s *sweep.Study, how study.Reading, traces gotrace.Options,
) map[sweep.Run]study.Explained {
	traced := 0
	for i := range s.Results {
		if s.Results[i].Kind == sweep.Traced {
			traced++
		}
	}
	if traced >= runtime.GOMAXPROCS(0) {
		traces.Readers = 1
	}
	how.Memory = o.bytes
	return study.Explain(s.Results, how, func(r *sweep.Result) *captures.Run {
		return captures.Dir(s.Dir).OpenWith(r, traces)
	})
}
