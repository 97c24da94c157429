package capture

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestOutputKeepsBothEnds(t *testing.T) {
	const n = 10 * keepOutput
	o, err := newOutput()
	if err != nil {
		t.Fatal(err)
	}
	all := make([]byte, n)
	for i := range all {
		all[i] = byte('a' + i%26)
	}
	if _, err := o.w.Write(all); err != nil { // more than a pipe holds: so drain must be reading
		t.Fatal(err)
	}
	o.finish(patience)
	text := o.text()
	if o.total != n {
		t.Errorf("counted %d bytes, want %d", o.total, n)
	}
	if !bytes.HasPrefix(text, all[:keepOutput]) || !bytes.HasSuffix(text, all[n-keepOutput:]) {
		t.Error("the kept text is not the beginning and the end")
	}
	// 10 × 64 KiB less the two ends leaves 8 × 64 KiB = 524288 bytes.
	if !bytes.Contains(text, []byte("\n[524288 bytes left out]\n")) {
		t.Error("the kept text does not say that 524288 bytes are left out")
	}
}

func TestOutputShort(t *testing.T) {
	for _, n := range []int{0, 1, keepOutput, keepOutput + 1, 2 * keepOutput} {
		o := &output{}
		all := bytes.Repeat([]byte("x"), n)
		for len(all) > 0 { // in odd pieces
			k := min(len(all), 1000)
			o.add(all[:k])
			all = all[k:]
		}
		if text := o.text(); len(text) != n || strings.Contains(string(text), "left out") {
			t.Errorf("%d bytes: %d are kept, want all of them and no more", n, len(text))
		}
	}
}

// A process that left the run may hold the stream open; reading ends nevertheless.
func TestOutputGivesUp(t *testing.T) {
	o, err := newOutput()
	if err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.Dup(int(o.w.Fd())) // as a child has it
	if err != nil {
		t.Fatal(err)
	}
	other := os.NewFile(uintptr(fd), "other")
	if _, err := other.WriteString("held"); err != nil {
		t.Fatal(err)
	}
	o.finish(time.Second)
	if string(o.text()) != "held" {
		t.Errorf("kept %q", o.text())
	}
	_ = other.Close()
}

func TestLastLines(t *testing.T) {
	o := &output{}
	for i := range 40 {
		o.add([]byte(strings.Repeat(string(rune('a'+i%26)), 300) + "\n"))
	}
	lines := strings.Split(o.lastLines(), "\n")
	if len(lines) != 12 {
		t.Errorf("%d lines, want the last 12", len(lines))
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "nnn") || len(last) > 210 {
		t.Errorf("the last line is %q", last) // 39 mod 26 = 13: n
	}
}

func TestCaptureOf(t *testing.T) {
	for name, want := range map[string]string{
		"p0.trace": "gotrace 0 worker", "p12.cpu.pb.gz": "cpuprofile 12 worker", "c.trace": "gotrace -1 coordinator",
		"spans.jsonl": "spans -1 ", "stdout": "", "px.trace": "", "p-1.trace": "", "p0.trace.tmp": "", "q0.trace": "",
	} {
		got := ""
		if c, ok := captureOf(name); ok {
			got = strings.Join([]string{string(c.Kind), strconv.Itoa(c.Rank), string(c.Role)}, " ")
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
