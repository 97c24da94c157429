package ledger

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// FuzzBuilders feeds events of any order, which contradict each other, to both builders: their sums must hold all the
// same, and they must not panic.
func FuzzBuilders(f *testing.F) {
	for i := range 8 {
		data := make([]byte, 400)
		r := rand.New(rand.NewPCG(1, uint64(i)))
		for k := range data {
			data[k] = byte(r.Uint32())
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &script{}
		stacks := []gotrace.StackID{
			0, s.stack("main.a"), s.stack("sync.(*Mutex).Lock", "main.b"), s.stack("sync.(*WaitGroup).Wait", "main.c"),
			s.stack("runtime.bgsweep"),
			s.stack("runtime.gcBgMarkWorker"), s.stack("runtime.startTheWorld", "main.d"), 77,
		}
		names := []gotrace.StringID{
			0, s.sym.Intern("worker 0"), s.sym.Intern("worker 1"), s.sym.Intern("before"), s.sym.Intern("GC (idle)"),
			s.sym.Intern("start trace"),
		}
		b := Builder{Symbols: &s.sym}
		c := critical.Builder{Symbols: &s.sym}
		if len(data) > 1 && data[0]%2 == 1 {
			b.From, b.To = 1000, clock.Time(1000+int(data[1])*100)
			c.From, c.To = b.From, b.To
		}
		plain := b
		if len(data) > 2 && data[2]%4 != 0 {
			b.OnCPU = contradictory(uint64(data[2]))
		}
		r := replay.Replay{Rank: b.Rank, Symbols: b.Symbols}
		now := int64(900)
		for len(data) >= 8 {
			d := data[:8]
			data = data[8:]
			now += int64(d[0]) * int64(d[0]) // up to 65 µs, so that waits become dormant
			if d[0] == 255 {
				now += 20_000_000
			}
			ev := gotrace.Event{
				Time: clock.Time(now), Kind: gotrace.Kind(d[1]) % (gotrace.Experimental + 1),
				G: int64(d[2]%8) - 1, Subject: int64(d[3]%8) - 1, P: int64(d[4]%4) - 1, M: int64(d[4]>>2%4) - 1,
				From: gotrace.State(d[5]) % 7, To: gotrace.State(d[5]>>3) % 7, Reason: gotrace.Reason(d[6]) % 20,
				Range: gotrace.RangeKind(d[6]) % 6, Metric: gotrace.Metric(d[6]) % 3, Value: int64(int8(d[7])),
				Stack: stacks[d[7]%8], SubjectStack: stacks[d[7]>>3%8], Name: names[int(d[7])%len(names)],
			}
			steps := r.Append(nil, ev)
			b.Add(steps)
			plain.Add(steps)
			c.Add(steps)
		}
		l := b.Finish()
		if err := Validate(l); err != nil {
			t.Error(err)
		}
		if want := plain.Finish().Total; l.Total != want {
			t.Errorf("the records of the OS make %d of %d", l.Total, want)
		}
		p := c.Finish()
		if err := critical.Validate(p); err != nil {
			t.Error(err)
		}
		if p.Span > max(l.Wall, 0) && p.Span > 0 && now > int64(b.From) &&
			p.Span > clock.Time(now).Sub(max(b.From, 900)) {
			t.Errorf("span %v of %v", p.Span, l.Wall)
		}
	})
}

// contradictory returns times on cores as bad records of the OS give them: negative, longer than the stretch asked for,
// different for the same stretch, and none for some threads.
func contradictory(seed uint64) func(thread int64, from, to clock.Time) (on, ready time.Duration) {
	r := rand.New(rand.NewPCG(2, seed))
	one := func(d time.Duration) time.Duration {
		switch r.IntN(8) {
		case 0:
			return -d
		case 1:
			return 3 * d
		case 2:
			return math.MaxInt64
		case 3:
			return d
		}
		return time.Duration(r.Float64() * float64(d))
	}
	return func(thread int64, from, to clock.Time) (on, ready time.Duration) {
		if thread == 2 {
			return 0, 0 // not in the records
		}
		return one(to.Sub(from)), one(to.Sub(from))
	}
}
