package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/corecurve/corecurve/"

// The layers, by folder: a package may import from its own layer and from those named behind it, and from nothing else
// of the module. The longest folder that holds a package decides.
var layers = map[string][]string{
	"cmd":                 {"cmd", "report", "analyze", "trace", "examples"},
	"report":              {"report", "analyze", "trace"},
	"report/chart":        {"report/chart", "report/words", "analyze", "trace"},
	"report/words":        {"analyze", "trace"},
	"report/page":         {"report/chart/canvas", "report/words", "analyze", "trace/pattern"},
	"report/view":         {"report/words", "report/page", "analyze", "trace"},
	"report/document":     {"report/words", "report/fit", "report/prediction", "report/internal", "analyze", "trace"},
	"report/figures":      {"report/view", "report/page", "report/words", "report/chart", "report/fit", "analyze", "trace"},
	"report/text":         {"report/view", "report/page", "report/words", "analyze", "trace"},
	"report/markdown":     {"report/view", "report/page", "report/words", "report/chart/canvas"},
	"report/html":         {"report/view", "report/page"},
	"analyze":             {"analyze", "trace"},
	"trace":               {"trace"},
	"trace/workload":      {"trace/workload", "trace/clock", "trace/marker", "trace/limits", "trace/internal"},
	"trace/internal":      {"trace/internal", "trace/clock", "trace/marker", "trace/limits"},
	"trace/internal/raw":  {},
	"trace/internal/wire": {"trace/internal/raw", "trace/internal/shortage", "trace/clock", "trace/limits"},
	"trace/clock":         {},
	"trace/limits":        {},
	"trace/marker":        {},
	"examples":            {"examples", "trace/workload"},
}

// Packages that a layer must not use, though they are not of the module: analysis is pure, and workloads link neither
// charts nor exporters. Packages that serve tests, named as net/http/httptest is, are free of that.
var forbidden = map[string][]string{
	"analyze":        {"os", "net", "net/http", "os/exec", "math/rand", "golang.org/x/exp/trace", "github.com/corecurve/corecurve/trace/capture", "github.com/corecurve/corecurve/trace/host", "github.com/corecurve/corecurve/trace/otlp", "github.com/corecurve/corecurve/trace/workload"},
	"report":         {"os", "net", "os/exec", "github.com/corecurve/corecurve/trace/capture", "github.com/corecurve/corecurve/trace/host"},
	"trace/workload": {"net/http", "gonum.org/v1/plot", "go.opentelemetry.io/collector/pdata/ptrace", "go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp", "github.com/spf13/cobra"},
}

func TestImportsPointOneWay(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		seen++
		checkImports(t, path, filepath.ToSlash(filepath.Dir(rel)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 50 {
		t.Errorf("only %d files were looked at: the test does not see the repository", seen)
	}
}

func checkImports(t *testing.T, path, pkg string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	layer := layerOf(pkg)
	if layer == "" {
		t.Errorf("%s is in no layer", path)
		return
	}
	for _, spec := range f.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		for folder, bad := range forbidden {
			for _, b := range bad {
				if imp == b && within(pkg, folder) && !strings.HasSuffix(pkg, "test") {
					t.Errorf("%s imports %s: not in %s", path, imp, folder)
				}
			}
		}
		own, ok := strings.CutPrefix(imp, module)
		if !ok {
			continue
		}
		allowed := false
		for _, l := range layers[layer] {
			allowed = allowed || within(own, l)
		}
		if !allowed {
			t.Errorf("%s imports %s: %s may import %v", path, own, layer, layers[layer])
		}
	}
}

func layerOf(pkg string) string {
	best := ""
	for l := range layers {
		if within(pkg, l) && len(l) > len(best) {
			best = l
		}
	}
	return best
}

func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }
