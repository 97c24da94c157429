// Package secret hides in command lines what looks like a password, a token or a key.
//
// A study keeps the command line that made it, and is made to be shown to others. So each place in a word that looks
// like a secret is stored as ***, unless the user keeps it; the run gets the real words. A place is hidden
//
//  1. by the name before it: the value of --password=x, --api-key x, TOKEN=x, "secret": "x", password: x, whatever the
//     value, if the name says that it is a secret (names.go);
//  2. by the scheme before it: Authorization: Bearer x, Authorization: Basic x, the x of an URL's user:x@host, and the
//     flags in which well-known programs take a password, as in curl -u user:x (programs.go);
//  3. by its form: the keys of well-known services begin with words of their own, as in ghp_… (keys.go);
//  4. by chance: 20 characters or more that only a random generator writes (chance.go).
//
// It is no secret that is a reference to one: a path, a variable ($TOKEN), a placeholder ({size}, <token>), and what a
// program is to ask for. Hashes, UUIDs, numbers, names of files, revisions and digests are none either: hexadecimal
// digits alone never are by chance. What is hidden in vain costs its user a word to be typed again (--resume); what is
// not hidden may be read by strangers: where a name is clear, the value is hidden.
package secret

import (
	"regexp"
	"slices"
	"strings"
)

// Mark stands for what is hidden.
const Mark = "***"

// A Hider hides the secrets of words, and remembers them. The zero value is ready.
type Hider struct {
	Places int // hidden so far

	values map[string]bool
}

// leastKnown is the length from which a secret is recognised in texts that quote it: a shorter one occurs by chance.
const leastKnown = 4

// Words returns the words of a command line with their secrets hidden. It leaves words as they are.
func (h *Hider) Words(words []string) []string {
	if words == nil {
		return nil
	}
	out := make([]string, len(words))
	program := ""
	for i, w := range words {
		switch takes := h.takes(program, words[:i]); {
		case takes == whole && !reference(w) && !strings.HasPrefix(w, "-"):
			out[i] = h.hide(w)
		case takes == afterColon && strings.Contains(w, ":") && !strings.HasPrefix(w, "-"):
			user, password, _ := strings.Cut(w, ":")
			out[i] = user + ":" + h.unlessReference(password)
		default:
			out[i] = h.word(program, w)
		}
		if p, ok := programOf(w); ok {
			program = p
		}
	}
	return out
}

// Variables returns KEY=VALUE pairs with their secrets hidden.
func (h *Hider) Variables(env []string) []string {
	if env == nil {
		return nil
	}
	out := make([]string, len(env))
	for i, kv := range env {
		out[i] = h.word("", kv)
	}
	return out
}

// Text returns s, which others have written, with the secrets hidden that were met before.
func (h *Hider) Text(s string) string {
	if len(h.values) == 0 || s == "" {
		return s
	}
	var all []string
	for v := range h.values {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) }) // a secret may hold another
	for _, v := range all {
		s = strings.ReplaceAll(s, v, Mark)
	}
	return s
}

// Known reports whether there is anything that Text would hide. A nil Hider knows nothing.
func (h *Hider) Known() bool { return h != nil && len(h.values) > 0 }

// Matches reports whether given is a word that was stored as stored, in which something is hidden.
func Matches(stored, given string) bool {
	parts := strings.Split(stored, Mark)
	for i, part := range parts {
		switch at := strings.Index(given, part); {
		case i == 0 && !strings.HasPrefix(given, part):
			return false
		case i == len(parts)-1:
			return strings.HasSuffix(given, part) && (i > 0 || given == part)
		case at < 0:
			return false
		default:
			given = given[at+len(part):]
		}
	}
	return given == ""
}

func (h *Hider) hide(value string) string {
	h.Places++
	if h.values == nil {
		h.values = map[string]bool{}
	}
	if len(value) >= leastKnown {
		h.values[value] = true
	}
	return Mark
}

func (h *Hider) unlessReference(value string) string {
	if reference(value) {
		return value
	}
	return h.hide(value)
}

// takes says what of a word is a secret because of the words before it.
func (h *Hider) takes(program string, before []string) part {
	if len(before) == 0 {
		return nothing
	}
	flag := before[len(before)-1]
	if p := flagOf[program][flag]; p != nothing {
		return p
	}
	name, ok := strings.CutPrefix(flag, "-")
	if !ok || strings.ContainsAny(flag, "= ") {
		return nothing
	}
	if names(strings.TrimPrefix(name, "-")) == clear && !asks(name) {
		return whole
	}
	return nothing
}

// word hides the secrets within a word, of which a script of a shell has many.
func (h *Hider) word(program, w string) string {
	for _, prefix := range attached[program] { // mysql -pPASSWORD
		if rest, ok := strings.CutPrefix(w, prefix); ok && rest != "" {
			return prefix + h.unlessReference(rest)
		}
	}
	if strings.ContainsAny(w, " \t\n") && !strings.Contains(w, "PRIVATE KEY") {
		w = h.script(w)
	}
	w = replace(privateKeyRE, w, 1, h.hide)
	w = replace(urlRE, w, 2, h.unlessReference)
	w = replace(schemeRE, w, 1, h.unlessReference)
	w = replacePairs(w, h)
	for _, re := range keyREs {
		w = replace(re, w, 1, h.hide)
	}
	return h.chance(w)
}

// script hides what the words of a script have of those before them, as in curl -u user:password.
func (h *Hider) script(s string) string {
	places := scriptRE.FindAllStringIndex(s, -1)
	var b strings.Builder
	var before []string
	program, end := "", 0
	for _, at := range places {
		w := s[at[0]:at[1]]
		b.WriteString(s[end:at[0]])
		end = at[1]
		open, bare, shut := unquote(w)
		switch takes := h.takes(program, before); {
		case takes == whole && !reference(bare) && !strings.HasPrefix(bare, "-"):
			w = open + h.hide(bare) + shut
		case takes == afterColon && strings.Contains(bare, ":"):
			user, password, _ := strings.Cut(bare, ":")
			w = open + user + ":" + h.unlessReference(password) + shut
		default:
			for _, prefix := range attached[program] {
				if rest, ok := strings.CutPrefix(bare, prefix); ok && rest != "" {
					w = open + prefix + h.unlessReference(rest) + shut
				}
			}
		}
		b.WriteString(w)
		before = append(before, bare)
		if p, ok := programOf(bare); ok {
			program = p
		}
	}
	return b.String() + s[end:]
}

// unquote takes the quotes off a word of a script.
func unquote(w string) (open, bare, shut string) {
	if len(w) >= 2 && (w[0] == '"' || w[0] == '\'') && w[len(w)-1] == w[0] {
		return w[:1], w[1 : len(w)-1], w[:1]
	}
	return "", w, ""
}

// scriptRE finds the words of a script: quoted, or up to white space or an operator.
var scriptRE = regexp.MustCompile(`"[^"\s]*"|'[^'\s]*'|[^\s|&;<>()]+`)

// replace puts what f makes of a group of each match in its place.
func replace(re *regexp.Regexp, s string, group int, f func(string) string) string {
	var b strings.Builder
	end := 0
	for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
		lo, hi := m[2*group], m[2*group+1]
		if lo < 0 || s[lo:hi] == Mark {
			continue
		}
		b.WriteString(s[end:lo])
		b.WriteString(f(s[lo:hi]))
		end = hi
	}
	return b.String() + s[end:]
}
