package captures_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A file that cannot be read keeps its place and says why; only if none can be read it is an error.
func TestOpenFiles(t *testing.T) {
	dir := t.TempDir()
	good, text := filepath.Join(dir, "good.trace"), filepath.Join(dir, "text")
	if err := errors.Join(record(good), os.WriteFile(text, []byte("no trace"), 0o600)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	files, err := captures.OpenFiles([]string{text, good, captures.Stdin}, bytes.NewReader(data), gotrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer captures.CloseFiles(files)
	if f := files[0]; f.Reader != nil || f.Err == nil || f.Size != 8 || f.Name != text {
		t.Errorf("no trace: %+v", f)
	}
	if files[1].Reader == nil || files[2].Reader == nil || files[2].Name != "standard input" {
		t.Errorf("traces: %+v", files[1:])
	}

	var selection *captures.SelectionError
	_, err = captures.OpenFiles([]string{text, dir}, nil, gotrace.Options{})
	if err == nil || errors.As(err, &selection) || !strings.Contains(err.Error(), "a folder, not a trace") {
		t.Errorf("nothing can be read: %v", err)
	}
	for _, twice := range [][]string{{good, dir + "/./good.trace"}, {captures.Stdin, captures.Stdin}} {
		_, err = captures.OpenFiles(twice, nil, gotrace.Options{})
		if !errors.As(err, &selection) || !strings.HasSuffix(err.Error(), "are the same file") {
			t.Errorf("%q: %v", twice, err)
		}
	}
}
