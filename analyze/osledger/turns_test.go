package osledger

import (
	"math/rand/v2"
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
)

// A player is a thread with a core of its own. At each microsecond play decides whether it runs.
type player struct {
	on   bool
	left int // microseconds of what it does
	step int
	runs func(p *player) bool
}

// plays records threads 2, 3, … of process 1 for 100 ms: no sample sees why they are blocked. Thread 1 starts them and
// waits.
func plays(players ...*player) []osched.Record {
	at := func(t int, k osched.Kind, cpu, tid int) osched.Record {
		return osched.Record{Time: clock.Time(1000 * t), Kind: k, CPU: int32(cpu), PID: 1, TID: int32(tid)}
	}
	out := []osched.Record{{Time: 0, Kind: osched.Exec, CPU: 9, PID: 1, TID: 1, Name: "x"}}
	for i := range players {
		f := at(0, osched.Fork, 9, i+2)
		f.Parent, f.Creator = 1, 1
		out = append(out, f)
	}
	out = append(out, at(0, osched.Out, 9, 1))
	const end = 100_000
	for t := range end {
		for i, p := range players {
			if on := p.runs(p); on != p.on {
				k := osched.In
				if !on {
					k = osched.Out
				}
				out = append(out, at(t, k, i, i+2))
				p.on = on
			}
		}
	}
	for i := range players {
		out = append(out, at(end, osched.Exit, i, i+2))
	}
	return append(out, at(end, osched.In, 9, 1), at(end, osched.Exit, 9, 1), at(end, osched.End, 9, 0))
}

// locked are n threads that work for 10 µs on their own and for 30 µs with a lock. One that finds it taken sleeps, and
// is woken by the one that lets it go, which takes 2 µs; the lock is then whoever's comes first.
func locked(n int) []*player {
	const alone, wants, holds = 0, 1, 2
	taken := false
	var all []*player
	for me := range n {
		all = append(all, &player{left: 1 + me, runs: func(p *player) bool {
			p.left--
			switch {
			case p.step == wants && (taken || p.left > 0):
				if taken {
					p.left = 2
				}
				return false
			case p.left > 0:
			case p.step == holds:
				taken, p.step, p.left = false, alone, 10
			case taken:
				p.step = wants
				return false
			default:
				taken, p.step, p.left = true, holds, 30
			}
			return true
		}})
	}
	return all
}

// apart is a thread that runs for 20 µs and then waits as long on average for something of its own.
func apart(rng *rand.Rand) *player {
	return &player{left: 1, runs: func(p *player) bool {
		if p.left--; p.left <= 0 {
			p.step = 1 - p.step
			p.left = 20
			if p.step == 1 {
				p.left = 1 + rng.IntN(40)
			}
		}
		return p.step == 0
	}}
}

// pingpong are two threads that wake each other after 8 µs of work; to wake takes 5 µs.
func pingpong() []*player {
	turn := func(mine int) *player {
		t := 0
		return &player{runs: func(*player) bool { t++; k := t % 26; return k >= 13*mine && k < 13*mine+8 }}
	}
	return []*player{turn(0), turn(1)}
}

// Waits that no sample saw are likely for a lock if they exclude each other, and not known otherwise: if others wait as
// often meanwhile as at other times, if there is nobody else who ever waits, or if nobody goes on in between.
func TestLikelyLock(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	computes := &player{runs: func(*player) bool { return true }}
	for _, tt := range []struct {
		name    string
		players []*player
		want    cause.Cause
	}{
		{"a lock of two", locked(2), cause.Futex},
		{"a lock of three", locked(3), cause.Futex},
		{"input, each its own", []*player{apart(rng), apart(rng)}, cause.Unknown},
		{"input, three of them", []*player{apart(rng), apart(rng), apart(rng)}, cause.Unknown},
		{"input beside one that computes", []*player{apart(rng), computes}, cause.Unknown},
		{"in turn", pingpong(), cause.Unknown},
	} {
		n := len(tt.players)
		records := plays(tt.players...)
		_, l, _, _ := both(t, records, 0, 100_000_000, n, n)
		other := cause.Futex + cause.Unknown - tt.want
		if l.Of(tt.want) == 0 || l.Of(other) > l.Of(tt.want)/50 {
			t.Errorf("%s: %v, want %s", tt.name, rows(l), tt.want)
		}
		for _, w := range l.Workers {
			if w.ByCause[tt.want] == 0 && w.ByCause[cause.User] < w.Wall*9/10 {
				t.Errorf("%s: worker %d: %v", tt.name, w.ID, w.ByCause)
			}
		}
		warned := len(l.Warnings) == 1 && l.Warnings[0].Kind == warning.LikelyLock
		if warned != (tt.want == cause.Futex) {
			t.Errorf("%s: warnings %+v", tt.name, l.Warnings)
		}
		if warned {
			f := l.Warnings[0].Figures
			if f.Count < 1000 || f.Time <= 0 || 3*f.Ratio > f.AgainstRatio {
				t.Errorf("%s: %+v", tt.name, f)
			}
			likely(t, tt.name, l)
		}
	}
}

// likely checks that the name of the lock says so.
func likely(t *testing.T, name string, l *ledger.Ledger) {
	t.Helper()
	for _, r := range l.Rows {
		if r.Cause == cause.Futex && r.Stacks[0].Waiting[0].Func != "what is likely a lock of program x" {
			t.Errorf("%s: the lock is called %q", name, r.Stacks[0].Waiting[0].Func)
		}
	}
}
