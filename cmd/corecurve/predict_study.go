package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/prediction"
	"github.com/corecurve/corecurve/trace/capture/latency"
	"github.com/corecurve/corecurve/trace/sweep"
)

// predictStudy predicts the curves of the study in dir.
func predictStudy(cmd *cobra.Command, dir string, o *predictOptions, a *wanted) error {
	if len(a.words) > 0 {
		return usagef("%s is a directory: what would be otherwise is asked of one of its traces, such as runs/*/p0.trace", dir)
	}
	if err := checkMeasure(o.measure); err != nil {
		return err
	}
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		return err
	}
	if o.calibrate {
		s.Header.Scheduler = latency.Measure(cmd.Context())
	}
	ctx := cmd.Context()
	var p *prediction.Study
	for _, part := range s.Split() {
		of := prediction.Of(dir, study.Analyze(study.Input{
			Header: part.Header, Results: part.Results, Interrupted: part.Interrupted, Damage: part.Warnings,
			Measure: curve.Measure(o.measure), Explained: o.replays(part),
			Predict: &study.Predicting{Cores: o.cores, Changes: true},
		}))
		if p == nil {
			p = of
		} else {
			p.Curves = append(p.Curves, of.Curves...)
		}
	}
	if err := errors.Join(drawPredictions(ctx, p, o.png, chart.WritePNG),
		drawPredictions(ctx, p, o.svg, chart.WriteSVG)); err != nil {
		return err
	}
	if o.json {
		return p.WriteJSON(cmd.OutOrStdout())
	}
	return p.WriteText(cmd.OutOrStdout())
}

// replays reads the captures of the runs that are replayed or tell what these do not show, and of no others.
func (o *memoryOption) replays(s *sweep.Study) map[sweep.Run]study.Explained {
	only := *s
	only.Results = nil
	programs := study.Replayed(&s.Header, s.Results)
	for _, r := range s.Results {
		if _, needed := programs[r.Run]; needed {
			only.Results = append(only.Results, r)
		}
	}
	return o.explain(&only, study.Reading{Programs: programs}, o.traces())
}

// drawPredictions draws every curve that is predicted into a file of its own; nothing without a path.
func drawPredictions(
	ctx context.Context, s *prediction.Study, path string, to func(io.Writer, chart.Figure) error,
) error {
	if path == "" {
		return nil
	}
	var names []string
	var figures []chart.Figure
	for i := range s.Curves {
		if c := &s.Curves[i]; c.Prediction.Unknown == nil {
			names, figures = append(names, c.Name), append(figures, c.Figure(s))
		}
	}
	if len(figures) == 0 {
		return errors.New("no curve is predicted, so there is no picture")
	}
	for i, file := range picturePaths(names, path) {
		if err := writeTo(ctx, file, picture(figures[i], to)); err != nil {
			return err
		}
	}
	return nil
}
