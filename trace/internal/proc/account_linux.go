package proc

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// Account fills in what the kernel knows about this process so far; what it does not report stays 0. The processor
// times include threads that have ended, the time on the run queue does not.
func Account(p *wire.Process) {
	p.PID = os.Getpid()
	var ru unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &ru); err == nil {
		p.User, p.Sys = ru.Utime.Nano(), ru.Stime.Nano()
	}
	if err := unix.Getrusage(unix.RUSAGE_CHILDREN, &ru); err == nil {
		p.Own, p.Children = p.User+p.Sys, ru.Utime.Nano()+ru.Stime.Nano()
	}
	p.RunQueue = runQueue("/proc/self/task")
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		p.MaxRSS = highWater(status)
	}
}

// highWater returns VmHWM of /proc/PID/status in bytes. ru_maxrss would be wrong: exec carries it over from the parent.
func highWater(status []byte) int64 {
	_, rest, ok := bytes.Cut(status, []byte("\nVmHWM:"))
	if !ok {
		return 0
	}
	kb, _, _ := bytes.Cut(bytes.TrimLeft(rest, " \t"), []byte(" kB"))
	n, err := strconv.ParseInt(string(kb), 10, 64)
	if err != nil || n > 1<<53 {
		return 0
	}
	return n << 10
}

// runQueue sums the nanoseconds that the threads in dir were ready to run and had no core: the second number of
// schedstat (Documentation/scheduler/sched-stats.rst).
func runQueue(dir string) int64 {
	d, err := os.Open(dir)
	if err != nil {
		return 0
	}
	defer func() { _ = d.Close() }()
	threads, err := d.Readdirnames(-1)
	if err != nil {
		return 0
	}
	var sum int64
	var buf [128]byte
	for _, t := range threads {
		sum += waited(dir+"/"+t+"/schedstat", buf[:])
	}
	return sum
}

func waited(path string, buf []byte) int64 {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0 // the thread has ended meanwhile
	}
	n, err := unix.Read(fd, buf)
	_ = unix.Close(fd)
	if err != nil {
		return 0
	}
	f := bytes.Fields(buf[:n])
	if len(f) < 2 {
		return 0
	}
	wait, err := strconv.ParseInt(string(f[1]), 10, 64)
	if err != nil {
		return 0
	}
	return wait
}
