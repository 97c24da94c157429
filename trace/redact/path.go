package redact

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/corecurve/corecurve/trace/pattern"
)

// inPath is what a path in a text consists of: what does not end it there.
const inPath = `[^\s"'` + "`" + `=:,;()\[\]{}<>|&]`

// delimits reports whether a path in a text seems to end at r.
func delimits(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("\"'`=:,;()[]{}<>|&", r)
}

// Patterns of arguments and texts.
var (
	// rootRE begins paths that say where they start: /x ~/x ~ada/x ./x ../x …/x C:\x \\host\x.
	rootRE = pattern.Of(`^(?:[/\\]|(?:~[\w.-]*|\.{1,2}|…|[A-Za-z]:)(?:[/\\]|$))`)
	// keyRE is what stands before the value of KEY=VALUE and --flag=VALUE.
	keyRE = pattern.Of(`^-*[\w.-]+=`)
	// letterRE is a flag of one letter that its value follows at once: -I.
	letterRE = pattern.Of(`^-[A-Za-z]`)
	// wordRE finds the words of a shell script: quoted, or up to what ends a word; a backslash keeps what follows it in
	// the word.
	wordRE = pattern.Of(`"[^"]*"|'[^']*'|(?:\\[ \t]|[^\s"'` + "`" + `|&;<>()])+`)
	// homeRE is a home directory: its last element is the user's name.
	homeRE = pattern.Of(`^(?:[A-Za-z]:)?[/\\](?:home|Users)[/\\][^/\\]+$`)
	// textRE finds paths in a text that are absolute, in a home directory, or relative to the working directory and say
	// so.
	textRE = pattern.Of(`((?:^|[\s"'` + "`" + `=:,;()\[\]{}<>|&])(?:-[A-Za-z])?)` + `((?:` +
		`(?:~[\w.-]*|\.{1,2}|…|[A-Za-z]:|--?[A-Za-z][\w-]*)?/` +
		`|(?:~[\w.-]*|\.{1,2}|[A-Za-z]:)\\|\\\\?[^\s\\/]+[/\\])` + inPath + `+)`)
)

// rooted reports whether p is a path by its beginning alone.
func rooted(p string) bool { return rootRE().MatchString(p) }

// File returns the last element of a path behind "…/", or the path itself if it has no folder. Home directories are
// "~".
func File(p string) string {
	s := strings.TrimRight(p, `/\`)
	if s == "" || !strings.ContainsAny(s, `/\`) {
		if strings.HasPrefix(s, "~") {
			return "~"
		}
		return p
	}
	if homeRE().MatchString(s) {
		return "~"
	}
	return "…/" + s[strings.LastIndexAny(s, `/\`)+1:]
}

// cut is File, and remembers what it has cut.
func (r *Redactor) cut(p string) string {
	out := File(p)
	if r.home != "" && strings.TrimRight(p, `/\`) == r.home {
		out = "~"
	}
	if out != p && r.met != nil {
		r.met[strings.TrimRight(p, `/\`)] = true
	}
	return out
}

func (r *Redactor) args(list []string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = r.nameless(r.arg(a))
	}
	return out
}

// nameless returns s without the names of hosts. It looks twice, because two names next to each other share what is
// between them.
func (r *Redactor) nameless(s string) string {
	if r.name == nil {
		return s
	}
	for range 2 {
		s = r.name.ReplaceAllString(s, "${1}…${2}")
	}
	return s
}

// arg returns an element of an argument list, or KEY=VALUE of an environment, with all paths in it cut: the value of
// -I/x, --file=/x and KEY=/x, the words of a shell script, or all of it.
func (r *Redactor) arg(s string) string {
	switch {
	case !strings.ContainsAny(s, `/\`):
		return r.cut(s)
	case rooted(s):
		return r.cut(s)
	}
	if key := keyRE().FindString(s); key != "" {
		return key + r.arg(s[len(key):])
	}
	if script(s) {
		return wordRE().ReplaceAllStringFunc(s, r.word)
	}
	if letter := letterRE().FindString(s); letter != "" {
		return letter + r.arg(s[len(letter):])
	}
	return r.cut(s)
}

// script reports whether s is a shell's text rather than a path with spaces in it.
func script(s string) bool {
	return strings.ContainsAny(s, " \t\n") && strings.ContainsAny(s, "|&;<>$`\"'\n")
}

// word redacts a word of a script, where a backslash alone makes no path.
func (r *Redactor) word(s string) string {
	if q := s[0]; (q == '"' || q == '\'') && len(s) > 1 {
		return s[:1] + r.arg(s[1:len(s)-1]) + s[len(s)-1:]
	}
	if !strings.Contains(s, "/") && !rooted(s) {
		return s
	}
	return r.arg(s)
}

// Text returns s, a sentence or the output of a program, without paths and the host's name.
func (r *Redactor) Text(s string) string {
	if s == "" {
		return s
	}
	s = r.texts.Replace(s)
	last := func(re *regexp.Regexp, s string) string {
		return re.ReplaceAllStringFunc(s, func(m string) string {
			parts := re.FindStringSubmatch(m)
			return parts[1] + File(parts[2])
		})
	}
	if r.near != nil {
		s = last(r.near, s)
	}
	return r.nameless(last(textRE(), s))
}

// all is Text of each.
func (r *Redactor) all(list []string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = r.Text(s)
	}
	return out
}
