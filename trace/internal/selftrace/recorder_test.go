package selftrace

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// An untraced run sets nothing up, and every method may still be called.
func TestNoRecorder(t *testing.T) {
	ctx, r := Start(t.Context(), &wire.Spec{Job: wire.Root, Procs: 1})
	if r != nil || ctx != t.Context() {
		t.Fatal("an untraced run has a recorder")
	}
	_, end := r.Phase(ctx, "before", true)
	end(errors.New("ignored"))
	_, done := r.Worker(ctx, 0)
	if region := Chunk(ctx, 0, 1); region != nil {
		t.Error("a region without a trace")
	}
	done(1, nil)
	if p := r.Traceparent(); p != "" {
		t.Errorf("traceparent %q", p)
	}
	if spans, end := r.Stop(); spans != nil || end.SpansStarted != 0 {
		t.Errorf("spans %v, %+v", spans, end)
	}
}

// A failed phase is marked in its span, and a span that nobody ended is missing in the count.
func TestSpansOfFailure(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing") // only spans are recorded
	spec := &wire.Spec{Job: wire.Child, Procs: 2, Rank: 1, Traced: true, Dir: dir, Traceparent: "nonsense"}
	ctx, r := Start(t.Context(), spec)
	_, end := r.Phase(ctx, "run", false)
	end(errors.New("no luck"))
	_, _ = r.Worker(context.WithoutCancel(ctx), 3)
	spans, last := r.Stop()
	if last.SpansStarted != 3 || last.SpansEnded != 2 || len(last.Errors) != 2 {
		t.Errorf("%+v, want 2 of 3 spans and 2 captures that failed", last)
	}
	slices.SortFunc(spans, func(a, b wire.Span) int { return len(a.Name) - len(b.Name) })
	type short struct {
		Name, Error string
		Rank        int
		Root        bool
	}
	var got []short
	for _, s := range spans {
		got = append(got, short{s.Name, s.Error, s.Rank, s.ParentID == ""})
	}
	if diff := cmp.Diff([]short{{"run", "no luck", 1, false}, {"process 1", "", 1, true}}, got); diff != "" {
		t.Error(diff)
	}
}

// Captures that cannot be written are reported, each once: the runtime itself drops the errors.
func TestCapturesOnFullDisk(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"p0.trace", "p0.cpu.pb.gz"} {
		if err := os.Symlink(full, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	_, r := Start(t.Context(), &wire.Spec{Job: wire.Root, Procs: 1, Traced: true, Dir: dir})
	_, last := r.Stop()
	if len(last.Errors) != 2 || !strings.Contains(last.Errors[0], "p0.trace: no space left") ||
		!strings.Contains(last.Errors[1], "p0.cpu.pb.gz: no space left") {
		t.Errorf("errors %q, want one of each file", last.Errors)
	}
}
