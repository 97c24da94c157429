package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// referenceFile is the reference of all verbs and flags, made from them.
const referenceFile = "../../.github/REFERENCE.md"

// TestReference holds the reference to the flags that there are, and the schemas to them and to the types of documents.
// With CORECURVE_REFERENCE=update it writes both; with the name of a folder it writes man pages there, for a release.
func TestReference(t *testing.T) {
	t.Run("schemas", schemasHold)
	root := newRoot()
	root.DisableAutoGenTag = true
	root.InitDefaultVersionFlag()
	got := []byte("# Reference\n\nEvery verb and flag, as `--help` says them.\n\n")
	got = append(got, markdown(t, root)...)
	switch to := os.Getenv("CORECURVE_REFERENCE"); to {
	case "":
	case "update":
		if err := os.WriteFile(referenceFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		// The date comes from SOURCE_DATE_EPOCH, so that a release can be made again.
		if err := doc.GenManTree(root, &doc.GenManHeader{Title: "CORECURVE", Section: "1"}, to); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(filepath.FromSlash(referenceFile))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("CORECURVE_REFERENCE=update go test ./cmd/corecurve -run Reference writes it anew:\n%s", d)
	}
}

// markdown returns the reference of c and of all below it.
func markdown(t *testing.T, c *cobra.Command) []byte {
	var b bytes.Buffer
	err := doc.GenMarkdownCustom(c, &b, func(file string) string {
		return "#" + strings.ReplaceAll(strings.TrimSuffix(file, ".md"), "_", "-")
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() && !below.IsAdditionalHelpTopicCommand() {
			b.Write(markdown(t, below))
		}
	}
	return b.Bytes()
}
