package terminal_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/capture/terminal"
)

// roleEnv says what the test binary is: the tool, which has a terminal, or the program that it starts.
const roleEnv = "TERMINAL_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleEnv) {
	case "tool":
		os.Exit(tool())
	case "meddles":
		os.Exit(meddle())
	}
	os.Exit(m.Run())
}

// tool keeps the terminal, has a program of a group of its own change it, and says what became of it.
func tool() int {
	t := terminal.Keep()
	defer t.Close()
	if t == nil {
		fmt.Println("no terminal")
		return 1
	}
	fmt.Println("unchanged:", t.Restore())
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), roleEnv+"=meddles")
	c.SysProcAttr = &unix.SysProcAttr{Setpgid: true}
	c.Stderr = os.Stdout
	if err := c.Run(); err != nil {
		fmt.Println("program:", err)
	}
	before := state()
	changed := t.Restore()
	fmt.Printf("before: %s, restored: %v, after: %s, again: %v\n", before, changed, state(), t.Restore())
	return 0
}

// state says whether the terminal echoes and whether this process is in its foreground.
func state() string {
	tios, err := unix.IoctlGetTermios(0, unix.TCGETS)
	if err != nil {
		return err.Error()
	}
	group, err := unix.IoctlGetInt(0, unix.TIOCGPGRP)
	return fmt.Sprint(tios.Lflag&unix.ECHO != 0, err == nil && group == unix.Getpgrp())
}

// meddle takes the terminal and turns its echo off.
func meddle() int {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return 2
	}
	runtime.LockOSThread() // for the mask
	block := unix.Sigset_t{}
	block.Val[0] = 1 << (unix.SIGTTOU - 1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &block, nil); err != nil {
		return 3
	}
	if err := unix.IoctlSetPointerInt(int(f.Fd()), unix.TIOCSPGRP, unix.Getpgrp()); err != nil {
		return 4
	}
	tios, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		return 5
	}
	tios.Lflag &^= unix.ECHO | unix.ICANON
	if unix.IoctlSetTermios(int(f.Fd()), unix.TCSETS, tios) != nil {
		return 6
	}
	return 0
}

// What a program does to the terminal is undone.
func TestRestore(t *testing.T) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	defer func() { _ = master.Close() }()
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(filepath.Join("/dev/pts", strconv.Itoa(n)), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), roleEnv+"=tool")
	var out strings.Builder
	c.Stdin, c.Stdout, c.Stderr = slave, &out, &out
	c.SysProcAttr = &unix.SysProcAttr{Setsid: true, Setctty: true}
	late := time.AfterFunc(2*time.Minute, func() { _ = c.Process.Kill() })
	defer late.Stop()
	if err := c.Run(); err != nil {
		t.Error(err)
	}
	_ = slave.Close()
	want := "unchanged: false\nbefore: false false, restored: true, after: true true, again: false\n"
	if out.String() != want {
		t.Errorf("%s\nwant\n%s", &out, want)
	}
}
