package loss_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/loss"
	"github.com/corecurve/corecurve/trace/gotrace"
)

const ms = ledger.CoreTime(time.Millisecond)

func frames(functions ...string) []gotrace.Frame {
	var out []gotrace.Frame
	for i, f := range functions {
		out = append(out, gotrace.Frame{Func: f, File: "/src/x.go", Line: 31 + i})
	}
	return out
}

// ofLocks is the time of two processes: what their workers waited for is divided between worker 3 of the first and the
// second as 1 to 2.
func ofLocks() []ledger.Row {
	waiting, holder := frames("sync.(*Mutex).Lock", "main.get", "main.main"), frames("main.flush", "main.main")
	return []ledger.Row{
		{Cause: cause.User, Time: 500 * ms, Stacks: []ledger.Stack{
			{
				Time: 400 * ms, Waiting: frames("main.get", "main.main"),
				Owners: []ledger.Owner{{Rank: 0, Worker: 3, Time: 1}},
			},
		}},
		{Cause: cause.Mutex, Time: 300 * ms, Stacks: []ledger.Stack{{
			Time: 300 * ms, Waiting: waiting, Blamed: holder,
			Owners: []ledger.Owner{
				{Rank: 0, Worker: 3, Time: 10 * ms}, {Rank: 1, Worker: ledger.NoWorker, Time: 20 * ms},
			},
		}}},
		{
			Cause: cause.Dispatch, Time: 20 * ms,
			Stacks: []ledger.Stack{
				{Time: 20 * ms, Owners: []ledger.Owner{{Rank: -1, Worker: ledger.NoWorker, Time: 20 * ms}}},
			},
		},
	}
}

// Of the time that is waited for, what the trace tells it was for has a label with kind and place.
func TestObjects(t *testing.T) {
	rows := ofLocks()[1:2]
	rows[0].Stacks[0].Objects = []ledger.Object{
		{Thing: gotrace.Channel, Capacity: 8, Origin: frames("runtime.makechan", "main.build"), Made: true, Part: 0.5},
		{Thing: gotrace.Lock, Origin: frames("main.get"), Part: 0.25},
	}
	const of = " main.flush<main.main<(waits for)<sync.(*Mutex).Lock<main.get<main.main<block.mutex " +
		"blamed=main.flush (x.go:31),cause=block.mutex,"
	want := []string{
		"[50000000 0]" + of + "object=chan main.build (x.go:32),process=p0,worker=w3",
		"[25000000 0]" + of + "object=Mutex main.get (x.go:31),process=p0,worker=w3",
		"[25000000 0]" + of + "process=p0,worker=w3",
		"[100000000 0]" + of + "object=chan main.build (x.go:32),process=p1",
		"[50000000 0]" + of + "object=Mutex main.get (x.go:31),process=p1",
		"[50000000 0]" + of + "process=p1",
	}
	if d := cmp.Diff(want, samples(loss.Lost(time.Second, rows))); d != "" {
		t.Error(d)
	}
}

// samples writes the samples of p as lines: values, stack, labels.
func samples(p *profile.Profile) []string {
	var out []string
	for _, s := range p.Sample {
		var stack, labels []string
		for _, l := range s.Location {
			stack = append(stack, l.Line[0].Function.Name)
		}
		for k, v := range s.Label {
			labels = append(labels, k+"="+v[0])
		}
		slices.Sort(labels)
		out = append(out, fmt.Sprint(s.Value, " ", strings.Join(stack, "<"), " ", strings.Join(labels, ",")))
	}
	return out
}

