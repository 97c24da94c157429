package secret

import (
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/pattern"
)

// A Place is where something is hidden: the flag, variable, header or name before it, or the scheme of its URL. Empty:
// it has no name, and was hidden for what it looks like.
type Place string

// mostName is the length of the longest name of a place that is given: a longer one is none that a person has chosen.
const mostName = 64

// Places names the places of words that were stored, in their order, each once; others counts the marks without a name.
func Places(words []string) (named []Place, others int) {
	seen := map[Place]bool{}
	for i, w := range words {
		parts := strings.Split(w, Mark)
		for k := range len(parts) - 1 {
			before := parts[k]
			if k == 0 && i > 0 {
				before = words[i-1] + " " + before
			}
			switch p := placeAfter(before); {
			case p == "" || len(p) > mostName:
				others++
			case !seen[p]:
				seen[p] = true
				named = append(named, p)
			}
		}
	}
	return slices.Clip(named), others
}

var (
	placeURLRE    = pattern.Of(`([A-Za-z][A-Za-z0-9+.-]*://)[^\s/]*$`)
	placeHeaderRE = pattern.Of(`(?i)((?:proxy-)?authorization|(?:set-)?cookie):\s*(?:[a-z][\w-]*\s+)?$`)
	placePairRE   = pattern.Of(`(-{0,2}[A-Za-z_][A-Za-z0-9_.-]*)\\*["']?\]?\s*(?:=>|:=|=|:\s*)\s*\\*["']?(?:[^\s:=,;&]*:)?$`)
	placeFlagRE   = pattern.Of(`(?:^|\s)(-{1,2}[A-Za-z][A-Za-z0-9_.-]*)[=\s]*["']?(?:[^\s:%,]*[:%,])?$`)
	variableRE    = pattern.Of(`^[A-Z_][A-Z0-9_]*$`)
)

// placeAfter is the place that stands behind a text.
func placeAfter(before string) Place {
	if m := placeURLRE().FindStringSubmatch(before); m != nil {
		return Place(m[1])
	}
	if m := placeHeaderRE().FindStringSubmatch(before); m != nil {
		return Place(m[1])
	}
	if m := placeFlagRE().FindStringSubmatch(before); m != nil {
		return Place(m[1])
	}
	m := placePairRE().FindStringSubmatch(before)
	switch {
	case m == nil:
		return ""
	case variableRE().MatchString(m[1]):
		return Place("$" + m[1])
	}
	return Place(m[1])
}
