package cores

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A step is an event of a process, made by hand.
type step struct {
	proc int
	ev   gotrace.Event
}

const none = gotrace.None

func starts(t, g, p int64) gotrace.Event {
	return gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: none, P: p, M: p, Subject: g, From: gotrace.Runnable,
		To: gotrace.Running,
	}
}

func blocks(t, g, p int64) gotrace.Event {
	return gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: g, P: p, M: p, Subject: g, From: gotrace.Running,
		To: gotrace.Waiting,
	}
}

func calls(t, g, p int64) gotrace.Event {
	return gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: g, P: p, M: p, Subject: g, From: gotrace.Running,
		To: gotrace.Syscall,
	}
}

// returns is the end of a system call during which the P was taken away.
func returns(t, g int64) gotrace.Event {
	return gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: g, P: none, M: 7, Subject: g, From: gotrace.Syscall,
		To: gotrace.Runnable,
	}
}

func found(t, g, p int64) gotrace.Event {
	return gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: none, P: p, M: p, Subject: g, From: gotrace.Undetermined,
		To: gotrace.Running,
	}
}

func idles(t, p int64) gotrace.Event {
	return gotrace.Event{
		Kind: gotrace.ProcTransition, Time: clock.Time(t), G: none, P: p, M: p, Subject: p, From: gotrace.Running,
		To: gotrace.Idle,
	}
}

func gomaxprocs(t, n int64) gotrace.Event {
	return gotrace.Event{
		Kind: gotrace.MetricValue, Time: clock.Time(t), G: none, P: none, M: none, Subject: none,
		Metric: gotrace.GOMAXPROCS, Value: n,
	}
}

func syncs(t clock.Time) gotrace.Event {
	return gotrace.Event{Kind: gotrace.Sync, Time: t, G: none, P: none, M: none, Subject: none}
}

// feed returns a function that gives b the steps of an event of a process.
func feed(b *Builder) func(proc int, ev *gotrace.Event) {
	var replays [4]replay.Replay
	return func(proc int, ev *gotrace.Event) {
		b.Add(proc, replays[proc].Append(nil, *ev))
	}
}

// build gives the steps to b and checks what must hold of every Use.
func build(t *testing.T, b *Builder, steps []step) *Use {
	t.Helper()
	add := feed(b)
	for i := range steps {
		add(steps[i].proc, &steps[i].ev)
	}
	u := b.Finish()
	check(t, u)
	return u
}

func check(t *testing.T, u *Use) {
	t.Helper()
	var sum time.Duration
	for k, d := range u.Profile {
		if d < 0 {
			t.Errorf("profile[%d] = %v", k, d)
		}
		sum += d
	}
	if sum != u.End.Sub(u.Start) {
		t.Errorf("the profile adds up to %v of %v", sum, u.End.Sub(u.Start))
	}
	profile := make([]time.Duration, len(u.Profile))
	for i, s := range u.Steps {
		end := u.End
		if i+1 < len(u.Steps) {
			end = u.Steps[i+1].Start
		}
		if end <= s.Start || s.Start < u.Start || s.Busy >= len(profile) {
			t.Fatalf("step %d: %+v until %d", i, s, end)
		}
		profile[s.Busy] += end.Sub(s.Start)
	}
	if len(u.Steps) > 0 && !cmp.Equal(profile, u.Profile) {
		t.Errorf("steps make the profile %v, it is %v", profile, u.Profile)
	}
}

// Two processes, times in nanoseconds:
//
//	process 0: P 0 runs 100..400; P 1 runs 200..300
//	process 1: P 0 runs 250..500, from 350 in a system call, in which the P is taken away at 450
//
// busy: 0 until 100, 1 until 200, 2 until 250, 3 until 300, 2 until 400, 1 until 450, 0 until 600
// so 0 for 100 + 150, 1 for 100 + 50, 2 for 50 + 100, 3 for 50; P·ns = 150 + 300 + 150 = 600 of 600.
func twoProcesses() []step {
	return []step{
		{0, syncs(0)},
		{0, gomaxprocs(5, 2)},
		{0, starts(100, 1, 0)},
		{1, syncs(150)},
		{1, gomaxprocs(160, 1)},
		{0, starts(200, 2, 1)},
		{1, starts(250, 1, 0)},
		{0, blocks(300, 2, 1)},
		{1, calls(350, 1, 0)},
		{0, idles(390, 1)}, // had no goroutine any more
		{0, blocks(400, 1, 0)},
		{1, idles(450, 0)},
		{1, returns(500, 1)},
		{0, syncs(600)},
	}
}

