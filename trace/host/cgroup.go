package host

import (
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A group is a control group that this process is subject to.
type group struct {
	dir string // without a leading slash
	v2  bool
}

// groups returns the control groups of this process that can have that controller, each hierarchy from the process's
// own group up to the topmost that is visible from here. Both versions may be mounted at once.
//
//  1. /proc/self/cgroup names the process's path in every hierarchy: "0::/a/b" (version 2), "4:cpu,cpuacct:/a/b"
//     (version 1).
//  2. /proc/self/mountinfo says where a hierarchy is mounted, and which part of it: in a container only a part is, and
//     the process's path is then relative to that part.
//  3. Every directory from that group's up to the mount point is listed.
func groups(root fs.FS, controller string) []group {
	var all []group
	mounts := cgroupMounts(content(root, "proc/self/mountinfo"), controller)
	for l := range strings.Lines(content(root, "proc/self/cgroup")) {
		id, rest, _ := strings.Cut(strings.TrimSpace(l), ":")
		controllers, own, ok := strings.Cut(rest, ":")
		v2 := id == "0" && controllers == ""
		if !ok || !v2 && !slices.Contains(strings.Split(controllers, ","), controller) {
			continue
		}
		for _, m := range mounts {
			if m.v2 != v2 {
				continue
			}
			for rel := m.within(own); ; rel = path.Dir(rel) {
				all = append(all, group{dir: strings.TrimPrefix(path.Join(m.point, rel), "/"), v2: v2})
				if rel == "/" {
					break
				}
			}
		}
	}
	return all
}

// A cgroupMount is a mounted hierarchy.
type cgroupMount struct {
	point string
	root  string // the group that is mounted there
	v2    bool
}

// within returns the path of group own below the mount point. A group outside the mounted part, as seen from some
// containers, is replaced by the root of the mounted part: the nearest group that can be read.
func (m cgroupMount) within(own string) string {
	rest, ok := strings.CutPrefix(own, strings.TrimSuffix(m.root, "/"))
	if !ok || rest != "" && rest[0] != '/' || slices.Contains(strings.Split(rest, "/"), "..") {
		return "/"
	}
	return path.Join("/", rest)
}

// cgroupMounts returns the hierarchies that can have a controller. It parses /proc/self/mountinfo, whose lines are: id,
// parent, device, root, mount point, options, optional fields, "-", type, source, options of the file system
// (proc_pid_mountinfo(5)).
func cgroupMounts(text, controller string) []cgroupMount {
	var ms []cgroupMount
	for l := range strings.Lines(text) {
		before, after, ok := strings.Cut(l, " - ")
		f, g := strings.Fields(before), strings.Fields(after)
		if !ok || len(f) < 5 || len(g) < 3 {
			continue
		}
		m := cgroupMount{root: unescape(f[3]), point: unescape(f[4]), v2: g[0] == "cgroup2"}
		if m.v2 || g[0] == "cgroup" && slices.Contains(strings.Split(g[2], ","), controller) {
			ms = append(ms, m)
		}
	}
	return ms
}

// unescape undoes the octal escapes of mountinfo: "\040" is a space.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+4 <= len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// quota returns the tightest CPU quota of gs in cores, or 0 if none has one.
func quota(root fs.FS, gs []group) float64 {
	tightest := 0.0
	for _, g := range gs {
		if q := g.quota(root); q > 0 && (tightest == 0 || q < tightest) {
			tightest = q
		}
	}
	return tightest
}

// quota returns the quota of g alone in cores, or 0 if it has none. Version 2 has "max 100000" or "150000 100000" in
// cpu.max; version 1 has two files, and −1 for no quota.
func (g group) quota(root fs.FS) float64 {
	var allowed, period string
	if g.v2 {
		allowed, period, _ = strings.Cut(line(root, path.Join(g.dir, "cpu.max")), " ")
	} else {
		allowed = line(root, path.Join(g.dir, "cpu.cfs_quota_us"))
		period = line(root, path.Join(g.dir, "cpu.cfs_period_us"))
	}
	q, err1 := strconv.ParseInt(allowed, 10, 64)
	p, err2 := strconv.ParseInt(strings.TrimSpace(period), 10, 64)
	if err1 != nil || err2 != nil || q <= 0 || p <= 0 {
		return 0
	}
	return float64(q) / float64(p)
}

// throttled returns how long g has been held back by its quota so far, over all CPUs.
func (g group) throttled(root fs.FS) time.Duration {
	key, unit := "throttled_time ", time.Nanosecond
	if g.v2 {
		key, unit = "throttled_usec ", time.Microsecond
	}
	for l := range strings.Lines(content(root, path.Join(g.dir, "cpu.stat"))) {
		if v, ok := strings.CutPrefix(l, key); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
			if err != nil || n < 0 || n > math.MaxInt64/int64(unit) {
				return 0
			}
			return time.Duration(n) * unit
		}
	}
	return 0
}
