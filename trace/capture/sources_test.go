package capture

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// module is a main package with tests, files that are embedded, and a package that it imports.
func module() map[string]string {
	return map[string]string{
		"go.mod":        "module example.com/m\n\ngo 1.24\n",
		"main.go":       "package main\n\nimport (\n\t_ \"embed\"\n\n\t\"example.com/m/in\"\n)\n\n//go:embed data\nvar data string\n\nfunc main() { in.F(data) }\n",
		"data":          "one",
		"main_test.go":  "package main\n\nimport (\n\t_ \"embed\"\n\t\"testing\"\n)\n\n//go:embed tested\nvar tested string\n\nfunc BenchmarkX(b *testing.B) {}\n",
		"tested":        "two",
		"out_test.go":   "package main_test\n\nimport \"testing\"\n\nfunc BenchmarkY(b *testing.B) {}\n",
		"in/in.go":      "package in\n\nfunc F(string) {}\n",
		"in/in_test.go": "package in\n",
		"other":         "is no part of the program",
	}
}

// written writes a module into a new folder.
func written(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// The sources of a program are the same wherever they lie, and not the same if any file that has a part in it differs.
func TestSources(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	made := written(t, module())
	p, err := Stock.Compile(t.Context(), made, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b, err := Stock.BuildTests(t.Context(), GoPackage{ImportPath: "example.com/m", Dir: made, Folder: made}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if p.Sources == "" || b.Sources == "" || p.Sources == b.Sources {
		t.Fatalf("sources are %q, with tests %q", p.Sources, b.Sources)
	}
	for name, c := range map[string]struct {
		file, text     string
		program, tests bool // change
	}{
		"elsewhere":                {"other", "x", false, false},
		"a source":                 {"main.go", module()["main.go"] + "\nvar x int\n", true, true},
		"an imported source":       {"in/in.go", "package in\n\nfunc F(s string) { println(s) }\n", true, true},
		"a test of it":             {"in/in_test.go", "package in\n\nvar x int\n", false, false},
		"what is embedded":         {"data", "three", true, true},
		"a new file":               {"more.go", "package main\n\nvar x int\n", true, true},
		"the language":             {"go.mod", "module example.com/m\n\ngo 1.20\n", true, true},
		"a test":                   {"main_test.go", module()["main_test.go"] + "\nvar x int\n", false, true},
		"a test outside":           {"out_test.go", module()["out_test.go"] + "\nvar x int\n", false, true},
		"what a test embeds":       {"tested", "three", false, true},
		"a file of another system": {"x_plan9.go", "package main\n\nvar x int\n", false, false},
	} {
		files := module()
		files[c.file] = c.text
		dir := written(t, files)
		program, err := sources(t.Context(), p.Argv[0], built{folder: dir, query: "."})
		if err != nil {
			t.Fatal(err)
		}
		tests, err := sources(t.Context(), b.Path, built{folder: dir, query: "example.com/m", tests: true})
		if err != nil {
			t.Fatal(err)
		}
		if (program != p.Sources) != c.program || (tests != b.Sources) != c.tests {
			t.Errorf("%s: the sources changed: %v, with tests %v; want %v and %v",
				name, program != p.Sources, tests != b.Sources, c.program, c.tests)
		}
	}

	// What has a part in the program and is not named makes them unknown.
	files := module()
	files["main.go"] = "package main\n\nimport \"C\"\n\nfunc main() {}\n"
	delete(files, "data")
	t.Setenv("CGO_ENABLED", "1")
	dir := written(t, files)
	if p, err := Stock.Compile(t.Context(), dir, t.TempDir()); err == nil && p.Sources != "" {
		t.Errorf("with cgo the sources are %q", p.Sources)
	}
	files = module()
	files["a_amd64.s"] = "#include \"textflag.h\"\n#include \"in/x.h\"\n"
	files["a_arm64.s"], files["in/x.h"], files["main.go"] = files["a_amd64.s"], "", module()["main.go"]+"\nfunc g()\n"
	if p, err := Stock.Compile(t.Context(), written(t, files), t.TempDir()); err != nil || p.Sources != "" {
		t.Errorf("with a header of another folder the sources are %q: %v", p.Sources, err)
	}
	files["a_amd64.s"] = "#include \"textflag.h\"\n#include \"go_asm.h\"\n"
	files["a_arm64.s"] = files["a_amd64.s"]
	if p, err := Stock.Compile(t.Context(), written(t, files), t.TempDir()); err != nil || p.Sources == "" {
		t.Errorf("with Go's own headers the sources are not known: %v", err)
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(overlay, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOFLAGS", "-overlay="+overlay)
	if p, err := Stock.Compile(t.Context(), written(t, module()), t.TempDir()); err != nil || p.Sources != "" {
		t.Errorf("with an overlay the sources are %q: %v", p.Sources, err)
	}
}

// A program that was built without its paths does not say with which flags: these count as they are given. It does not
// say either where its profile lies.
func TestSourcesWithoutPaths(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	of := func(flags string, files map[string]string) string {
		t.Helper()
		t.Setenv("GOFLAGS", flags)
		p, err := Stock.Compile(t.Context(), written(t, files), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return p.Sources
	}
	plain := of("-trimpath", module())
	if again := of("-trimpath", module()); plain == "" || again != plain {
		t.Errorf("the sources are %q and %q", plain, again)
	}
	if other := of("-trimpath -ldflags=-X=main.data=other", module()); other == plain {
		t.Error("flags of the linker make no difference")
	}
	files := module()
	files["default.pgo"] = ""
	if p := of("-trimpath", files); p != "" {
		t.Errorf("with a profile whose place is not known the sources are %q", p)
	}
	if p := of("", files); p == "" {
		t.Error("with a profile the sources are not known")
	}
}

// A package that is none of a program is said to be that.
func TestNotMain(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	dir := written(t, map[string]string{"go.mod": "module m\n\ngo 1.24\n", "x.go": "package x\n"})
	_, err := Stock.Compile(t.Context(), dir, t.TempDir())
	want := dir + " is not the folder of a main package: there is no program to build of it"
	if _, is := errors.AsType[*NotMainError](err); !is || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