func TestTwoProcesses(t *testing.T) {
	u := build(t, &Builder{Cores: 2}, twoProcesses())
	want := &Use{
		Start: 0, End: 600, Cores: 2, OfPs: true, MaxPs: 3, MinPs: 3, MeanPs: 1640.0 / 600, Mean: 1,
		Profile: []time.Duration{250, 150, 150, 50},
		Steps:   []Step{{0, 0}, {100, 1}, {200, 2}, {250, 3}, {300, 2}, {400, 1}, {450, 0}},
	}
	if diff := cmp.Diff(want, u, cmpopts.IgnoreUnexported(Use{})); diff != "" {
		t.Error(diff)
	}
	// Parts of 150: 50·1 + 50·0.. that is 0..150: 50 of 1; 150..300: 50·1 + 50·2 + 50·3 = 300; 300..450: 100·2 + 50·1 =
	// 250; 450..600: 0. The first tenth of the time, 15, and the last are of the least and the most in each.
	bins := u.Bins(4)
	wantBins := []Bin{{50.0 / 150, 0, 1, 0, 1}, {2, 1, 3, 1, 3}, {250.0 / 150, 1, 2, 1, 2}, {}}
	if diff := cmp.Diff(wantBins, bins, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
}

// What holds for less than a tenth of the time at either end is left out of what most of the time holds: 5 of 100 with
// none busy, and 6 with three; and what holds for a tenth is in it.
func TestMostOfTheTime(t *testing.T) {
	for _, tt := range []struct {
		steps     []Step
		low, high float64
	}{
		{[]Step{{0, 2}, {40, 0}, {45, 2}, {80, 3}, {86, 2}}, 2, 2},
		{[]Step{{0, 2}, {40, 0}, {50, 2}, {80, 3}, {91, 2}}, 0, 3},
		{[]Step{{0, 1}}, 1, 1},
	} {
		u := Use{End: 100, Steps: tt.steps}
		if b := u.Bins(1)[0]; b.Low != tt.low || b.High != tt.high {
			t.Errorf("%v: %+v, want %v to %v", tt.steps, b, tt.low, tt.high)
		}
	}
}

// TestWindow takes 220..420 of the same: 2 for 30, 3 for 50, 2 for 100, 1 for 20; P·ns = 60 + 150 + 200 + 20 = 430 of
// 200.
func TestWindow(t *testing.T) {
	u := build(t, &Builder{From: 220, To: 420}, twoProcesses())
	want := &Use{
		Start: 220, End: 420, OfPs: true, MaxPs: 3, MinPs: 3, MeanPs: 3, Mean: 2.15,
		Profile: []time.Duration{0, 20, 130, 50},
		Steps:   []Step{{220, 2}, {250, 3}, {300, 2}, {400, 1}},
	}
	if diff := cmp.Diff(want, u, cmpopts.IgnoreUnexported(Use{})); diff != "" {
		t.Error(diff)
	}
	// What lies outside the traces is said.
	if u := build(t, &Builder{From: -100, To: 700}, twoProcesses()); len(u.Warnings) != 2 || u.End != 600 ||
		u.Start != -100 {
		t.Errorf("from %d to %d, warnings %+v", u.Start, u.End, u.Warnings)
	}
}

// TestBackdated: P 1 of a process whose trace begins at 100 is found running at 160, so it was from 100 on; P 0 runs
// 120..150, and other processes' P runs from 50. Busy: 0 until 50, 1 until 100, 2 until 120, 3 until 150, 2 until 200,
// the end.
func TestBackdated(t *testing.T) {
	u := build(t, &Builder{}, []step{
		{1, syncs(0)},
		{1, starts(50, 9, 0)},
		{0, syncs(100)},
		{0, starts(120, 1, 0)},
		{0, blocks(150, 1, 0)},
		{0, found(160, 2, 1)},
		{0, blocks(200, 2, 1)},
	})
	want := []Step{{0, 0}, {50, 1}, {100, 2}, {120, 3}, {150, 2}}
	if diff := cmp.Diff(want, u.Steps); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]time.Duration{50, 50, 70, 30}, u.Profile); diff != "" {
		t.Error(diff)
	}
}

// TestFoldedEqualsExact: the profile, the mean and the bounds of a random schedule do not depend on folding; means over
// parts of many bins nearly so.
func TestFoldedEqualsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const ps = 6
	steps := []step{{0, syncs(0)}}
	var on [ps]bool
	at := int64(1000)
	for range 20_000 {
		at += 1 + rng.Int64N(5000)
		p := rng.Int64N(ps)
		if on[p] {
			steps = append(steps, step{int(p % 2), blocks(at, 1000+p, p)})
		} else {
			steps = append(steps, step{int(p % 2), starts(at, 1000+p, p)})
		}
		on[p] = !on[p]
	}
	exact := build(t, &Builder{}, steps)
	folded := build(t, &Builder{MaxSteps: 100, NumBins: 256}, steps)
	if len(exact.Steps) < 10_000 || len(folded.Steps) != 0 {
		t.Fatalf("%d steps, %d steps folded", len(exact.Steps), len(folded.Steps))
	}
	if diff := cmp.Diff(exact.Profile, folded.Profile); diff != "" {
		t.Error(diff)
	}
	if exact.Mean != folded.Mean {
		t.Errorf("mean %v, folded %v", exact.Mean, folded.Mean)
	}
	a, b := exact.Bins(1)[0], folded.Bins(1)[0]
	if diff := cmp.Diff(a, b, cmpopts.EquateApprox(0, 1e-9), cmpopts.IgnoreFields(Bin{}, "Low", "High")); diff != "" {
		t.Error(diff)
	}
	// At least 128 of 256 bins are filled: each of 4 parts holds 32, and shares at most two at its edges, in each of
	// which the mean is off by 6 at most: 2·6/32.
	ea, fa := exact.Bins(4), folded.Bins(4)
	for i := range ea {
		if fa[i].Low < float64(fa[i].Min) || fa[i].Low > fa[i].High || fa[i].High > float64(fa[i].Max) {
			t.Errorf("part %d: most of the time is out of its bounds, %+v", i, fa[i])
		}
		if d := ea[i].Mean - fa[i].Mean; d > 12.0/32 || d < -12.0/32 || fa[i].Min > ea[i].Min || fa[i].Max < ea[i].Max {
			t.Errorf("part %d: %+v exactly, %+v folded", i, ea[i], fa[i])
		}
	}
}

