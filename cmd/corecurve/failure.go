package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// hopeless returns the error of a study that ended because no workload gave a result: what was run, how it failed, and
// the last that it wrote to stderr.
func hopeless(h *sweep.Header, ending *capture.Ending, dir string) error {
	results := slices.Concat(ending.Results, ending.Missed)
	i := slices.IndexFunc(results, func(r sweep.Result) bool { return r.Status != sweep.OK })
	if i < 0 {
		return errors.New("no run was made")
	}
	r := &results[i]
	what := r.Point.Workload
	for _, w := range h.Workloads {
		if w.Key() == r.Point.Key() && w.Command != nil && w.Benchmark() == nil {
			what = shell.Quote(w.Command.Argv...)
		}
	}
	var text strings.Builder
	how := "failed"
	if len(ending.Missed) > 0 {
		how = "failed, or was interrupted,"
	}
	fmt.Fprintf(&text, "%s\n  %s in every first run, which ends the study (%s kept in %s)\n  %s: %s",
		words.Printable(what), how, words.Plural(len(ending.Results), "run is", "runs are"), dir, r.Status, r.Error)
	if tail := strings.TrimSpace(r.StderrTail); tail != "" {
		fmt.Fprintf(&text, "\n  stderr of %s:", r.Dir())
		for l := range strings.Lines(tail) {
			text.WriteString("\n    " + words.Printable(strings.TrimRight(l, "\r\n")))
		}
	}
	return errors.New(text.String())
}

// goOn says what to type to go on, once there is again what corecurve had too little of.
func goOn(err error, typed string) string {
	if short, ok := errors.AsType[*capture.ShortageError](err); ok {
		return "First " + short.Remedy() + ". Then go on with: " + typed
	}
	return "Go on with: " + typed
}

// own reports whether a study ended for a trouble of corecurve's own, which is none of what it measures.
func own(err error) bool {
	_, short := errors.AsType[*capture.ShortageError](err)
	_, lost := errors.AsType[*capture.LostError](err)
	return short || lost
}
