package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/capture"
)

// After a shortage it is first said what to do about it, and only then how to go on.
func TestGoOnAfterShortage(t *testing.T) {
	short := fmt.Errorf("writing: %w", &capture.ShortageError{Err: unix.ENOSPC})
	got := goOn(errors.Join(errors.New("other"), short), "corecurve run --resume st")
	if !strings.HasPrefix(got, "First make room where the study is, ") ||
		!strings.HasSuffix(got, ". Then go on with: corecurve run --resume st") {
		t.Error(got)
	}
	if got := goOn(nil, "x"); got != "Go on with: x" {
		t.Error(got)
	}
}