// TestChangingPs: GOMAXPROCS is 4 until 300 and 1 until 400: 3.25 on average.
func TestChangingPs(t *testing.T) {
	u := build(t, &Builder{}, []step{
		{0, syncs(0)}, {0, gomaxprocs(10, 4)}, {0, starts(100, 1, 0)}, {0, gomaxprocs(300, 1)}, {0, syncs(400)},
	})
	if u.MinPs != 1 || u.MaxPs != 4 || u.MeanPs != 3.25 || len(u.Warnings) != 0 {
		t.Errorf("%d to %d Ps, %v on average, warnings %+v", u.MinPs, u.MaxPs, u.MeanPs, u.Warnings)
	}
	u = build(t, &Builder{From: 320}, []step{
		{0, syncs(0)}, {0, gomaxprocs(10, 4)}, {0, starts(100, 1, 0)}, {0, gomaxprocs(300, 1)}, {0, syncs(400)},
	})
	if u.MinPs != 1 || u.MaxPs != 1 || u.MeanPs != 1 {
		t.Errorf("from 320 on: %d to %d Ps, %v on average", u.MinPs, u.MaxPs, u.MeanPs)
	}
}

// TestUntoldPs: where no trace tells GOMAXPROCS, the Ps that were busy at once are the least that there can be.
func TestUntoldPs(t *testing.T) {
	u := build(t, &Builder{}, []step{
		{0, syncs(0)}, {0, starts(100, 1, 0)}, {0, starts(150, 2, 3)}, {0, blocks(200, 1, 0)}, {0, syncs(400)},
	})
	want := []warning.Warning{{Kind: warning.PsSeen, Figures: warning.Figures{Count: 2}}}
	if d := cmp.Diff(want, u.Warnings); d != "" || u.MinPs != 2 || u.MaxPs != 2 || u.MeanPs != 2 {
		t.Errorf("%d to %d Ps, %v on average\n%s", u.MinPs, u.MaxPs, u.MeanPs, d)
	}
}

// TestOddInput holds that what a trace should not say does no harm and is reported.
func TestOddInput(t *testing.T) {
	u := build(t, &Builder{}, []step{
		{0, syncs(100)},
		{0, gomaxprocs(100, 2)},
		{0, starts(200, 1, 0)},
		{0, starts(150, 2, 1)},     // of an earlier time
		{0, starts(300, 3, 1<<40)}, // on a P that cannot be
		{0, starts(300, 1, 1)},     // moves from P 0, and takes P 1 from goroutine 2
		{0, blocks(400, 2, 1)},     // has none any more
		{0, blocks(500, 1, 1)},
	})
	// 0 until 200, 2 until 300, 1 until 500.
	if diff := cmp.Diff([]Step{{100, 0}, {200, 2}, {300, 1}}, u.Steps); diff != "" {
		t.Error(diff)
	}
	if len(u.Warnings) != 2 {
		t.Errorf("warnings %+v", u.Warnings)
	}
	if u := (&Builder{}).Finish(); len(u.Warnings) != 1 || u.Bins(3) != nil {
		t.Errorf("no events: %+v", u)
	}
}

// TestManyGoroutines holds that goroutines whose numbers share a place in the table are told apart: 64 places, numbers
// 64 apart.
func TestManyGoroutines(t *testing.T) {
	steps := []step{{0, syncs(0)}}
	for i := range int64(8) {
		steps = append(steps, step{0, starts(100+i, 5+64*i, i)})
	}
	for i := range int64(8) {
		steps = append(steps, step{0, blocks(200+10*i, 5+64*i, i)})
	}
	steps = append(steps, step{0, syncs(300)})
	u := build(t, &Builder{}, steps)
	if got := u.Steps[len(u.Steps)-1]; got != (Step{270, 0}) {
		t.Errorf("last step %+v", got)
	}
	if got := len(u.Profile) - 1; got != 8 {
		t.Errorf("at most %d busy", got)
	}
}
