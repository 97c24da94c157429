package battery

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A subject is a kind of study that is killed.
type subject struct {
	name    string
	args    []string
	files   map[string]string // of the room's folder work
	moments []moment          // beyond those of every study
}

// A moment is a place in the life of a study at which it is killed, a random time up to spread later.
type moment struct {
	place  int // in the order of a study's life
	name   string
	come   func(*session, *diary) bool
	spread time.Duration
}

// running is the moment at which a process runs whose command line has the word.
func running(place int, name, word string) moment {
	return moment{place, name, func(s *session, _ *diary) bool {
		return slices.ContainsFunc(s.room.processes(), func(p process) bool {
			return p.pid != s.cmd.Process.Pid && strings.Contains(p.line, word)
		})
	}, 50 * time.Millisecond}
}

// life are the moments of a study, from its start to its report.
func (s *subject) life() []moment {
	return append([]moment{
		{0, "start", func(*session, *diary) bool { return true }, 60 * time.Millisecond},
		{3, "warm-up", func(_ *session, d *diary) bool { return d.begun() }, 100 * time.Millisecond},
		{4, "timed", func(s *session, d *diary) bool {
			b := text(filepath.Join(d.dir, "runs.jsonl"))
			return strings.Count(b, "\n") > len(d.lines)
		}, 300 * time.Millisecond},
		{8, "traced", func(_ *session, d *diary) bool { return d.tracing() }, 100 * time.Millisecond},
		{9, "report", func(_ *session, d *diary) bool { return d.stopped() }, time.Second},
	}, s.moments...)
}

// subjects are the kinds of studies: Go workloads on threads and processes with a service, a command with other
// commands before and after each run that leave processes behind, and a benchmark.
func subjects() []subject {
	return []subject{
		{
			name: "go",
			args: []string{
				"run", "fetch", "--mode", "both", "--size", "2", "--workers", "1,2", "--runs", "2", "--traced", "1",
			},
		},
		{
			name: "command",
			args: []string{
				"run", "--workers", "1,2", "--runs", "2", "--traced", "1", "--prepare", "sh prepare.sh",
				"--cleanup", "sh cleanup.sh", "--", "sh", "work.sh", "{workers}",
			},
			files: map[string]string{
				"prepare.sh": "sleep 1000 &\nsleep 0.05\n",
				"work.sh":    "sleep 1000 &\nserver=$!\nsetsid sleep 1000 &\nsleep 0.1\nkill $server\n",
				"cleanup.sh": "sleep 0.05\n",
			},
			moments: []moment{
				running(5, "prepare", "prepare.sh"), running(6, "command", "work.sh"), running(7, "cleanup", "cleanup.sh"),
			},
		},
		{
			name: "bench",
			args: []string{
				"bench", "./timer", "--benchtime", "20ms", "--mode", "both", "--workers", "1,2", "--runs", "2",
				"--traced", "1",
			},
			files: map[string]string{
				"timer/go.mod": "module timer\n\ngo 1.26\n",
				"timer/timer_test.go": `package timer

import (
	"testing"
	"time"
)

func BenchmarkSleep(b *testing.B) {
	for range b.N {
		time.Sleep(time.Millisecond)
	}
}
`,
			},
			moments: []moment{running(1, "build", "/go "), running(2, "calibration", "-test.bench")},
		},
	}
}

// furnish puts the subject's files into the room.
func (s *subject) furnish(t *testing.T, r *room) {
	t.Helper()
	for name, text := range s.files {
		r.write(t, filepath.Join("work", name), text, 0o644)
	}
}

// arguments are those that begin the study of d, or go on with it, with more flags.
func (s *subject) arguments(d *diary, flags ...string) []string {
	if d.begun() {
		return append([]string{"run", "--resume", d.dir}, flags...)
	}
	return slices.Concat(s.args[:1], flags, []string{"--out", d.dir}, s.args[1:])
}
