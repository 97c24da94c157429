package main

import (
	"cmp"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/pattern"
)

// A screen is standard output or standard error. All that the tool prints passes it: control characters in names,
// errors and files that others made are shown as escapes and reach no terminal. JSON keeps its meaning, because the
// escapes are those of JSON.
type screen struct {
	out     io.Writer
	colours bool   // pass; nothing else that steers a terminal does
	half    string // the beginning of a character or of a colour whose end comes with the next write
	failed  error  // of the first write that failed, for those who print without looking
}

// Write writes p as [words.Visible] has it.
func (s *screen) Write(p []byte) (int, error) {
	text := s.half + string(p)
	whole := s.whole(text)
	s.half = strings.Clone(text[whole:])
	if _, err := io.WriteString(s.out, s.visible(text[:whole])); err != nil {
		s.failed = cmp.Or(s.failed, err)
		return 0, err
	}
	return len(p), nil
}

// colour is one of the sequences that set the colour of what follows (ECMA-48, SGR), partColour the beginning of one at
// the end of a text.
var (
	colour     = pattern.Of("\x1b\\[[0-9;]*m")
	partColour = pattern.Of("\x1b(\\[[0-9;]*)?$")
)

// whole returns how much of text can be judged without what follows.
func (s *screen) whole(text string) int {
	for i := max(0, len(text)-utf8.UTFMax+1); i < len(text); i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRuneInString(text[i:]) {
			return i
		}
	}
	const longest = 16 // of a colour
	if from := max(0, len(text)-longest); s.colours {
		if at := partColour().FindStringIndex(text[from:]); at != nil {
			return from + at[0]
		}
	}
	return len(text)
}

func (s *screen) visible(text string) string {
	if !s.colours {
		return words.Visible(text)
	}
	var b strings.Builder
	for {
		at := colour().FindStringIndex(text)
		if at == nil {
			return b.String() + words.Visible(text)
		}
		b.WriteString(words.Visible(text[:at[0]]) + text[at[0]:at[1]])
		text = text[at[1]:]
	}
}

// end writes what is left of a character that was never completed.
func (s *screen) end() {
	_, _ = io.WriteString(s.out, words.Visible(s.half)) // there is nobody left to tell
	s.half = ""
}

// coloured returns w, which lets colours pass if it is a screen: for a page that makes its foreign text printable
// itself, before it colours it.
func coloured(w io.Writer) io.Writer {
	if s, ok := w.(*screen); ok {
		return &screen{out: s.out, colours: true}
	}
	return w
}

// bare returns what is behind a screen, for the progress bar.
func bare(w io.Writer) io.Writer {
	if s, ok := w.(*screen); ok {
		return s.out
	}
	return w
}
