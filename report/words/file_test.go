package words

import (
	"errors"
	"testing"

	"github.com/corecurve/corecurve/analyze/warning"
)

// What is said of a file names it, if need be: several files of a run may be unreadable for one reason.
func TestFiles(t *testing.T) {
	for said, want := range map[string]string{
		"runs is a symlink, not a folder":       "runs/a/p0.trace: runs is a symlink, not a folder",
		"runs/a/p0.trace is a FIFO, not a file": "runs/a/p0.trace is a FIFO, not a file",
		"p0.trace: generation 3: it is cut off": "p0.trace: generation 3: it is cut off",
	} {
		if got := Warning(warning.OfFile(warning.TraceDamaged, "runs/a/p0.trace", errors.New(said))); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
