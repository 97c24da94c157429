// Package latency measures what Go's scheduler takes on this machine, for predictions: to switch goroutines, to wake a P
// that is idle, and to hand a value over.
//
//  1. On one P, goroutines yield to each other in turn, and pass a value to and fro over a channel.
//  2. On two Ps, a goroutine that goes on running makes another ready while the other P is idle, and at once a second.
//     The first send wakes the idle P, the second finds it on its way: the difference is what waking costs the waker.
//     The first is taken from the queue as soon as that P runs. The second is what runs next on a P that is busy, which
//     may only be taken after a delay: the time from the one to the other. Where the P runs before the first send is
//     through, as it does on a core that others keep from sleeping, the first has that delay, too, which is no part of
//     waking.
//  3. On two Ps a value goes to and fro once more.
//
// Each figure is the lower quartile of many: what others take of the machine only adds. A process that other Go code
// runs in at the same time measures that code, too; the number of Ps of the process changes meanwhile.
package latency

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

const (
	batches = 40  // of turns, of which a figure is one
	turns   = 100 // of a batch
	wakes   = 300 // of an idle P
	// rest is how long a P is left without work before it is woken: many times as long as it looks for some.
	rest = 150 * time.Microsecond
	// late is when a P that was woken is not waited for any longer: others have its core.
	late = 2 * time.Millisecond
	// part is how long each of the measurements takes at most.
	part = 40 * time.Millisecond
)

// Measure takes less than 0.2 s. It returns nil once ctx is done. With one CPU there are only the figures of one P.
func Measure(ctx context.Context) *sweep.Scheduler {
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	out := &sweep.Scheduler{Method: sweep.SchedulerMethod, Go: runtime.Version()}
	out.Switch, out.HandoverOne = yields(ctx), handovers(ctx)
	if runtime.NumCPU() > 1 {
		runtime.GOMAXPROCS(2)
		out.Wake, out.Waker, out.Steal = woken(ctx)
		out.HandoverTwo = handovers(ctx)
	}
	if ctx.Err() != nil {
		return nil
	}
	return out
}

// typical returns the lower quartile; 0: nothing was measured.
func typical(took []time.Duration) sweep.Seconds {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return sweep.Seconds(took[len(took)/4])
}

// timed makes batches until the time is over, and returns how long one of so many turns took.
func timed(ctx context.Context, perTurn int, batch func()) sweep.Seconds {
	var took []time.Duration
	begun := clock.Now()
	for len(took) < batches && clock.Now().Sub(begun) < part && ctx.Err() == nil {
		at := clock.Now()
		batch()
		took = append(took, clock.Now().Sub(at)/time.Duration(turns*perTurn))
	}
	return typical(took)
}

// yields returns how long a switch of goroutines takes.
func yields(ctx context.Context) sweep.Seconds {
	return timed(ctx, 2, func() {
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				for range turns {
					runtime.Gosched()
				}
			})
		}
		both.Wait()
	})
}

// handovers returns how long it takes to pass a value to a goroutine that waits for it.
func handovers(ctx context.Context) sweep.Seconds {
	there, back := make(chan struct{}), make(chan struct{})
	var other sync.WaitGroup
	other.Go(func() {
		for range there {
			back <- struct{}{}
		}
	})
	out := timed(ctx, 2, func() {
		for range turns {
			there <- struct{}{}
			<-back
		}
	})
	close(there)
	other.Wait()
	return out
}

// A sleeper is a goroutine that notes when it is woken.
type sleeper struct {
	wake chan struct{}
	at   atomic.Int64 // when it ran; 0: not yet
}

func (s *sleeper) run() {
	for range s.wake {
		s.at.Store(int64(clock.Now()))
	}
}

// woken returns how long an idle P takes until it runs what was made ready, how long the one that wakes it is kept by
// that, and how long until what runs next on a P that is busy is taken. 0: it was not seen.
func woken(ctx context.Context) (wake, waker, steal sweep.Seconds) {
	var first, second sleeper
	var both sync.WaitGroup
	for _, s := range []*sleeper{&first, &second} {
		s.wake = make(chan struct{})
		both.Go(s.run)
	}
	var took [3][]time.Duration
	begun := clock.Now()
	for range wakes {
		if clock.Now().Sub(begun) > part || ctx.Err() != nil {
			break
		}
		for from := clock.Now(); clock.Now().Sub(from) < rest; {
		}
		first.at.Store(0)
		second.at.Store(0)
		at := clock.Now()
		first.wake <- struct{}{}
		sent := clock.Now()
		second.wake <- struct{}{}
		again := clock.Now()
		for clock.Now().Sub(at) < late && (first.at.Load() == 0 || second.at.Load() == 0) {
		}
		one, two := clock.Time(first.at.Load()), clock.Time(second.at.Load())
		if one == 0 || two <= one {
			runtime.Gosched() // they run here
			continue
		}
		took[0] = append(took[0], one.Sub(at))
		took[1] = append(took[1], max(sent.Sub(at)-again.Sub(sent), 0))
		took[2] = append(took[2], two.Sub(one))
	}
	for _, s := range []*sleeper{&first, &second} {
		close(s.wake)
	}
	both.Wait()
	steal = typical(took[2])
	return typical(early(took[0], steal.Duration())), typical(took[1]), steal
}

// slack is by how much Linux lets a short sleep last longer, but not for threads of a real-time priority.
const slack = 50 * time.Microsecond

// early takes the delay after which what runs next on a busy P may be taken out of the times to wake that have it. It
// is a sleep, from which a core wakes as well: with the slack, only what has it is longer.
func early(wakes []time.Duration, steal time.Duration) []time.Duration {
	out := slices.Clone(wakes)
	for i, d := range out {
		if steal > slack && d > steal {
			out[i] -= steal
		}
	}
	return out
}
