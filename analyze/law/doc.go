// Package law fits the laws of scaling to measured throughputs: Amdahl's, Gustafson's and the Universal Scalability
// Law.
//
// The laws give the throughput X at n workers, with gamma that of one worker:
//
//   - Amdahl (AFIPS 1967): X = gamma·n / (1 + alpha·(n−1)), alpha the serial share of the work, 0 ≤ alpha ≤ 1;
//   - Gustafson (Communications of the ACM 31, 1988), for work that grows with n: X = gamma·(n − alpha·(n−1)), 0 ≤
//     alpha ≤ 1;
//   - the Universal Scalability Law, USL (Gunther, "Guerrilla Capacity Planning", 2007, chapters 4 and 5): X = gamma·n
//     / (1 + alpha·(n−1) + beta·n·(n−1)), alpha ≥ 0 for contention, beta ≥ 0 for the cost of agreeing.
//
// How a fit is made:
//
//  1. The datum of a count is the median of its launches: a rate, or the work over the median time. Counts beyond the
//     cores are left out: workers take turns there, and a plateau is not contention. Not so for work that waits rather
//     than computes.
//  2. A Levenberg–Marquardt iteration within the bounds, from several starts, minimises the weighted sum of the squared
//     residuals of X (file leastsquares.go). The noise of a launch is proportional to what it measures: a residual is
//     divided by X, and by the scatter of the count's median where counts have several launches (file weight.go).
//     Unweighted, as most published fits are, the intervals of alpha hold the truth in 81 % of the studies, not 95.
//     What a parameter changes below the ninth digit is nothing: it is put on its bound.
//  3. Intervals have level 0.95. With five launches or more at every count they are percentile intervals of a
//     bootstrap: the launches of each count are resampled and their medians fitted. Otherwise they are Wald intervals
//     from the curvature and the residuals, with Student's t at m−k degrees (m counts, k parameters). Both are of the
//     fit without the bounds, cut to them: bounds move the estimates of all parameters, and an interval about a moved
//     estimate is not where the truth is. If the estimate lies on a bound, the interval has one side.
//  4. Laws are compared by AICc = m·ln(RSS/m) + Σ ln v + 2k + 2k(k+1)/(m−k−1) (Hurvich & Tsai, Biometrika 76, 1989)
//     over the m distinct counts, since launches of one count say nothing about the shape. The variance is not counted
//     in k: all laws have it, and so a law can be compared from k+2 counts on. With fewer it is not named.
//  5. Repeats test a law: lack of fit is an F test of what the law leaves beyond the differences between launches of
//     one count (Draper & Smith, "Applied Regression Analysis", section 2.1), on residuals relative to the count's
//     median, since the noise of a launch grows with what it measures.
//  6. A peak is asserted only if the interval of beta excludes 0, a limit only if that of alpha does.
//
// The fraction of Karp and Flatt stands beside the laws as a cross-check without a fit: with X(1) = gamma a USL curve
// has e(n) = alpha + beta·n exactly, so a straight line through e is a second estimate.
//
// The bootstrap tells how far the parameters move when the same counts are measured again. It does not tell how wrong
// the law is: that is step 5.
package law
