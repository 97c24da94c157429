package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/trace/sweep"
)

// printJSON prints a document for people to read too.
func printJSON(w io.Writer, document any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}

// writeTo makes the file at path of what f writes, whole or not at all; nothing without a path.
func writeTo(path string, f func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	var b bytes.Buffer
	if err := f(&b); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return sweep.WriteFile(path, b.Bytes())
}

// drawTo draws a figure into the file at path, by [chart.WritePNG] or [chart.WriteSVG].
func drawTo(path string, figure chart.Figure, draw func(io.Writer, chart.Figure) error) error {
	return writeTo(path, func(w io.Writer) error { return draw(w, figure) })
}

// checkMeasure refuses what is no measure.
func checkMeasure(measure string) error {
	if measure != string(curve.Total) && measure != string(curve.Work) {
		return usagef("--measure %q: want total or work", measure)
	}
	return nil
}
