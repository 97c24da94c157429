package view

import (
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
)

// leastGain is the gain, as a share, from which on a single change is named beside a prediction.
const leastGain = 0.01

// predictions says what replays of a recording give for the curves of w.
func (w *Workload) predictions() {
	for i := range w.Curves {
		c := &w.Curves[i]
		if p := c.Prediction; p != nil && p.Unknown == nil {
			w.Predicted = append(w.Predicted, c.predicted(p))
		}
	}
}

func (c *Curve) predicted(p *study.Prediction) Claim {
	out := Claim{Text: words.Upper(c.Label) + ": " + words.Foretold(c.Curve)}
	out.Evidence = append(out.Evidence, words.Replayed(c.Sweep, p))
	say := func(text string) { out.Evidence = append(out.Evidence, words.Upper(words.Sentence(text))) }
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
