package analysis

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/report/internal/prose"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// figure writes a number with three significant digits; digits before the point are never rounded away.
func figure(v float64) string {
	if !prose.Finite(v) {
		return prose.Unknown
	}
	decimals := 0
	switch a := math.Abs(v); {
	case a == 0:
		return "0"
	case a < 0.00995:
		decimals = 4
	case a < 0.0995:
		decimals = 3
	case a < 9.995:
		decimals = 2
	case a < 99.95:
		decimals = 1
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// seconds writes a time with three significant digits in its unit.
func seconds(d time.Duration) string { return prose.Duration(d.Seconds()) }

// percent writes a share so that what is not nothing does not look like it.
func percent(v float64) string {
	switch {
	case !prose.Finite(v):
		return prose.Unknown
	case v > 0 && v < 0.001:
		return "< 0.1" + prose.NoBreak + "%"
	case math.Abs(v) < 0.0995:
		return strconv.FormatFloat(100*v, 'f', 1, 64) + prose.NoBreak + "%"
	default:
		return strconv.FormatFloat(100*v, 'f', 0, 64) + prose.NoBreak + "%"
	}
}

// where names the place that a stack stands for: the user's own code and, where that is a helper in another package, who called it; or
// else its innermost frame. It is empty if there is no stack.
func where(stack []gotrace.Frame) string {
	if words := place.Words(stack); words != "" {
		return words
	}
	if len(stack) > 0 {
		return place.Name(stack[0])
	}
	return ""
}

// A placed is the core time of all stacks of a row that stand for the same functions.
type placed struct {
	time            ledger.CoreTime
	waiting, blamed string // of the stack that has most of it
}

// places adds up stacks whose places differ in nothing but their lines, largest first: that a loop has three lines is not worth three rows.
func places(stacks []ledger.Stack) []placed {
	var out []placed
	index := make(map[[2]string]int)
	for _, s := range stacks {
		key := [2]string{functions(s.Waiting), functions(s.Blamed)}
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, placed{waiting: where(s.Waiting), blamed: where(s.Blamed)})
		}
		out[i].time += s.Time
	}
	slices.SortStableFunc(out, func(a, b placed) int { return cmp.Compare(b.time, a.time) })
	return out
}

// functions is where without lines.
func functions(stack []gotrace.Frame) string {
	own := place.User(stack)
	if len(own) == 0 {
		own = stack[:min(1, len(stack))]
	}
	if len(own) == 0 {
		return ""
	}
	for _, f := range own[1:] {
		if place.Package(f.Func) != place.Package(own[0].Func) {
			return own[0].Func + "\n" + f.Func
		}
	}
	return own[0].Func
}

// shorten cuts the middle of s out so that it has at most width characters: both ends of a name tell more.
func shorten(s string, width int) string {
	n := utf8.RuneCountInString(s)
	if n <= width {
		return s
	}
	r := []rune(s)
	tail := width * 2 / 3
	return string(r[:max(width-tail-1, 0)]) + "…" + string(r[n-tail:])
}
