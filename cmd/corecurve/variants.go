package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/comparison"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// changeOptions are the flags that say which changes count.
type changeOptions struct {
	minEffect string // share, as "1%" or 0.01
	failOn    string // share; empty: no gate

	least, limit float64 // minEffect and failOn, read
}

// Names of the flags of [changeOptions].
const (
	flagMinEffect = "min-effect"
	flagFailOn    = "fail-on"
)

func (o *changeOptions) changeFlags(f *pflag.FlagSet) {
	f.StringVar(&o.minEffect, flagMinEffect, "1%", "smallest change between what is compared that counts")
	f.StringVar(&o.failOn, flagFailOn, "", "exit with status 3 if a point is shown to be slower by this much, as in 5%")
}

// check reads the flags.
func (o *changeOptions) checkChange() (err error) {
	if o.least, err = part(o.minEffect); err != nil {
		return usagef("--min-effect %w", err)
	}
	if o.least == 0 {
		o.least = -1 // none
	}
	if o.failOn == "" {
		return nil
	}
	if o.limit, err = part(o.failOn); err != nil {
		return usagef("--fail-on %w", err)
	}
	if o.limit == 0 {
		return usagef("--fail-on %q: want more than nothing", o.failOn)
	}
	return nil
}

// alone refuses a gate on changes where a study compares nothing.
func (o *changeOptions) alone(dir string) error {
	if o.failOn == "" {
		return nil
	}
	return usagef("--fail-on: %s compares nothing: studies that do are made with --against or --variant, and two studies are "+
		"compared by corecurve compare", dir)
}

// variantsOf compares the variants of a study, each of parts one of them, analysed. What was recorded of the study, and
// the damage that was met in it, each of them tells.
func variantsOf(parts []*study.Study, o changeOptions, seed uint64) *comparison.Study {
	out := &comparison.Study{}
	var curves [][]compare.Curve
	for _, p := range parts {
		v := p.Header.Variants[0]
		out.Variants, out.Said = append(out.Variants, v), append(out.Said, words.Variant(&v, &p.Header))
		curves = append(curves, compare.OfStudy(p))
	}
	base := parts[0]
	for _, w := range base.Warnings {
		if w.Kind == warning.Recorded && !slices.Contains(base.Header.Host.Limits, w.Text) {
			out.Warnings = append(out.Warnings, words.Warning(w))
		}
	}
	for i, r := range compare.All(curves[0], curves[1:], compare.Options{MinEffect: o.least, Seed: seed, Paired: true}) {
		fresh := parts[i+1]
		c := &comparison.Comparison{
			Base: out.Said[0], New: out.Said[i+1], Result: r, Measure: base.Measure, FailOn: o.limit,
			Sides: words.Sides{Base: out.Variants[0].Name, New: out.Variants[i+1].Name},
		}
		same := map[string]bool{}
		for _, r := range compare.Remarks(&sweep.Study{Header: base.Header, Results: base.Results},
			&sweep.Study{Header: fresh.Header, Results: fresh.Results}) {
			c.Notes = append(c.Notes, words.Sentence(words.Remark(r)))
			if r.Kind == compare.SameProgram {
				same[r.Workload] = true
			}
		}
		c.Same = len(r.Pairs) > 0 && !slices.ContainsFunc(r.Pairs, func(p compare.Pair) bool { return !same[p.Key.Workload] })
		c.Notes = append(c.Notes, unexplained(base, c.Sides.Base)...)
		c.Notes = append(c.Notes, unexplained(fresh, c.Sides.New)...)
		out.Comparisons = append(out.Comparisons, c)
	}
	return out
}

// unexplained says of which points of a side it is not known where the core time went.
func unexplained(s *study.Study, name string) []string {
	var out []string
	for _, t := range s.Traced {
		if t.Ledger == nil && len(t.Warnings) > 0 {
			out = append(out, fmt.Sprintf("%s: where the core time went is not known at %s: %s", name, t.Result.Point, words.Warning(t.Warnings[0])))
		}
	}
	return out
}

