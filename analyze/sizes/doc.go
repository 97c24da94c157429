// Package sizes says what the size of the work does to scaling: from which size more workers pay, from which one mode
// overtakes another, and which size a count needs for an efficiency.
//
// An [Axis] is the curves of a workload that differ in their size. Each mode and count beyond the base is a [Line] over
// the sizes; its base is that of the same mode at the same size. How a line is judged:
//
//  1. A size is shown to pay if the interval of its speedup lies above 1 (package curve), and shown not to if it lies
//     below.
//  2. From the largest size whose speedup is at most 1 to the next the line crosses 1, and the size where it does is
//     interpolated. Between two measured sizes the time T₁ of the base is a straight line over sizeᵖ, and the overhead
//     n·Tₙ − T₁ one over T₁, or a power of T₁ where that law fits all sizes better (step 6). That is exact for a
//     program whose time is a fixed start plus what grows with the work, the case that the question is asked for. What
//     the other law would give is in the interval. Rejected: a straight line through the logarithms of the speedups.
//     With a fixed start it is off by up to 40 % where sizes are a decade apart, more than the launches leave open.
//  3. p is the exponent of T₁ = a + b·sizeᵖ, fitted to the base at all sizes. It is 1 unless the data contradict that.
//  4. The interval resamples the launches of every size (package curve, step 3, with the same medians) and finds the
//     crossing in each resample. A resample without one lies below the smallest or beyond the largest size, and so may
//     an end of the interval: what was not measured is not claimed. With fewer than five launches anywhere it is the
//     range that the launches allow. What noise can explain moves the ends as it moves those of a speedup: towards
//     small sizes by the noise of the count, towards large ones by that of the base.
//  5. Two modes are set against each other at the same count in the same way, each by its own time.
//
// Isoefficiency (Grama, Gupta & Kumar, "Isoefficiency: Measuring the Scalability of Parallel Algorithms and
// Architectures", IEEE Parallel & Distributed Technology 1, 1993): the size that a count needs for an efficiency E.
// With W the time of the work at the base and the overhead T_o = n·T_n − W, efficiency is W/(W + T_o), so W =
// E/(1−E)·T_o(W, n). Steps 2 to 4 find it where it lies within the measured sizes. Beyond the largest, T_o is
// extrapolated:
//
//  6. Two laws with two parameters are fitted at each count: T_o = c·W^q, and T_o = c + d·W, a fixed start and a part
//     of the work. A residual is weighed by 1/(n·T_n), as the noise of a launch grows with what it measures, so it is
//     one of efficiency. The law with the smaller residuals is taken, in every resample anew: that the data do not tell
//     the two apart widens the interval.
//  7. Where T_o grows as fast as W (q ≥ 1, or d beyond what E allows) no size is enough. That is stated if it is so in
//     all but a few resamples.
//  8. It takes three sizes, and residuals below a twentieth. Nothing is claimed beyond a hundred times the largest
//     measured size.
package sizes
