package words

import (
	"cmp"
	"fmt"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// ofStudy is what is warned of a study as a whole.
func ofStudy(w *warning.Warning) string {
	f := &w.Figures
	switch w.Kind {
	case warning.Forced:
		var different []string
		for _, i := range w.Items {
			different = append(different, i.Name)
		}
		return fmt.Sprintf("the study was forced to go on at %s after %s although the machine or the program "+
			"differ: %s",
			w.Text, Plural(f.Count, "run", "runs"), List(different))
	case warning.Interrupted:
		return fmt.Sprintf("%s interrupted and %s not count, beside %d that %s; the first: %s",
			Plural(f.Count, "run was", "runs were"), map[bool]string{true: "does", false: "do"}[f.Count == 1], f.Of,
			map[bool]string{true: "does", false: "do"}[f.Of == 1], w.Text)
	case warning.OutputLost:
		return fmt.Sprintf("what %d of %s printed could not be kept; the first: %s", f.Count, Plural(f.Of, "run", "runs"), w.Text)
	case warning.HiddenWords:
		return hiddenWords(w)
	case warning.AboveQuota:
		return fmt.Sprintf("a CPU quota grants %s cores: points on %d cores or more are held back by it, not by the "+
			"program", Ratio(f.Ratio), f.Count)
	case warning.FewerResamples:
		laws := ""
		if len(w.Items) > 2 {
			laws = fmt.Sprintf(", and those of laws from %d", w.Items[2].Count)
		}
		return fmt.Sprintf("with %s and %s intervals come from %d resamples rather than %d%s, so that the analysis takes "+
			"seconds; their ends are less sure",
			Plural(w.Items[0].Count, "point", "points"), Plural(w.Items[1].Count, "launch", "launches"), f.Count, f.Of, laws)
	case warning.WorkersIgnored:
		threads := sweep.Sweep{Mode: sweep.Threads}
		return fmt.Sprintf("%s does not follow the number of workers: with %s as with %s it has at most %s and "+
			"keeps %s cores busy, so the curve says "+
			"nothing of how it scales; pass the count by {workers}, or check that the program reads it",
			w.Subject.Workload, At(threads, w.Items[0].Point), At(threads, w.Items[1].Point),
			Plural(f.Count, "thread", "threads"), Ratio(f.Ratio))
	case warning.ShortRuns:
		return fmt.Sprintf("at %d of %d points a traced run takes less than %s, the shortest %s: samples, taken a hundred "+
			"times a second, are too few there to show which functions ran and what threads waited for",
			f.Count, f.Of, Duration(f.Against.Seconds()), Duration(f.Time.Seconds()))
	case warning.TracedOutside:
		if f.Ratio == 0 {
			return "a traced run lies outside the range of the timed ones"
		}
		return fmt.Sprintf("the traced run took %s the work time of the timed ones and lies outside their range: "+
			"its pictures show another run than the figures", Times(f.Ratio))
	case warning.OtherWork:
		return fmt.Sprintf("its efficiency is %s at least, though the base computes (%s busy): "+
			"the runs likely did not do the work of the base, so the curve says nothing of how it scales; "+
			"check what they print", Percent(f.Ratio), Ratio(f.AgainstRatio)+" "+map[bool]string{true: "core", false: "cores"}[f.AgainstRatio <= 1])
	case warning.NoisyRun:
		return cmp.Or(w.Text, "flagged noisy")
	}
	return ""
}

// mostPlaces is how many places of hidden words are named.
const mostPlaces = 8

// hiddenWords says how many words are hidden, and where.
func hiddenWords(w *warning.Warning) string {
	f := &w.Figures
	var places []string
	for _, i := range w.Items[:min(len(w.Items), mostPlaces)] {
		places = append(places, i.Name)
	}
	if more := len(w.Items) - len(places); more > 0 {
		places = append(places, Plural(more, "more name", "more names"))
	}
	if f.Of > 0 && len(places) > 0 {
		places = append(places, fmt.Sprintf("%d without a name", f.Of))
	}
	where, them := "", "them"
	if len(places) > 0 {
		where = ": " + List(places)
	}
	if f.Count == 1 {
		them = "it"
	}
	return fmt.Sprintf("%s stored as ***%s (--keep-secrets keeps %s)",
		Plural(f.Count, "word that looks like a secret is", "words that look like secrets are"), where, them)
}
