package setup

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// AddCommand adds a command of any language as a workload. Without name, its program gives the name.
func (s *Study) AddCommand(name string, c sweep.Command) error {
	for _, kv := range c.Env {
		if strings.Index(kv, "=") < 1 {
			return requestf("--env %q: want KEY=VALUE", kv)
		}
	}
	if name == "" {
		name = strings.TrimLeft(notInName.ReplaceAllString(strings.ToLower(filepath.Base(c.Argv[0])), "-"), "._-")
	}
	program, err := capture.External(name, c)
	if err != nil {
		return err
	}
	return s.add(program, program.Workloads[0], "", fit(s.axes, slices.Concat(c.Argv, c.Env)))
}

var notInName = regexp.MustCompile(`[^a-z0-9._-]+`)

// fit completes axes by what a command can be told. One that is told its processes and not its workers is swept over
// processes. Copies that are not told their part of the work each do all of it, so that the work grows with them.
func fit(axes sweep.Axes, words []string) sweep.Axes {
	uses := func(placeholder string) bool { return supervise.Uses(words, placeholder) }
	free := axes.Mode == "" && len(axes.Workers) == 0 && len(axes.Procs) == 0 && len(axes.Cores) == 0
	if free && uses("{procs}") && !uses("{workers}") {
		axes.Mode = string(sweep.Procs)
	}
	several := axes.Mode == string(sweep.Procs) || len(axes.Procs) > 0 && slices.Max(axes.Procs) > 1
	if axes.Scaling == "" && several && !uses("{procs}") && !uses("{size}") && !uses("{rank}") {
		axes.Scaling = sweep.Weak
	}
	return axes
}
