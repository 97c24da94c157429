package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Whether what a study says is run, is answered on a terminal after it was shown: by y or yes alone.
func TestAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("makes studies")
	}
	temp := t.TempDir()
	t.Setenv("XDG_STATE_HOME", filepath.Join(temp, "mine"))
	study, ran := filepath.Join(temp, "st"), filepath.Join(temp, "ran")
	out, err := exec.Command("corecurve", "run", "--workers", "1", "--runs", "1", "--traced", "0", "--warmup", "0", "--no-report",
		"--out", study, "--", "sh", "-c", "echo $0 >"+ran, "\x1b[2Jword").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, c := range map[string]struct {
		ahead, typed string
		status       int
	}{
		"y":                    {"", "y\n", 0},
		"yes":                  {"", " Yes \n", 0},
		"no":                   {"", "n\n", 130},
		"nothing":              {"", "\n", 130},
		"the end":              {"", "\x04", 130},
		"the end after y":      {"", "y\x04\x04", 0}, // it ends the line
		"an interrupt":         {"", "\x03", 130},
		"an interrupt after y": {"", "y\x03", 130},
		"more than y":          {"", "y; rm x\n", 130},
		"control characters":   {"", "\x1b[200~y\x1b[201~\n", 130},
		"ahead":                {"y\ny\n", "n\n", 130},
		"a line of no end":     {"", strings.Repeat("y", 5000) + "\n", 130},
	} {
		for _, flags := range [][]string{nil, {"--force"}} {
			if err := os.RemoveAll(ran); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(filepath.Join(study, "runs.jsonl"), 0); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(filepath.Join(study, "study.json"))
			if err != nil {
				t.Fatal(err)
			}
			t.Setenv("XDG_STATE_HOME", t.TempDir()) // of somebody else
			status, said := asked(t, append([]string{"run", "--no-report", "--resume", study}, flags...), c.ahead, c.typed)
			_, err = os.Stat(ran)
			if status != c.status || (err == nil) != (c.status == 0) {
				t.Errorf("%s %q: status %d, want %d, run: %v; %s", name, flags, status, c.status, err == nil, said)
			}
			shown, _, _ := strings.Cut(said, "[y/N]")
			if strings.Contains(shown, "\x1b") || !strings.Contains(shown, `$'\033[2Jword'`) {
				t.Errorf("%s %q: shown as %q", name, flags, shown)
			}
			after, err := os.ReadFile(filepath.Join(study, "study.json"))
			if c.status != 0 && (err != nil || !bytes.Equal(before, after)) {
				t.Errorf("%s %q: the study has changed: %v", name, flags, err)
			}
		}
	}
}

// asked runs the tool on a terminal of its own, types ahead before it starts and answer when it asks, and returns its
// status and what it said.
func asked(t *testing.T, args []string, ahead, answer string) (status int, said string) {
	t.Helper()
	master, slave := terminal(t)
	if _, err := master.WriteString(ahead); err != nil {
		t.Fatal(err)
	}
	tool := exec.Command("corecurve", args...)
	tool.Stdin, tool.Stdout, tool.Stderr = slave, slave, slave
	tool.SysProcAttr = &unix.SysProcAttr{Setsid: true, Setctty: true}
	if err := tool.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close() // the tool has it now
	var b bytes.Buffer
	for p, typed := make([]byte, 4096), false; ; {
		n, err := master.Read(p)
		b.Write(p[:n])
		if !typed && strings.Contains(b.String(), "[y/N] ") {
			typed = true
			go func() { _, _ = master.WriteString(answer) }() // a terminal takes no line of any length
		}
		if err != nil { // the end of a terminal is an error
			break
		}
	}
	_ = tool.Wait() // the status tells
	return tool.ProcessState.ExitCode(), b.String()
}
