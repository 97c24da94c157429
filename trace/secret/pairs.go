package secret

import (
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/pattern"
)

// nameRE finds names before values: --name=value, NAME=value, name: value, "name": "value", ?name=value&,
// a[name]=value, name => value, name := value.
var nameRE = pattern.Of(`([A-Za-z][A-Za-z0-9_.-]*)(\\*["']?\]?\s*(?:=>|:=|[=:])\s*)`)

// replacePairs hides the values of names that are those of secrets.
func replacePairs(s string, h *Hider) string {
	var b strings.Builder
	end := 0
	for _, m := range nameRE().FindAllStringSubmatchIndex(s, -1) {
		if m[0] < end { // within what is hidden
			continue
		}
		name, sep := s[m[2]:m[3]], s[m[4]:m[5]]
		sure := certaintyOf(name, s[:m[0]])
		if sure == no {
			continue
		}
		lo, hi := valueAt(s, m[0], m[1])
		if value := s[lo:hi]; value != "" && secretValue(sure, value) && !said(name, sep, sure, s, lo, hi) {
			b.WriteString(s[end:lo])
			b.WriteString(h.hide(value))
			end = hi
		}
	}
	return b.String() + s[end:]
}

// certaintyOf is as names, of a name that stands behind a text: in the query of an URL, a signature is one.
func certaintyOf(name, before string) certainty {
	sure := names(name)
	if sure == opaque && (strings.HasSuffix(before, "?") || strings.HasSuffix(before, "&")) {
		return clear
	}
	return sure
}

// said reports whether what stands behind a name and a separator is not its value: that of a port, of a comparison, of
// a text about secrets, of a program.
func said(name, sep string, sure certainty, s string, lo, hi int) bool {
	value := s[lo:hi]
	quoted := lo > 0 && (s[lo-1] == '"' || s[lo-1] == '\'')
	colon := strings.Contains(sep, ":") && !strings.Contains(sep, "=")
	bare := colon && !strings.ContainsAny(sep, `"'`) && !quoted // no JSON
	last := parts(name)
	switch {
	case strings.HasPrefix(value, "=") || strings.HasPrefix(value, ":"): // token == x, a::b
		return true
	case !quoted && hi < len(s) && (s[hi] == '(' || s[hi] == '['): // token = next(x)
		return true
	case !quoted && (patternRE().MatchString(value) || reference(strings.TrimRight(value, "/"))): // s/token=.*/token=x/
		return true
	case strings.HasPrefix(value, "/") && strings.EqualFold(name, "pwd"):
		return true
	case colon && last[len(last)-1] == "authorization": // a header, which has its own rule
		return true
	case bare && sure != clear && !strings.Contains(sep, " "): // host:port
		return true
	case bare && slices.Contains(saidOfSecrets, strings.ToLower(strings.TrimRight(value, ".?!"))):
		return true
	}
	if !bare || len(last) > 1 || strings.Contains(last[0], "pass") || last[0] == "pwd" {
		return false
	}
	return ordinary(value) || !strings.Contains(sep, " ") && !secretValue(maybe, value) // token: next, token:17
}

// patternRE matches the beginning of a regular expression, and what has no letter and no digit.
var patternRE = pattern.Of(`^(?:\.[*+]|\\[a-zA-Z]|\[|[^A-Za-z0-9]*$)`)

// valueAt returns where the value is that begins at a place, behind a name that begins at another: within quotes, or to
// white space or what separates pairs. It is empty where a quote that stands there ends something else.
func valueAt(s string, name, at int) (lo, hi int) {
	quote := at
	for quote < len(s) && s[quote] == '\\' {
		quote++
	}
	if quote < len(s) && (s[quote] == '"' || s[quote] == '\'') {
		if name > 0 && s[name-1] == s[quote] && !strings.Contains(s[name:at], s[quote:quote+1]) { // "password:"
			return at, at
		}
		return quoted(s, quote+1, s[quote], s[at:quote])
	}
	for _, pair := range []string{"$()", "${}", "{}", "<>"} { // a variable, the output of a command, a placeholder
		if rest, ok := strings.CutPrefix(s[at:], pair[:len(pair)-1]); ok {
			i := strings.IndexByte(rest, pair[len(pair)-1])
			if i >= 0 && (pair[0] != '{' || !strings.ContainsAny(rest[:i], ": ")) { // no object
				return at, at + len(pair) - 1 + i + 1
			}
		}
	}
	return at, unquotedEnd(s, at)
}

// unquotedEnd returns where the value ends that begins at a place. A comma that no other name follows is part of it, as
// are other separators in a word without spaces.
func unquotedEnd(s string, at int) int {
	separators := ","
	if !strings.ContainsAny(s, " \t\n") {
		separators = ",;&"
	}
	for hi := at; ; hi++ {
		i := strings.IndexAny(s[hi:], " \t\r\n&;,\"'<>|(){}")
		if i < 0 {
			return len(s)
		}
		hi += i
		if hi == at || !strings.Contains(separators, s[hi:hi+1]) {
			return hi
		}
		rest := s[hi+1 : min(len(s), hi+mostName)]
		if !goesOnRE().MatchString(rest) || nextNameRE().MatchString(rest) {
			return hi
		}
	}
}

var (
	goesOnRE   = pattern.Of(`^[^\s,;&"'<>|(){}]`)
	nextNameRE = pattern.Of(`^[A-Za-z_][\w.-]*\]?[=:]`)
)

// quoted returns where the value ends that begins at lo, within quotes that backslashes stand before.
func quoted(s string, lo int, quote byte, backslashes string) (int, int) {
	if backslashes != "" {
		if i := strings.Index(s[lo:], backslashes+string(quote)); i >= 0 {
			return lo, lo + i
		}
		return lo, len(s)
	}
	hi := lo
	for hi < len(s) && s[hi] != quote {
		if s[hi] == '\\' && quote == '"' {
			hi++
		}
		hi++
	}
	return lo, min(hi, len(s))
}
