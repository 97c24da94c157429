package capture_test

import (
	"io"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/trace/capture"
)

// Flags that cannot be passed on are refused before anything is built, with what to do instead.
func TestInstallRefuses(t *testing.T) {
	for flag, want := range map[string]string{
		"-C": "change to that folder first", "--C=..": "change to that folder first", "-overlay=x.json": "in GOFLAGS",
	} {
		err := capture.Install(t.Context(), []string{flag, "."}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", flag, err, want)
		}
	}
}
