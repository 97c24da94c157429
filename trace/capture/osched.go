package capture

import (
	"errors"
	"fmt"
	"os"
	"path"

	"github.com/corecurve/corecurve/trace/osched"
)

// oschedFile is the file of the OS scheduler's records in a run's directory.
const oschedFile = "osched.jsonl.gz"

// A schedule is the recording of what the OS scheduler does with the processes of a traced run.
type schedule struct {
	file      *os.File
	recording *osched.Recording
}

// record begins the recording. It must be called on the forker, before the fork. A run without it gets a warning, and
// is explained less well. It records all CPUs, not only those that the run is confined to, because a program may widen
// its own affinity.
func (l *launch) record() {
	if l.span == nil {
		return
	}
	var cpus []int
	for _, c := range l.r.host.CPUs {
		cpus = append(cpus, c.ID)
	}
	name := path.Join(l.dir, oschedFile)
	f, err := l.r.journal.Folder.Create(name)
	if err == nil {
		var rec *osched.Recording
		if rec, err = osched.Start(cpus, f, osched.Options{}); err == nil {
			l.schedule = &schedule{file: f, recording: rec}
			return
		}
		err = errors.Join(err, f.Close(), l.r.journal.Folder.Remove(name))
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		l.lost("the OS scheduler could not be recorded: ", err)
	}
}

// endRecord ends the recording, after the last process of the run.
func (l *launch) endRecord() {
	s := l.schedule
	if s == nil {
		return
	}
	summary, err := s.recording.Stop()
	l.lost(oschedFile+": ", errors.Join(err, s.file.Close()))
	for _, note := range summary.Notes {
		l.warn("OS scheduler: %s", note)
	}
}

// Level describes what a traced run can show on this machine.
func Level() string {
	level, err := osched.Probe()
	text := "Go execution trace, CPU profile and spans of every process; OS scheduler: " + string(level)
	if err != nil {
		text += fmt.Sprintf(" (no better: %v)", err)
	}
	return text
}
