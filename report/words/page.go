package words

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
)

// A Page is text for a terminal, in lines of at most Width columns. The zero value is empty and 80 columns wide.
type Page struct {
	Width int
	Lines []string
}

// Para adds a paragraph.
func (p *Page) Para(s string) { p.Item("", s) }

// Item adds a paragraph behind a mark; its further lines stand under the first.
func (p *Page) Item(mark, s string) {
	p.Lines = append(p.Lines, Item(mark, s, cmp.Or(p.Width, 80))...)
}

// Items adds a list below an empty line and its head; nothing if there are no items.
func (p *Page) Items(head string, items []string) {
	if len(items) > 0 {
		p.Head(head)
	}
	for _, s := range items {
		p.Item("- ", s)
	}
}

// Head adds a paragraph below an empty line.
func (p *Page) Head(s string) {
	p.Blank()
	p.Para(s)
}

// Blank adds an empty line; it never stands twice nor first.
func (p *Page) Blank() {
	if n := len(p.Lines); n > 0 && p.Lines[n-1] != "" {
		p.Lines = append(p.Lines, "")
	}
}

// Write writes the lines, without spaces at their ends.
func (p *Page) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, l := range p.Lines {
		if _, err := fmt.Fprintln(out, strings.TrimRight(Plain(l), " ")); err != nil {
			return err
		}
	}
	return out.Flush()
}
