package view

import (
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/report/words"
)

// leastGain is the gain, as a share, from which on a single change is named beside a prediction.
const leastGain = 0.01

// predictions says what replays of a recording give for the curves of w, and why there are none: once for all curves
// that have none for the same reason.
func (w *Workload) predictions() {
	labels := map[string][]string{} // of curves, by what is said of them
	for i := range w.Curves {
		c := &w.Curves[i]
		if c.Prediction == nil {
			continue
		}
		said := words.Foretold(c.Curve)
		if labels[said] = append(labels[said], c.Label); len(labels[said]) == 1 {
			w.Predicted = append(w.Predicted, Claim{Text: said, Evidence: c.replayed()})
		}
	}
	for i := range w.Predicted {
		p := &w.Predicted[i]
		p.Text = words.Upper(words.Sentence(words.List(labels[p.Text]) + ", " + p.Text))
	}
}

// replayed is what the prediction of c stands on; nothing if there is none.
func (c *Curve) replayed() []string {
	p := c.Prediction
	if p.Unknown != nil {
		return nil
	}
	out := []string{words.Replayed(c.Sweep, p)}
	say := func(text string) { out = append(out, words.Upper(words.Sentence(text))) }
	for i := range p.Checks {
		say(words.Checked(c.Sweep, &c.Points[p.Checks[i].At], &p.Checks[i]))
	}
	for i := range p.Changes {
		x := &p.Changes[i]
		if f, _ := place.Of(p.Curve.Symbols.Stack(x.Stack)); x.Gain >= leastGain {
			say(words.Changed(x, place.Name(f)))
		}
	}
	for i := range p.Curve.Warnings {
		say(words.Statement(&p.Curve.Warnings[i]))
	}
	return out
}
