package schema

import (
	"math"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
)

// Parallelism is that of p, or nil and why it is not known.
func Parallelism(p *critical.Path) (n Number, reason string) {
	switch {
	case p.Parallelism != 0:
		return NumberOf(p.Parallelism, "")
	case p.NoHigh() != nil:
		return nil, Reason(p.NoHigh())
	case p.Work == 0:
		return nil, "no goroutine ran"
	}
	return NumberOf(math.Inf(1), "nothing surely has to wait for anything else")
}

// ParallelismLeast is that by the other readings of the trace, or nil if that is not known.
func ParallelismLeast(p *critical.Path) Number {
	if p.ParallelismLeast() == 0 {
		return nil
	}
	n, _ := NumberOf(p.ParallelismLeast(), "")
	return n
}

// Reason is the words of w; empty if it is nil.
func Reason(w *warning.Warning) string {
	if w == nil {
		return ""
	}
	return words.Plain(words.Statement(w))
}
