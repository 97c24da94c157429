package sweep

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/limits"
)

// Axes are the counts to sweep over, as a user gives them. Empty lists take their defaults.
type Axes struct {
	Mode    string // "threads", "procs", "cores", "grid", or "both" (threads and procs); empty: implied by the lists
	Scaling string // "strong", "weak", or by mode, as in "threads=strong,procs=weak"; empty: the subject's own
	Workers []int
	Procs   []int
	Cores   []int
	Sizes   []int64 // totals, or per worker under weak scaling; one sweep each. Empty: the subject's own
}

// A Subject is what axes are laid out for.
type Subject struct {
	Workload  string
	Size      int64 // total, where the user gives none
	PerWorker int64 // the same under weak scaling; 0: it has none
	// Scale returns the scaling of a sweep for which the user asks for none; nil: strong.
	Scale func(Mode) (Scaling, Basis)
}

// defaultCounts returns 1, 2, 4 … up to twice the CPUs.
func defaultCounts(cpus int) []int {
	var out []int
	for n := 1; n <= min(2*cpus, limits.PointCount); n *= 2 {
		out = append(out, n)
	}
	return out
}

// Sweeps lays out the curves of a subject on a machine of cpus CPUs. A point's cores are min(procs × workers, cpus)
// unless Cores says otherwise. Each sweep has its own scaling, for what its count does to the work differs: copies of a
// command may each do all of it where the threads of one share it. Errors name the flag that is at fault.
func (a Axes) Sweeps(of Subject, cpus int) ([]Sweep, error) {
	a, err := a.normalise(cpus)
	if err != nil {
		return nil, err
	}
	scales, err := a.scales(of)
	if err != nil {
		return nil, err
	}
	var out []Sweep
	points := 0
	for _, size := range orElse(a.Sizes, []int64{0}) {
		for _, s := range a.shapes(of.Workload) {
			s.Scaling, s.Basis = scales[s.Mode].Scaling, scales[s.Mode].Basis
			if s.Size, err = of.size(size, scales[s.Mode]); err != nil {
				return nil, err
			}
			for i := range s.Points {
				if err := a.settle(&s.Points[i], s, cpus); err != nil {
					return nil, err
				}
			}
			slices.SortStableFunc(s.Points, func(x, y Point) int { return s.N(x) - s.N(y) })
			s.Points = slices.Compact(s.Points)
			if err := limits.Count("", "points on a curve", int64(len(s.Points)), limits.SweepPoints); err != nil {
				return nil, fmt.Errorf("--mode %s: %w", s.Mode, err)
			}
			points += len(s.Points)
			out = append(out, s)
		}
		if err := cmp.Or(
			limits.Count("", "curves", int64(len(out)), limits.Sweeps),
			limits.Count("", "points", int64(points), limits.Points),
		); err != nil {
			return nil, fmt.Errorf("counts and sizes: %w", err)
		}
	}
	return out, nil
}

// size returns the given size, or the subject's own if it is 0.
func (of Subject) size(given int64, by scale) (int64, error) {
	switch {
	case given > 0:
		return given, nil
	case by.Scaling != Weak || by.Basis == Copies: // each copy does the work that one does alone
		return of.Size, nil
	case of.PerWorker == 0:
		return 0, fmt.Errorf("%s has no default size per worker: give --size with --scaling weak", of.Workload)
	default:
		return of.PerWorker, nil
	}
}

// Check returns an error for everything that makes no sense on any machine: a count, a size or a mode that is none.
func (a Axes) Check() error {
	var errs []error
	for _, l := range []struct {
		flag   string
		counts []int
	}{{"workers", a.Workers}, {"procs", a.Procs}, {"cores", a.Cores}} {
		if err := limits.Count("--"+l.flag, "counts", int64(len(l.counts)), limits.SweepPoints); err != nil {
			errs = append(errs, err)
			continue
		}
		for _, n := range l.counts {
			if err := counted("--"+l.flag, int64(n), limits.PointCount); err != nil {
				errs = append(errs, err)
				break
			}
		}
	}
	errs = append(errs, limits.Count("--size", "sizes", int64(len(a.Sizes)), limits.Sweeps))
	for _, n := range a.Sizes {
		if err := counted("--size", n, limits.Size); err != nil {
			errs = append(errs, err)
			break
		}
	}
	if m := Mode(a.Mode); a.Mode != "" && a.Mode != "both" && !slices.Contains([]Mode{Threads, Procs, Grid, Cores}, m) {
		errs = append(errs, fmt.Errorf("--mode %q: want threads, procs, both, cores or grid", a.Mode))
	}
	return errors.Join(errs...)
}

