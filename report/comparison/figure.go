package comparison

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
)

// Figure is the picture: a row for each point with the ratio of its times, its interval, and the smallest change that
// counts. Curves of times would hide changes of a few percent.
func (c *Comparison) Figure() (chart.Figure, error) {
	base, fresh := labels(c.Base, c.New)
	f := chart.Forest{
		Words: chart.Words{
			Title:    strings.Replace(c.title(), "NEW: ", fresh+" against "+base+": ", 1),
			Subtitle: fmt.Sprintf("base: %s; new: %s", c.Base, c.New),
		},
		Faster: fresh + " is faster", Slower: fresh + " is slower", MinEffect: max(0, c.Result.Options.MinEffect),
	}
	for _, pair := range c.Result.Pairs {
		if len(pair.Points) == 0 {
			continue
		}
		g := chart.ForestGroup{}
		if len(c.Result.Pairs) > 1 {
			g.Title = words.Key(pair.Key)
		}
		for _, p := range pair.Points {
			g.Rows = append(g.Rows, row(p))
		}
		f.Groups = append(f.Groups, g)
	}
	if len(f.Groups) == 0 {
		return nil, errors.New("nothing to draw: no pair of curves has a point in common")
	}
	return f, nil
}

// row is a point as the picture shows it.
func row(p compare.Point) chart.ForestRow {
	r := chart.ForestRow{
		Name: "n = " + words.Count(p.N), Ratio: p.Ratio, Text: string(p.Verdict),
		Shown: p.Verdict == compare.Faster || p.Verdict == compare.Slower,
	}
	if !words.Finite(p.Ratio) {
		return r
	}
	r.Text = change(p.Ratio)
	if iv := p.Interval; iv != nil {
		r.Low, r.High, r.Range = iv.Low, iv.High, iv.Method == curve.MinMax
		r.Text += fmt.Sprintf(" (%s to %s)", change(iv.Low), change(iv.High))
	}
	r.Text += ": " + string(p.Verdict)
	return r
}

// labels name two sides by as little of the end of their paths as tells them apart.
func labels(base, fresh string) (a, b string) {
	x, y := parts(base), parts(fresh)
	for n := 1; n <= max(len(x), len(y)); n++ {
		a, b = strings.Join(x[max(0, len(x)-n):], "/"), strings.Join(y[max(0, len(y)-n):], "/")
		if a != b {
			return a, b
		}
	}
	return "BASE", "NEW"
}

func parts(path string) []string { return strings.Split(filepath.ToSlash(filepath.Clean(path)), "/") }
