package words_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/words"
)

func TestBarsOfFall(t *testing.T) {
	of := func(a verdict.AfterKind) study.Family {
		return study.Family{Headline: verdict.Headline{Best: &verdict.Rise{After: a}}}
	}
	const why = "The spread of the base is in each bar: two may overlap where their times do not."
	for said, families := range map[string][]study.Family{
		"":  {of(verdict.Rising), {}},
		why: {of(verdict.Rising), of(verdict.Slower)},
	} {
		if got := words.BarsOfFall(families); got != said {
			t.Errorf("%q, want %q", got, said)
		}
	}
}