func check(t *testing.T, p *profile.Profile) []byte {
	t.Helper()
	if err := p.CheckValid(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	back, err := profile.ParseData(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(samples(p), samples(back)); d != "" {
		t.Error("what is read back differs:\n" + d)
	}
	return b.Bytes()
}

func TestLost(t *testing.T) {
	p := loss.Lost(time.Second, ofLocks())
	// 100 ms of running have no stack.
	want := []string{
		"[0 400000000] main.get<main.main<user cause=user,process=p0,worker=w3",
		"[0 100000000] user cause=user",
		"[100000000 0] main.flush<main.main<(waits for)<sync.(*Mutex).Lock<main.get<main.main<block.mutex " +
			"blamed=main.flush (x.go:31),cause=block.mutex,process=p0,worker=w3",
		"[200000000 0] main.flush<main.main<(waits for)<sync.(*Mutex).Lock<main.get<main.main<block.mutex " +
			"blamed=main.flush (x.go:31),cause=block.mutex,process=p1",
		"[20000000 0] dispatch cause=dispatch,process=coordinator",
	}
	if d := cmp.Diff(want, samples(p)); d != "" {
		t.Error(d)
	}
	if p.DurationNanos != 1e9 || p.TimeNanos != 0 || p.DefaultSampleType != "lost" {
		t.Errorf("duration %d, time %d, default %q; want a second, none and lost", p.DurationNanos, p.TimeNanos,
			p.DefaultSampleType)
	}
	if !bytes.Equal(check(t, p), check(t, loss.Lost(time.Second, ofLocks()))) {
		t.Error("the same profile made twice differs")
	}
}

// Lost and used together are the total of the ledgers without idle cores, to the nanosecond, whatever their stacks are.
func TestLostAddsUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		var rows []ledger.Row
		var want int64
		for _, c := range cause.All() {
			row := ledger.Row{Cause: c, Time: ledger.CoreTime(rng.Int64N(1e15))}
			if c != cause.Idle {
				want += int64(row.Time)
			}
			for left := row.Time; left > 0 && rng.IntN(3) > 0; {
				s := ledger.Stack{
					Time:    ledger.CoreTime(rng.Int64N(int64(left)) + 1),
					Waiting: frames(fmt.Sprintf("main.f%d", rng.IntN(4))),
				}
				for n := range rng.IntN(4) {
					s.Owners = append(s.Owners,
						ledger.Owner{Rank: n / 2, Worker: n - 1, Time: ledger.CoreTime(rng.Int64N(1e9))})
				}
				row.Stacks = append(row.Stacks, s)
				left -= s.Time
			}
			rows = append(rows, row)
		}
		var got int64
		for _, s := range loss.Lost(0, rows).Sample {
			got += s.Value[0] + s.Value[1]
		}
		if got != want {
			t.Fatalf("lost and used are %d ns, the ledgers %d ns", got, want)
		}
	}
}

// cpu is a profile with so many nanoseconds in functions that main.main calls.
func cpu(nanoseconds map[string]int64) *profile.Profile {
	root := &profile.Function{ID: 1, Name: "main.main", Filename: "x.go"}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1e7,
		Function: []*profile.Function{root},
		Location: []*profile.Location{{ID: 1, Line: []profile.Line{{Function: root, Line: 1}}}},
	}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for k := range nanoseconds {
			if !yield(k) {
				return
			}
		}
	}) {
		f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name, Filename: "x.go"}
		l := &profile.Location{ID: f.ID, Line: []profile.Line{{Function: f, Line: 7}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, l)
		v := nanoseconds[name]
		p.Sample = append(p.Sample, &profile.Sample{
			Location: []*profile.Location{l, p.Location[0]}, Value: []int64{v / 1e7, v},
		})
	}
	return p
}

// Two runs at the point, 300 and 500 ms in f: 400 on average. The base did half the work in 150 ms, so the same work is
// 300 ms: f has grown by 100 ms. g takes as long as it did, h has gone: −80 ms.
func TestScaling(t *testing.T) {
	base := loss.Side{
		Profiles: []*profile.Profile{cpu(map[string]int64{"main.f": 150e6, "main.g": 50e6, "main.h": 40e6})}, Scale: 2,
	}
	at := loss.Side{
		Profiles: []*profile.Profile{
			cpu(map[string]int64{"main.f": 300e6, "main.g": 100e6}),
			cpu(map[string]int64{"main.f": 500e6, "main.g": 100e6}),
		}, Scale: 0.5,
	}
	p, err := loss.Scaling(base, at)
	if err != nil {
		t.Fatal(err)
	}
	check(t, p)
	if d := cmp.Diff([]string{"[100000000] main.f<main.main ", "[-80000000] main.h<main.main "}, samples(p)); d != "" {
		t.Error(d)
	}
	if _, err := loss.Scaling(loss.Side{Profiles: []*profile.Profile{p}, Scale: 1}, at); err == nil ||
		!strings.Contains(err.Error(), "CPU time") {
		t.Errorf("error %v, want one that says that it is no CPU profile", err)
	}
}

