package law

import "math"

// shared is the number of launches for which the scatter over all counts stands in the scatter of each. That of a few
// launches is not well known, and those that happen to agree would take all the weight (Smyth, "Linear Models and
// Empirical Bayes Methods", Statistical Applications in Genetics and Molecular Biology 3, 2004).
const shared = 8

// alike is the variance of launches, relative, below which they differ by their arithmetic alone.
const alike = 1e-18

// weights returns by what to multiply the residuals of the counts, with the rates y: 1 over the rate, for the noise of
// a launch grows with what it measures, and over the scatter of the count's median where counts have several launches.
// Weighed alike, large rates decide alone: intervals are too short, and peaks are claimed that are none.
func weights(samples []sample, y []float64, equal bool) []float64 {
	out := make([]float64, len(y))
	if equal {
		for i := range out {
			out[i] = 1
		}
		return out
	}
	square := make([]float64, len(y)) // sums of squares of the launches about their mean, relative to it
	all, degrees := 0.0, 0
	for i, s := range samples {
		square[i] = s.scatter()
		all += square[i]
		degrees += len(s.Launches) - 1
	}
	for i, s := range samples {
		launches, variance := float64(len(s.Launches)), 1.0 // of a launch, over that of all
		if all > alike*float64(degrees) {
			variance = (shared + square[i]*float64(degrees)/all) / (shared + launches - 1)
		}
		out[i] = math.Sqrt(launches/variance) / y[i]
	}
	return out
}

// scatter returns the sum of squares of the launches' rates about their mean, relative to it.
func (c Count) scatter() float64 {
	mean := 0.0
	for _, v := range c.Launches {
		mean += c.rate(v) / float64(len(c.Launches))
	}
	sum := 0.0
	for _, v := range c.Launches {
		d := c.rate(v)/mean - 1
		sum += d * d
	}
	return sum
}
