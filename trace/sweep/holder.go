package sweep

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/limits"
)

// holderFile says who has a study locked, for those whom the lock keeps out. It is no lock itself: one that a killed
// process left means nothing.
const holderFile = "lock.json"

// A holder is the process that has a study locked. It has had it since its file was written.
type holder struct {
	PID     int      `json:"pid"`
	Command []string `json:"command"`
}

// hold says who has the study.
func (j *Journal) hold(command []string) error {
	b, err := json.Marshal(holder{os.Getpid(), command})
	if err != nil {
		return err
	}
	return j.Folder.WriteFile(holderFile, append(b, '\n'))
}

// release takes back what hold said, before the lock ends.
func (j *Journal) release() error { return j.Folder.Remove(holderFile) }

// holderOf describes the process that has the study in f locked: ": process 7 since …: corecurve …"; empty if it cannot
// be known. The process may have had no time yet to say so, or run on another machine.
func holderOf(f *folder.Folder) string {
	for range 10 {
		if h, since, err := readHolder(f); err == nil && alive(h.PID) {
			return fmt.Sprintf(": process %d, since %s: %s", h.PID, since.UTC().Format(time.RFC3339),
				limits.Quote(strings.Join(h.Command, " ")))
		}
		time.Sleep(50 * time.Millisecond)
	}
	return ""
}

func readHolder(f *folder.Folder) (h holder, since time.Time, err error) {
	file, err := f.Open(holderFile)
	if err != nil {
		return h, since, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return h, since, err
	}
	b, err := limits.ReadAll(holderFile, file, limits.HeaderBytes)
	if err != nil {
		return h, since, err
	}
	return h, info.ModTime(), json.Unmarshal(b, &h)
}
