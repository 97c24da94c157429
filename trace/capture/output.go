package capture

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"strings"
	"time"

	"github.com/corecurve/corecurve/trace/folder"
)

// keepOutput is how many bytes of a run's stdout and stderr are kept from the beginning, and as many from the end. The
// rest is only counted.
const keepOutput = 64 << 10

// An output drains one stream of a run, so that a program that prints much never blocks, and keeps its beginning and
// end.
type output struct {
	r    *os.File
	w    *os.File // the child's end; closed here once the child has it
	done chan struct{}

	total      int64
	head, tail []byte
}

func newOutput() (*output, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("pipe for output: %w", err)
	}
	o := &output{r: r, w: w, done: make(chan struct{})}
	go o.drain()
	return o, nil
}

// drain reads until no process holds the other end, or finish gives up.
func (o *output) drain() {
	defer close(o.done)
	buf := make([]byte, keepOutput)
	for {
		n, err := o.r.Read(buf)
		o.add(buf[:n])
		if err != nil {
			return
		}
	}
}

func (o *output) add(b []byte) {
	o.total += int64(len(b))
	k := min(len(b), keepOutput-len(o.head))
	o.head = append(o.head, b[:k]...)
	o.tail = append(o.tail, b[k:]...)
	if len(o.tail) > 2*keepOutput {
		o.tail = append(o.tail[:0], o.tail[len(o.tail)-keepOutput:]...)
	}
}

// started closes the child's end here: from now on end of file means that no process of the run holds it.
func (o *output) started() { _ = o.w.Close() }

// finish waits for the end of the stream, at most for grace: a process that escaped the run may hold it open.
func (o *output) finish(grace time.Duration) {
	o.started()
	_ = o.r.SetReadDeadline(time.Now().Add(grace))
	<-o.done
	_ = o.r.Close()
}

// text returns what was kept, with a line that says how much was left out.
func (o *output) text() []byte {
	tail := o.tail
	if len(tail) > keepOutput {
		tail = tail[len(tail)-keepOutput:]
	}
	left := o.total - int64(len(o.head)) - int64(len(tail))
	if left == 0 {
		return append(bytes.Clone(o.head), tail...)
	}
	return fmt.Appendf(bytes.Clone(o.head), "\n[%d bytes left out]\n%s", left, tail)
}

// lastLines returns the end of the stream, for an error message.
func (o *output) lastLines() string {
	const lines, width = 12, 200
	all := strings.Split(strings.TrimSpace(strings.ToValidUTF8(string(o.text()), "�")), "\n")
	all = all[max(0, len(all)-lines):]
	for i, l := range all {
		if len(l) > width {
			all[i] = strings.ToValidUTF8(l[:width], "") + " …"
		}
	}
	return strings.Join(all, "\n")
}

// save writes what was kept to a file in the folder dir of the study, if there is anything.
func (o *output) save(study *folder.Folder, dir, name string) error {
	if o.total == 0 {
		return nil
	}
	if err := study.MkdirAll(dir); err != nil {
		return err
	}
	return study.WriteFile(path.Join(dir, name), o.text())
}
