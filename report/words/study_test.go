package words_test

import (
	"strings"
	"testing"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// What is said of the size of a sweep: how it grows, and for a command what that rests on. Studies recorded without a
// basis say no more than they know.
func TestSize(t *testing.T) {
	for _, tt := range []struct {
		mode    sweep.Mode
		scaling sweep.Scaling
		basis   sweep.Basis
		want    string
	}{
		{sweep.Threads, sweep.Strong, "", "strong scaling, size 5 darts"},
		{sweep.Threads, sweep.Weak, sweep.OfWorkload, "weak scaling, size 5 darts per worker"},
		{sweep.Procs, sweep.Weak, sweep.Asked, "weak scaling, size 5 darts per worker (asked for by --scaling)"},
		{
			sweep.Procs, sweep.Weak, sweep.Copies,
			"weak scaling, size 5 darts per process: each process is a copy that does as much as one alone",
		},
		{sweep.Procs, sweep.Strong, sweep.Shares, "strong scaling, size 5 darts, which copies of the command share"},
		{sweep.Procs, sweep.Strong, sweep.Told, "strong scaling, size 5 darts; the command is told the number of processes"},
		{sweep.Cores, sweep.Strong, sweep.Told, "strong scaling, size 5 darts"},
		{
			sweep.Threads, sweep.Strong, sweep.Environment,
			"strong scaling, size 5 darts; only its environment tells the command the number of workers",
		},
	} {
		s := sweep.Sweep{Mode: tt.mode, Scaling: tt.scaling, Basis: tt.basis, Size: 5}
		if got := words.Size(s, "darts"); got != tt.want {
			t.Errorf("%s, %s: %q, want %q", tt.mode, tt.basis, got, tt.want)
		}
	}
	for basis, want := range map[sweep.Basis]string{
		sweep.Told: "strong scaling; the command is told the number of workers", sweep.Asked: "strong scaling (asked for by --scaling)",
	} {
		if got := words.Size(sweep.Sweep{Mode: sweep.Threads, Scaling: sweep.Strong, Basis: basis, Size: 1}, ""); got != want {
			t.Errorf("no size, %s: %q, want %q", basis, got, want)
		}
	}
}

// TestHeading: a document of many workloads is named by how many there are.
func TestHeading(t *testing.T) {
	bench := func(name, of string) sweep.Program {
		return sweep.Program{Name: name, Command: &sweep.Command{Benchmark: &sweep.Benchmark{Package: of}}}
	}
	a, b, other := bench("a", "sort"), bench("b", "sort"), bench("c", "bytes")
	for _, test := range []struct {
		want string
		all  []sweep.Program
	}{
		{"no workload", nil},
		{"a and b", []sweep.Program{a, b}},
		{"3 benchmarks of sort", []sweep.Program{a, b, a}},
		{"3 benchmarks of 2 packages", []sweep.Program{a, other, b}},
		{"3 workloads", []sweep.Program{a, {Name: "pi"}, b}},
	} {
		if got := words.Heading(test.all, 2); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// TestPicturesOfFolded: of no more workloads pictures are promised than there are.
func TestPicturesOfFolded(t *testing.T) {
	for all, want := range map[int]string{9: "of the other there", 30: "of the other 22 there", 32: "of the other 24 there", 33: "of the next 24 there"} {
		if got := words.PicturesOfFolded(5, all, 8, 24); !strings.Contains(got, want) {
			t.Errorf("of %d: %q", all, got)
		}
	}
}
