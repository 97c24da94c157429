package supervise

import (
	"bytes"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// longestLine bounds the memory that a line without an end can take; what is beyond is ignored.
const longestLine = 64 << 10

// A marker keeps the last line written to it that holds the mark, and the time at which the line ended.
type marker struct {
	mark []byte
	line []byte
	last *wire.Line
}

func (m *marker) Write(p []byte) (int, error) {
	now := clock.Now()
	for rest := p; len(rest) > 0; {
		part, after, ended := bytes.Cut(rest, []byte{'\n'})
		m.line = append(m.line, part[:min(len(part), longestLine-len(m.line))]...)
		if ended {
			if bytes.Contains(m.line, m.mark) {
				m.last = &wire.Line{At: now, Text: string(m.line)}
			}
			m.line = m.line[:0]
		}
		rest = after
	}
	return len(p), nil
}
