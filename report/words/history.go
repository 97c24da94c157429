package words

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/analyze/history"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// HistoryLine names a line of a series: "time on 2 workers".
func HistoryLine(s *history.Series, q history.Quantity) string {
	at := sweep.Sweep{Mode: s.Key.Mode, Scaling: s.Key.Scaling, Series: s.Key.Series}
	switch q {
	case history.BaseTime:
		return "time on " + At(at, s.Base)
	case history.Speedup:
		return "speedup on " + At(at, s.Top)
	}
	return "time on " + At(at, s.Top)
}

// EntryName is what a study of a series is called: its revision, with a mark if that has changes beside it, or its
// folder.
func EntryName(h *history.History, e *history.Entry) string {
	r := e.Revision()
	name := cmp.Or(r.Name(), h.Studies[e.Study].Name)
	if r.Changed {
		name += "+"
	}
	return Printable(name)
}

// entrySubject is its name with the subject of its commit.
func entrySubject(h *history.History, e *history.Entry) string {
	if s := e.Revision().Subject; s != "" {
		return EntryName(h, e) + " (" + Printable(s) + ")"
	}
	return EntryName(h, e)
}

// ChangeShort is a change where its line and its place stand beside it: "1.05× (1.04–1.06)", behind "likely" if it is
// only that.
func ChangeShort(c *history.Change) string {
	text := Times(c.Ratio) + " (" + RatioWithin(c.Interval) + ")"
	if c.Certainty == noise.Likely {
		text = "likely " + text
	}
	return text
}

// HistoryChanges says what changed at one place of a series, and what that comes from: of changes that are of one
// origin and are shown.
func HistoryChanges(h *history.History, s *history.Series, all []*history.Change) string {
	c := all[0]
	var parts []string
	for _, c := range all {
		likely := ""
		if c.Certainty == noise.Likely {
			likely = "likely "
		}
		parts = append(parts, fmt.Sprintf("%s is %s%s (%s)", HistoryLine(s, c.Quantity), likely, Times(c.Ratio),
			RatioWithin(c.Interval)))
	}
	text := fmt.Sprintf("%s, %s what it was (%s before, %d from there on); %s", placeOfChange(h, s, c), List(parts),
		Plural(c.Before, "study", "studies"), c.After, originOf(c))
	var differ []string
	for _, d := range c.Differences {
		differ = append(differ, fmt.Sprintf("%s (%s before, %s after)", setting(d), Printable(cmp.Or(d.Base, "not known")),
			Printable(cmp.Or(d.New, "not known"))))
	}
	if len(differ) > 0 {
		text += "; there also changed: " + strings.Join(differ, ", ")
	}
	return Upper(text) + "."
}

// placeOfChange says from which study on a change is.
func placeOfChange(h *history.History, s *history.Series, c *history.Change) string {
	text := "from " + entrySubject(h, &s.Entries[c.At]) + " on"
	if c.First < c.Last {
		text += fmt.Sprintf(" (not before %s, not after %s)", EntryName(h, &s.Entries[c.First]),
			EntryName(h, &s.Entries[c.Last]))
	}
	return text
}

// originOf says what a change comes from.
func originOf(c *history.Change) string {
	loop := ""
	if c.MachineRange != nil {
		loop = fmt.Sprintf("%s (%s)", Times(c.Machine), RatioWithin(c.MachineRange))
	}
	switch c.Origin {
	case history.OfProgram:
		return "the machine does not explain it: the loop in registers is " + loop
	case history.OfMachine:
		return "the machine changed: the loop in registers is " + loop
	case history.SameProgram:
		return "the studies before and after it are of one program: the machine changed, or what else the program meets there"
	case history.Untold:
		return "the loop in registers does not tell whether it is the machine's" + because(loop)
	}
	return "the machine is not ruled out: the loop in registers was not measured in enough studies"
}

// because adds the figure of the loop, where it has one.
func because(loop string) string {
	if loop == "" {
		return ""
	}
	return ": it is " + loop
}

// TooFewToTell says that no line of a series can show a change, or which cannot; empty: all can.
func TooFewToTell(h *history.History, s *history.Series) string {
	most, all := 0, true
	for i := range s.Lines {
		most, all = max(most, s.Lines[i].Known), all && s.Lines[i].Tested
	}
	if all && len(s.Lines) > 0 {
		return ""
	}
	return fmt.Sprintf("%s of at least %d that can show a change here: nothing is said of changes.",
		Upper(Plural(most, "study", "studies")), h.Needed)
}

// DriftOfOne says how far studies of one program are apart; empty: there are none.
func DriftOfOne(s *history.Series) string {
	if s.Drift == 0 {
		return ""
	}
	return fmt.Sprintf("Studies of one program that follow each other differ by up to %s: a change of less is not said.",
		Times(s.Drift))
}
