package statements_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// resamples of every bootstrap: the statements must follow from whatever intervals come out.
const resamples = 80

// A maker makes one random study.
type maker struct {
	rng      *rand.Rand
	quiet    *rand.Rand // of the noise that every run meets
	wide     *rand.Rand // of several sizes
	others   *rand.Rand // of programs that its processes start
	in       study.Input
	cpus     int
	programs map[string]*program
}

// A program is how one workload behaves at every point.
type program struct {
	name      string
	base      float64 // seconds of the smallest size with one worker
	speed     func(p sweep.Point) float64
	noise     float64 // standard deviation of the logarithm of its times
	noisy     float64 // probability that a run is flagged
	fails     float64 // probability that a run fails
	missing   float64 // probability that a point has no good run
	startup   float64 // share of the base time, for each process
	dispatch  float64 // CPU time of the coordinator, share of the total
	busy      float64 // part of the usable cores that is busy
	system    float64 // part of the CPU time
	inflation float64 // of CPU time, for each worker beyond the first
	queue     float64 // part of the usable cores that is missed
	least     int     // runs of a point
	most      int
	traced    int // traced runs of a point
	threads   int // 0: not counted; below 0: grows with the workers
	losses    []loss
	workers   bool // ledgers have the time of each worker
	starts    bool // its processes start programs, which use most of the CPU time
	by        bool // and are its workers
	lost      map[sweep.Point]bool
}

func (m *maker) chance(p float64) bool { return m.rng.Float64() < p }

// between is uniform.
func (m *maker) between(low, high float64) float64 { return low + (high-low)*m.rng.Float64() }

func pick[T any](m *maker, from ...T) T { return from[m.rng.IntN(len(from))] }

// random is the study of that number.
func random(number uint64) study.Input {
	m := &maker{
		rng: rand.New(rand.NewPCG(number, 20)), quiet: rand.New(rand.NewPCG(number, 22)),
		wide: rand.New(rand.NewPCG(number, 24)), others: rand.New(rand.NewPCG(number, 26)),
		programs: map[string]*program{},
	}
	m.cpus = pick(m, 1, 2, 2, 4, 4, 8)
	h := &m.in.Header
	h.Seed = number
	for i := range m.cpus {
		h.Host.CPUs = append(h.Host.CPUs, sweep.CPU{ID: i, Core: i})
	}
	if m.chance(0.1) {
		h.Host.QuotaCores = m.between(0.5, float64(m.cpus))
	}
	if m.chance(0.1) {
		h.Warnings = []string{"noted by a capture"}
		h.Host.Limits = []string{"there are no records of the OS scheduler"}
		h.Resumes = []sweep.Resume{
			{At: "later", FirstRun: 3, Forced: true, Different: []string{"kernel"}},
			{At: "again", FirstRun: 5},
		}
		m.in.Damage = []string{"a line was cut off"}
	}
	if m.chance(0.3) {
		m.in.Efficiency = pick(m, 0.5, 0.755, 0.9, 1.1)
	}
	if m.chance(0.2) {
		m.in.Measure = curve.Work
	}
	m.in.Resamples = resamples
	m.in.Explained = map[sweep.Run]study.Explained{}
	names := []string{"alpha", "beta"}
	kind := m.rng.IntN(6)
	for _, name := range names[:1+m.rng.IntN(2)] {
		p := sweep.Program{Name: name, Unit: pick(m, "", "steps")}
		if kind >= 4 {
			p.Command = &sweep.Command{Argv: []string{name, "{workers}"}}
		}
		if kind == 5 {
			p.Command.Benchmark = &sweep.Benchmark{Name: "Benchmark" + name}
		}
		h.Workloads = append(h.Workloads, p)
		m.programs[name] = m.program(name)
		m.programs[name].starts, m.programs[name].by = m.others.IntN(3) == 0, m.others.IntN(2) == 0
		h.Sweeps = append(h.Sweeps, m.sweeps(name, kind == 5)...)
	}
	if number%12 == 5 {
		m.alike(names[0])
	}
	if number%40 == 11 { // nothing is swept
		h.Sweeps = h.Sweeps[:1]
		h.Sweeps[0].Points = h.Sweeps[0].Points[:1]
	}
	points := sweep.Points(h.Sweeps)
	if m.chance(0.7) && number%40 != 11 {
		spin := sweep.CeilingSweep(points, 1000)
		h.Sweeps = append(h.Sweeps, spin)
		m.programs[sweep.SpinWorkload] = m.spin()
		if number%40 != 23 { // or there was no time for it
			points = append(points, spin.Points...)
		}
	}
	for _, p := range points {
		m.run(p)
	}
	if number == crowdedStudy {
		m.crowd()
	}
	if r := m.in.Results; m.quiet.Float64() < 0.05 && len(r) > 0 {
		r[0].Warnings = slices.Repeat([]string{"noted by a capture"}, 1+m.quiet.IntN(40))
	}
	if m.quiet.Float64() < 0.1 {
		h.Command, h.Hidden = []string{"corecurve", "run", "--", "db", "--password=***", "--token", "***"}, 2
		if m.quiet.Float64() < 0.5 {
			h.Command, h.Hidden = append(h.Command, "***", "TOKEN=***"), 4
		}
	}
	for i := range m.in.Results {
		if number%16 == 3 && m.quiet.Float64() < 0.1 {
			m.in.Results[i].OutputLost = "no space"
		}
	}
	for range max(0, m.quiet.IntN(30)-26) {
		m.in.Interrupted = append(m.in.Interrupted, sweep.Result{Status: sweep.Interrupted, Error: "it stood still"})
	}
	return m.in
}

