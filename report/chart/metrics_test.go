package chart_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/report/chart"
)

func TestMetrics(t *testing.T) {
	f := chart.Metrics{
		Words: chart.Words{Title: "a title", Footnote: "a note"},
		Axis:  "n = workers",
		Name:  "threads",
		Panels: []chart.MetricPanel{
			{Unit: "ops/s", Points: []chart.MetricPoint{
				{N: 1, Value: 2e6, Low: 1e6, High: 3e6, Runs: 5}, {N: 2, Value: 3.5e6, Low: 3e6, High: 4e6, Runs: 5},
			}},
			{Unit: "allocs/op", Points: []chart.MetricPoint{{N: 1, Runs: 1}, {N: 2, Runs: 1}}}, // nothing is allocated
			{Unit: "empty"},
		},
	}
	var b bytes.Buffer
	if err := chart.WriteSVG(&b, f); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"a title", "a note", "million ops/s", "allocs/op", "n = 2: 3,500,000 ops/s",
		"median of 5", "n = workers", ">threads 3.50<",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the picture does not say %q", want)
		}
	}
	white := func() int { b.Reset(); _ = chart.WriteSVG(&b, f); return strings.Count(b.String(), `fill="#ffffff"`) }
	quiet := white()
	f.Panels[0].Points[0].Noisy = 3 // of 5
	if noisy := white(); noisy != quiet+1 {
		t.Errorf("%d white marks, then %d with a noisy point: want one more", quiet, noisy)
	}
	if err := chart.WritePNG(&b, f); err != nil {
		t.Error(err)
	}
	if err := chart.WriteSVG(&b, chart.Metrics{}); err != nil {
		t.Error(err)
	}
}