// normalise checks the lists and fills in what they leave open.
func (a Axes) normalise(cpus int) (Axes, error) {
	if err := a.Check(); err != nil {
		return a, err
	}
	for _, n := range a.Cores {
		if n > cpus {
			return a, fmt.Errorf("--cores %d: only %d CPUs may be used here", n, cpus)
		}
	}
	a.Sizes, a.Cores = ordered(a.Sizes), ordered(a.Cores)
	if a.Mode == "" {
		mode, err := a.impliedMode()
		if err != nil {
			return a, err
		}
		a.Mode = mode
	}
	return a.fill(cpus)
}

// counted returns an error that names the flag, unless n is from 1 to most.
func counted(flag string, n, most int64) error {
	switch {
	case n < 1:
		return fmt.Errorf("%s %d: must be at least 1", flag, n)
	case n > most:
		return fmt.Errorf("%s %d: must be at most %d", flag, n, most)
	}
	return nil
}

// impliedMode returns the mode that the lists imply when the user names none.
func (a Axes) impliedMode() (string, error) {
	switch w, p, c := len(a.Workers) > 1, len(a.Procs) > 1, len(a.Cores) > 1; {
	case w && p:
		return "", errors.New("--workers and --procs both list counts: " +
			"add --mode grid (all combinations) or --mode both (one curve each)")
	case c && (w || p):
		return "", errors.New("--cores and another flag both list counts: sweep one of them at a time")
	case p:
		return string(Procs), nil
	case c:
		return string(Cores), nil
	default:
		return string(Threads), nil
	}
}

// fill gives each list its default and refuses lists that the mode cannot use.
func (a Axes) fill(cpus int) (Axes, error) {
	if len(a.Cores) > 1 && a.Mode != string(Cores) && a.Mode != string(Grid) {
		return a, fmt.Errorf("--mode %s takes one --cores value, not %d", a.Mode, len(a.Cores))
	}
	counts := defaultCounts(cpus)
	switch Mode(a.Mode) {
	case Threads:
		a.Workers, a.Procs = orElse(a.Workers, counts), orElse(a.Procs, []int{1})
	case Procs:
		a.Procs, a.Workers = orElse(a.Procs, counts), orElse(a.Workers, []int{1})
	case "both":
		a.Workers = orElse(a.Workers, orElse(a.Procs, counts))
		a.Procs = orElse(a.Procs, a.Workers)
		return a, nil
	case Grid:
		a.Workers, a.Procs = orElse(a.Workers, counts), orElse(a.Procs, counts)
		if w, p := slices.Min(a.Workers), slices.Min(a.Procs); len(a.Cores) > 1 && w*p > a.Cores[0] {
			return a, fmt.Errorf("--cores %d with --mode grid: the least of the grid, %d × %d, is the base of all and needs "+
				"a core for each worker: begin --workers and --procs with 1", a.Cores[0], p, w)
		}
		return a, nil
	default: // cores: Check knows no other
		a.Cores = orElse(a.Cores, defaultCounts(cpus/2))
		if len(a.Cores) == 0 {
			a.Cores = []int{1}
		}
		a.Procs = orElse(a.Procs, []int{1})
		a.Workers = orElse(a.Workers, []int{max(1, slices.Max(a.Cores)/a.Procs[0])})
	}
	if a.Mode != string(Threads) && len(a.Workers) > 1 {
		return a, fmt.Errorf("--mode %s takes one --workers value, not %d", a.Mode, len(a.Workers))
	}
	if a.Mode != string(Procs) && len(a.Procs) > 1 {
		return a, fmt.Errorf("--mode %s takes one --procs value, not %d", a.Mode, len(a.Procs))
	}
	return a, nil
}

func orElse[T any](list, other []T) []T {
	if len(list) > 0 {
		return list
	}
	return other
}

// modes are those of the sweeps.
func (a Axes) modes() []Mode {
	if a.Mode == "both" {
		return []Mode{Threads, Procs}
	}
	return []Mode{Mode(a.Mode)}
}

// The series of a grid is named by its processes and, if it is run on several numbers of cores, these.
const (
	inProcs = "procs="
	ofCores = ", cores="
)

// OverCores reports whether s is of a grid that is run on several numbers of cores.
func (s *Sweep) OverCores() bool { return s.Mode == Grid && strings.Contains(s.Series, ofCores) }

