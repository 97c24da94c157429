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
