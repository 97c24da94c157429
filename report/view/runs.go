package view

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// What a page holds of the results of the runs, which nobody reads there: as many runs, each of about a kilobyte, and
// as many bytes of all of them.
const (
	mostRuns  = 1000
	mostBytes = 4 << 20
)

// Runs is the results of the runs as JSON, one to a line, with long texts and many warnings cut as in what is visible,
// and whether any are. It is empty if that is too much for a page.
func (v *View) Runs() (raw string, cut bool, err error) {
	results := v.Study.Results
	if len(results) > mostRuns {
		return "", false, nil
	}
	var b strings.Builder
	b.WriteString("[")
	for i := range results {
		r, shorter := shortened(results[i])
		cut = cut || shorter
		line, err := json.Marshal(&r)
		if err != nil {
			return "", false, fmt.Errorf("run %d: %w", i, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
		if b.Len() > mostBytes {
			return "", false, nil
		}
	}
	b.WriteString("\n]")
	return b.String(), cut, nil
}

// shortened is r with its texts as a page shows them, and whether any is shorter than it was.
func shortened(r sweep.Result) (out sweep.Result, cut bool) {
	short := func(text string) string {
		s := page.CutFrom(text, "runs.jsonl")
		cut = cut || s != text
		return s
	}
	r.Error, r.StderrTail, r.OutputLost = short(r.Error), short(r.StderrTail), short(r.OutputLost)
	var said []string
	for _, w := range r.Warnings[:min(warning.Enough, len(r.Warnings))] {
		said = append(said, short(w))
	}
	if more := len(r.Warnings) - len(said); more > 0 {
		cut = true
		said = append(said, words.Plural(more, "more warning", "more warnings")+" in runs.jsonl")
	}
	r.Warnings = said
	return r, cut
}
