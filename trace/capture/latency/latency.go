// Package latency measures what Go's scheduler takes on this machine, for predictions: to switch goroutines, to wake a
// P that is idle, and to hand a value over.
//
//  1. On one P, goroutines yield to each other in turn, and pass a value to and fro over a channel.
//  2. On two Ps, a goroutine that goes on running makes another ready while the other P is idle, and every other time
//     at once a second. The first send wakes the idle P, the second finds it on its way: the difference is what waking
//     costs the waker. The second is then what runs next on a P that is busy, which may only be taken after a delay:
//     the time from the first to the second. A goroutine that is made ready alone has that delay, too, after the P is
//     awake, which leaves what waking takes.
//  3. On two Ps a value goes to and fro once more.
//
// The P is woken after a rest as short as it is in a program for which that matters. A core that has slept for longer
// takes longer to wake, and to be sent for, but then it is rare.
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
	rest = 60 * time.Microsecond
	// least is what to wake a P takes at least; 0 would be not measured.
	least = 100 * time.Nanosecond
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

// ran returns when s ran, which was woken at a time; 0: it did not in time, and runs here then.
func (s *sleeper) ran(woken clock.Time) clock.Time {
	for clock.Now().Sub(woken) < late {
		if at := s.at.Load(); at != 0 {
			return clock.Time(at)
		}
	}
	runtime.Gosched()
	return 0
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
	var alone, sending, next []time.Duration
	begun := clock.Now()
	for i := range wakes {
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
		if i%2 == 0 {
			if ran := first.ran(at); ran != 0 {
				alone = append(alone, ran.Sub(at))
			}
			continue
		}
		second.wake <- struct{}{}
		again := clock.Now()
		if one, two := first.ran(at), second.ran(at); one != 0 && two > one {
			sending = append(sending, max(sent.Sub(at)-again.Sub(sent), 0))
			next = append(next, two.Sub(one))
		}
	}
	for _, s := range []*sleeper{&first, &second} {
		close(s.wake)
	}
	both.Wait()
	waker, steal = typical(sending), typical(next)
	if wake = typical(alone); wake > 0 {
		wake = max(wake-steal, sweep.Seconds(least))
	}
	return wake, waker, steal
}
