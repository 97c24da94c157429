// Package words turns facts and numbers into English. It is the only place that does: analysis gives kinds and figures,
// and every document, gate and line that a person reads takes its words from here, so that one thing has one name.
//
// Text goes two steps. It is composed with a [NoBreak] between a number and its unit, and with names as they are. Where
// it is written, [Wrap], [Item] and [Markdown] make it printable, keep what belongs together on one line, and turn each
// NoBreak into an ordinary space; a line that is not broken, such as one of a table, goes through [Plain], and a name
// in it through [Printable].
//
// Rejected: making names printable where they are read. JSON holds them as they are, and a new reader would forget.
package words

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/corecurve/corecurve/trace/pattern"
)

// NoBreak keeps a number and its unit on one line.
const NoBreak = "\u00a0"

// Plain is s with ordinary spaces: for lines that nothing breaks, and for readers that search them.
func Plain(s string) string { return strings.ReplaceAll(s, NoBreak, " ") }

// PlainAll is each of texts as [Plain] has it; none is an empty list.
func PlainAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = Plain(s)
	}
	return out
}

// Visible shows control characters, and all else that has no shape of its own, as the escapes of JSON, and bytes that
// are no UTF-8 as \x9b, so that foreign text cannot steer a terminal. Ends of lines, tabs and a [NoBreak] stay. It
// changes nothing that it has made visible before.
func Visible(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(r)):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !hidden(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// hidden reports whether r is shown as an escape.
func hidden(r rune) bool {
	return !unicode.IsPrint(r) && string(r) != NoBreak && r != '\n' && r != '\t'
}

// Printable makes foreign text (an error message, an argument, a name in a file) a part of a line: ends of lines become
// " / ", other white space but a [NoBreak] a space, and what is left is as [Visible] has it. It changes nothing that it
// has made printable before.
func Printable(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " / ")
	return Visible(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) && string(r) != NoBreak {
			return ' '
		}
		return r
	}, s))
}

// leastRoom is what a line has for words, however narrow it is.
const leastRoom = 8

// Wrap makes s printable and breaks it, between words, into lines of at most width characters: the first begins with
// first, the others with rest. A word that is longer than a line is broken. Text without words has no lines.
func Wrap(s string, width int, first, rest string) []string {
	width = max(width, leastRoom+max(utf8.RuneCountInString(first), utf8.RuneCountInString(rest)))
	var out []string
	line, gap := first, ""
	flush := func() {
		out = append(out, line)
		line, gap = rest, ""
	}
	// A no-break space is no end of a word, so strings.Fields will not do.
	words := strings.FieldsFunc(Printable(s), func(r rune) bool { return r == ' ' })
	for _, word := range words {
		word = Plain(word)
		length := utf8.RuneCountInString(word)
		if gap != "" && utf8.RuneCountInString(line+gap)+length > width {
			flush()
		}
		for room := width - utf8.RuneCountInString(line+gap); length > room; room = width - utf8.RuneCountInString(line) {
			end := 0
			for range room {
				_, size := utf8.DecodeRuneInString(word[end:])
				end += size
			}
			line += word[:end]
			word, length = word[end:], length-room
			flush()
		}
		line, gap = line+gap+word, " "
	}
	if len(words) > 0 {
		out = append(out, line)
	}
	return out
}

// Item is s as [Wrap] breaks it: behind mark, and indented as far as mark is wide.
func Item(mark, s string, width int) []string {
	return Wrap(s, width, mark, strings.Repeat(" ", utf8.RuneCountInString(mark)))
}

// Markdown makes s printable and escapes what Markdown, HTML within it, or a forge that shows it would take for markup:
// a forge also makes links of addresses, of @name (whom it then writes to) and of #123.
func Markdown(s string) string {
	s = Plain(Printable(s))
	var b strings.Builder
	if n := len(listMark().FindString(s)); n > 0 { // a list where a paragraph begins
		b.WriteString(s[:n-2] + `\` + s[n-2:n-1])
		s = s[n-1:]
	}
	before := ' '
	for i, r := range s {
		next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '@' && !inWord(before) && inWord(next), r == '#' && unicode.IsDigit(next):
			b.WriteString("\\" + string(r) + noLink)
		case strings.ContainsRune("\\`*_[]|#~!$@", r),
			r == ':' && strings.HasPrefix(s[i:], "://"), r == '.' && strings.HasSuffix(s[:i], "www"):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

// noLink parts a mark from the word behind it, so that a forge makes no link of them. It has no width. A backslash alone
// does not: forges look for such links in the text that Markdown has become.
const noLink = "&#8203;"

// listMark matches what begins an item of a list.
var listMark = pattern.Of(`^([-+]|[0-9]{1,9}[.)]) `)

// inWord reports whether r is a part of a name.
func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// Sentence ends s with a full stop if it has no end yet.
func Sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?:") {
		return s
	}
	return s + "."
}

// Upper begins s with a capital.
func Upper(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// Opening is text as a sentence begins: with a capital, unless its first word is a name or a file, which has more than
// small letters, or what stands before a colon.
func Opening(text string) string {
	word, _, more := strings.Cut(text, " ")
	if more && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" {
		return Upper(text)
	}
	return text
}

// List joins items as in a sentence.
func List(items []string) string {
	switch n := len(items); n {
	case 0:
		return ""
	case 1:
		return items[0]
	default:
		return strings.Join(items[:n-1], ", ") + " and " + items[n-1]
	}
}

// Foreign is text that others made, printable and with its percentages kept on one line.
func Foreign(s string) string {
	return strings.ReplaceAll(Printable(s), " %", NoBreak+"%")
}
