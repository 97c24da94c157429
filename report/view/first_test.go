package view

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// screenOf is what of w stands on the first screen of a report with those warnings.
func screenOf(w *Workload, all []Notice) First {
	v := &View{Study: &study.Study{Efficiency: 0.75}, Warnings: all}
	return v.first(w)
}

// Why nothing is compared is said as it is, and once of a workload: a run that failed was tried.
func TestNothingCompared(t *testing.T) {
	at := func(n, runs, failed int) curve.Point {
		return curve.Point{Point: sweep.Point{Workload: "w", Procs: 1, Workers: n, Cores: n}, N: n, Runs: runs, Failed: failed}
	}
	of := func(base int, points ...curve.Point) Curve {
		c := &study.Curve{Judged: -1}
		c.Base, c.Points, c.Sweep.Mode = base, points, sweep.Threads
		c.Sweep.Scaling = sweep.Strong
		return Curve{Curve: c, Label: "threads"}
	}
	for _, tt := range []struct {
		name, none, base string
		curves           []Curve
	}{
		{"the base failed", "Without a base nothing can be compared.", "No base: no run with 1 worker succeeded", []Curve{of(-1, at(1, 0, 3), at(2, 3, 0)), of(-1, at(1, 0, 3), at(4, 3, 0))}},
		{"no run took any time", "Without a base nothing can be compared.", "No base: no run with 1 worker has a time", []Curve{of(-1, at(1, 3, 0), at(2, 3, 0))}},
		{"not begun", "Without a base nothing can be compared.", "No base: no timed run with 1 worker was made", []Curve{of(-1, at(1, 0, 0))}},
		{"the others failed", "No run beyond the base succeeded.", "Base: 1 worker", []Curve{of(0, at(1, 3, 0), at(2, 0, 3))}},
		{"one count", "No count beyond the base was measured.", "Base: 1 worker", []Curve{of(0, at(1, 3, 0))}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &Workload{Workload: &study.Workload{}, Name: "w", Curves: tt.curves}
			f := screenOf(w, nil)
			if d := cmp.Diff([]string{tt.none}, f.None); d != "" {
				t.Error(d)
			}
			based := 0
			for _, said := range f.Bases {
				if strings.HasPrefix(said, tt.base) {
					based++
				}
			}
			if based != 1 {
				t.Errorf("%q, want once %q", f.Bases, tt.base)
			}
		})
	}
}

