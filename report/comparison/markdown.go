package comparison

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/corecurve/corecurve/analyze/compare"
)

// WriteMarkdown writes the comparison for a pull request.
func (c *Comparison) WriteMarkdown(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "### %s\n\nBASE: %s; NEW: %s\n", md(c.title()), md(c.in.Base), md(c.in.New))
	for i, s := range c.gate() {
		if i == 0 {
			fmt.Fprintf(&b, "\n**%s**\n", md(s))
			continue
		}
		fmt.Fprintf(&b, "- %s\n", md(s))
	}
	mdList(&b, "The two sides differ in more than the program:", c.in.Result.Notes)
	mdList(&b, "Not compared:", c.alone())
	for _, pair := range c.in.Result.Pairs {
		fmt.Fprintf(&b, "\n#### %s\n\n", md(pair.Key.String()))
		b.WriteString("| n | runs | BASE | NEW | ratio | 95 % interval | p | P(slower) | verdict |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | :--- |\n")
		for _, r := range rows(pair) {
			verdict := md(string(r.Verdict))
			if r.Verdict == compare.Slower || r.Verdict == compare.Faster {
				verdict = "**" + verdict + "**"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", r.N, r.Runs, r.Base, r.New, r.Ratio, md(r.Interval), md(r.P), r.Above, verdict)
		}
		mdList(&b, "", laws(pair))
		mdList(&b, "", c.causes(pair))
	}
	fmt.Fprintf(&b, "\n%s\n", md(c.method()))
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("comparison: Markdown: %w", err)
	}
	return nil
}

func mdList(b *bytes.Buffer, head string, items []string) {
	if len(items) == 0 {
		return
	}
	b.WriteString("\n")
	if head != "" {
		fmt.Fprintf(b, "%s\n\n", head)
	}
	for _, s := range items {
		fmt.Fprintf(b, "- %s\n", md(s))
	}
}

// md escapes what Markdown or HTML within it would take for its own.
func md(s string) string {
	var b strings.Builder
	for _, r := range printable(s) {
		if strings.ContainsRune("\\`*_[]<>|#&@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
