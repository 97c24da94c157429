package recording_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A trace of a release newer than our decoder knows is read by golang.org/x/exp/trace: a real trace that is taken for
// one gives the same ledger, core use, path, goroutines and timeline as our decoder gives.
func TestNewerReleaseGivesTheSame(t *testing.T) {
	data := record(t)
	read := func(o gotrace.Options) *recording.Recording {
		r, err := gotrace.OpenStream(bytes.NewReader(data), "p.trace", o)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if want := o.Newest != 0; r.Fallback() != want {
			t.Fatalf("fallback: %v, want %v", r.Fallback(), want)
		}
		return recording.Read([]recording.Process{{Reader: r}}, recording.Options{Goroutines: true})
	}
	want, got := read(gotrace.Options{}), read(gotrace.Options{Newest: 25})
	if want.Extents[0].Events < 20 {
		t.Fatalf("only %d events", want.Extents[0].Events)
	}
	if diff := cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
		t.Error(diff)
	}
}
