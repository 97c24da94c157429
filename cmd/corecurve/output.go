package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

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
func writeTo(ctx context.Context, path string, f func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	b, err := whole(ctx, path, f)
	if err != nil {
		return err
	}
	defer hold(ctx)()
	return folder.WriteTo(path, b)
}

// summaryFlag is the flag of the verbs that sum up what they print.
func summaryFlag(f *pflag.FlagSet, to *string) {
	f.StringVar(to, "summary", "",
		"write a summary to this file as Markdown, for a pull request or $"+stepSummary+", to which it is added")
}

// stepSummary names in the environment the file that GitHub Actions shows as the summary of a step. It shows nothing of
// one that is longer than mostStepSummary.
const (
	stepSummary     = "GITHUB_STEP_SUMMARY"
	mostStepSummary = 1 << 20
)

// writeSummary is [writeTo], except that it appends where that is asked for, and to the summary of a step, which may
// have more commands than this.
func writeSummary(ctx context.Context, path string, adds bool, f func(io.Writer) error) error {
	if path == "" || !adds && !samePlace(path, os.Getenv(stepSummary)) {
		return writeTo(ctx, path, f)
	}
	b, err := whole(ctx, path, f)
	if err != nil {
		return err
	}
	defer hold(ctx)()
	return folder.AppendTo(path, b, mostStepSummary)
}

// samePlace reports whether two paths are of one file, which need not exist. Nothing is at "".
func samePlace(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return os.SameFile(x, y)
	}
	absA, errX := filepath.Abs(a)
	absB, errY := filepath.Abs(b)
	return errX == nil && errY == nil && absA == absB
}

// writeIn makes the file name in a folder of what f writes, whole or not at all.
func writeIn(ctx context.Context, dir *folder.Folder, name string, f func(io.Writer) error) error {
	b, err := whole(ctx, name, f)
	if err != nil {
		return err
	}
	defer hold(ctx)()
	return dir.WriteFile(name, b)
}

// whole returns what f writes into the file name, unless ctx ends.
func whole(ctx context.Context, name string, f func(io.Writer) error) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	var b bytes.Buffer
	if err := f(&b); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return b.Bytes(), nil
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
