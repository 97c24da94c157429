package known

import (
	"runtime"
	"sync"
)

// Doubtful returns programs that do something else on other numbers of cores than in a recording, or at another cost: a
// prediction of one must say so. Their speedup has no limit that arithmetic tells.
func Doubtful() []Program { return []Program{collects(), tries(), sieve(), hedges()} }

// collects calls the collector between its rounds. How far cores share out a cycle is a matter of the heap.
func collects() Program {
	const why = "rounds of equal tasks, and a cycle of the garbage collector after each"
	return program("known-collects", why, 0, 10, "rounds", func(size int64) (done uint64) {
		heap := make([]*[64]byte, 1<<17)
		for i := range heap {
			heap[i] = new([64]byte)
		}
		for range size {
			var all sync.WaitGroup
			for range crowd {
				all.Go(func() { spun(15_000) })
			}
			all.Wait()
			runtime.GC()
			done += crowd
		}
		runtime.KeepAlive(heap)
		return done
	})
}

// tries halves its work as long as there is a token for another goroutine, and otherwise does both halves itself.
func tries() Program {
	const why = "halves of halves, by goroutines of their own as long as there are tokens"
	return program("known-tries", why, 0, 2000, "tasks", func(size int64) uint64 {
		tokens := make(chan struct{}, 4)
		var do func(n int64) uint64
		do = func(n int64) uint64 {
			if n <= 1 {
				return uint64(n) * spun(15_000)
			}
			select {
			case tokens <- struct{}{}:
				half := make(chan uint64)
				go func() {
					done := do(n / 2)
					<-tokens
					half <- done
				}()
				return do(n-n/2) + <-half
			default:
				return do(n/2) + do(n-n/2)
			}
		}
		return do(size)
	})
}

// sieve finds primes by a chain of goroutines, each of which lets through what its prime does not divide: next to
// nothing is done between one channel and the next.
func sieve() Program {
	const why = "a chain of channels, with one division from each to the next"
	return program("known-sieve", why, 0, 150, "primes", func(size int64) (done uint64) {
		numbers := make(chan int)
		go func(out chan<- int) {
			for i := 2; ; i++ {
				out <- i
			}
		}(numbers)
		for range size {
			prime, next := <-numbers, make(chan int)
			go func(in <-chan int, out chan<- int) {
				for n := range in {
					if n%prime != 0 {
						out <- n
					}
				}
			}(numbers, next)
			numbers = next
			done++
		}
		return done
	})
}

// hedges asks three goroutines each time, takes the first answer, and leaves the others behind.
func hedges() Program {
	const why = "rounds of three unequal tasks, of which the first that is done counts"
	return program("known-hedges", why, 0, 100, "rounds", func(size int64) (done uint64) {
		for range size {
			answers := make(chan uint64, 3)
			for k := range int64(3) {
				go func() { answers <- spun(30_000 * (k + 1)) }()
			}
			done += <-answers
		}
		return done
	})
}
