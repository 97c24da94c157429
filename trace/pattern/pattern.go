// Package pattern holds regular expressions that cost nothing until they are asked for: most commands of the tool need
// few of them, and all would be compiled before main begins.
package pattern

import (
	"regexp"
	"sync"
)

// Of returns what compiles expr when it is first called, and returns the same from then on. Like regexp.MustCompile, it
// panics if expr is none.
func Of(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