// alike adds workloads that are swept as that of the name is.
func (m *maker) alike(name string) {
	h := &m.in.Header
	sweeps, program := slices.Clone(h.Sweeps), h.Workloads[0]
	for _, other := range []string{"gamma", "delta", "epsilon"} {
		program.Name = other
		h.Workloads = append(h.Workloads, program)
		m.programs[other] = m.program(other)
		for _, s := range sweeps {
			if s.Workload != name {
				continue
			}
			s.Workload, s.Points = other, slices.Clone(s.Points)
			for i := range s.Points {
				s.Points[i].Workload = other
			}
			h.Sweeps = append(h.Sweeps, s)
		}
	}
}

// crowdedStudy is the study with more points than have all resamples, which it has the default number of.
const crowdedStudy = 150

// crowd adds sweeps of many points in all, each of one run.
func (m *maker) crowd() {
	m.in.Resamples = 0
	for size := range 5 {
		s := sweep.Sweep{Workload: "crowd", Mode: sweep.Threads, Scaling: sweep.Strong, Size: int64(size + 1)}
		for n := range 60 {
			p := sweep.Point{Workload: s.Workload, Procs: 1, Workers: n + 1, Cores: min(n+1, m.cpus), Size: s.Size}
			s.Points = append(s.Points, p)
			m.in.Results = append(m.in.Results, sweep.Result{
				Run: sweep.Run{Point: p, Kind: sweep.Timed}, Status: sweep.OK, Total: 1e9, Work: 9e8, User: 9e8,
			})
		}
		m.in.Header.Sweeps = append(m.in.Header.Sweeps, s)
	}
}

// sweeps lays out the curves of one workload. A benchmark has one size.
func (m *maker) sweeps(name string, benchmark bool) []sweep.Sweep {
	a := sweep.Axes{
		Mode: pick(m, "threads", "threads", "procs", "both", "both", "cores", "grid"), Sizes: pick(m, []int64{1000},
			[]int64{1000}, []int64{100, 2000}),
		Scaling: pick(m, "strong", "strong", "weak", ""),
	}
	of := sweep.Subject{Workload: name}
	if a.Scaling == "" {
		of.Scale = copies
	}
	if benchmark {
		a.Sizes = a.Sizes[:1]
	} else if m.wide.IntN(3) == 0 {
		several := [][]int64{{20, 200, 2000}, {1, 30, 1000, 30_000}, {1000, 4000, 16_000}, {5, 50, 500, 5000, 50_000}}
		a.Sizes = several[m.wide.IntN(len(several))]
	}
	counts := pick(m, nil, []int{1, 2, 3, 4}, []int{1, 2, 4, 8, 16}, []int{2, 4, 8}, []int{1, 6},
		[]int{1, 2, 3, 4, 5, 6, 7, 8})
	switch a.Mode {
	case "threads":
		a.Workers = counts
		a.Procs = pick(m, nil, nil, nil, []int{2})
	case "procs":
		a.Procs = counts
		a.Workers = pick(m, nil, nil, []int{2})
	case "cores":
		a.Scaling = "strong"
	case "both":
		a.Workers = counts
		a.Procs = pick(m, nil, nil, []int{1, 2, 4})
	default:
		a.Workers, a.Procs = pick(m, nil, []int{1, 2}, []int{1, 2, 4}, []int{3}), pick(m, nil, []int{1, 2}, []int{2, 4})
		if m.cpus > 1 && m.wide.IntN(2) == 0 {
			a.Workers, a.Procs, a.Cores = []int{1, 2, 4}, []int{1, 2}, []int{1, 2}
		}
	}
	out, err := a.Sweeps(of, m.cpus)
	if err != nil {
		panic(err) // the lists above are all good
	}
	return out
}

