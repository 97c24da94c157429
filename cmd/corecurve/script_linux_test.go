package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/corecurve/corecurve/trace/sweep"
)

func goEnv(t *testing.T, key string) string {
	t.Helper()
	out, err := exec.Command("go", "env", key).Output()
	if err != nil {
		t.Fatalf("go env %s: %v", key, err)
	}
	return strings.TrimSpace(string(out))
}

// status N CMD…: the command must end with that status.
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command args…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s ended with status %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// runs STUDY WORKLOAD KIND STATUS N: the study holds N such runs that count; a repeat counts for what it repeats.
func cmdRuns(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: runs study workload kind status n")
	}
	s, err := sweep.ReadStudy(ts.MkAbs(args[0]))
	ts.Check(err)
	want, err := strconv.Atoi(args[4])
	ts.Check(err)
	got := 0
	for _, r := range s.Results {
		if r.Point.Workload == args[1] && string(r.Kind) == args[2] && string(r.Status) == args[3] {
			got++
		}
	}
	if got != want {
		ts.Fatalf("%s holds %d runs of %s that are %s and %s, want %d", args[0], got, args[1], args[2], args[3], want)
	}
}

// smalldir DIR KIB: a file system of that size is mounted on DIR until the script ends.
func cmdSmallDir(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: smalldir dir kib")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o755))
	ts.Check(syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+args[1]+"k"))
	ts.Defer(func() { ts.Check(syscall.Unmount(dir, syscall.MNT_DETACH)) })
}

// canMount reports whether a tmpfs can be mounted here.
func canMount(t *testing.T) bool {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Logf("no tmpfs can be mounted here (%v): the script for a full disk is skipped", err)
		return false
	}
	return syscall.Unmount(dir, 0) == nil
}

// longWait is how long what happens soon may take on a machine that does much else.
const longWait = 2 * time.Minute

// noprocs WORD…: soon no process of this script is left whose command line holds all the words. The
// processes of a script are those that it handed its own $WORK to: whatever else runs on the machine is not its
// concern. With !: there comes one.
func cmdNoProcs(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: noprocs word…")
	}
	for deadline := time.Now().Add(longWait); ; time.Sleep(20 * time.Millisecond) {
		left := processesWith("WORK="+ts.Getenv("WORK"), args...)
		switch late := time.Now().After(deadline); {
		case (left != nil) == neg:
			return
		case late && neg:
			ts.Fatalf("no process of this script has %q in its command line", args)
		case late:
			ts.Fatalf("processes are left:\n%s", strings.Join(left, "\n"))
		}
	}
}

// processesWith are the processes, but this one, that were started with env (KEY=VALUE; "": anything) in their
// environment and whose command line holds all the words, as "pid: command line".
func processesWith(env string, words ...string) []string {
	var out []string
	self := "/proc/" + strconv.Itoa(os.Getpid())
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
next:
	for _, dir := range dirs {
		own, err := os.ReadFile(filepath.Join(dir, "environ"))
		if err != nil || env != "" && !strings.Contains("\x00"+string(own), "\x00"+env+"\x00") || dir == self {
			continue
		}
		line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil || len(line) == 0 { // empty: it has ended and waits to be reaped
			continue
		}
		text := strings.ReplaceAll(string(line), "\x00", " ")
		for _, w := range words {
			if !strings.Contains(text, w) {
				continue next
			}
		}
		out = append(out, filepath.Base(dir)+": "+text)
	}
	return out
}

// truncate FILE N: cut the last N bytes off.
func cmdTruncate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: truncate file n")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	path := ts.MkAbs(args[0])
	st, err := os.Stat(path)
	ts.Check(err)
	ts.Check(os.Truncate(path, st.Size()-n))
}

// json FILE KEY…: each line, or the whole, is JSON; the keys are in the outermost object.
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: json file key…")
	}
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { _ = f.Close() }()
	dec := json.NewDecoder(bufio.NewReader(f))
	seen := 0
	for dec.More() {
		var object map[string]json.RawMessage
		ts.Check(dec.Decode(&object))
		seen++
		for _, key := range args[1:] {
			if _, ok := object[key]; !ok {
				ts.Fatalf("%s: object %d has no key %q", args[0], seen, key)
			}
		}
	}
	if seen == 0 {
		ts.Fatalf("%s is empty", args[0])
	}
}

// valid SCHEMA FILE: each line, or the whole, is JSON as that schema of the repository has it, and has no key beside
// those that the schema names. A study file is YAML.
func cmdValid(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: valid schema file")
	}
	c := jsonschema.NewCompiler()
	for _, open := range []bool{false, true} {
		s, err := schemaOf(args[0], open)
		ts.Check(err)
		b, err := json.Marshal(s)
		ts.Check(err)
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		ts.Check(err)
		name := fmt.Sprint(args[0], open)
		ts.Check(c.AddResource(name, document))
		compiled, err := c.Compile(name)
		ts.Check(err)
		text := ts.ReadFile(args[1])
		if args[0] == studyFile || args[0] == benchFile {
			text, err = yamlAsJSON(text)
			ts.Check(err)
		}
		dec, seen := json.NewDecoder(strings.NewReader(text)), 0
		for ; dec.More(); seen++ {
			var raw json.RawMessage
			ts.Check(dec.Decode(&raw))
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw)) // with numbers as they are
			ts.Check(err)
			ts.Check(compiled.Validate(value))
		}
		if seen == 0 {
			ts.Fatalf("%s is empty", args[1])
		}
	}
}

// await FILE: wait until the file holds something.
func cmdAwait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await file")
	}
	path := ts.MkAbs(args[0])
	for deadline := time.Now().Add(longWait); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if st, err := os.Stat(path); err == nil && st.Size() > 0 {
			return
		}
	}
	ts.Fatalf("%s stayed empty for %v", args[0], longWait)
}
