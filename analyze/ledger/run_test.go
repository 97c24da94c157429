package ledger

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

const second = 1_000_000_000

// ofPs is a ledger of one process over the window from 1 s to 9 s, with rows in seconds.
func ofPs(rank int, rows map[cause.Cause]int64, workers ...WorkerTime) *Ledger {
	l := &Ledger{Level: Ps, Start: second, End: 9 * second, Wall: 8 * time.Second, Workers: workers}
	for c, s := range rows {
		l.add(c, Stack{Time: CoreTime(s * second)})
		l.Total += CoreTime(s * second)
	}
	sortRows(l)
	l.parts = []part{{rank: rank, start: l.Start, end: l.End, ps: l.Total}}
	return l
}

func result(cores int, cpu float64) *sweep.Result {
	return &sweep.Result{
		Run:   sweep.Run{Point: sweep.Point{Procs: 1, Workers: 2, Cores: cores}},
		Start: 0, Startup: second, Work: 8 * second, Teardown: second, Total: 10 * second,
		Processes: []sweep.Process{{User: sweep.Seconds(cpu * second)}},
	}
}

func seconds(l *Ledger) map[cause.Cause]int64 {
	out := map[cause.Cause]int64{}
	for _, r := range l.Rows {
		out[r.Cause] = int64(r.Time / second)
	}
	return out
}

func TestOfRun(t *testing.T) {
	for _, tt := range []struct {
		name     string
		cores    int
		cpu      float64
		procs    []*Ledger
		want     map[cause.Cause]int64 // core-seconds
		level    Level
		warnings int
	}{
		{
			// Two cores for 10 s are 20 core-seconds: one second each of start-up and teardown take 2 each.
			name: "as it should be", cores: 2, cpu: 12.1,
			procs: []*Ledger{ofPs(0, map[cause.Cause]int64{cause.User: 12, cause.Mutex: 3, cause.Serial: 1})},
			want: map[cause.Cause]int64{
				cause.Startup: 2, cause.User: 12, cause.Mutex: 3, cause.Serial: 1, cause.Teardown: 2,
			},
			level: Cores,
		},
		{
			// One P on two cores: the other one was never asked for.
			name: "fewer Ps", cores: 2, cpu: 8,
			procs: []*Ledger{ofPs(0, map[cause.Cause]int64{cause.User: 8})},
			want:  map[cause.Cause]int64{cause.Startup: 2, cause.User: 8, cause.Serial: 8, cause.Teardown: 2},
			level: Cores,
		},
		{
			// The same, and the P had a core for half of the time only.
			name: "fewer Ps, without a core", cores: 2, cpu: 4,
			procs: []*Ledger{ofPs(0, map[cause.Cause]int64{cause.User: 8})},
			want: map[cause.Cause]int64{
				cause.Startup: 2, cause.User: 4, cause.Serial: 8, cause.Preempted: 4, cause.Teardown: 2,
			},
			level: Cores, warnings: 1,
		},
		{
			// Four Ps on two cores were busy for 30 s of 32, but had cores for 12: of the 16 in the window 4 are left.
			// Idle Ps fill 2 of them; in the other 2 goroutines of the run could have used a core, and had none.
			name: "more Ps than cores", cores: 2, cpu: 12,
			procs: []*Ledger{ofPs(0, map[cause.Cause]int64{cause.User: 20, cause.Syscall: 10, cause.Mutex: 2})},
			want: map[cause.Cause]int64{
				cause.Startup: 2, cause.User: 8, cause.Syscall: 4, cause.Mutex: 2, cause.Preempted: 2,
				cause.Teardown: 2,
			},
			level: Ps, warnings: 2, // that there are, and that the OS counted less
		},
		{
			// The OS counted 14 s where the Ps were busy for 12: two more, which idle rows give up.
			name: "threads without a P", cores: 2, cpu: 14,
			procs: []*Ledger{ofPs(0, map[cause.Cause]int64{cause.User: 12, cause.Mutex: 4})},
			want:  map[cause.Cause]int64{cause.Startup: 2, cause.User: 14, cause.Mutex: 2, cause.Teardown: 2},
			level: Cores, warnings: 1,
		},
		{
			// A coordinator with two Ps was busy for 1 s and idle else, which is no loss.
			name: "two processes", cores: 2, cpu: 14,
			procs: []*Ledger{
				ofPs(-1, map[cause.Cause]int64{cause.Dispatch: 1, cause.ChanRecv: 15}),
				ofPs(0, map[cause.Cause]int64{cause.User: 7, cause.Net: 1}),
				ofPs(1, map[cause.Cause]int64{cause.User: 6, cause.Net: 2}),
			},
			want: map[cause.Cause]int64{
				cause.Startup: 2, cause.User: 13, cause.Net: 2, cause.Dispatch: 1, cause.Teardown: 2,
			},
			level: Cores,
		},
		{
			name: "no trace", cores: 2, cpu: 14,
			want:  map[cause.Cause]int64{cause.Startup: 2, cause.Untraced: 14, cause.Unknown: 2, cause.Teardown: 2},
			level: Cores,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := OfRun(result(tt.cores, tt.cpu), tt.procs, nil)
			if err := Validate(l); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, seconds(l)); diff != "" {
				t.Error(diff)
			}
			if l.Total != CoreTime(tt.cores*10*second) || l.Level != tt.level || len(l.Warnings) != tt.warnings {
				t.Errorf("total %d, level %s, warnings %+v", l.Total, l.Level, l.Warnings)
			}
		})
	}
}

