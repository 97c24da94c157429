package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/trace/folder"
)

// printJSON prints a document for people to read too.
func printJSON(w io.Writer, document any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}

// writeTo makes the file at path, which the user names, of what f writes, whole or not at all; nothing without a path.
func writeTo(path string, f func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	var b bytes.Buffer
	if err := f(&b); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return folder.WriteTo(path, b.Bytes())
}

// writeIn makes the file name in a folder of what f writes, whole or not at all.
func writeIn(dir *folder.Folder, name string, f func(io.Writer) error) error {
	var b bytes.Buffer
	if err := f(&b); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return dir.WriteFile(name, b.Bytes())
}

// picture writes a figure by draw: [chart.WritePNG] or [chart.WriteSVG].
func picture(figure chart.Figure, draw func(io.Writer, chart.Figure) error) func(io.Writer) error {
	return func(w io.Writer) error { return draw(w, figure) }
}

// checkMeasure refuses what is no measure.
func checkMeasure(measure string) error {
	if measure != string(curve.Total) && measure != string(curve.Work) {
		return usagef("--measure %q: want total or work", measure)
	}
	return nil
}
