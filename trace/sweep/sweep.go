package sweep

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

// A Sweep is the points of one curve, in ascending order of the count that it varies.
type Sweep struct {
	Workload string  `json:"workload"`
	Mode     Mode    `json:"mode"`
	Scaling  Scaling `json:"scaling"`
	Size     int64   `json:"size"`             // total, or per worker under weak scaling
	Series   string  `json:"series,omitempty"` // tells the sweeps of a grid apart: "procs=2"
	Points   []Point `json:"points"`
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
