package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/report/figures"
	"github.com/corecurve/corecurve/trace/folder"
)

// TestRemoveEarlier: of a report's folder only pictures go that the new one does not have; what corecurve does not
// write, links, and files that are no pair stay.
func TestRemoveEarlier(t *testing.T) {
	dir := t.TempDir()
	stay := []string{"mine.png", "mine.svg", "report.html", "speedup.png", "speedup.svg", "stack.png", "timeline-a-2.png"}
	for _, name := range append(slices.Clone(stay), "cores-a.svg", "cores-a.png", "stack-a.svg", "stack-a.png") {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("mine.svg", filepath.Join(dir, "timeline-a-2.svg")); err != nil {
		t.Skip(err)
	}
	f, err := folder.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	var drawn figures.Figure
	drawn.Name = "speedup"
	if err := removeEarlier(f, []figures.Figure{drawn}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if diff := cmp.Diff(append(stay, "timeline-a-2.svg"), got); diff != "" {
		t.Error(diff)
	}
}