// The first screen has the caveats of its own curve, of the traced runs that its findings rest on, and of the whole
// study; those of other workloads, of other points' traces and of what stands below are elsewhere. What leaves least
// of the figures is first.
func TestCaveats(t *testing.T) {
	point := func(workload string, workers int) sweep.Point {
		return sweep.Point{Workload: workload, Procs: 1, Workers: workers, Cores: workers}
	}
	c := &study.Curve{Judged: 1}
	for _, n := range []int{1, 2, 4} {
		c.Points = append(c.Points, curve.Point{Point: point("w", n), N: n})
	}
	c.Sweep.Mode = sweep.Threads
	w := &Workload{Workload: &study.Workload{}, Name: "w", Curves: []Curve{{Curve: c, Label: "threads"}}}
	onCurve := func(n int) warning.Warning {
		return warning.Warning{
			Kind: warning.Withheld, Subject: warning.Subject{Workload: "w", Mode: sweep.Threads, N: n},
			Items: []warning.Item{{Name: "startup", Ratio: 0.1}, {Name: "os.preempted", Ratio: 0.02}},
		}
	}
	of := func(all ...warning.Warning) Notice { return Notice{Text: "all of it", Of: all} }
	minor := of(warning.OfPoint(warning.LessCPU, point("w", 2)))
	minor.Minor = true
	got := screenOf(w, []Notice{
		0:  of(onCurve(2)),
		1:  of(onCurve(4)),
		2:  of(warning.OfPoint(warning.TracedDiffers, point("w", 2)), warning.OfPoint(warning.TracedDiffers, point("w", 4))),
		3:  of(warning.OfPoint(warning.Outliers, point("w", 4))),
		4:  of(warning.OfPoint(warning.Outliers, point("other", 2))),
		5:  of(warning.Warning{Kind: warning.AboveQuota, Figures: warning.Figures{Ratio: 1.5, Count: 2}}),
		6:  of(warning.Warning{Kind: warning.HiddenWords}),
		7:  of(warning.Warning{Kind: warning.Recorded, Text: "line 3 is damaged"}),
		8:  of(warning.Warning{Kind: warning.PathShort, Subject: warning.Subject{Workload: "w", Run: sweep.Run{Point: point("w", 2)}}}),
		9:  minor,
		10: of(warning.Warning{Kind: warning.IdleBenchmarks, Items: []warning.Item{{Name: "other"}}}),
		11: of(warning.Warning{Kind: warning.Recorded, Text: "in a traced run", Subject: warning.Subject{
			Workload: "w", Run: sweep.Run{Point: point("w", 4), Kind: sweep.Traced},
		}}),
		12: {Text: "not of the study: pictures are left out"},
	}).Caveats
	want := []Caveat{
		{"A CPU quota of 1.50 cores holds points on 2 cores or more back.", 5},
		{"all of it", 7},
		{"12" + words.NoBreak + "% of the lost core time may be noise, and is no finding: 2 workers.", 0},
		{"Traced runs reach other speedups than timed ones: 2 workers.", 2},
		{"Some launches took far more or less time than the rest: 4 workers.", 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// At most three findings stand first; how many more there are is said.
func TestFirstFindings(t *testing.T) {
	w := &Workload{Findings: make([]Claim, 5), Others: make([]Claim, 2), Smaller: []Smaller{{Claims: make([]Claim, 3)}, {}}}
	for i := range w.Findings {
		w.Findings[i].Found = &Found{}
	}
	if f := screenOf(w, nil); len(f.Findings) != 3 || f.More != 7 {
		t.Errorf("%d findings and %d more", len(f.Findings), f.More)
	}
	// A share of a loss that may be none is no answer.
	for i := range w.Findings[:4] {
		w.Findings[i].Found.NoLoss = "no loss is shown"
	}
	if f := screenOf(w, nil); len(f.Findings) != 1 || f.Findings[0] != &w.Findings[4] || f.More != 9 {
		t.Errorf("%d findings and %d more", len(f.Findings), f.More)
	}
}

// Caveats of the same words stand once, and at most five; how many more there are is said.
func TestMostCaveats(t *testing.T) {
	w := &Workload{Name: "w"}
	var all []Notice
	for _, text := range []string{"a", "b", "a", "c", "d", "e", "f", "g"} {
		all = append(all, Notice{Text: text, Of: []warning.Warning{{Kind: warning.Recorded, Text: text}}})
	}
	f := screenOf(w, all)
	if want := []Caveat{{"a", 0}, {"b", 1}, {"c", 3}, {"d", 4}, {"e", 5}}; !cmp.Equal(want, f.Caveats) || f.Others != 2 {
		t.Errorf("%+v and %d more", f.Caveats, f.Others)
	}
}

// Points are named in the order of the curves, each once; of several workloads with whose they are; all of them
// together.
func TestPlacesOf(t *testing.T) {
	at := func(workload string, procs, workers int) sweep.Point {
		return sweep.Point{Workload: workload, Procs: procs, Workers: workers, Cores: 2}
	}
	workload := func(name string) *Workload {
		threads, procs := &study.Curve{}, &study.Curve{}
		threads.Sweep.Mode, procs.Sweep.Mode = sweep.Threads, sweep.Procs
		for n := 1; n <= 2; n++ {
			threads.Points = append(threads.Points, curve.Point{Point: at(name, 1, n), N: n})
			procs.Points = append(procs.Points, curve.Point{Point: at(name, n, 1), N: n})
		}
		return &Workload{Workload: &study.Workload{}, Name: name, Curves: []Curve{{Curve: threads}, {Curve: procs}}}
	}
	of := func(p sweep.Point) warning.Warning { return warning.OfPoint(warning.Outliers, p) }
	v, w := workload("v"), workload("w")
	sized := workload("w")
	sized.Families = []study.Family{{Size: 10, Scaling: sweep.Strong}, {Size: 1000, Scaling: sweep.Strong}, {Size: 10, Scaling: sweep.Weak}}
	for i := range sized.Curves {
		s := &sized.Curves[i].Sweep
		s.Size, s.Scaling = sized.Families[2*i].Size, sized.Families[2*i].Scaling
	}
	atSize := func(size int64) warning.Warning {
		return warning.Warning{Kind: warning.NotExplained, Subject: warning.Subject{
			Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: size, N: 2,
		}}
	}
	sized.Curves[0].Judged, sized.Curves[0].Base = 1, -1
	if is, other := atSize(10), atSize(1000); !(explained{Workload: sized}).by(&is) || (explained{Workload: sized}).by(&other) {
		t.Error("what is about one size touches the findings of another")
	}
	if is := atSize(10); !(explained{sized, []int{0}}).by(&is) || (explained{sized, []int{1}}).by(&is) {
		t.Error("what is about one curve touches the findings of another")
	}
	for _, tt := range []struct {
		all  []*Workload
		of   []warning.Warning
		want []string
	}{
		{[]*Workload{w}, []warning.Warning{of(at("w", 2, 1)), of(at("w", 1, 1))}, []string{"1 worker", "2 processes"}},
		{[]*Workload{w}, []warning.Warning{of(at("w", 2, 1)), of(at("w", 1, 1)), of(at("w", 1, 2))}, []string{"all points"}},
		{[]*Workload{v, w}, []warning.Warning{of(at("w", 1, 2)), of(at("v", 1, 2))}, []string{"2 workers of v", "2 workers of w"}},
		{[]*Workload{v, w}, []warning.Warning{warning.Of(warning.Drift, "w")}, []string{"w"}},
		{[]*Workload{w}, []warning.Warning{warning.Of(warning.Drift, "w")}, nil},
		{
			[]*Workload{sized},
			[]warning.Warning{of(at("w", 2, 1)), of(at("w", 1, 2))},
			[]string{"2 workers at 10 under strong scaling", "2 processes under weak scaling"},
		},
		{[]*Workload{sized}, []warning.Warning{atSize(10)}, []string{"2 workers at 10 under strong scaling"}},
		{[]*Workload{sized}, []warning.Warning{atSize(1000)}, nil},
		{[]*Workload{w}, []warning.Warning{of(at(sweep.SpinWorkload, 1, 2)), of(at("w", 1, 2))}, []string{"2 workers", "the spin loop"}},
		{[]*Workload{w}, []warning.Warning{{Kind: warning.Withheld, Subject: warning.Subject{Workload: "w", Mode: sweep.Procs, N: 2}}}, []string{"2 processes"}},
	} {
		if diff := cmp.Diff(tt.want, placesOf(tt.all, tt.of)); diff != "" {
			t.Errorf("%+v: %s", tt.of, diff)
		}
	}
}

// Where there are several workloads, the findings that take most core time stand first, whosever they are, and caveats
// are of all curves, but of these findings alone. With each workload stands what is about it alone.
func TestFirstOfAll(t *testing.T) {
	v := &View{Study: &study.Study{Workloads: make([]study.Workload, 2)}}
	for i, times := range [][]float64{{1, 4}, {3, 2}, {0.5}} {
		name := string(rune('a' + i))
		point := sweep.Point{Workload: name, Procs: 1, Workers: 2, Cores: 2}
		c := &study.Curve{Judged: 0}
		c.Base, c.Recommendation.At = -1, -1
		c.Sweep.Mode = sweep.Threads
		c.Points = []curve.Point{{Point: point, N: 2, Runs: 5 + i}}
		w := Workload{Workload: &study.Workload{}, Name: name, Curves: []Curve{{Curve: c}}}
		for _, s := range times {
			w.Findings = append(w.Findings, Claim{Found: &Found{Whose: name, CoreTime: s}})
		}
		v.Workloads = append(v.Workloads, w)
		v.Warnings = append(v.Warnings, Notice{Of: []warning.Warning{warning.OfPoint(warning.TracedDiffers, point)}})
	}
	v.Warnings = append(v.Warnings, Notice{Of: []warning.Warning{warning.Of(warning.Drift, "c")}},
		Notice{Text: "all", Of: []warning.Warning{{Kind: warning.Recorded}}})
	f := v.firstOfAll()
	var took []float64
	for _, c := range f.Findings {
		took = append(took, c.Found.CoreTime)
	}
	if diff := cmp.Diff([]float64{4, 3, 2}, took); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Caveat{
		{"The machine drifted, intervals are not to be relied on: c.", 3},
		{"all", 4},
		{"Traced runs reach other speedups than timed ones: 2 workers of a and 2 workers of b.", 0},
	}, f.Caveats); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Each over the workload’s own base; times are total, start-up included.", "Each count: 5 to 7 timed runs."}, f.Bases); diff != "" {
		t.Error(diff)
	}
	// What captures recorded of runs of all of them stands with each in words of its own run, without what the spin loop
	// met.
	noisy := func(workload string) warning.Warning { return warning.Of(warning.NoisyRun, workload) }
	told := func(workload string) warning.Warning {
		return warning.Warning{Kind: warning.Recorded, Text: "told of " + workload, Subject: warning.Subject{Workload: workload}}
	}
	v.Warnings = append(v.Warnings, Notice{Of: []warning.Warning{noisy("a"), noisy("b"), noisy(sweep.SpinWorkload)}},
		Notice{Text: "of all", Of: []warning.Warning{told("a"), told("b"), told("c"), told("b")}})
	if diff := cmp.Diff([]Caveat{
		{"1 timed run was noisy; intervals hold what that can explain.", 5},
		{"b: told of b (and 1 more like it).", 6},
		{"Traced runs reach other speedups than timed ones: 2 workers.", 1},
	}, v.first(&v.Workloads[1]).Caveats); diff != "" {
		t.Error(diff)
	}
}
