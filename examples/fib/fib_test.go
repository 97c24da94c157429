package fib

import (
	"math"
	"testing"
)

func TestFibonacci(t *testing.T) {
	for n, want := range []int64{0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55} {
		if got := fibonacci(int64(n)); got != want {
			t.Errorf("fibonacci(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestCallCount(t *testing.T) {
	// Counted by hand: F(2) calls F(1) and F(0), F(3) calls F(2) and F(1), F(4) calls F(3) and F(2).
	for n, want := range []int64{1, 1, 3, 5, 9} {
		if got := callCount(int64(n)); got != want {
			t.Errorf("callCount(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestTasks(t *testing.T) {
	for _, c := range []struct {
		size  int64
		n     int
		first int64
	}{
		{38, 5, 34},
		{34, 5, 30},
		{4, 5, 0},
		{2, 3, 0}, // 0, 1 and 2: there is nothing below
		{0, 1, 0},
		{-1, 0, 0},
	} {
		if got := Workload().Tasks(c.size); got != c.n {
			t.Errorf("Tasks(%d) = %d, want %d", c.size, got, c.n)
		}
		if got := first(c.size); got != c.first {
			t.Errorf("first(%d) = %d, want %d", c.size, got, c.first)
		}
	}
}

func TestSpeedup(t *testing.T) {
	for _, c := range []struct {
		name    string
		size    int64
		workers int
		want    float64
	}{
		{"one worker", 38, 1, 1},
		// callCount are 1, 1, 3, 5 and 9, together 19. The first worker has 1, 3 (until 4), 9 (until 13), the second 1 and 5
		// (until 6).
		{"0 … 4 on two", 4, 2, 19.0 / 13},
		// Three workers: 1, 1 and 3; then 5 on the first (until 6) and 9 on the second (until 10).
		{"0 … 4 on three", 4, 3, 19.0 / 10},
		{"0 … 4 on any", 4, 5, 19.0 / 9},
		// F(35) … F(39) are 9227465, 14930352, 24157817, 39088169 and 63245986, so the calls are 18454929, 29860703,
		// 48315633, 78176337 and 126491971, together 301299573. On two workers the first has 34, 36 and 38: 193262533 calls.
		{"34 … 38 on two", 38, 2, 301299573.0 / 193262533},
		{"34 … 38 on any", 38, 64, 301299573.0 / 126491971},
		{"no worker", 38, 0, 0},
		{"no task", -1, 2, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := speedup(c.size, c.workers); math.Abs(got-c.want) > 1e-12 {
				t.Errorf("speedup(%d, %d) = %g, want %g", c.size, c.workers, got, c.want)
			}
		})
	}
}

// The figures that the documentation states.
func TestStated(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"two workers", speedup(38, 2), 1.56},
		{"limit", limit(38), 2.38},
		{"limit of a smaller size", limit(34), 2.38},
	} {
		if math.Abs(c.got-c.want) > 0.005 {
			t.Errorf("%s: %g, want %g to two places", c.name, c.got, c.want)
		}
	}
}

func BenchmarkFibonacci(b *testing.B) {
	for b.Loop() {
		fibonacci(25)
	}
}

// callCount returns how many calls of fibonacci computing F(n) takes: 2·F(n+1) − 1.
func callCount(n int64) int64 {
	f, next := int64(0), int64(1) // F(0), F(1)
	for range n {
		f, next = next, f+next
	}
	return 2*next - 1
}

// speedup returns the speedup of the tasks of a size over one worker, if each of the workers takes the next task as
// soon as it is free. It counts calls and takes all calls to be equally long.
func speedup(size int64, workers int) float64 {
	if workers < 1 || tasks(size) == 0 {
		return 0
	}
	var all int64
	busy := make([]int64, workers) // the time until which each worker is busy
	for i := range tasks(size) {
		w := 0
		for j := range busy {
			if busy[j] < busy[w] {
				w = j
			}
		}
		calls := callCount(first(size) + int64(i))
		busy[w] += calls
		all += calls
	}
	var last int64
	for _, t := range busy {
		last = max(last, t)
	}
	return float64(all) / float64(last)
}

// limit returns the speedup on any number of workers: all calls divided by those of the largest task.
func limit(size int64) float64 { return speedup(size, numbers) }
