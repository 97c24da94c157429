package capture

import (
	"slices"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// tracedSizes is how many sizes of a workload have traced runs. Where more are measured, the others explain nothing
// that these do not.
const tracedSizes = 3

// longWarmUp is how long the first point of a size may take to be warmed up, where a smaller size was. What takes
// longer hardly notices cold caches.
const longWarmUp = 10 * time.Second

// explained returns the points that have traced runs: all subjects, or of a workload with many sizes those of the
// smallest, of the largest, and of the smallest between them at which in the first block a point was faster than its
// base. Until that block is made, and where there is none, it is the one in the middle. The results of the first block
// are kept, so a study that is resumed chooses the same. Variants are explained at the same sizes.
func (m *measuring) explained() []sweep.Point {
	if m.settled != nil {
		return m.settled
	}
	chosen := map[string][]int64{}
	for workload, sizes := range m.sizes() {
		if n := len(sizes); n > tracedSizes {
			chosen[workload] = []int64{sizes[0], m.firstToPay(workload, sizes), sizes[n-1]}
		}
	}
	if len(chosen) == 0 {
		return m.subjects
	}
	keep := map[sweep.Point]bool{}
	for i := range m.t.Sweeps {
		s := &m.t.Sweeps[i]
		if sizes := chosen[s.Workload]; sizes == nil || slices.Contains(sizes, s.Size) {
			for _, p := range s.Points {
				keep[p] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(m.subjects), func(p sweep.Point) bool { return !keep[p] })
}

// sizes returns the sizes of every workload, in ascending order.
func (m *measuring) sizes() map[string][]int64 {
	out := map[string][]int64{}
	for i := range m.t.Sweeps {
		s := &m.t.Sweeps[i]
		out[s.Workload] = append(out[s.Workload], s.Size)
	}
	for workload, sizes := range out {
		slices.Sort(sizes)
		out[workload] = slices.Compact(sizes)
	}
	return out
}

// firstToPay returns the size between the smallest and the largest at which more workers first were faster.
func (m *measuring) firstToPay(workload string, sizes []int64) int64 {
	took := map[sweep.Point]sweep.Seconds{}
	for i := range m.end.Results {
		if r := &m.end.Results[i]; r.Rep == 0 && r.Kind == sweep.Timed && r.Status == sweep.OK {
			took[r.Point] = r.Total
		}
	}
	for _, size := range sizes[1 : len(sizes)-1] {
		for i := range m.t.Sweeps {
			s := &m.t.Sweeps[i]
			if s.Workload != workload || s.Size != size {
				continue
			}
			base := took[s.Points[0]]
			for _, p := range s.Points[1:] {
				if t := took[p]; base > 0 && t > 0 && t.Float() < base.Float()*sweep.Growth(s.Points[0], p) {
					return size
				}
			}
		}
	}
	return sizes[len(sizes)/2]
}

// extrapolated returns about how long the first point of s takes, from the first points of smaller sizes: a straight
// line through the two largest of them that are known, as a small size is mostly start-up; in proportion to the size,
// where one is known; 0 where none is.
func (m *measuring) extrapolated(s *sweep.Sweep) time.Duration {
	type known struct {
		size int64
		took time.Duration
	}
	var smaller []known
	for i := range m.t.Sweeps {
		o := &m.t.Sweeps[i]
		if o.Workload != s.Workload || o.Variant != s.Variant || o.Mode != s.Mode || o.Series != s.Series ||
			o.Size >= s.Size || len(o.Points) == 0 {
			continue
		}
		if t, ok := m.took[o.Points[0]]; ok {
			smaller = append(smaller, known{o.Size, t})
		}
	}
	slices.SortFunc(smaller, func(a, b known) int { return int(a.size - b.size) })
	n := len(smaller)
	if n == 0 {
		return 0
	}
	last := smaller[n-1]
	if n == 1 {
		return time.Duration(float64(last.took) * float64(s.Size) / float64(last.size))
	}
	before := smaller[n-2]
	perUnit := max(0, float64(last.took-before.took)/float64(last.size-before.size))
	return last.took + time.Duration(perUnit*float64(s.Size-last.size))
}
