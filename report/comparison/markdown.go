package comparison

import (
	"bytes"
	"fmt"
	"io"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/report/internal/prose"
)

// WriteMarkdown writes the comparison for a pull request.
func (c *Comparison) WriteMarkdown(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "### %s\n\nBASE: %s; NEW: %s\n", prose.Markdown(c.title()), prose.Markdown(c.in.Base), prose.Markdown(c.in.New))
	for i, s := range c.gate() {
		if i == 0 {
			fmt.Fprintf(&b, "\n**%s**\n", prose.Markdown(s))
			continue
		}
		fmt.Fprintf(&b, "- %s\n", prose.Markdown(s))
	}
	mdList(&b, "The two sides differ in more than the program:", c.in.Result.Notes)
	mdList(&b, "Not compared:", c.alone())
	for _, pair := range c.in.Result.Pairs {
		fmt.Fprintf(&b, "\n#### %s\n\n", prose.Markdown(pair.Key.String()))
		b.WriteString("| n | runs | BASE | NEW | ratio | 95 % interval | p | P(slower) | verdict |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | :--- |\n")
		for _, r := range rows(pair) {
			verdict := prose.Markdown(string(r.Verdict))
			if r.Verdict == compare.Slower || r.Verdict == compare.Faster {
				verdict = "**" + verdict + "**"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", r.N, r.Runs, prose.Markdown(r.Base), prose.Markdown(r.New), r.Ratio, prose.Markdown(r.Interval), prose.Markdown(r.P), r.Above, verdict)
		}
		mdList(&b, "", laws(pair))
		mdList(&b, "", c.causes(pair))
	}
	fmt.Fprintf(&b, "\n%s\n", prose.Markdown(c.method()))
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
		fmt.Fprintf(b, "- %s\n", prose.Markdown(s))
	}
}
