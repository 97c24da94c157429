package osched

import (
	"bytes"
	"strconv"
	"strings"
)

// parseSyscall parses /proc/PID/task/TID/syscall (proc(5)): the number of the call that a blocked thread is in, -1 for
// none, and its arguments. It returns false for a running thread, which has none.
func parseSyscall(text []byte) (call int, args [6]uint64, ok bool) {
	i := 0
	for f := range bytes.FieldsSeq(text) {
		switch {
		case i == 0:
			n, err := strconv.ParseInt(string(f), 10, 32)
			if err != nil || n < -1 {
				return 0, args, false // "running"
			}
			call = int(n)
			if call < 0 {
				return call, args, true // the stack and instruction pointers follow
			}
		case i <= len(args):
			v, err := strconv.ParseUint(string(bytes.TrimPrefix(f, []byte("0x"))), 16, 64)
			if err != nil {
				return 0, args, false
			}
			args[i-1] = v
		}
		i++
	}
	return call, args, i > len(args)
}

// parseSchedstat parses the first two numbers of /proc/PID/task/TID/schedstat: nanoseconds on a core and nanoseconds
// ready without one.
func parseSchedstat(text []byte) (run, wait int64, ok bool) {
	f := bytes.Fields(text)
	if len(f) < 2 {
		return 0, 0, false
	}
	run, err := strconv.ParseInt(string(f[0]), 10, 64)
	if err != nil {
		return 0, 0, false
	}
	wait, err = strconv.ParseInt(string(f[1]), 10, 64)
	return run, wait, err == nil && run >= 0 && wait >= 0
}

// kindOfFile returns what kind of file a link in /proc/PID/fd leads to, or "".
func kindOfFile(link string) string {
	for _, k := range [...]struct{ prefix, kind string }{
		{"pipe:", "pipe"},
		{"socket:", "socket"},
		{"anon_inode:[eventfd", "eventfd"},
		{"anon_inode:[timerfd", "timer"},
		{"anon_inode:", "kernel object"},
		{"/dev/pts/", "terminal"},
		{"/dev/tty", "terminal"},
		{"/dev/", "device"},
		{"/", "file"},
	} {
		if strings.HasPrefix(link, k.prefix) {
			return k.kind
		}
	}
	return ""
}

// A mapping is a line of /proc/PID/maps.
type mapping struct {
	start, end, offset uint64
	path               string
}

// parseMaps returns the mappings of files.
func parseMaps(text []byte) []mapping {
	var out []mapping
	for line := range bytes.Lines(text) {
		f := strings.Fields(string(line))
		if len(f) < 6 || !strings.HasPrefix(f[5], "/") {
			continue
		}
		from, to, ok := strings.Cut(f[0], "-")
		m := mapping{path: strings.Join(f[5:], " ")}
		var errs [3]error
		m.start, errs[0] = strconv.ParseUint(from, 16, 64)
		m.end, errs[1] = strconv.ParseUint(to, 16, 64)
		m.offset, errs[2] = strconv.ParseUint(f[2], 16, 64)
		if !ok || errs[0] != nil || errs[1] != nil || errs[2] != nil || m.end <= m.start {
			continue
		}
		out = append(out, m)
	}
	return out
}
