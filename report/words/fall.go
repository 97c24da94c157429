package words

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
)

// BarsOfFall says why the bars of two counts may overlap though the times of one are shown to be longer: each bar has
// the spread of the base in it. It is empty where none of the families is said to fall.
func BarsOfFall(families []study.Family) string {
	if !slices.ContainsFunc(families, func(f study.Family) bool {
		return f.Headline.Best != nil && f.Headline.Best.After == verdict.Slower
	}) {
		return ""
	}
	return "The spread of the base is in each bar: two may overlap where their times do not."
}
