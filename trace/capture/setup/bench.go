package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Packages finds the packages that args name: import paths and patterns of the module here, or folders of any module,
// in which the go command is then called. Packages without tests are left out.
func Packages(ctx context.Context, args []string) ([]capture.GoPackage, error) {
	var out []capture.GoPackage
	for _, arg := range args {
		folder, query := ".", arg
		if strings.HasPrefix(arg, ".") || filepath.IsAbs(arg) {
			folder, query = arg, "."
			if within, all := strings.CutSuffix(arg, "/..."); all {
				folder, query = within, "./..."
			}
		}
		folder, err := filepath.Abs(folder)
		if err != nil {
			return nil, err
		}
		if st, err := os.Stat(folder); err != nil || !st.IsDir() {
			return nil, requestf("%s: not the folder of a Go package", arg)
		}
		found, err := capture.GoPackages(ctx, folder, query)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if !slices.ContainsFunc(out, func(q capture.GoPackage) bool { return q.ImportPath == p.ImportPath }) {
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 {
		return nil, requestf("%s: no tests, and so no benchmarks", strings.Join(args, " "))
	}
	return out, nil
}

// AddBenchmarks adds the benchmarks of pkg that match pattern, as go test -bench takes it. Each is first run for a
// moment at the smallest point, to find how many iterations take d there.
func (s *Study) AddBenchmarks(ctx context.Context, pkg capture.GoPackage, pattern string, d time.Duration) error {
	if s.label == "" {
		s.label = "bench-" + path.Base(pkg.ImportPath)
	}
	if s.against != nil {
		return s.against.addBothBenchmarks(ctx, pkg, pattern, d)
	}
	u := suite{study: s, pkg: pkg}
	if err := u.build(ctx); err != nil {
		return err
	}
	c, err := u.calibrate(ctx, pattern, d)
	if err != nil {
		return err
	}
	for _, t := range c.trials {
		f, err := u.find(ctx, u.nameOf(t.Name), t.Name, c.size(t))
		if err == nil {
			err = s.add(f)
		}
		if err != nil {
			return err
		}
		u.expect(f.info.Name, t.PerOp)
	}
	return nil
}

// A suite is the benchmarks of a package.
type suite struct {
	study *Study
	pkg   capture.GoPackage
	exe   capture.TestBinary // of its tests, once it is built
}

// build compiles the tests of u.
func (u *suite) build(ctx context.Context) (err error) {
	u.exe, err = u.study.builder.buildTests(ctx, u.pkg, u.study.builder.library)
	return err
}

// A calibration is what is known of benchmarks before they are measured.
type calibration struct {
	trials []capture.BenchmarkTrial
	d      time.Duration // that a run shall take at the smallest point
	procs  int           // of the point with the most
}

// size returns how many iterations of t there are in a run.
func (c *calibration) size(t capture.BenchmarkTrial) int64 { return iterations(t.PerOp, c.d, c.procs) }

// calibrate runs the benchmarks of u that match pattern for a moment at the smallest point.
func (u *suite) calibrate(ctx context.Context, pattern string, d time.Duration) (*calibration, error) {
	s := u.study
	sweeps, err := s.axes.Sweeps(sweep.Subject{Workload: "base", Size: 1, PerWorker: 1}, len(s.Header.Host.CPUs))
	if err != nil {
		return nil, &RequestError{err}
	}
	c, workers := &calibration{d: d, procs: 1}, math.MaxInt
	for _, p := range sweep.Points(sweeps) {
		workers, c.procs = min(workers, p.Workers), max(c.procs, p.Procs)
	}
	// A quarter of a run is enough to know how many iterations a run is.
	trials, warnings, err := u.pkg.TryBenchmarks(ctx, u.exe, pattern, max(d/4, time.Millisecond), workers)
	s.Header.Warnings = append(s.Header.Warnings, warnings...)
	c.trials = trials
	return c, err
}

// find returns a benchmark of u as a workload of that name and size.
func (u *suite) find(ctx context.Context, name, benchmark string, size int64) (found, error) {
	program, err := u.pkg.BenchmarkProgram(u.exe, name, benchmark, size)
	if err != nil {
		return found{}, err
	}
	program.Revision = u.study.builder.revisionOf(ctx, u.pkg.Dir)
	return found{program: program, info: program.Workloads[0]}, nil
}

// processTime is about how long a test binary takes to start and end.
const processTime = 20 * time.Millisecond

// expect notes how long a run at the first points of a benchmark takes, whose operations take perOp nanoseconds there.
func (u *suite) expect(name string, perOp float64) {
	s := u.study
	for _, w := range s.Header.Sweeps {
		if w.Workload == name {
			s.expected[w.Points[0]] = processTime + time.Duration(perOp*float64(w.Points[0].Size))
		}
	}
}

// iterations returns how often to run an operation of perOp nanoseconds for about d: a number of two digits and zeros,
// rounded up so that each of procs processes has the same number.
func iterations(perOp float64, d time.Duration, procs int) int64 {
	n := max(1, min(float64(d)/perOp, 1e15))
	unit := math.Pow(10, max(0, math.Floor(math.Log10(n))-1))
	rounded, each := int64(math.Round(n/unit)*unit), int64(procs)
	return (rounded + each - 1) / each * each
}

// maxName is how long the name of a workload may be.
const maxName = 64

// nameOf returns a name that no other workload has, from package and benchmark: sync.mutex-uncontended.
func (u *suite) nameOf(benchmark string) string {
	name := strings.ToLower(path.Base(u.pkg.ImportPath)) + "." + kebab(strings.TrimPrefix(benchmark, "Benchmark"))
	name = strings.Trim(notInName().ReplaceAllString(name, "-"), "._-")
	if u.taken(name) || len(name) > maxName || name == "" {
		sum := sha256.Sum256([]byte(u.pkg.ImportPath + " " + benchmark))
		const digits = 8
		name = strings.TrimRight(name[:min(len(name), maxName-digits-1)],
			"._-") + "-" + hex.EncodeToString(sum[:digits/2])
		name = strings.TrimLeft(name, "-")
	}
	return name
}

// taken reports whether a workload has that name.
func (u *suite) taken(name string) bool {
	for key := range u.study.programs {
		if key.Workload == name {
			return true
		}
	}
	return false
}

// kebab separates the words of a Go name by hyphens, and the levels of sub-benchmarks by points: MutexSlack/size=1
// becomes mutex-slack.size=1.
func kebab(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		begins := unicode.IsUpper(r) && i > 0 &&
			(unicode.IsLower(runes[i-1]) || unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		switch {
		case r == '/':
			r = '.'
		case r == '_': // a space in the name of a sub-benchmark
			r = '-'
		case begins:
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
