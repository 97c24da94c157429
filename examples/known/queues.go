package known

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// mutex holds one lock for a share of every iteration of 32 goroutines.
func mutex(share float64, name string) Program {
	const steps = 18_000
	held := int64(share * steps)
	why := fmt.Sprintf("one lock, held for %.0f %% of every iteration", 100*share)
	return program(name, why, 1/share, 8000, "iterations", func(size int64) uint64 {
		var mu sync.Mutex
		var wg sync.WaitGroup
		var done uint64 // guarded by mu
		var rest atomic.Uint64
		for w := range crowd {
			wg.Go(func() {
				for range size*int64(w+1)/crowd - size*int64(w)/crowd {
					mu.Lock()
					done += spun(held)
					mu.Unlock()
					rest.Add(spun(steps - held))
				}
			})
		}
		wg.Wait()
		return done + rest.Load()
	})
}

// pipe passes items through three stages that cost 1 : 3 : 2.
func pipe(buffer int, name string) Program {
	const unit = 12_000
	const why = "three stages that cost 1:3:2: all six by the three of the slowest"
	return program(name, why, 2, 2000, "items", func(size int64) uint64 {
		first, second, last := make(chan uint64, buffer), make(chan uint64, buffer), make(chan uint64)
		go func() {
			defer close(first)
			for range size {
				first <- spun(1 * unit)
			}
		}()
		go func() {
			defer close(second)
			for n := range first {
				second <- n + spun(3*unit)
			}
		}()
		go func() {
			var done uint64
			for n := range second {
				done += n + spun(2*unit)
			}
			last <- done
		}()
		return <-last
	})
}

// workers starts goroutines that do the tasks of a channel, and returns what waits for them, and then says how many
// tasks they did.
func workers(tasks <-chan int64) func() uint64 {
	var done atomic.Uint64
	var wg sync.WaitGroup
	for range crowd {
		wg.Go(func() {
			for n := range tasks {
				done.Add(spun(n))
			}
		})
	}
	return func() uint64 {
		wg.Wait()
		return done.Load()
	}
}

// pool hands tasks to 32 goroutines over a channel.
func pool() Program {
	const why = "32 goroutines take tasks from one channel: as fast as there are goroutines"
	return program("known-pool", why, crowd, 8000, "tasks", func(size int64) uint64 {
		tasks := make(chan int64, 64)
		done := workers(tasks)
		for range size {
			tasks <- 36_000
		}
		close(tasks)
		return done()
	})
}

// producer makes each task at a quarter of its cost, alone: all 1 + 4 by the 1 of the producer.
func producer(buffer int, name string) Program {
	const cost = 9_000
	const why = "one goroutine makes tasks for 32, at a quarter of what they take: 5 by 1"
	return program(name, why, 5, 3000, "tasks", func(size int64) uint64 {
		tasks := make(chan int64, buffer)
		done := workers(tasks)
		var made uint64
		for range size {
			made += spun(cost)
			tasks <- 4 * cost
		}
		close(tasks)
		return made + done()
	})
}

// queue is producer with a queue under a mutex and a condition.
func queue() Program {
	const cost = 9_000
	const why = "a queue with a sync.Cond; its producer takes a quarter of what the tasks take: 5 by 1"
	return program("known-cond", why, 5, 3000, "tasks", func(size int64) uint64 {
		q := newTasks()
		var done atomic.Uint64
		var wg sync.WaitGroup
		for range crowd {
			wg.Go(func() {
				for q.take() {
					done.Add(spun(4 * cost))
				}
			})
		}
		for range size {
			done.Add(spun(cost))
			q.put()
		}
		q.end()
		wg.Wait()
		return done.Load()
	})
}

// tasks is how many wait to be done.
type tasks struct {
	mu    sync.Mutex
	more  *sync.Cond // n has grown, or it is over
	n     int        // guarded by mu
	ended bool       // no more will come; guarded by mu
}

func newTasks() *tasks {
	q := &tasks{}
	q.more = sync.NewCond(&q.mu)
	return q
}

func (q *tasks) put() {
	q.mu.Lock()
	q.n++
	q.mu.Unlock()
	q.more.Signal()
}

func (q *tasks) end() {
	q.mu.Lock()
	q.ended = true
	q.mu.Unlock()
	q.more.Broadcast()
}

// take waits for a task, and returns false if none will come.
func (q *tasks) take() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.n == 0 && !q.ended {
		q.more.Wait()
	}
	if q.n == 0 {
		return false
	}
	q.n--
	return true
}

// pingPong has two goroutines of which one always waits for the other.
func pingPong() Program {
	const steps = 15_000
	const why = "two goroutines, one of which always waits for the other"
	return program("known-pingpong", why, 1, 5000, "rounds", func(size int64) uint64 {
		ping, pong := make(chan uint64), make(chan uint64)
		go func() {
			for n := range ping {
				pong <- n + spun(steps)
			}
			close(pong)
		}()
		var done uint64
		for range size {
			ping <- spun(steps)
			done += <-pong
		}
		close(ping)
		<-pong
		return done
	})
}