// copies is the scaling of a command that is told its workers only.
func copies(m sweep.Mode) (sweep.Scaling, sweep.Basis) {
	if m == sweep.Procs || m == sweep.Grid {
		return sweep.Weak, sweep.Copies
	}
	return sweep.Strong, sweep.Told
}

// program draws a behaviour.
func (m *maker) program(name string) *program {
	p := &program{
		name: name, base: math.Exp(m.between(math.Log(0.002), math.Log(20))), noise: pick(m, 0, 0.002, 0.01, 0.05, 0.3),
		noisy: pick(m, 0, 0, 0.1, 0.6), fails: pick(m, 0, 0, 0.1, 0.3), missing: pick(m, 0, 0, 0.1, 0.4),
		startup: pick(m, 0, 0.001, 0.03, 0.5), dispatch: pick(m, 0, 0.01, 0.4),
		busy: pick(m, 0, 0.05, 0.5, 0.9, 1, 1), system: pick(m, 0, 0.01, 0.4, 1), inflation: pick(m, 0, 0, 0.02,
			0.2), queue: pick(m, 0, 0, 0.1, 0.7),
		least: pick(m, 0, 1, 3, 5, 7, 10), traced: pick(m, 0, 1, 1, 2), threads: pick(m, 0, -1, 1,
			3), workers: m.chance(0.7),
		lost: map[sweep.Point]bool{},
	}
	p.most = p.least + m.rng.IntN(4)
	p.speed = m.curve()
	for range m.rng.IntN(5) {
		p.losses = append(p.losses, m.loss())
	}
	return p
}

// curve draws how fast a program is at a point, over one worker. It depends on the point alone.
func (m *maker) curve() func(p sweep.Point) float64 {
	a, b := m.between(0, 0.5), m.between(0, 0.05)
	usable := func(p sweep.Point) float64 { return float64(min(p.Parallelism(), p.Cores)) }
	n := func(p sweep.Point) float64 { return float64(p.Parallelism()) }
	bad, seen := m.rng.IntN(4), map[sweep.Point]float64{}
	switch m.rng.IntN(9) {
	case 0:
		return usable
	case 1:
		return func(p sweep.Point) float64 { u := usable(p); return u / (1 + a*(u-1)) }
	case 2:
		return func(p sweep.Point) float64 { u := usable(p); return u / (1 + a*(u-1) + b*u*(u-1)) }
	case 3:
		return func(sweep.Point) float64 { return 1 }
	case 4:
		return func(p sweep.Point) float64 { return 1 / (1 + a*(n(p)-1)) }
	case 5:
		return func(p sweep.Point) float64 { return n(p) / (1 + b*(n(p)-1)) } // waits, so that cores do not bound it
	case 6:
		return func(p sweep.Point) float64 {
			if p.Parallelism()%4 == bad {
				return 0.3 * usable(p)
			}
			return usable(p)
		}
	case 7:
		return func(p sweep.Point) float64 { return usable(p) * math.Pow(float64(p.Procs), a) / (1 + b*n(p)) }
	default:
		return func(p sweep.Point) float64 {
			if seen[p] == 0 {
				seen[p] = math.Exp(m.rng.NormFloat64())
			}
			return seen[p]
		}
	}
}

