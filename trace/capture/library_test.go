package capture

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFlagValue(t *testing.T) {
	for list, want := range map[string]string{
		"":                                      "",
		"-overlay=a.json":                       "a.json",
		"  -mod=vendor --overlay=a.json ":       "a.json",
		"-overlay=a.json -overlay=b.json":       "b.json",
		"-mod=vendor '-overlay=with a.json'":    "with a.json",
		"\"-overlay=it's.json\"\t-race":         "it's.json",
		"-overlays=a.json -tags=-overlay=b":     "",
		"'-overlay=not ended":                   "not ended",
		"-ldflags=-X=overlay=a overlay=nothing": "",
	} {
		if got := flagValue(list, "overlay"); got != want {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
}

// Programs of one source are the same with one library, and others with another.
func TestSourcesOfLibraries(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	dir := written(t, module())
	stock, err := Stock.Compile(t.Context(), dir, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	events, err := SyncEvents.Compile(t.Context(), dir, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	again, err := SyncEvents.Compile(t.Context(), dir, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if stock.Sources == events.Sources || events.Sources == "" || events.Sources != again.Sources {
		t.Errorf("sources are %q, with sync events %q and %q", stock.Sources, events.Sources, again.Sources)
	}
	if stock.SHA256 == events.SHA256 || events.SHA256 != again.SHA256 {
		t.Errorf("programs are %s, with sync events %s and %s", stock.SHA256, events.SHA256, again.SHA256)
	}
}

// GOROOT is only read, and may be one that nobody can write.
func TestReadOnlyLibrary(t *testing.T) {
	root := goRoot(t)
	before := modified(t, root)
	dir := t.TempDir()
	flags, key, err := SyncEvents.flags(t.Context(), written(t, module()), dir)
	if err != nil || key == "" || len(flags) != 1 || !strings.HasPrefix(flags[0], "-overlay="+dir) {
		t.Fatalf("%q %q: %v", flags, key, err)
	}
	if after := modified(t, root); after != before {
		t.Errorf("GOROOT has changed: %s, then %s", before, after)
	}
	if flags, key, err := Stock.flags(t.Context(), dir, dir); len(flags) > 0 || key != "" || err != nil {
		t.Errorf("the stock library needs %q, %q: %v", flags, key, err)
	}
}

func goRoot(t *testing.T) string {
	t.Helper()
	root, err := FolderOf(t.Context(), "runtime")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(root)
}

// modified tells when the folders of GOROOT changed whose files sync events replace.
func modified(t *testing.T, src string) string {
	t.Helper()
	var out []string
	for _, name := range []string{"runtime", "sync"} {
		info, err := os.Stat(filepath.Join(src, name))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, info.ModTime().String())
	}
	return strings.Join(out, " ")
}
