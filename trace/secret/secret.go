// Package secret hides in command lines what looks like a password, a token or a key.
//
// A study keeps the command line that made it, and is made to be shown to others. So each place in a word that looks
// like a secret is stored as ***, unless the user keeps it; the run gets the real words. A place is hidden
//
//  1. by the name before it: the value of --password=x, --dbpass x, PGPASS=x, "secret": "x", Pwd=x;, ?sig=x, whatever
//     the value, if the name says that it is a secret (names.go); after names that say less, such as --key and --auth,
//     if the value looks like one (values.go);
//  2. by what stands around it: Authorization: Bearer x, Cookie: x, user:x@host and x@host in an URL, an element of
//     XML, IDENTIFIED BY 'x' (keys.go), and the flags in which well-known programs take a password, as in
//     curl -u user:x (programs.go);
//  3. by its form: the keys of well-known services begin with words of their own, as in ghp_… (keys.go);
//  4. by chance: 20 characters or more that only a random generator writes (chance.go).
//
// The names and forms are those that gitleaks, detect-secrets and trufflehog have in common. The tests count how many
// of some 180 command lines with secrets are missed, and of some 190 ordinary ones altered: none.
//
// It is no secret that is a reference to one: a path, a file, a variable ($TOKEN), a placeholder ({size}, <token>), and
// what a program is to ask for; nor a plain word behind a colon in a text (token: next), a pattern, an expression of a
// program. Hashes, UUIDs, numbers, names of files, revisions and digests are none either: by chance, hexadecimal digits
// alone never are. What is hidden in vain costs its user a word to be typed again (--resume); what is not hidden may be
// read by strangers: where a name is clear, the value is hidden.
//
// Not found are: a password without a name at a place that only its program knows (htpasswd -b file user x), a plain
// word under an unknown name, what is encoded.
package secret

import (
	"regexp"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/pattern"
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
		before := words[:i]
		v, ok := h.valued(program, before, w)
		if !ok && !scripts(last(before), w) {
			v, ok = h.assigned(w)
		}
		if !ok {
			v = h.word(last(before), w)
		}
		out[i] = v
		program = programAfter(program, before, w)
	}
	return out
}

// scripts reports whether a word behind flag is a script of a shell that begins with a variable.
func scripts(flag, w string) bool {
	return !strings.HasPrefix(w, "-") && strings.ContainsAny(w, " \t\n") && scriptFlagRE().MatchString(flag)
}

var scriptFlagRE = pattern.Of(`^-[a-z]*c$`)

