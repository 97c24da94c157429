package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Workspace returns the go.work that a build in folder uses; empty: none.
func Workspace(ctx context.Context, folder string) (string, error) {
	cmd := exec.Command("go", "env", "GOWORK")
	cmd.Dir = folder
	out, err := goOutput(ctx, cmd)
	if err != nil {
		return "", fmt.Errorf("the workspace of %s: %w", folder, err)
	}
	work := strings.TrimSpace(string(out))
	if work == "off" {
		return "", nil
	}
	return work, nil
}

// A replacement is where a go.mod or a go.work has a module lie; without a version it is a folder.
type replacement struct {
	New struct{ Path, Version string }
}

// WorkspaceFolders returns the folders of the modules that a go.work uses, and those that it has in the place of
// others.
func WorkspaceFolders(ctx context.Context, work string) (used, named []string, err error) {
	var file struct {
		Use     []struct{ DiskPath string }
		Replace []replacement
	}
	if err := parsed(ctx, work, &file, "work"); err != nil {
		return nil, nil, err
	}
	for _, u := range file.Use {
		used = append(used, whole(work, u.DiskPath))
	}
	return used, folders(work, file.Replace), nil
}

// ModuleFolders returns the folders that the go.mod in folder has in the place of modules; nothing if there is none.
func ModuleFolders(ctx context.Context, folder string) ([]string, error) {
	var file struct{ Replace []replacement }
	path := filepath.Join(folder, "go.mod")
	if _, err := os.Stat(path); err != nil {
		return nil, nil //nolint:nilerr // the go command says what it misses
	}
	if err := parsed(ctx, path, &file, "mod"); err != nil {
		return nil, err
	}
	return folders(path, file.Replace), nil
}

// parsed reads the file at path as "go mod edit" or "go work edit" tells it.
func parsed(ctx context.Context, path string, to any, verb string) error {
	cmd := exec.Command("go", verb, "edit", "-json", path)
	cmd.Dir = filepath.Dir(path)
	out, err := goOutput(ctx, cmd)
	if err == nil {
		err = json.Unmarshal(out, to)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// folders returns those of replacements that are folders, of the file at path.
func folders(path string, list []replacement) (out []string) {
	for _, r := range list {
		if r.New.Version == "" && (strings.HasPrefix(r.New.Path, ".") || filepath.IsAbs(r.New.Path)) {
			out = append(out, whole(path, r.New.Path))
		}
	}
	return out
}

// whole returns the absolute path of what a file at path names.
func whole(path, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(path), name)
}
