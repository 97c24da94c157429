package commands

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Lacks returns what p needs and this machine does not have, in words; empty if p can run here.
func (p Program) Lacks() string {
	for _, need := range p.Needs {
		if _, err := exec.LookPath(need); err != nil {
			return need + ", which is not on the PATH"
		}
	}
	if p.Module != "" && exec.Command("python3", "-c", "import "+p.Module).Run() != nil {
		return fmt.Sprintf("Python's module %s, which python3 cannot import", p.Module)
	}
	return ""
}

// Install writes the source of p, and what is compiled from it, into a folder in dir that is named for its content, and
// returns the command with the path of that file: a study that is resumed finds it there again. It fails if p cannot
// run here.
func (p Program) Install(dir string) (argv []string, err error) {
	if l := p.Lacks(); l != "" {
		return nil, fmt.Errorf("%s needs %s", p.Name, l)
	}
	file, err := p.unpack(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	return replace(p.Argv, "{file}", file), nil
}

func (p Program) unpack(dir string) (string, error) {
	sum := sha256.Sum256(p.Source)
	file := filepath.Join(dir, hex.EncodeToString(sum[:8]), p.File)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", err
	}
	if err := place(file, func(path string) error { return os.WriteFile(path, p.Source, 0o644) }); err != nil {
		return "", err
	}
	if p.Compile == nil {
		return file, nil
	}
	out := strings.TrimSuffix(file, filepath.Ext(file))
	if _, err := os.Stat(out); err == nil {
		return out, nil // the folder is named for the source, so it was made from it
	}
	return out, place(out, func(path string) error {
		argv := replace(p.Compile, "{out}", path, "{file}", file)
		if b, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, b)
		}
		return nil
	})
}

// place has write make a file that then goes to path by a rename: others never see a part of it.
func place(path string, write func(path string) error) error {
	tidy(path)
	temp := fmt.Sprintf("%s.%d", path, os.Getpid())
	if err := write(temp); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// tidy removes what place had begun for path in processes that are gone.
func tidy(path string) {
	begun, _ := filepath.Glob(path + ".*") // the pattern is good, or nothing is removed
	for _, temp := range begun {
		pid, err := strconv.Atoi(strings.TrimPrefix(temp, path+"."))
		if err != nil || pid <= 0 {
			continue
		}
		p, err := os.FindProcess(pid)
		if err == nil {
			err = p.Signal(syscall.Signal(0))
		}
		if errors.Is(err, os.ErrProcessDone) {
			_ = os.Remove(temp) // what cannot be removed stays
		}
	}
}

func replace(argv []string, pairs ...string) []string {
	out := make([]string, len(argv))
	for i, a := range argv {
		out[i] = strings.NewReplacer(pairs...).Replace(a)
	}
	return out
}
