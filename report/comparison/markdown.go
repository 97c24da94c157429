package comparison

import (
	"bytes"
	"fmt"
	"io"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/report/words"
)

// WriteMarkdown writes the comparison for a pull request.
func (c *Comparison) WriteMarkdown(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "### %s\n\nBASE: %s; NEW: %s\n", words.Markdown(c.title()), words.Markdown(c.in.Base), words.Markdown(c.in.New))
	for i, s := range c.gate() {
		if i == 0 {
			fmt.Fprintf(&b, "\n**%s**\n", words.Markdown(s))
			continue
		}
		fmt.Fprintf(&b, "- %s\n", words.Markdown(s))
	}
	mdList(&b, "The two sides differ in more than the program:", c.notes())
	mdList(&b, "Not compared:", c.alone())
	for _, pair := range c.in.Result.Pairs {
		fmt.Fprintf(&b, "\n#### %s\n\n", words.Markdown(pair.Key.String()))
		b.WriteString("| n | runs | BASE | NEW | ratio | 95 % interval | p | P(slower) | verdict |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | :--- |\n")
		for _, r := range rows(pair) {
			verdict := words.Markdown(string(r.Verdict))
			if r.Verdict == compare.Slower || r.Verdict == compare.Faster {
				verdict = "**" + verdict + "**"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", r.N, r.Runs, words.Markdown(r.Base), words.Markdown(r.New), r.Ratio, words.Markdown(r.Interval), words.Markdown(r.P), r.Above, verdict)
		}
		mdList(&b, "", laws(pair))
		mdList(&b, "", c.causes(pair))
	}
	fmt.Fprintf(&b, "\n%s\n", words.Markdown(c.method()))
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
		fmt.Fprintf(b, "- %s\n", words.Markdown(s))
	}
}
