package spin

import "testing"

func TestSteps(t *testing.T) {
	for _, c := range []struct {
		name string
		x    uint64
		n    int64
		want uint64
	}{
		{"no step", 5, 0, 5},
		// 1 ^ 1<<13 = 0x2001; 0x2001>>7 = 0x40, together 0x2041; 0x2041<<17 = 0x40820000, together 0x40822041.
		{"one step from 1", 1, 1, 0x40822041},
		{"zero stays", 0, 1000, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Steps(c.x, c.n); got != c.want {
				t.Errorf("Steps(%#x, %d) = %#x, want %#x", c.x, c.n, got, c.want)
			}
		})
	}
}

// Work in two parts must be the same as work in one: examples cut it between tasks and critical sections.
func TestStepsAddUp(t *testing.T) {
	if got, want := Steps(Steps(7, 300), 700), Steps(7, 1000); got != want {
		t.Errorf("300 and 700 steps give %#x, 1000 steps %#x", got, want)
	}
}

func TestSeed(t *testing.T) {
	seen := map[uint64]int{}
	for i := range 10_000 {
		s := Seed(i)
		if s == 0 {
			t.Fatalf("Seed(%d) = 0", i)
		}
		if j, ok := seen[s]; ok {
			t.Fatalf("Seed(%d) = Seed(%d)", i, j)
		}
		seen[s] = i
	}
}

func BenchmarkSteps(b *testing.B) {
	x := Seed(0)
	for b.Loop() {
		x = Steps(x, 1000)
	}
	if x == 0 {
		b.Error("the loop was lost")
	}
}