// Variables returns KEY=VALUE pairs with their secrets hidden.
func (h *Hider) Variables(env []string) []string {
	if env == nil {
		return nil
	}
	out := make([]string, len(env))
	for i, kv := range env {
		v, ok := h.assigned(kv)
		if name, value, is := strings.Cut(kv, "="); is && !ok {
			value, ok = h.valueOf(names(name), value)
			v = name + "=" + value
		}
		if !ok {
			v = h.word("", kv)
		}
		out[i] = v
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
	parts := marksRE().Split(stored, -1)
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

// Marks returns how many marks a word has that was stored.
func Marks(stored string) int { return len(marksRE().FindAllStringIndex(stored, -1)) }

// Left returns how many places of a word that was stored as stored still have the mark in given, which [Matches] it.
func Left(stored, given string) (n int) {
	marks := marksRE().FindAllStringIndex(stored, -1)
	if given == stored {
		return len(marks)
	}
	for _, m := range marks {
		for _, at := range marksRE().FindAllStringIndex(given, -1) {
			if Matches(stored[:m[0]], given[:at[0]]) && Matches(stored[m[1]:], given[at[1]:]) {
				n++
				break
			}
		}
	}
	return n
}

// marksRE finds marks, together with the asterisks beside them, which are part of the word or of the mark.
var marksRE = pattern.Of(`\*{3,}`)

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

// valued hides what of a word is a secret because of the words before it, or because of the flag that it begins with.
func (h *Hider) valued(program string, before []string, w string) (string, bool) {
	for _, prefix := range attached[program] { // mysql -pPASSWORD
		rest, ok := strings.CutPrefix(w, prefix)
		switch user, password, pair := strings.Cut(rest, ":"); {
		case !ok || rest == "" || portsRE().MatchString(rest):
		case program != "curl":
			return prefix + h.unlessReference(rest), true
		case pair:
			return prefix + user + ":" + h.unlessReference(password), true
		}
	}
	if slices.Contains(slashed, program) && slashedRE().MatchString(w) && !isPath(w) {
		return replace(slashedRE(), w, h.unlessReference), true
	}
	if len(before) == 0 || strings.HasPrefix(w, "-") {
		return w, false
	}
	flag := last(before)
	if program == "curl" && curlUserRE().MatchString(flag) { // -su, several flags in one
		flag = "-u"
	}
	switch p := flags(program)[flag]; p {
	case nothing:
	case whole:
		return h.unlessReference(w), true
	case pairs:
		if strings.Contains(w, "=") {
			return h.unlessReference(w), true
		}
	default:
		if user, password, ok := strings.Cut(w, string(p)); ok && !portsRE().MatchString(w) {
			return user + string(p) + h.unlessReference(password), true
		}
		return w, false
	}
	name, ok := strings.CutPrefix(flag, "-")
	if !ok && slices.ContainsFunc(before[max(0, len(before)-3):len(before)-1], sets) { // config set password x
		name, ok = flag, names(flag) == clear && !slices.Contains(saidOfSecrets, strings.ToLower(w)) &&
			!patternRE().MatchString(w)
	}
	if !ok || strings.ContainsAny(flag, "= ") || asks(name) {
		return w, false
	}
	sure := names(strings.TrimPrefix(name, "-"))
	return h.valueOf(sure, w)
}

// assigned hides the value of a word that is a flag or a variable and its value.
func (h *Hider) assigned(w string) (string, bool) {
	at := flagRE().FindStringSubmatchIndex(w)
	if at == nil {
		return w, false
	}
	name := w[at[2]:at[3]]
	if name == "PWD" || name == "OLDPWD" {
		return w, w[at[1]:] != "" && strings.HasPrefix(w[at[1]:], "/")
	}
	v, ok := h.valueOf(names(name), w[at[1]:])
	return w[:at[1]] + v, ok
}

// valueOf hides the value of a name; ok tells that it is a secret. Of a user and a password, it hides the password.
func (h *Hider) valueOf(sure certainty, value string) (hidden string, ok bool) {
	if !secretValue(sure, value) {
		return value, false
	}
	if user, password, ok := strings.Cut(value, ":"); ok && sure == mode && !reference(password) {
		return user + ":" + h.hide(password), true
	}
	return h.hide(value), true
}

// word hides the secrets within a word behind another, of which a script of a shell has many.
func (h *Hider) word(before, w string) string {
	flag := ""
	if m := flagRE().FindStringSubmatch(w); m != nil {
		flag = m[1]
	} else if strings.HasPrefix(before, "-") {
		flag = before
	}
	if strings.ContainsAny(w, " \t\n") && !strings.Contains(w, "PRIVATE KEY") {
		w = replace(stdinRE(), w, h.unlessReference)
		w = h.script(w, deepest)
	}
	w = replace(privateKeyRE(), w, h.hide)
	w = replace(wholeHeaderRE(), w, h.unlessReference)
	w = replace(headerRE(), w, h.unlessReference)
	w = replace(cookieRE(), w, h.unlessReference)
	for _, re := range urlREs {
		w = replace(re(), w, h.unlessReference)
	}
	w = replace(userRE(), w, h.unlessUser)
	w = h.replaceSchemes(w)
	if !searches(flag) {
		w = replacePairs(w, h)
	}
	for _, re := range sqlREs {
		w = replace(re(), w, h.unlessReference)
	}
	w = h.replaceElements(w)
	w = replace(formsRE(), w, h.hide)
	if public(flag) {
		return w
	}
	return h.chance(w)
}

// deepest is how deep a script within quotes of a script is looked through.
const deepest = 4

// script hides what the words of a script have of those before them, as in curl -u user:password.
func (h *Hider) script(s string, depth int) string {
	var b strings.Builder
	var before []string
	program, end := "", 0
	for _, at := range scriptRE().FindAllStringIndex(s, -1) {
		if strings.ContainsAny(s[end:at[0]], "|&;<>()\n") { // another command
			program, before = "", nil
		}
		w := s[at[0]:at[1]]
		b.WriteString(s[end:at[0]])
		end = at[1]
		open, bare, shut := unquote(w)
		if v, ok := h.valued(program, before, bare); ok {
			w = open + v + shut
		} else if open != "" && strings.ContainsAny(bare, " \t\n") && depth > 0 {
			w = open + h.script(bare, depth-1) + shut
		}
		b.WriteString(w)
		program = programAfter(program, before, bare)
		before = append(before, bare)
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

// scriptRE finds the words of a script: up to white space or an operator that is not quoted.
var scriptRE = pattern.Of(`(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s|&;<>()"'\\]|["'\\])+`)

// replace puts what f makes of the first group of each match in its place.
func replace(re *regexp.Regexp, s string, f func(string) string) string {
	var b strings.Builder
	end := 0
	for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
		lo, hi := m[2], m[3]
		if lo < 0 || s[lo:hi] == Mark {
			continue
		}
		b.WriteString(s[end:lo])
		b.WriteString(f(s[lo:hi]))
		end = hi
	}
	return b.String() + s[end:]
}