// reportVariants writes the report of each variant of a study and that of their comparison, and prints the latter.
func reportVariants(cmd *cobra.Command, s *sweep.Study, parts []*sweep.Study, o drawOptions) error {
	var analysed []*study.Study
	var links []page.Link
	for _, p := range parts {
		name := p.Header.Variants[0].Name
		a, of := analyzeStudy(p, o), o
		analysed = append(analysed, a)
		if of.out != "" {
			of.out = filepath.Join(o.out, name)
		}
		if len(p.Results) == 0 {
			continue
		}
		if err := of.write(cmd.Context(), p, report.Build(a), a); err != nil {
			return fmt.Errorf("report of %s: %w", name, err)
		}
		links = append(links, page.Link{Text: "Report of " + name, To: path.Join(name, "report.html")})
	}
	v := variantsOf(analysed, o.changeOptions, s.Header.Seed)
	v.Reports = links
	out, err := o.folder(s)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := errors.Join(writeVariants(cmd.Context(), out, v), out.Close()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := writeSummary(cmd.Context(), o.summary, false, v.WriteSummary); err != nil {
		return err
	}
	if o.json {
		err = v.WriteJSON(cmd.OutOrStdout())
	} else if err = v.WriteText(cmd.OutOrStdout()); err == nil {
		at := o.out
		if at == "" {
			at = filepath.Join(s.Dir, s.Report())
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "\nReport: %s\n", filepath.Join(at, "report.html"))
	}
	if err != nil {
		return err
	}
	return heldChange(v, o.failOn)
}

// folder opens the folder that the report of s belongs to.
func (o *drawOptions) folder(s *sweep.Study) (*folder.Folder, error) {
	if o.out == "" {
		return s.OpenReport()
	}
	out, err := folder.Make(o.out)
	if err == nil {
		out.Tidy(".")
	}
	return out, err
}

// writeVariants draws the pictures of a comparison and writes its documents and profiles into dir.
func writeVariants(ctx context.Context, dir *folder.Folder, v *comparison.Study) error {
	files := map[string]func(io.Writer) error{}
	for i, c := range v.Comparisons {
		suffix := ""
		if len(v.Comparisons) > 1 {
			suffix = "-" + v.Variants[i+1].Name
		}
		h := c.Result.Headline()
		if p := c.Result.Profiles(&h); p != nil {
			c.Profiles, c.Files = p, []string{"base" + suffix + ".pb.gz", "new" + suffix + ".pb.gz"}
			files[c.Files[0]], files[c.Files[1]] = p.Base.Write, p.New.Write
		}
	}
	for _, f := range v.Figures() {
		files[f.Name+".svg"], files[f.Name+".png"] = picture(f.Chart, chart.WriteSVG), picture(f.Chart, chart.WritePNG)
	}
	files["report.json"], files["report.md"], files["report.html"] = v.WriteJSON, v.WriteMarkdown, v.WriteHTML
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		errs = append(errs, writeIn(ctx, dir, name, files[name]))
	}
	return errors.Join(errs...)
}

// heldChange is the exit status of a gate on changes.
func heldChange(v *comparison.Study, failOn string) error {
	if failOn == "" {
		return nil
	}
	failed, compared := v.Failed()
	switch {
	case !compared:
		return usagef("--fail-on %s: the variants have no point in common to hold it against", failOn)
	case len(failed) > 0:
		return &statusError{exitGate, fmt.Errorf("--fail-on %s does not hold: %s", failOn, strings.Join(failed, "; "))}
	}
	return nil
}

// enough lets a study of variants make as many blocks as it takes to show a change among all of its points, unless the
// user says how many; then it tells if these are too few.
func enough(cmd *cobra.Command, h *sweep.Header) {
	if !h.Compares() {
		return
	}
	points := map[sweep.Point]bool{}
	for _, s := range h.Sweeps {
		if s.Variant != "" && s.Variant != h.Variants[0].Name {
			for _, p := range s.Points {
				points[p] = true
			}
		}
	}
	need, r := min(compare.PairsNeeded(len(points)), limits.Reps), &h.Rule
	said := slices.ContainsFunc([]string{"runs", "max-runs", "budget"}, cmd.Flags().Changed)
	switch {
	case r.MaxRuns >= need && (said || r.MinRuns >= need):
	case said:
		fmt.Fprintln(cmd.ErrOrStderr(), words.Plain(words.PairsShort(r.MaxRuns, need, len(points))))
	default:
		r.MinRuns, r.MaxRuns = max(r.MinRuns, need), max(r.MaxRuns, need)
	}
}
