package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture"
)

// A progress is the bar on stderr: on a terminal only.
type progress struct {
	out io.Writer // nil: none
	bar *progressbar.ProgressBar
}

func newProgress(stderr io.Writer) *progress {
	p := &progress{}
	if isTerminal(stderr) && os.Getenv("TERM") != "dumb" {
		p.out = bare(stderr)
	}
	return p
}

// isTerminal reports whether a reader or writer is a terminal, or a screen before one.
func isTerminal(w any) bool {
	if s, ok := w.(*screen); ok {
		w = s.out
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// show puts the bar where the study stands. How many runs there will be may grow, as long as intervals are too wide.
func (p *progress) show(at capture.Progress) {
	if p.out == nil {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(at.Total,
			progressbar.OptionSetWriter(p.out),
			progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionSetElapsedTime(true),
			progressbar.OptionSetWidth(20),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	p.bar.ChangeMax(at.Total)
	point := words.Printable(at.Run.Point.String())
	p.bar.Describe(fmt.Sprintf("block %d of %d: %-24s", at.Block+1, at.Blocks, point))
	_ = p.bar.Set(at.Done) // a bar that cannot be drawn is no reason to stop measuring
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
