package sweep_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/sweep"
)

// twoVariants is a study of pi in two variants, base and new, and of the ceiling.
func twoVariants(t *testing.T) *sweep.Study {
	t.Helper()
	h := sweep.Header{
		Schema: sweep.StudySchema,
		Variants: []sweep.Variant{
			{Name: "base", Kind: sweep.OfRevision, Ref: "main", Revision: "0123abc"}, {Name: "new", Kind: sweep.OfFolder},
		},
	}
	plain, err := sweep.Axes{Workers: []int{1, 2}}.Sweeps(sweep.Subject{Workload: "pi", Size: 8}, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range h.Variants {
		h.Workloads = append(h.Workloads, sweep.Program{Name: "pi", Variant: v.Name, SHA256: v.Name})
		h.Sweeps = append(h.Sweeps, plain[0].For(v.Name))
	}
	h.Sweeps = append(h.Sweeps, sweep.CeilingSweep(sweep.Points(h.Sweeps), 8))
	dir := t.TempDir()
	j, err := sweep.CreateStudy(dir, h)
	if err != nil {
		t.Fatal(err)
	}
	for rep := range 2 {
		for _, run := range sweep.Block(sweep.Points(h.Sweeps), rep, sweep.Timed) {
			r := &sweep.Result{Schema: sweep.RunSchema, Run: run, Status: sweep.OK, Total: 1}
			switch zero := 0; {
			case rep == 0 && run.Point.Variant == "new" && run.Point.Workers == 2:
				r.Status = sweep.Interrupted
			case rep == 1 && run.Point.Variant == "base" && run.Point.Workers == 1:
				r.Replaces = &zero
			}
			if err := j.Append(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := sweep.ReadStudy(dir)
	if err != nil || len(s.Warnings) > 0 {
		t.Fatal(err, s.Warnings)
	}
	return s
}

// Each part of a split study is a study of one variant, with the folders of its runs and all of the ceiling.
func TestSplit(t *testing.T) {
	s := twoVariants(t)
	parts := s.Split()
	var got []string
	for _, p := range parts {
		h := p.Header
		got = append(got, fmt.Sprintf("%s: %s of %s, %d workloads", p.Header.Variants[0].Name, h.Workloads[0].Name,
			h.Workloads[0].SHA256, len(h.Workloads)))
		for _, w := range h.Sweeps {
			got = append(got, fmt.Sprintf("  curve of %s, variant %q, first %s", w.Workload, w.Variant, w.Points[0]))
		}
		for _, l := range []struct {
			name    string
			results []sweep.Result
		}{{"result", p.Results}, {"replaced", p.Replaced}, {"interrupted", p.Interrupted}} {
			for _, r := range l.results {
				got = append(got, "  "+l.name+" "+r.Dir())
			}
		}
		if p.Dir != s.Dir {
			t.Errorf("folder %q, want %q", p.Dir, s.Dir)
		}
		if again := p.Split(); len(again) != 1 || again[0] != p {
			t.Error("a part is split again")
		}
	}
	want := strings.Split(strings.TrimSpace(`
base: pi of base, 1 workloads
  curve of pi, variant "base", first pi-p1-w1-c1-s8-vbase
  curve of spin, variant "", first spin-p1-w1-c1-s8
  result pi-p1-w2-c2-s8-vbase-r00
  result spin-p1-w1-c1-s8-r00
  result spin-p1-w2-c2-s16-r00
  result pi-p1-w1-c1-s8-vbase-r01
  result pi-p1-w2-c2-s8-vbase-r01
  result spin-p1-w1-c1-s8-r01
  result spin-p1-w2-c2-s16-r01
  replaced pi-p1-w1-c1-s8-vbase-r00
new: pi of new, 1 workloads
  curve of pi, variant "new", first pi-p1-w1-c1-s8-vnew
  curve of spin, variant "", first spin-p1-w1-c1-s8
  result pi-p1-w1-c1-s8-vnew-r00
  result spin-p1-w1-c1-s8-r00
  result spin-p1-w2-c2-s16-r00
  result pi-p1-w1-c1-s8-vnew-r01
  result pi-p1-w2-c2-s8-vnew-r01
  result spin-p1-w1-c1-s8-r01
  result spin-p1-w2-c2-s16-r01
  interrupted pi-p1-w2-c2-s8-vnew-r00`), "\n")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(s.Header.Sweeps) != 3 || len(s.Header.Variants) != 2 {
		t.Error("the study was changed")
	}
	s.Header.Variants = nil
	if parts := s.Split(); len(parts) != 1 || parts[0] != s {
		t.Errorf("a study without variants is split into %d", len(parts))
	}
}

// A study whose variants do not fit together is refused by the name of the field, and so is a run of a variant that it
// does not have.
func TestVariantsThatDoNotFit(t *testing.T) {
	s := twoVariants(t)
	for name, c := range map[string]struct {
		spoil func(h *sweep.Header)
		want  string
	}{
		"one":     {func(h *sweep.Header) { h.Variants = h.Variants[:1] }, "variants: there is one"},
		"twice":   {func(h *sweep.Header) { h.Variants[1].Name = "base" }, "variants[1] has the name of variants[0], base"},
		"a path":  {func(h *sweep.Header) { h.Variants[1].Name = "../x" }, `variants[1]: variant name "../x": want lower-case`},
		"no kind": {func(h *sweep.Header) { h.Variants[0].Kind = "" }, `variants[0]: kind is "": must be revision, folder or`},
		"unknown": {func(h *sweep.Header) { h.Workloads[1].Variant = "old" }, `workloads[1]: variant is "old", which the study`},
		"of none": {func(h *sweep.Header) { h.Workloads[0].Variant = "" }, "workloads[0]: variant is missing"},
		"a point": {
			func(h *sweep.Header) { h.Sweeps[0].Points[1].Variant = "new" },
			`sweeps[0].points[1]: variant is "new", and that of the sweep "base"`,
		},
		"a sweep": {func(h *sweep.Header) { h.Sweeps[0] = h.Sweeps[0].For("old") }, `sweeps[0]: variant is "old"`},
		"spin": {
			func(h *sweep.Header) { h.Sweeps[2] = h.Sweeps[2].For("new") }, `sweeps[2]: variant is "new": spin is measured`,
		},
		"none": {func(h *sweep.Header) { h.Variants = nil }, `workloads[0]: variant is "base", which the study does not`},
	} {
		var h sweep.Header // a copy that shares nothing
		b, err := json.Marshal(s.Header)
		if err := errors.Join(err, json.Unmarshal(b, &h)); err != nil {
			t.Fatal(err)
		}
		c.spoil(&h)
		b, err = json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sweep.ReadStudy(studyOf(t, string(b), "")); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	header, err := json.Marshal(s.Header)
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, variant := range []string{"base", "", "old", "new"} {
		r := s.Results[0]
		r.Point.Variant = variant
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(b, '\n'))
	}
	read, err := sweep.ReadStudy(studyOf(t, string(header), lines.String()))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"runs.jsonl: line 2 was skipped: variant is missing: the study has several",
		`runs.jsonl: line 3 was skipped: variant is "old", which the study does not have`,
	}
	if d := cmp.Diff(want, read.Warnings); d != "" || len(read.Results) != 2 {
		t.Errorf("%d results; %s", len(read.Results), d)
	}
}

// A single point of two variants is no curve.
func TestVariantsAreNoSweep(t *testing.T) {
	p := sweep.Point{Workload: "x", Procs: 1, Workers: 1, Cores: 1}
	s := sweep.Sweep{Workload: "x", Mode: sweep.Threads, Points: []sweep.Point{p}}
	if sweep.Swept([]sweep.Sweep{s.For("base"), s.For("new")}) {
		t.Error("a count is swept, where only the variant differs")
	}
}
