package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/sweep"
)

// PlanSchema is the schema of what "run --dry-run --json" prints.
const PlanSchema = "corecurve/plan/1"

// askBeyond is how long a study may take without the user's consent.
const askBeyond = 10 * time.Minute

// A consent says what a study is going to do before it does it, in one line of stderr, and asks if that takes long.
type consent struct {
	ctx      context.Context // of the verb; its end ends the question
	in       io.Reader
	out      io.Writer
	bar      *progress
	given    bool // by --yes, a budget or an answer
	warmsUp  bool // the line goes on after the warm-up
	open     bool // the line is not ended
	begun    bool // what is planned is said
	timed    bool // how long it takes is said
	measured bool // what others take is said
	wanted   bool // without it the study does not go on
}

// look is told the outlook of a study: before the first run, after the warm-up, and after the first block.
func (c *consent) look(o capture.Outlook) error {
	c.bar.end()
	var parts []string
	if !c.begun {
		c.begun = true
		parts = append(parts, "plan: "+planWords(o))
	}
	if !c.timed && o.Source != capture.Nothing {
		c.timed = true
		parts = append(parts, timeWords(o))
	}
	if !c.measured && o.Noise != nil {
		c.measured = true
		parts = append(parts, noiseWords(o.Noise))
	}
	c.say(strings.Join(parts, "; "), c.warmsUp && !c.measured)
	if c.given || o.Low <= askBeyond {
		return nil
	}
	c.end()
	c.wanted = true
	least := words.Plain(spanWords(o.Low))
	if !isTerminal(c.out) || !isTerminal(c.in) {
		return usagef("the study takes %s or more: give --yes to make it, or less to do: a --budget, fewer --runs, "+
			"fewer points\n(--dry-run shows the plan)", least)
	}
	if answered(c.ctx, c.in, c.out, fmt.Sprintf("It takes %s or more. Go on?", least)) {
		c.given, c.wanted = true, false
		return nil
	}
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	return &statusError{exitInterrupted, fmt.Errorf("not measured: no consent to a study of %s", least)}
}

// say writes text, as the rest of the line if one is open. The line stays open for more to come.
func (c *consent) say(text string, open bool) {
	if text != "" {
		if c.open {
			text = "; " + text
		}
		fmt.Fprint(c.out, words.Plain(text))
		c.open = true
	}
	if !open {
		c.end()
	}
}

// end ends the line, if one is open.
func (c *consent) end() {
	if c.open {
		fmt.Fprintln(c.out)
	}
	c.open = false
}

// planWords says how many runs there will be.
func planWords(o capture.Outlook) string {
	text := words.Plural(o.Points, "point", "points")
	runs := words.Plural(o.Rule.MinRuns, "run", "runs")
	if o.Rule.MaxRuns > o.Rule.MinRuns {
		runs = fmt.Sprintf("%d to %s", o.Rule.MinRuns, words.Plural(o.Rule.MaxRuns, "run", "runs"))
	}
	text += fmt.Sprintf(", %s of each", runs)
	if o.Traced > 0 {
		text += fmt.Sprintf(" and %d traced", o.Traced)
		if o.Explained < o.Points {
			text += fmt.Sprintf(" of %d of them (the smallest and the largest size, and one where more workers begin to pay)",
				o.Explained)
		}
	}
	if o.Ceiling > 0 {
		text += fmt.Sprintf(", and %d of the ceiling in at most a fifth of the time", o.Ceiling)
	}
	if o.Rule.Budget > 0 {
		text += fmt.Sprintf(", within a budget of %s", spanWords(o.Rule.Budget.Duration()))
	}
	return text
}

// timeWords says how long what is left takes, and how that is known.
func timeWords(o capture.Outlook) string {
	text := "about " + spanWords(o.Low)
	if high := spanWords(o.High); high != spanWords(o.Low) {
		text += " to " + high
	}
	switch o.Source {
	case capture.Calibration:
		text += " by the calibration"
	case capture.WarmUp:
		text += " by the warm-up"
	case capture.FirstBlock:
		text += " by the first block"
	}
	return text
}

// noiseWords says what is taken of the CPUs by anyone but the study.
func noiseWords(t *sweep.Taken) string {
	share := func(s sweep.Seconds) string { return words.Percent(s.Float() / t.Had.Float()) }
	switch sum := t.Sum(); {
	case sum+t.Resolution > t.Had/2 && sum < t.Resolution:
		return "what others use of the CPUs cannot be told from runs as short"
	case sum <= t.Resolution:
		return fmt.Sprintf("others use less than %s of the CPUs now", share(sum+t.Resolution))
	case t.Hypervisor == 0:
		return fmt.Sprintf("others use %s of the CPUs now", share(t.Others))
	}
	return fmt.Sprintf("others use %s of the CPUs now, and the hypervisor %s", share(t.Others), share(t.Hypervisor))
}

