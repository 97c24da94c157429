package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/examples/commands"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/sweep"
)

// embedded returns the built-in command of that name, ready to run.
func embedded(name string) (program capture.Program, found bool, err error) {
	i := slices.IndexFunc(commands.All(), func(c commands.Program) bool { return c.Name == name })
	if i < 0 {
		return capture.Program{}, false, nil
	}
	c := commands.All()[i]
	if lacking := lacks(c); lacking != "" {
		return capture.Program{}, true, fmt.Errorf("%s needs %s", name, lacking)
	}
	file, err := unpack(c)
	if err != nil {
		return capture.Program{}, true, fmt.Errorf("%s: %w", name, err)
	}
	argv := make([]string, len(c.Argv))
	for i, a := range c.Argv {
		argv[i] = strings.ReplaceAll(a, "{file}", file)
	}
	program, err = capture.External(name, sweep.Command{Argv: argv, SameOutput: true})
	if err == nil {
		program.Workloads[0].Doc, program.Workloads[0].Size, program.Workloads[0].Unit = c.Doc, c.Size, "tasks"
	}
	return program, true, err
}

// lacks says what of the things that a command needs is missing here.
func lacks(c commands.Program) string {
	for _, need := range c.Needs {
		if _, err := exec.LookPath(need); err != nil {
			return need + ", which is not on the PATH"
		}
	}
	if c.Module != "" && exec.Command("python3", "-c", "import "+c.Module).Run() != nil {
		return fmt.Sprintf("Python's module %s, which python3 cannot import", c.Module)
	}
	return ""
}

// unpack writes the source of a command, and what is compiled from it, into the user's cache, in a folder that is named for its content:
// a study that is continued later finds it there again.
func unpack(c commands.Program) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	sum := sha256.Sum256(c.Source)
	dir := filepath.Join(cache, "corecurve", hex.EncodeToString(sum[:8]))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	file := filepath.Join(dir, c.File)
	if err := sweep.WriteFile(file, c.Source); err != nil {
		return "", err
	}
	if c.Compile == nil {
		return file, nil
	}
	out := strings.TrimSuffix(file, filepath.Ext(file))
	if _, err := os.Stat(out); err == nil {
		return out, nil // the folder is named for the source, so it was made from it
	}
	made := fmt.Sprintf("%s.%d", out, os.Getpid())
	argv := make([]string, len(c.Compile))
	for i, a := range c.Compile {
		argv[i] = strings.NewReplacer("{out}", made, "{file}", file).Replace(a)
	}
	if b, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, b)
	}
	return out, os.Rename(made, out)
}
