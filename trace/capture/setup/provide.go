package setup

import (
	"context"
	"path/filepath"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/revision"
)

// provide gives the tree of a revision what the build of the package at path, in the user's working tree, takes from
// outside the commit: the workspace that the user has around it and no commit holds, and folders outside of the
// repository that go.mod and go.work name by relative paths. Those are the user's, and the same for both variants.
func provide(ctx context.Context, tree *revision.Tree, path string) error {
	at, ok := tree.At(path)
	if !ok {
		return nil
	}
	work, err := capture.Workspace(ctx, path)
	if err != nil {
		return err
	}
	if work != "" {
		if err := tree.Bring(ctx, work, filepath.Join(filepath.Dir(work), "go.work.sum")); err != nil {
			return err
		}
	}
	if work, err = capture.Workspace(ctx, at); err != nil {
		return err
	}
	folders := []string{revision.Root(at)}
	if work != "" {
		used, named, err := capture.WorkspaceFolders(ctx, work)
		if err != nil {
			return err
		}
		folders = append(folders, used...)
		for _, f := range append(used, named...) {
			if err := tree.Lend(f); err != nil {
				return err
			}
		}
	}
	for _, module := range folders {
		named, err := capture.ModuleFolders(ctx, module)
		if err != nil {
			return err
		}
		for _, f := range named {
			if err := tree.Lend(f); err != nil {
				return err
			}
		}
	}
	return nil
}