// TestPreemptedWorkers: of 8 s that two workers were busy on one core they had it for half, as the OS counted.
func TestPreemptedWorkers(t *testing.T) {
	w := func(id int) WorkerTime {
		return WorkerTime{
			ID: id, Wall: 8 * time.Second, ByCause: map[cause.Cause]time.Duration{cause.User: 8 * time.Second},
		}
	}
	l := OfRun(result(1, 8), []*Ledger{ofPs(0, map[cause.Cause]int64{cause.User: 16}, w(0), w(1))}, nil)
	if err := Validate(l); err != nil {
		t.Fatal(err)
	}
	want := map[cause.Cause]time.Duration{cause.User: 4 * time.Second, cause.Preempted: 4 * time.Second}
	for _, w := range l.Workers {
		if diff := cmp.Diff(want, w.ByCause); diff != "" {
			t.Error(diff)
		}
	}
}

// TestMergeSerial: the coordinator's serial part runs from 2 to 4 s. The worker of process 0 has waited for the network
// from 1 to 3 s, so that one second of that is serial, and from 3.5 to 5 s, of which half a second is.
func TestMergeSerial(t *testing.T) {
	c := ofPs(-1, map[cause.Cause]int64{cause.Dispatch: 8})
	c.parts[0].serial = []interval{{2 * second, 4 * second, 0}}
	w := ofPs(0, map[cause.Cause]int64{cause.Net: 8}, WorkerTime{
		ID: 3, Wall: 8 * time.Second, ByCause: map[cause.Cause]time.Duration{
			cause.Net: 3500 * time.Millisecond, cause.User: 4500 * time.Millisecond,
		},
	})
	w.parts[0].waits = map[int][]interval{
		3: {{second, 3 * second, cause.Net}, {3*second + second/2, 5 * second, cause.Net}},
	}
	l := Merge(w, c)
	if err := Validate(l); err != nil {
		t.Fatal(err)
	}
	want := map[cause.Cause]time.Duration{
		cause.Net: 2 * time.Second, cause.Serial: 1500 * time.Millisecond, cause.User: 4500 * time.Millisecond,
	}
	if diff := cmp.Diff(want, l.Workers[0].ByCause); diff != "" {
		t.Error(diff)
	}
	if l.Total != 16*second || l.Start != clock.Time(second) || len(w.Workers[0].ByCause) != 2 {
		t.Errorf("total %d, start %d; the merged ledger changed: %v", l.Total, l.Start, w.Workers[0])
	}
}

// TestSerialOfAnother: the only P of process 0 was idle from 1 to 5 s, all of it for the network; the coordinator ran
// main.before from 2 to 4 s.
func TestSerialOfAnother(t *testing.T) {
	c := ofPs(-1, map[cause.Cause]int64{cause.Dispatch: 6})
	before := []gotrace.Frame{{Func: "main.before"}}
	c.add(cause.User, Stack{Time: 2 * second, Waiting: before})
	c.parts[0].serial = []interval{{2 * second, 4 * second, 0}}
	w := ofPs(0, map[cause.Cause]int64{cause.Net: 4, cause.User: 4})
	w.parts[0].quiet = []interval{{second, 5 * second, 0}}
	w.parts[0].ps = 8 * second
	want := []line{
		{cause.User, "", "", 4_000_000}, {cause.Net, "", "", 2_000_000}, {cause.Serial, "", "main.before", 2_000_000},
	}
	got := &Ledger{Rows: w.rowsBeside([]*Ledger{c, w})}
	if diff := cmp.Diff(want, lines(got)); diff != "" {
		t.Error(diff)
	}
}

// TestJoinOfAnother: process 0 has done its tasks at 3 s and process 1 at 7 s; the window ends at 9 s. The only worker
// of process 0, which has been in teardown since 3 s, waits for 4 s of that for process 1, and so does its only P,
// which waited for the network then.
func TestJoinOfAnother(t *testing.T) {
	const last = clock.Time(9 * second) // the first is 1 s
	worker := func(user, teardown time.Duration) WorkerTime {
		return WorkerTime{
			Wall: 8 * time.Second, ByCause: map[cause.Cause]time.Duration{
				cause.User: user * time.Second, cause.Teardown: teardown * time.Second,
			},
		}
	}
	a := ofPs(0, map[cause.Cause]int64{cause.User: 2, cause.Net: 6}, worker(2, 6))
	a.parts[0].ps, a.parts[0].done = 8*second, 3*second
	a.parts[0].quiet = []interval{{3 * second, last, 0}}
	b := ofPs(1, map[cause.Cause]int64{cause.Net: 2}, worker(6, 2))
	b.add(cause.User, Stack{Time: 6 * second, Waiting: []gotrace.Frame{{Func: "main.task"}}})
	b.Total += 6 * second
	b.Workers[0].Rank = 1
	b.parts[0].ps, b.parts[0].done = 8*second, 7*second
	b.parts[0].quiet = []interval{{7 * second, last, 0}}
	l := Merge(a, b)
	if err := Validate(l); err != nil {
		t.Fatal(err)
	}
	rows := []line{
		{cause.User, "main.task", "", 6_000_000},
		{cause.User, "", "", 2_000_000},
		{cause.Join, "", "main.task", 4_000_000},
		{cause.Net, "", "", 4_000_000},
	}
	if diff := cmp.Diff(rows, lines(l)); diff != "" {
		t.Error(diff)
	}
	want := []map[cause.Cause]time.Duration{
		{cause.User: 2 * time.Second, cause.Join: 4 * time.Second, cause.Teardown: 2 * time.Second},
		{cause.User: 6 * time.Second, cause.Teardown: 2 * time.Second},
	}
	got := []map[cause.Cause]time.Duration{l.Workers[0].ByCause, l.Workers[1].ByCause}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
