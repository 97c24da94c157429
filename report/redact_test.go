package report

import (
	"io"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/text"
	"github.com/corecurve/corecurve/trace/redact"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestRedact: no document of a redacted report, nor its data, has the name of the host or a folder; all else is as
// without.
func TestRedact(t *testing.T) {
	f := failing()
	h := &f.in.Header
	h.Host.Name, h.Host.BootID = "ada-laptop", "b00t-1d"
	h.Command = []string{"corecurve", "run", "--", "/home/ada/bin/tool", "--data=~/private/x.csv"}
	h.Workloads[0].Argv = []string{"/home/ada/bin/tool"}
	h.Workloads[0].Package = "~/private/pkg"
	f.in.Damage = append(f.in.Damage, "/home/ada/study/runs.jsonl: line 3 is damaged")
	for i := range f.in.Results {
		f.in.Results[i].StderrTail = "panic at /home/ada/private/main.go:7"
	}
	whole := Build(study.Analyze(f.in))
	r := Build(study.Analyze(f.in.Redact(redact.New(f.in.Header, f.in.Results, redact.Here{}))))
	p := draw(t, r)
	for doc, s := range map[string]string{
		"text":     written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{}) }),
		"json":     written(t, r.WriteJSON),
		"markdown": written(t, func(w io.Writer) error { return r.WriteMarkdown(w, p) }),
		"summary":  written(t, r.WriteSummary),
		"html":     written(t, func(w io.Writer) error { return r.WriteHTML(w, p) }),
	} {
		for _, bad := range []string{"ada", "b00t", "private", "/home"} {
			if i := strings.Index(strings.ReplaceAll(s, "metadata", ""), bad); i >= 0 {
				t.Errorf("%s has %q", doc, bad)
			}
		}
	}
	if got, want := len(r.Document.Curves), len(whole.Document.Curves); got != want {
		t.Errorf("%d curves of %d", got, want)
	}
	if a, b := *r.Document.Curves[0].Points[1].Median, *whole.Document.Curves[0].Points[1].Median; a != b {
		t.Errorf("median %v became %v", b, a)
	}
	if f.in.Results[0].Status != sweep.OK || !strings.Contains(f.in.Results[0].StderrTail, "/home") {
		t.Error("the study was changed")
	}
}