// LayoutOf returns the processes, and the cores where there are several numbers of them, that all points of a series of
// a grid but its base have; 0: not known.
func LayoutOf(series string) (procs, cores int) {
	if _, err := fmt.Sscanf(series, inProcs+"%d"+ofCores+"%d", &procs, &cores); err == nil {
		return procs, cores
	}
	if _, err := fmt.Sscanf(series, inProcs+"%d", &procs); err != nil || series != inProcs+strconv.Itoa(procs) {
		return 0, 0
	}
	return procs, 0
}

// shapes returns the sweeps without scaling and sizes, and with cores where a mode takes several.
func (a Axes) shapes(workload string) []Sweep {
	sweep := func(m Mode, series string, points []Point) Sweep {
		for i := range points {
			points[i].Workload = workload
		}
		return Sweep{Workload: workload, Mode: m, Series: series, Points: points}
	}
	threads := func(procs int) (pts []Point) {
		for _, w := range a.Workers {
			pts = append(pts, Point{Procs: procs, Workers: w})
		}
		return pts
	}
	procs := func(workers int) (pts []Point) {
		for _, p := range a.Procs {
			pts = append(pts, Point{Procs: p, Workers: workers})
		}
		return pts
	}
	switch Mode(a.Mode) {
	case Threads:
		return []Sweep{sweep(Threads, "", threads(a.Procs[0]))}
	case Procs:
		return []Sweep{sweep(Procs, "", procs(a.Workers[0]))}
	case Grid:
		var out []Sweep
		for _, p := range a.Procs {
			if len(a.Cores) < 2 {
				out = append(out, sweep(Grid, fmt.Sprint(inProcs, p), threads(p)))
				continue
			}
			for _, c := range a.Cores {
				pts := threads(p)
				for i := range pts { // more cores than workers are no other point
					pts[i].Cores = min(pts[i].Parallelism(), c)
				}
				out = append(out, sweep(Grid, fmt.Sprint(inProcs, p, ofCores, c), pts))
			}
		}
		return out
	case Cores:
		var pts []Point
		for _, c := range a.Cores {
			pts = append(pts, Point{Procs: a.Procs[0], Workers: a.Workers[0], Cores: c})
		}
		return []Sweep{sweep(Cores, "", pts)}
	default: // both: fill has checked the mode
		return []Sweep{sweep(Threads, "", threads(1)), sweep(Procs, "", procs(1))}
	}
}

// settle gives p its cores and its total size.
func (a Axes) settle(p *Point, s Sweep, cpus int) error {
	if p.Cores == 0 {
		p.Cores = min(p.Parallelism(), cpus)
		if len(a.Cores) == 1 {
			p.Cores = a.Cores[0]
		}
	}
	times := int64(1)
	switch {
	case s.Scaling == Weak && s.Basis == Copies:
		times = int64(p.Procs)
	case s.Scaling == Weak:
		times = int64(p.Parallelism())
	}
	if s.Size > limits.Size/times {
		return fmt.Errorf("--size %d under weak scaling: %d of them make more than 2^53", s.Size, times)
	}
	p.Size = s.Size * times
	return p.check()
}

// Swept reports whether a count is swept: whether any workload has two points that differ by more than the mode of
// their sweeps or the size that was asked for.
func Swept(sweeps []Sweep) bool {
	type family struct {
		workload, variant string
		mode              Mode
		size              int64
	}
	first := map[family]Point{}
	for _, s := range sweeps {
		of := family{s.Workload, s.Variant, s.Mode, s.Size}
		for _, p := range s.Points {
			if q, ok := first[of]; ok && p != q {
				return true
			}
			first[of] = p
		}
	}
	return false
}

// CeilingSweep returns the sweep of the spin loop, with sizePerWorker for each worker. It measures what the machine can
// give at every number of cores that points use.
func CeilingSweep(points []Point, sizePerWorker int64) Sweep {
	s := Sweep{Workload: SpinWorkload, Mode: Threads, Scaling: Weak, Size: sizePerWorker}
	cores := []int{1}
	for _, p := range points {
		cores = append(cores, p.Cores)
	}
	slices.Sort(cores)
	for _, c := range slices.Compact(cores) {
		p := Point{Workload: SpinWorkload, Procs: 1, Workers: c, Cores: c, Size: sizePerWorker * int64(c)}
		s.Points = append(s.Points, p)
	}
	return s
}
