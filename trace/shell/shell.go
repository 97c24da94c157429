// Package shell writes words as a user types them, and reads words as one has typed them.
package shell

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/shlex"
)

// Quote writes words as a line that can be pasted into a shell: what is not plain is quoted, and what has no shape of
// its own, such as a control character, stands there as an escape within $'…', which bash, zsh, ksh and POSIX of 2024
// know. A word that begins with ~/ stays as it is: studies show the home directory so.
func Quote(words ...string) string {
	out := make([]string, len(words))
	for i, w := range words {
		switch {
		case !printable(w):
			out[i] = escaped(w)
		case plain(w):
			out[i] = w
		default:
			out[i] = quoted(w)
		}
	}
	return strings.Join(out, " ")
}

// Join writes words as a line that [Split] takes apart again. It may hold any bytes.
func Join(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		if out[i] = w; !plain(w) {
			out[i] = quoted(w)
		}
	}
	return strings.Join(out, " ")
}

// Split splits a line into its words as a shell does, without what a shell does to them. They may hold any bytes, of
// which shlex would keep UTF-8 alone: it is given each byte as a character of its own.
func Split(line string) ([]string, error) {
	wide := make([]rune, len(line))
	for i := range len(line) {
		wide[i] = rune(line[i])
	}
	words, err := shlex.Split(string(wide))
	for i, w := range words {
		var narrow []byte
		for _, r := range w {
			narrow = append(narrow, byte(r))
		}
		words[i] = string(narrow)
	}
	return words, err
}

// plain reports whether a shell takes w for itself.
func plain(w string) bool {
	home := w == "~" || strings.HasPrefix(w, "~/")
	return w != "" && !strings.ContainsAny(w, " \t\r\n\"'$`\\|&;<>(){}*?[]#!^") &&
		(home || w[0] != '~') && w[0] != '='
}

func printable(w string) bool {
	return utf8.ValidString(w) && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsPrint(r) })
}

func quoted(w string) string { return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'" }

// escaped writes a word within $'…'. Bytes are octal, of three digits: ksh takes any number of hexadecimal ones.
func escaped(w string) string {
	var b strings.Builder
	b.WriteString("$'")
	for len(w) > 0 {
		r, size := utf8.DecodeRuneInString(w)
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + w[:size])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == utf8.RuneError && size == 1, !unicode.IsPrint(r):
			for i := range size {
				fmt.Fprintf(&b, `\%03o`, w[i])
			}
		default:
			b.WriteString(w[:size])
		}
		w = w[size:]
	}
	b.WriteString("'")
	return b.String()
}
