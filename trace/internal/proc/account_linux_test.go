package proc

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

func TestHighWater(t *testing.T) {
	for _, tt := range []struct {
		status string
		want   int64
	}{
		{"Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 1024 kB\n", 2 << 20}, // 2048 KiB
		{"Name:\tVmHWM: 1 kB\nVmRSS:\t 1024 kB\n", 0},                  // only a line of its own counts
		{"x\nVmHWM:\tmuch kB\n", 0},
		{"", 0},
	} {
		if got := highWater([]byte(tt.status)); got != tt.want {
			t.Errorf("%q: %d, want %d", tt.status, got, tt.want)
		}
	}
}

// The wait is the second number of each thread; threads that have gone, or whose file is malformed, count as 0.
func TestRunQueue(t *testing.T) {
	dir := t.TempDir()
	for thread, text := range map[string]string{"10": "500 30 7\n", "11": "1 12 3\n", "12": "x y z\n", "13": "5\n"} {
		if err := os.Mkdir(filepath.Join(dir, thread), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, thread, "schedstat"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "14"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := runQueue(dir); got != 42 {
		t.Errorf("%d, want 30 + 12", got)
	}
	if got := runQueue(filepath.Join(dir, "missing")); got != 0 {
		t.Errorf("%d, want 0", got)
	}
}

func TestAccount(t *testing.T) {
	var p wire.Process
	Account(&p)
	if p.PID != os.Getpid() || p.User+p.Sys <= 0 || p.MaxRSS < 1<<20 {
		t.Errorf("implausible account %+v", p)
	}
}

func BenchmarkAccount(b *testing.B) {
	var p wire.Process
	for b.Loop() {
		Account(&p)
	}
}
