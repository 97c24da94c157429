package secret

import (
	"math"
	"strings"

	"github.com/corecurve/corecurve/trace/pattern"
)

// A word is random if it has at least leastRandom characters of base64 or base62, with capitals, small letters and two
// digits, as random strings of that length have in 19 of 20 cases; if at least leastChanges of its neighbours are of
// different classes; and if its characters have at least leastBits of entropy. Of random base62, 62 % of the neighbours
// differ in class, of names like BenchmarkHTTP2ClientH2C1MB at most 40 %.
const (
	leastRandom  = 20
	mostRandom   = 512 // longer words are data
	leastChanges = 0.45
	leastBits    = 3.6
)

// tokenRE finds words of base64, base62 and their like, with what stands directly around them.
var tokenRE = pattern.Of(`[A-Za-z0-9+/_=.~:@#%\\-]{20,}`)

// hashRE matches hashes and addresses that say so, and content identifiers, which are public.
var hashRE = pattern.Of(`^(?:sha\d+[-:]|md5[-:]|h1:|0x[0-9A-Fa-f]+$|Qm[1-9A-HJ-NP-Za-km-z]{44}|bafy)`)

// extRE matches the end of the name of a file.
var extRE = pattern.Of(`\.[A-Za-z][A-Za-z0-9]{0,4}$`)

// chance hides the random words of a word.
func (h *Hider) chance(w string) string {
	return tokenRE().ReplaceAllStringFunc(w, func(token string) string {
		name, value := "", token
		if i := strings.LastIndex(strings.TrimRight(token, "="), "="); i >= 0 { // padding is of the value
			name, value = token[:i], token[i+1:]
		}
		trimmed := strings.TrimRight(value, ".:")
		if public(name) || hashRE().MatchString(trimmed) || extRE().MatchString(trimmed) || !random(trimmed) {
			return token
		}
		if isPath(trimmed) || strings.Contains(trimmed, "://") || strings.Contains(strings.TrimLeft(token, "-"), Mark) {
			return token
		}
		return token[:len(token)-len(value)] + h.hide(trimmed) + value[len(trimmed):]
	})
}

// awsRE matches the secret keys of AWS, which have slashes in them, as paths do.
var awsRE = pattern.Of(`^[A-Za-z0-9+/]{40}$`)

// leastOfAWS is the share of changes from which a word of that form, with one digit, is one of them: the form is rare.
const leastOfAWS = 0.4

// random reports whether only a random generator writes such a word.
func random(s string) bool {
	if len(s) < leastRandom || len(s) > mostRandom {
		return false
	}
	var upper, lower, digit int
	for _, r := range s {
		switch {
		case r >= 'A' && r <= 'Z':
			upper++
		case r >= 'a' && r <= 'z':
			lower++
		case r >= '0' && r <= '9':
			digit++
		case r == '/' && !awsRE().MatchString(s), !strings.ContainsRune("+/=_-", r):
			return false
		}
	}
	least, digits := leastChanges, 2
	if awsRE().MatchString(s) {
		least, digits = leastOfAWS, 1
	}
	return upper >= 2 && lower >= 2 && digit >= digits && classChanges(s) >= least && bits(s) >= leastBits
}

// classChanges is the share of neighbours in s of which one is a capital, a small letter, a digit or another character,
// and the other is not.
func classChanges(s string) float64 {
	class := func(c byte) int {
		switch {
		case c >= 'A' && c <= 'Z':
			return 1
		case c >= 'a' && c <= 'z':
			return 2
		case c >= '0' && c <= '9':
			return 3
		}
		return 4
	}
	n := 0
	for i := 1; i < len(s); i++ {
		if class(s[i]) != class(s[i-1]) {
			n++
		}
	}
	if len(s) < 2 {
		return 0
	}
	return float64(n) / float64(len(s)-1)
}

// bits is the entropy of the characters of s, by how often each occurs.
func bits(s string) float64 {
	var count [256]int
	for i := range len(s) {
		count[s[i]]++
	}
	sum := 0.0
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(s))
			sum -= p * math.Log2(p)
		}
	}
	return sum
}
