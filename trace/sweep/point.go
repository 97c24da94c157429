package sweep

import (
	"cmp"
	"fmt"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/pattern"
)

// A Point is one combination of counts and size in a sweep. It is comparable and is used as a map key.
type Point struct {
	Workload string `json:"workload"`
	Procs    int    `json:"procs"`   // OS processes
	Workers  int    `json:"workers"` // goroutines or threads per process
	Cores    int    `json:"cores"`   // size of the CPU set that the run is confined to
	Size     int64  `json:"size"`    // total work, in the workload's own unit
	// Variant is whose point it is in a study that compares programs; empty: it compares none, or the point is the
	// ceiling's.
	Variant string `json:"variant,omitempty"`
}

// Parallelism returns the number of workers of all processes together.
func (p Point) Parallelism() int { return p.Procs * p.Workers }

// GOMAXPROCS returns the setting that each process of a run of p gets.
func (p Point) GOMAXPROCS() int { return min(p.Workers, p.Cores) }

// String returns the name of p that run directories begin with: pi-p1-w4-c2-s1000000, or of a variant
// pi-p1-w4-c2-s1000000-vbase.
func (p Point) String() string {
	s := fmt.Sprintf("%s-p%d-w%d-c%d-s%d", p.Workload, p.Procs, p.Workers, p.Cores, p.Size)
	if p.Variant != "" {
		s += "-v" + p.Variant
	}
	return s
}

// check returns an error that says what is wrong with p, or nil.
func (p Point) check() error {
	if !nameRE().MatchString(p.Workload) {
		return fmt.Errorf("workload name %s: want lower-case letters, digits, '.', '_' and '-', at most 64",
			limits.Quote(p.Workload))
	}
	if p.Variant != "" {
		if err := CheckVariantName(p.Variant); err != nil {
			return err
		}
	}
	return cmp.Or(
		limits.Value("procs", int64(p.Procs), 1, limits.PointCount),
		limits.Value("workers", int64(p.Workers), 1, limits.PointCount),
		limits.Value("cores", int64(p.Cores), 1, limits.PointCount),
		limits.Value("size", p.Size, 1, limits.Size),
	)
}

var nameRE = pattern.Of(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// A Kind says what a run is for.
type Kind string

// Timing comes from timed runs only; traced runs explain it.
const (
	Timed  Kind = "timed"
	Traced Kind = "traced"
)

// A Run is one launch of a Point. It is comparable and names one line of runs.jsonl.
type Run struct {
	Point Point `json:"point"`
	Rep   int   `json:"rep"` // block that the run belongs to, from 0
	Kind  Kind  `json:"kind"`
}

// Dir returns the name of the run's directory below runs/.
func (r Run) Dir() string {
	s := fmt.Sprintf("%s-r%02d", r.Point, r.Rep)
	if r.Kind == Traced {
		s += "-traced"
	}
	return s
}
