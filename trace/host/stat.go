package host

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"time"

	"github.com/corecurve/corecurve/trace/limits"
)

// tick is the unit in which /proc/stat counts: USER_HZ is 100 on every architecture on which Go runs on Linux
// (proc_stat(5)).
const tick = 10 * time.Millisecond

func ticks(n int64) time.Duration { return time.Duration(n) * tick }

// stat is a line of /proc/stat, in ticks. Time in guests is part of user time there.
type stat struct{ user, nice, system, idle, iowait, irq, softirq, steal int64 }

func (s stat) busy() int64  { return s.user + s.nice + s.system + s.irq + s.softirq }
func (s stat) total() int64 { return s.busy() + s.idle + s.iowait + s.steal }

// minus returns what was added since t. The kernel may let iowait and idle go back a little (proc_stat(5)); that counts
// as no time.
func (s stat) minus(t stat) stat {
	since := func(a, b int64) int64 { return max(0, a-b) }
	return stat{
		since(s.user, t.user), since(s.nice, t.nice), since(s.system, t.system), since(s.idle, t.idle),
		since(s.iowait, t.iowait), since(s.irq, t.irq), since(s.softirq, t.softirq), since(s.steal, t.steal),
	}
}

// spent is what one CPU did between two samples.
type spent struct {
	had   time.Duration // that passed
	busy  time.Duration // that it ran anything
	steal time.Duration // that the hypervisor took
	// half-width of busy + steal. Both are differences of whole ticks, so it does not depend on how long the time is.
	either time.Duration
}

// plus adds up two CPUs.
func (s spent) plus(t spent) spent {
	return spent{s.had + t.had, s.busy + t.busy, s.steal + t.steal, s.either + t.either}
}

// spentIn returns what a CPU did in wall, in which its counters grew by s. The kernel keeps idle time to the
// microsecond and shows whole ticks of it; busy time it counts by looking at every tick who runs, which is off by
// several ticks for anything that runs in short bursts (measured: 3 to 5 ms of standard deviation against 6 to 9 ms).
// So what was not idle was busy. Where the counters do not add up to wall, as in containers that make a /proc/stat of
// their own, only the busy ticks are to be had.
func (s stat) spentIn(wall time.Duration) spent {
	out := spent{had: ticks(s.total()), busy: ticks(s.busy()), steal: ticks(s.steal), either: 2 * tick}
	if off := (out.had - wall).Abs(); off > max(5*tick, wall/10) {
		return out
	}
	idle := ticks(s.idle + s.iowait)
	out.had, out.either = wall, tick
	if s.iowait > 0 {
		out.either += tick
	}
	out.steal = min(out.steal, max(0, wall-idle))
	out.busy = max(0, wall-idle-out.steal)
	return out
}

// readStat reads the counters of every CPU, by its number.
func readStat(root fs.FS) (map[int]stat, error) {
	f, err := root.Open("proc/stat")
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return parseStat(f)
}

// parseStat reads the first lines of /proc/stat: the sum of all CPUs, which it skips, and a line for each that is
// online. It leaves the lines that follow, which are long on large machines.
func parseStat(r io.Reader) (map[int]stat, error) {
	cpus := map[int]stat{}
	text, err := leading(io.LimitReader(r, limits.StatBytes), []byte("cpu"))
	if err != nil {
		return nil, fmt.Errorf("proc/stat: %w", err)
	}
	n := 0
	for l := range bytes.Lines(text) {
		n++
		fields := bytes.Fields(l)
		// Kernels before 2.6.11 had no steal.
		if len(fields) < 9 {
			return nil, fmt.Errorf("proc/stat: line %d: %q does not have the times of a CPU", n, bytes.TrimSpace(l))
		}
		if string(fields[0]) == "cpu" {
			continue
		}
		id, err := strconv.Atoi(string(fields[0][len("cpu"):]))
		if err != nil || id < 0 || id > limits.CPUNumber {
			return nil, fmt.Errorf("proc/stat: line %d: %q is no CPU", n, fields[0])
		}
		var v [8]int64
		for i := range v {
			c, err := strconv.ParseInt(string(fields[i+1]), 10, 64)
			if err != nil || c < 0 || c > 1<<52 {
				return nil, fmt.Errorf("proc/stat: line %d: field %d: %q is not a number of ticks", n, i+2, fields[i+1])
			}
			v[i] = c
		}
		cpus[id] = stat{v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]}
	}
	if len(cpus) == 0 {
		return nil, fmt.Errorf("proc/stat: it has no lines of CPUs")
	}
	return cpus, nil
}

// leading reads the lines of r that begin with prefix, up to the first that does not.
func leading(r io.Reader, prefix []byte) ([]byte, error) {
	var text []byte
	buf := make([]byte, 16<<10)
	for at := 0; ; { // text[at:] is the line that is not whole yet
		n, err := r.Read(buf)
		text = append(text, buf[:n]...)
		for {
			line := text[at:]
			if len(line) >= len(prefix) && !bytes.HasPrefix(line, prefix) {
				return text[:at], nil
			}
			end := bytes.IndexByte(line, '\n')
			if end < 0 {
				break
			}
			if end < len(prefix) {
				return text[:at], nil
			}
			at += end + 1
		}
		if err == io.EOF {
			if bytes.HasPrefix(text[at:], prefix) {
				at = len(text)
			}
			return text[:at], nil
		}
		if err != nil {
			return nil, err
		}
	}
}
