package sweep

import "slices"

// A Mode says which count a sweep varies.
type Mode string

// The modes of a sweep.
const (
	Threads Mode = "threads" // workers, in one process
	Procs   Mode = "procs"   // processes
	Cores   Mode = "cores"   // cores that the run is confined to, workers fixed
	Grid    Mode = "grid"    // processes × workers, one sweep per process count
)

// A Scaling says what happens to the size as the count grows.
type Scaling string

// Strong scaling keeps the total size; weak scaling keeps the size per worker.
const (
	Strong Scaling = "strong"
	Weak   Scaling = "weak"
)

// A Basis says why a sweep has its scaling. Empty, in studies that were recorded without, it is not known.
type Basis string

// The bases. All but the first two are of commands.
const (
	Asked       Basis = "asked"       // the user asked for it
	OfWorkload  Basis = "workload"    // it is the workload's own
	Told        Basis = "told"        // the command is told the count that varies, or cores are all that varies
	Shares      Basis = "shares"      // copies of the command are started, and each is told its part of the work
	Copies      Basis = "copies"      // copies are started, and each does all of the work: it grows with the processes
	Environment Basis = "environment" // no word of the command depends on the count, only its environment does
)

// A Sweep is the points of one curve, in ascending order of the count that it varies.
type Sweep struct {
	Workload string  `json:"workload"`
	Variant  string  `json:"variant,omitempty"` // as that of its points
	Mode     Mode    `json:"mode"`
	Scaling  Scaling `json:"scaling"`
	Basis    Basis   `json:"scaling_basis,omitempty"`
	Size     int64   `json:"size"`             // total; under weak scaling per worker, of copies per process
	Series   string  `json:"series,omitempty"` // tells the sweeps of a grid apart: "procs=2"
	Points   []Point `json:"points"`
}

// Growth returns how many times the work of from to is. The sizes of points are totals, so it is their ratio, whatever
// the work grows with: workers, or only processes.
func Growth(from, to Point) float64 {
	if from.Size == to.Size {
		return 1
	}
	return float64(to.Size) / float64(from.Size)
}

// Grows reports whether the work of s differs between its points. A series of a grid may be under weak scaling and not
// grow: copies that each do all of the work grow from one series to the next.
func (s Sweep) Grows() bool {
	return slices.ContainsFunc(s.Points, func(p Point) bool { return p.Size != s.Points[0].Size })
}

// Axis names the count that s varies.
func (s Sweep) Axis() string {
	switch s.Mode {
	case Procs:
		return "procs"
	case Cores:
		return "cores"
	case Grid:
		return "procs × workers"
	default:
		return "workers"
	}
}

// N returns the position of p on the axis of s.
func (s Sweep) N(p Point) int {
	switch s.Mode {
	case Procs:
		return p.Procs
	case Cores:
		return p.Cores
	case Grid:
		return p.Parallelism()
	default:
		return p.Workers
	}
}
