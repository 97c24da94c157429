package setup

import (
	"context"
	"errors"
	"os"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/internal/scratch"
	"github.com/corecurve/corecurve/trace/revision"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A builder builds the programs of a study, each once, and keeps them as long as the study is open.
type builder struct {
	temp      *scratch.Folder               // holds what is built
	library   capture.GoLibrary             // of Go, with which what is new is built
	flags     []string                      // with which the go command builds besides
	programs  map[string]capture.Program    // by folder
	tests     map[string]capture.TestBinary // by the folder of the package
	revisions map[string]*sweep.Revision    // by the folder of the module
}

func newBuilder() (*builder, error) {
	temp, err := scratch.New()
	return &builder{
		temp: temp, programs: map[string]capture.Program{}, tests: map[string]capture.TestBinary{},
		revisions: map[string]*sweep.Revision{},
	}, err
}

// build compiles the package at path and asks for its workloads.
func (b *builder) build(ctx context.Context, path string) (capture.Program, error) {
	return once(b.temp.Path, b.programs, path, func(dir string) (capture.Program, error) {
		return b.library.Build(ctx, path, dir, b.flags...)
	})
}

// compile compiles the package at path with a library of Go. It does not run it.
func (b *builder) compile(ctx context.Context, path string, library capture.GoLibrary) (capture.Program, error) {
	return once(b.temp.Path, b.programs, path, func(dir string) (capture.Program, error) {
		return library.Compile(ctx, path, dir, b.flags...)
	})
}

// buildTests compiles the tests of pkg with a library of Go.
func (b *builder) buildTests(
	ctx context.Context, pkg capture.GoPackage, library capture.GoLibrary,
) (capture.TestBinary, error) {
	return once(b.temp.Path, b.tests, pkg.Dir, func(dir string) (capture.TestBinary, error) {
		return library.BuildTests(ctx, pkg, dir, b.flags...)
	})
}

// revisionOf returns the revision of what is built of the package at path, which is asked for once for each module.
func (b *builder) revisionOf(ctx context.Context, path string) *sweep.Revision {
	root := revision.Root(path)
	if _, known := b.revisions[root]; !known {
		b.revisions[root] = revision.Of(ctx, path)
	}
	return b.revisions[root]
}

// once returns what is known for key, or else what build makes in a new folder in temp.
func once[V any](temp string, known map[string]V, key string, build func(dir string) (V, error)) (v V, err error) {
	if v, ok := known[key]; ok {
		return v, nil
	}
	dir, err := os.MkdirTemp(temp, "")
	if err != nil {
		return v, err
	}
	if v, err = build(dir); err == nil {
		known[key] = v
	}
	if _, library := errors.AsType[*capture.NotMainError](err); library {
		err = &RequestError{err}
	}
	return v, err
}
