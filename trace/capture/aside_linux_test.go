package capture

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
)

// masks counts the threads that may run on cpus, and those that may run elsewhere, from lines "Cpus_allowed_list: …".
func masks(t *testing.T, path string, cpus []int) (there, elsewhere int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := listOf(cpus)
	for line := range strings.Lines(string(text)) {
		name, list, _ := strings.Cut(line, ":")
		if name != "Cpus_allowed_list" {
			continue
		}
		if strings.TrimSpace(list) == want {
			there++
		} else {
			elsewhere++
		}
	}
	return there, elsewhere
}

// listOf writes ascending numbers as the kernel does: 0-2,7.
func listOf(cpus []int) string {
	var parts []string
	for i := 0; i < len(cpus); {
		k := i + 1
		for k < len(cpus) && cpus[k] == cpus[k-1]+1 {
			k++
		}
		part := strconv.Itoa(cpus[i])
		if k > i+1 {
			part += "-" + strconv.Itoa(cpus[k-1])
		}
		parts, i = append(parts, part), k
	}
	return strings.Join(parts, ",")
}

// While a command runs on one core of several, it alone is there: all threads of the tool and of the command's
// supervisor are elsewhere, except for those that fork. A run that has all CPUs leaves them no place: the tool's are
// back, and the CPU time that they used there is recorded. They are back for a command beside a run, and after the
// last.
func TestToolStepsAside(t *testing.T) {
	r := newRunner(t)
	dir := t.TempDir()
	const list = `list() { for t in "$@"; do grep Cpus_allowed_list $t/status; done; }
		grep Cpus_allowed_list /proc/self/status > %[1]s/command
		list /proc/$PPID/task/* > %[1]s/supervisor
		list /proc/%[2]d/task/* > %[1]s/tool
		sleep 0.2`
	c := sweep.Command{Argv: []string{"sh", "-c", fmt.Sprintf(list, dir, os.Getpid())}}
	p, err := External("where", c)
	if err != nil {
		t.Skip(err)
	}
	r.programs[sweep.Key{Workload: "where"}] = p
	all := slices.Sorted(slices.Values(host.CPUSet(r.host, len(r.host.CPUs))))
	back := func() {
		t.Helper()
		for _, task := range []string{"/proc/self/status", "/proc/thread-self/status"} {
			if back, away := masks(t, task, all); back != 1 || away != 0 {
				t.Errorf("%s: the tool is not back on CPUs %v", task, all)
			}
		}
	}
	if cpus := r.host.CPUs; len(cpus) > 1 && r.host.Physical == len(cpus) {
		free := host.Beside(r.host, 1)
		res := mustRun(t, r, point("where", 1, 1, 1, 1), sweep.Traced)
		if res.Status != sweep.OK || res.Tool != 0 || len(res.Warnings) > 0 {
			t.Fatalf("%s: %s, %v of the tool's, warnings %q", res.Status, res.Error, res.Tool, res.Warnings)
		}
		if own, other := masks(t, filepath.Join(dir, "command"), host.CPUSet(r.host, 1)); own != 1 || other != 0 {
			t.Errorf("the command may run on other CPUs than its own")
		}
		for _, who := range []string{"supervisor", "tool"} {
			if there, elsewhere := masks(t, filepath.Join(dir, who), slices.Sorted(slices.Values(free))); there < 2 || elsewhere != 1 {
				t.Errorf("%s: %d threads aside, %d not", who, there, elsewhere)
			}
		}
		p.Command.Prepare = []string{"sh", "-c", "grep Cpus_allowed_list /proc/self/status > " + dir + "/prepare"}
		mustRun(t, r, point("where", 1, 1, 1, 1), sweep.Timed)
		if own, other := masks(t, filepath.Join(dir, "prepare"), all); own != 1 || other != 0 {
			t.Errorf("a command beside the run may not run on CPUs %v", all)
		}
	}
	res := mustRun(t, r, point("where", 1, 1, len(r.host.CPUs), 1), sweep.Traced)
	if res.Status != sweep.OK || res.Tool <= 0 || res.Tool > res.Total*sweep.Seconds(len(r.host.CPUs)) {
		t.Errorf("%s: %s, the tool used %v of %v", res.Status, res.Error, res.Tool, time.Duration(res.Total))
	}
	back()
	mustRun(t, r, point("where", 1, 1, 1, 1), sweep.Timed)
	r.Close(t.Context())
	back()
}
