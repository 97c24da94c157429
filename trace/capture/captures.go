package capture

import (
	"path"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/sweep"
)

// spansFile is the file of a run's spans in its directory.
const spansFile = "spans.jsonl"

// captures lists the capture files that the run has left in the result, and warns of those that are missing.
func (l *launch) captures() {
	entries, err := l.r.journal.Folder.ReadDir(l.dir)
	if err != nil {
		l.warn("its captures cannot be listed: %v", err)
		return
	}
	have := map[sweep.CaptureKind]bool{}
	for _, e := range entries {
		c, ok := captureOf(e.Name())
		if !ok {
			continue
		}
		c.Path = path.Join(l.dir, e.Name())
		switch info, err := l.r.journal.Folder.Stat(c.Path); {
		case err != nil:
			l.warn("a capture cannot be used: %v", err)
			continue
		case info.Size() == 0:
			l.warn("%s is empty", e.Name())
			continue
		}
		l.res.Captures = append(l.res.Captures, c)
		have[c.Kind] = true
	}
	if l.res.Status == sweep.OK && !have[sweep.GoTrace] && !l.isCommand {
		l.warn("it left no execution trace")
	}
}

// captureOf returns what a file in a run's directory holds, judging by its name: p3.trace, c.cpu.pb.gz, spans.jsonl.
func captureOf(name string) (sweep.Capture, bool) {
	if name == spansFile {
		return sweep.Capture{Kind: sweep.Spans, Rank: -1}, true
	}
	if name == oschedFile {
		return sweep.Capture{Kind: sweep.OSched, Rank: -1}, true
	}
	stem, ext, _ := strings.Cut(name, ".")
	kind, ok := map[string]sweep.CaptureKind{"trace": sweep.GoTrace, "cpu.pb.gz": sweep.CPUProfile}[ext]
	if !ok {
		return sweep.Capture{}, false
	}
	if stem == "c" {
		return sweep.Capture{Kind: kind, Rank: -1, Role: sweep.Coordinator}, true
	}
	digits, isProcess := strings.CutPrefix(stem, "p")
	rank, err := strconv.Atoi(digits)
	return sweep.Capture{Kind: kind, Rank: rank, Role: sweep.Worker}, isProcess && err == nil && rank >= 0
}