// spanWords writes a time of which only the magnitude is known.
func spanWords(d time.Duration) string {
	switch {
	case d < time.Second:
		return "1" + words.NoBreak + "s"
	case d < 100*time.Second:
		return fmt.Sprintf("%.0f", d.Seconds()) + words.NoBreak + "s"
	case d < 100*time.Minute:
		return fmt.Sprintf("%.0f", d.Minutes()) + words.NoBreak + "min"
	}
	return fmt.Sprintf("%.1f", d.Hours()) + words.NoBreak + "h"
}

// A planDoc is a plan as JSON.
type planDoc struct {
	Schema   string          `json:"schema"`
	Variants []sweep.Variant `json:"variants,omitempty"` // what is compared, the base first
	Sweeps   []sweep.Sweep   `json:"sweeps"`
	Rule     sweep.Rule      `json:"rule"`
	Traced   int             `json:"traced"`
	Low      *sweep.Seconds  `json:"least_s"` // about how long the runs take that the rule requires; null: not known
	High     *sweep.Seconds  `json:"most_s"`  // and those that it allows
	Reason   string          `json:"time_reason,omitempty"`
	Planned  sweep.Plan      `json:"runs"` // those that the rule requires, in the order to make them
}

// timeUnknown says why the time of a study that is not made is not known.
const timeUnknown = "how long it takes is not known before a run was made"

// rehearse prints what the study would do that fill fills, and makes no run.
func rehearse(cmd *cobra.Command, o runOptions, fill func(*setup.Study) error) error {
	defer hold(cmd.Context())()
	c, err := catalog()
	if err != nil {
		return err
	}
	s, err := setup.New(c, o.Request)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // it has written nothing but what it built
	if err := errors.Join(fill(s), s.Comparable()); err != nil {
		return err
	}
	enough(cmd, &s.Header)
	if o.yaml {
		return o.subject.write(cmd.OutOrStdout(), cmd, o.KeepSecrets)
	}
	outlook, plan := s.Plan()
	if o.draw.json {
		d := planDoc{
			Schema: PlanSchema, Variants: s.Header.Variants, Sweeps: s.Header.Sweeps, Rule: outlook.Rule,
			Traced: outlook.Traced, Planned: plan, Reason: timeUnknown,
		}
		if outlook.Source != capture.Nothing {
			low, high := sweep.Seconds(outlook.Low), sweep.Seconds(outlook.High)
			d.Low, d.High, d.Reason = &low, &high, ""
		}
		return printJSON(cmd.OutOrStdout(), d)
	}
	return planText(s.Header, outlook, plan).Write(cmd.OutOrStdout())
}

// planText is the plan for people.
func planText(h sweep.Header, o capture.Outlook, plan sweep.Plan) *words.Text {
	t := &words.Text{}
	if h.Compares() {
		t.Head("Variants")
		for i := range h.Variants {
			t.Item("  ", words.Upper(words.Variant(&h.Variants[i], &h))+".")
		}
		for _, text := range h.Warnings {
			t.Item("  ", words.Upper(text)+".")
		}
	}
	t.Head("Points")
	for _, s := range h.Sweeps {
		var names []string
		for _, p := range s.Points {
			names = append(names, p.String())
		}
		t.Item("  ", fmt.Sprintf("%s, %s, %s scaling: %s.", s.Workload, s.Mode, s.Scaling, strings.Join(names, " ")))
	}
	t.Head("Runs")
	t.Item("  ", fmt.Sprintf("%s: at least %s in all.", planWords(o), words.Plural(len(plan), "run", "runs")))
	if o.Source == capture.Nothing {
		t.Item("  ", words.Upper(timeUnknown)+".")
	} else {
		t.Item("  ", words.Upper(timeWords(o))+".")
	}
	t.Head("Order")
	for lo := 0; lo < len(plan); {
		var block strings.Builder
		fmt.Fprintf(&block, "%s block %d:", plan[lo].Kind, plan[lo].Rep)
		hi := lo
		for ; hi < len(plan) && plan[hi].Rep == plan[lo].Rep && plan[hi].Kind == plan[lo].Kind; hi++ {
			block.WriteString(" " + plan[hi].Point.String())
		}
		t.Item("  ", block.String())
		lo = hi
	}
	return t
}
