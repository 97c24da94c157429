package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/report/words"
)

func TestScreen(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"text", "1.9× on 2\u00a0cores\n\tnext\n", "1.9× on 2\u00a0cores\n\tnext\n"},
		{"colour", "a\x1b[31mb", `a\u001b[31mb`},
		{"title of the window", "a\x1b]0;owned\x07b", `a\u001b]0;owned\u0007b`},
		{"return", "good\rbad", `good\u000dbad`},
		{"delete", "a\x7fb", `a\u007fb`},
		{"8-bit control sequence", "a\u009b31mb", `a\u009b31mb`},
		{"its byte alone", "a\x9b31mb", `a\x9b31mb`},
		{"written from the right", "a\u202eb", `a\u202eb`},
		{"beyond 16 bits", "a\U000e0001b", `a\udb40\udc01b`},
		{"cut off", "a\xe2\x82", `a\xe2\x82`},
	}
	for _, test := range tests {
		for _, size := range []int{1, 2, 3, len(test.in)} {
			var b bytes.Buffer
			s := &screen{out: &b}
			for lo := 0; lo < len(test.in); lo += size {
				part := test.in[lo:min(lo+size, len(test.in))]
				if n, err := s.Write([]byte(part)); err != nil || n != len(part) {
					t.Fatalf("%s: Write: %d, %v", test.name, n, err)
				}
			}
			s.end()
			if diff := cmp.Diff(test.want, b.String()); diff != "" {
				t.Errorf("%s, %d bytes at a time (-want +got):\n%s", test.name, size, diff)
			}
		}
	}
}

func TestScreenKeepsJSON(t *testing.T) {
	want := "\x1b[31m \x7f \u009b \u202e \U000e0001 \u00a0 é \n"
	var b bytes.Buffer
	if err := printJSON(&screen{out: &b}, want); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v", b.Bytes(), err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON through a screen (-want +got):\n%s", diff)
	}
}

// A page that is coloured passes a screen in any number of parts.
func TestScreenOfColours(t *testing.T) {
	in, want := "\x1b[1mfast\x1b[0m \x1b[2Jé\x1b[38;5;208m●\x1b[0m\x1b", `fast \u001b[2Jé●\u001b`
	for size := 1; size <= len(in); size++ {
		var b bytes.Buffer
		s := &screen{out: &b, colours: true}
		for lo := 0; lo < len(in); lo += size {
			if _, err := s.Write([]byte(in[lo:min(lo+size, len(in))])); err != nil {
				t.Fatal(err)
			}
		}
		s.end()
		if got := colour().FindAllString(b.String(), -1); len(got) != 4 {
			t.Errorf("%d bytes at a time: colours %q, want 4", size, got)
		}
		if diff := cmp.Diff(want, colour().ReplaceAllString(b.String(), "")); diff != "" {
			t.Errorf("%d bytes at a time (-want +got):\n%s", size, diff)
		}
	}
}

// TestNothingSteersTheTerminal has every verb read a study, and files, whose names and texts hold control characters.
func TestNothingSteersTheTerminal(t *testing.T) {
	const evil = `\u001b]0;owned\u0007\u001b[2J\r\u009b31m\u007f\u202e`
	dir := secretStudy(t)
	for _, name := range []string{"study.json", "runs.jsonl"} {
		path := filepath.Join(dir, name)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, bytes.ReplaceAll(b, []byte(adasFolder), []byte(evil)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := t.TempDir()
	named := filepath.Join(out, "\x1b[2J\u009b.trace")
	if err := os.WriteFile(named, []byte("\x1b[31m no trace"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"report", dir, "--out", out, "--color", "always"},
		{"report", dir, "--out", out, "--json"},
		{"report", dir, "--out", out, "--redact"},
		{"check", dir, "--min-speedup", "1.1@2"},
		{"compare", dir, dir},
		{"history", dir, dir},
		{"open", dir, "--list"},
		{"open", dir, "\x1b[2J"},
		{"open", dir, "--rank", "7"},
		{"run", "--resume", dir},
		{"run", "\x1b[2J"},
		{"run", "--\x1b[2J"},
		{"run", "--", "\x1b[2J"},
		{"run", "./\x1b[2J"},
		{"bench", "./\x1b[2J"},
		{"analyze", named},
		{"fit", named},
		{"\x1b[2J"},
	} {
		var stdout, stderr bytes.Buffer
		run(args, strings.NewReader(""), &stdout, &stderr)
		for name, b := range map[string][]byte{"stdout": stdout.Bytes(), "stderr": stderr.Bytes()} {
			if slices.Contains(args, "always") {
				b = colour().ReplaceAll(b, nil)
			}
			for i, r := range string(b) {
				if words.Visible(string(r)) != string(r) || r == utf8.RuneError {
					t.Errorf("corecurve %q: %s has %q: … %q …", args, name, r, b[max(0, i-60):min(len(b), i+60)])
					break
				}
			}
		}
		if stdout.Len()+stderr.Len() == 0 {
			t.Errorf("corecurve %q printed nothing: the test shows nothing", args)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// What could not be printed is an error, whoever prints it.
func TestScreenFails(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"bench", "--help"}, {"list"}} {
		var told bytes.Buffer
		if status := run(args, strings.NewReader(""), full{}, &told); status != exitFailed ||
			!strings.Contains(told.String(), "no space left on device") {
			t.Errorf("%q: status %d: %s", args, status, &told)
		}
	}
}
