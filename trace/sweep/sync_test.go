package sweep

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Runs of 0.3 s, 0.4 s apart, are synced once they are those of a second: the third ends 1.1 s after the start of the
// first. A long run is synced at once, and so is one that failed, of which nobody knows what it took. What is left is
// synced with the header, and at the end.
func TestSync(t *testing.T) {
	j, err := CreateStudy(filepath.Join(t.TempDir(), "study"), Header{Schema: StudySchema})
	if err != nil {
		t.Fatal(err)
	}
	p := Point{Workload: "w", Procs: 1, Workers: 1, Cores: 1, Size: 1}
	for i, tt := range []struct {
		start, total float64
		status       Status
		unsynced     bool
	}{
		{10, 0.3, OK, true},
		{10.4, 0.3, OK, true},
		{10.8, 0.3, OK, false},
		{11.2, 0.3, OK, true},
		{11.6, 0, Failed, false},
		{12, 1, OK, false},
		{13, 0.999, OK, true},
	} {
		at := func(s float64) Seconds { return Seconds(s * float64(time.Second)) }
		r := &Result{
			Schema: RunSchema, Run: Run{Point: p, Rep: i, Kind: Timed},
			Status: tt.status, Start: at(tt.start), Total: at(tt.total),
		}
		if err := j.Append(r); err != nil || j.unsynced != tt.unsynced {
			t.Errorf("run %d: %v, unsynced %v, want %v", i, err, j.unsynced, tt.unsynced)
		}
	}
	if err := j.WriteHeader(Header{Schema: StudySchema}); err != nil || j.unsynced {
		t.Errorf("after the header: %v, unsynced %v", err, j.unsynced)
	}
	j.unsynced = true
	if err := j.Close(); err != nil || j.unsynced {
		t.Errorf("at the end: %v, unsynced %v", err, j.unsynced)
	}
	j.unsynced = true
	if err := j.sync(); !errors.Is(err, os.ErrClosed) || !j.unsynced {
		t.Errorf("what cannot be synced: %v, unsynced %v", err, j.unsynced)
	}
}
