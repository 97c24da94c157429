package words

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
)

// A Text is written for a terminal, in lines of at most Width columns. The zero value is empty and 80 columns wide.
type Text struct {
	Width int
	Lines []string
}

// Para adds a paragraph.
func (t *Text) Para(s string) { t.Item("", s) }

// Item adds a paragraph behind a mark; its further lines stand under the first.
func (t *Text) Item(mark, s string) {
	t.Lines = append(t.Lines, Item(mark, s, cmp.Or(t.Width, 80))...)
}

// Items adds a list below its head; nothing if there are no items.
func (t *Text) Items(head string, items []string) {
	if len(items) > 0 && head != "" {
		t.Head(head)
	}
	for _, s := range items {
		t.Item("- ", s)
	}
}

// Head adds a paragraph below an empty line.
func (t *Text) Head(s string) {
	t.Blank()
	t.Para(s)
}

// Blank adds an empty line; it never stands twice nor first.
func (t *Text) Blank() {
	if n := len(t.Lines); n > 0 && t.Lines[n-1] != "" {
		t.Lines = append(t.Lines, "")
	}
}

// Write writes the lines, without spaces at their ends.
func (t *Text) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, l := range t.Lines {
		if _, err := fmt.Fprintln(out, strings.TrimRight(Plain(l), " ")); err != nil {
			return err
		}
	}
	return out.Flush()
}
