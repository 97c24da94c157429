package words

import (
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
)

// Cause names a cause, with its identifier, which gates and files use, behind it: "mutex (block.mutex)".
func Cause(c cause.Cause) string {
	e := c.Entry()
	if e.Name == e.ID || c.Derived() { // no gate takes a row that only a stack has
		return e.Name
	}
	return e.Name + " (" + e.ID + ")"
}

// Together names causes of a group in pictures; first is the first of them.
func Together(g cause.Group, first cause.Cause) string {
	switch g {
	case cause.GC:
		return "garbage collection"
	case cause.Lock:
		return "locks"
	case cause.Channel:
		return "channels"
	case cause.SystemCalls:
		return "system calls"
	case cause.Scheduling:
		return "ready, not running"
	case cause.Overhead:
		return "start-up and teardown"
	case cause.System:
		return "Go runtime and tracing"
	case cause.Unexplained:
		return "not explained"
	}
	return first.Entry().Name
}

// doing says what workers do, by the largest of causes, with the identifiers of all: "waiting for a lock (block.mutex,
// block.rwmutex)".
func doing(causes []cause.Cause) string {
	if len(causes) == 0 {
		return "in a state that is not known"
	}
	return causes[0].Entry().Doing + identifiers(causes)
}

// identifiers are those of causes, in brackets behind a space.
func identifiers(causes []cause.Cause) string {
	if len(causes) == 0 {
		return ""
	}
	var ids []string
	for _, c := range causes {
		ids = append(ids, c.String())
	}
	return " (" + strings.Join(ids, ", ") + ")"
}