// Of two runs each counts by its own scale: 0.5 · 20 + 2 · 30 ms of f, 2 · 10 of g.
func TestScaled(t *testing.T) {
	p, err := loss.Scaled([]loss.Side{
		{Profiles: []*profile.Profile{cpu(map[string]int64{"main.f": 20e6})}, Scale: 0.5},
		{Profiles: []*profile.Profile{cpu(map[string]int64{"main.f": 30e6, "main.g": 10e6})}, Scale: 2},
	})
	if err != nil {
		t.Fatal(err)
	}
	check(t, p)
	if d := cmp.Diff([]string{"[70000000] main.f<main.main ", "[20000000] main.g<main.main "}, samples(p)); d != "" {
		t.Error(d)
	}
}

func TestMerged(t *testing.T) {
	p, err := loss.Merged([]*profile.Profile{
		cpu(map[string]int64{"main.f": 20e6}), cpu(map[string]int64{"main.f": 30e6, "main.g": 10e6}),
	})
	if err != nil {
		t.Fatal(err)
	}
	check(t, p)
	if d := cmp.Diff([]string{"[50000000] main.f<main.main ", "[10000000] main.g<main.main "}, samples(p)); d != "" ||
		p.Period != 1e7 {
		t.Errorf("period %d, want 10 ms\n%s", p.Period, d)
	}
}

func TestPprofReadsThem(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command to run pprof with")
	}
	if err := exec.Command(goTool, "tool", "pprof", "-h").Run(); err != nil &&
		strings.Contains(err.Error(), "not found") {
		t.Skip("this Go has no pprof")
	}
	dir := t.TempDir()
	write := func(name string, p *profile.Profile) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, check(t, p), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lost := write("lost.pb.gz", loss.Lost(time.Second, ofLocks()))
	side := func(ns int64) loss.Side {
		return loss.Side{Profiles: []*profile.Profile{cpu(map[string]int64{"main.f": ns})}, Scale: 1}
	}
	scaling, err := loss.Scaling(side(150e6), side(250e6))
	if err != nil {
		t.Fatal(err)
	}
	diff := write("scaling-loss.pb.gz", scaling)
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{
			[]string{"-top", lost}, []string{
				"Type: lost", "300ms 93.75% 93.75%      300ms 93.75%  main.flush", "block.mutex",
				"20ms  6.25%   100%       20ms  6.25%  dispatch",
			},
		},
		{[]string{"-top", "-sample_index=used", lost}, []string{"400ms 80.00%", "main.get"}},
		{[]string{"-top", "-tagfocus=cause=dispatch", lost}, []string{"accounting for 20ms, 6.25% of 320ms total"}},
		{[]string{"-top", "-tagfocus=worker=w3", lost}, []string{"accounting for 100ms, 31.25% of 320ms total"}},
		{[]string{"-top", "-tagfocus=process=p1", lost}, []string{"accounting for 200ms, 62.50% of 320ms total"}},
		{[]string{"-top", "-tagroot=blamed", lost}, []string{"main.flush (x.go:31)"}},
		{[]string{"-tags", lost}, []string{"worker:", "process:", "coordinator"}},
		{[]string{"-top", diff}, []string{"Type: scaling_loss", "100ms   100%   100%      100ms   100%  main.f"}},
		{[]string{"-top", "-diff_base=" + diff, diff}, []string{"Type: scaling_loss"}},
		{[]string{"-top", "-diff_base=" + lost, lost}, []string{"Type: lost"}},
	} {
		cmd := exec.Command(goTool, append([]string{"tool", "pprof"}, tt.args...)...)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %v\n%s", tt.args, err, stderr.String())
		}
		for _, want := range tt.want {
			if !strings.Contains(stdout.String(), want) {
				t.Errorf("%v: no %q in\n%s%s", tt.args, want, stdout.String(), stderr.String())
			}
		}
		if strings.Contains(stderr.String(), "not available") {
			t.Errorf("%v: pprof looks for a program: %s", tt.args, stderr.String())
		}
	}
}