// spin is the loop in registers.
func (m *maker) spin() *program {
	slow := pick(m, 0, 0, 0.1, 0.4)
	return &program{
		name: sweep.SpinWorkload, base: 0.05, busy: 1, least: pick(m, 1, 5, 8), most: 8, noise: 0.002, noisy: pick(m, 0,
			0, 0, 0.7), missing: pick(m, 0, 0, 0, 0.2),
		speed: func(p sweep.Point) float64 {
			return float64(p.Cores) / (1 + slow*float64(p.Cores-1))
		}, lost: map[sweep.Point]bool{},
	}
}

// run makes all runs of a point.
func (m *maker) run(p sweep.Point) {
	of := m.programs[p.Workload]
	missing := m.chance(of.missing)
	runs := of.least + m.rng.IntN(max(of.most-of.least, 0)+1)
	for rep := range runs {
		r := m.result(of, p, rep, sweep.Timed)
		m.disturb(&r)
		if missing || m.chance(of.fails) {
			r.Status = pick(m, sweep.Failed, sweep.TimedOut, sweep.Killed, sweep.Mismatch)
		}
		m.in.Results = append(m.in.Results, r)
	}
	for rep := range of.traced {
		r := m.result(of, p, rep, sweep.Traced)
		m.disturb(&r)
		if m.chance(of.fails) {
			r.Status = sweep.Failed
		}
		m.in.Results = append(m.in.Results, r)
		if r.Status == sweep.OK && !m.chance(0.05) {
			m.in.Explained[r.Run] = study.Explained{Ledger: m.ledger(of, &r)}
		}
	}
}

// disturb lets others take of a run, as they do on every machine.
func (m *maker) disturb(r *sweep.Result) {
	usable, total := usable(r.Point), r.Total.Float()
	r.Noise.Others = seconds(r.Noise.Share * usable * total)
	if m.quiet.IntN(2) == 0 {
		r.Noise.Others += seconds(0.02 * m.quiet.Float64() * total)
	}
	if r.Noise.Noisy && m.quiet.IntN(3) == 0 {
		r.Noise.Steal = seconds(0.1 * total)
	}
}

// result is one run of a point.
func (m *maker) result(of *program, p sweep.Point, rep int, kind sweep.Kind) sweep.Result {
	work := float64(p.Size) / 1000
	total := of.base * work / of.speed(p) * math.Exp(of.noise*m.rng.NormFloat64())
	if m.chance(0.02) {
		total *= 3 // far out
	}
	r := sweep.Result{Run: sweep.Run{Point: p, Rep: rep, Kind: kind}, Status: sweep.OK}
	if kind == sweep.Traced {
		total *= pick(m, 1, 1.02, 1.3)
	}
	startup := of.base * of.startup * float64(p.Procs) * m.between(0.9, 1.1)
	r.Startup, r.Work, r.Teardown = seconds(startup), seconds(total), seconds(startup/4)
	r.Total = r.Startup + r.Work + r.Teardown
	usable := float64(min(p.Parallelism(), p.Cores))
	cpu := of.busy * usable * r.Total.Float() * (1 + of.inflation*float64(p.Parallelism()-1)) * m.between(0.98, 1)
	r.Sys = seconds(cpu * of.system)
	r.User = seconds(cpu) - r.Sys
	r.Noise.RunQueue = seconds(of.queue * usable * r.Total.Float())
	if m.chance(of.noisy) {
		r.Noise.Noisy, r.Noise.Share, r.Noise.Reasons = true, m.between(0.05,
			0.6), []string{"other programs took CPU time"}
	}
	if p.Procs > 1 {
		c := sweep.Process{Role: sweep.Coordinator, Rank: -1, User: seconds(of.dispatch * r.Total.Float())}
		r.Processes = append(r.Processes, c)
	}
	for rank := range p.Procs {
		if of.starts {
			d := r.CPU() / sweep.Seconds(p.Procs)
			r.Processes = append(r.Processes,
				sweep.Process{Role: sweep.Worker, Rank: rank, User: d, Own: d / 5, Children: d - d/5})
		}
	}
	if of.threads != 0 {
		r.MaxThreads = max(of.threads, 1)
		if of.threads < 0 {
			r.MaxThreads = p.Parallelism() + 2
		}
	}
	return r
}

func seconds(v float64) sweep.Seconds { return sweep.Seconds(v * float64(time.Second)) }
