package main

import (
	"os"
	"path/filepath"

	"github.com/corecurve/corecurve/analyze/phase"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/otlp"
	"github.com/corecurve/corecurve/trace/sweep"
)

// ownScope is the instrumentation of corecurve itself, whose spans say nothing that the timeline does not show.
const ownScope = "github.com/corecurve/corecurve"

// mostSpans is how many spans of a run are read.
const mostSpans = 1 << 20

// showPhases reads the spans that the program of r has sent and shows them. ranks are those of the lanes of processes, by process number.
func showPhases(dir string, r *sweep.Result, e *report.Explained, ranks map[int]int) {
	var spans []phase.Span
	left := 0
	for _, c := range r.Captures {
		if c.Kind != sweep.Spans || r.Offset == 0 {
			continue
		}
		f, err := os.Open(filepath.Join(dir, c.Path))
		if err != nil {
			e.Warnings = append(e.Warnings, warning.OfFile(warning.SpansMissing, c.Path, err))
			continue
		}
		err = otlp.Each(c.Path, f, func(s otlp.Span) error {
			switch {
			case s.Scope == ownScope:
			case len(spans) == mostSpans:
				left++
			default:
				spans = append(spans, phase.Span{
					Name: s.Name, PID: s.PID, From: clock.Time(s.Start - r.Offset), To: clock.Time(s.End - r.Offset),
				})
			}
			return nil
		})
		if err != nil {
			e.Warnings = append(e.Warnings, warning.OfFile(warning.SpansDamaged, c.Path, err))
		}
		_ = f.Close()
	}
	if len(spans) == 0 {
		return
	}
	e.Phases = phase.ByName(spans)
	if e.Timeline != nil {
		left += phase.Mark(e.Timeline, spans, func(pid int) int { return workerOf(ranks, e.Timeline, pid) })
	}
	if left > 0 {
		e.Warnings = append(e.Warnings, warning.Warning{Kind: warning.SpansLeftOut, Figures: warning.Figures{Count: left}})
	}
}

// workerOf is the lane of the only worker of a process; -1 if there is none, or several.
func workerOf(ranks map[int]int, t *timeline.Timeline, pid int) int {
	found := -1
	rank, ok := ranks[pid]
	for i := range t.Lanes {
		l := &t.Lanes[i]
		if !ok || l.Kind != timeline.Worker || l.Rank != rank || l.ID == timeline.SerialID {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}
