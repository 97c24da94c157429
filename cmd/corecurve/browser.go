package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// openReport shows the report of the study in dir in the browser, and prints where it is. One that is not there is
// drawn.
func openReport(cmd *cobra.Command, dir string) error {
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		return err
	}
	name := path.Join(s.Report(), "report.html")
	page, err := wholePath(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = draw(cmd, dir); err == nil {
			page, err = wholePath(dir, name)
		}
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), page)
	return show(cmd, page)
}

// draw is corecurve report of the study in dir, without what that prints.
func draw(cmd *cobra.Command, dir string) error {
	r := newReport()
	r.SetContext(cmd.Context())
	r.SetOut(io.Discard)
	r.SetErr(cmd.ErrOrStderr())
	return r.RunE(r, []string{dir})
}

// show shows the file at page, an absolute path, by the first of [browsers] that can; without any it says so.
func show(cmd *cobra.Command, page string) error {
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(page)}).String()
	with, err := browsers(address)
	if err != nil {
		return err
	}
	if len(with) == 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "There is no display here, and $BROWSER names no browser: this is where the report is.")
		return nil
	}
	var errs []error
	for _, argv := range with {
		err := browse(cmd.Context(), argv)
		if err == nil || cmd.Context().Err() != nil {
			return err
		}
		errs = append(errs, fmt.Errorf("%s: %w", shell.Quote(argv...), err))
	}
	return errors.Join(errs...)
}

// browsers returns the command lines that may show an address, the first choice first: those of $BROWSER, divided by
// colons, with the address for %s or at the end, as xdg-open and others read it; else what the desktop has, if there is
// one.
func browsers(address string) (out [][]string, err error) {
	for choice := range strings.SplitSeq(os.Getenv("BROWSER"), string(filepath.ListSeparator)) {
		words, err := shell.Split(choice)
		if err != nil {
			return nil, fmt.Errorf("$BROWSER: %s: %w", choice, err)
		}
		if len(words) == 0 {
			continue
		}
		if !strings.Contains(choice, "%s") {
			words = append(words, "%s")
		}
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "%s", address)
		}
		out = append(out, words)
	}
	opener := "xdg-open"
	switch {
	case len(out) > 0:
		return out, nil
	case runtime.GOOS == "darwin":
		opener = "open"
	case os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		return nil, nil
	}
	if _, err := exec.LookPath(opener); err != nil {
		return nil, nil
	}
	return [][]string{{opener, address}}, nil
}

// browse runs a browser until it ends, which one in a terminal does when its reader has read, or until ctx does. It is
// no aside: a window that it opens stays when the tool ends.
func browse(ctx context.Context, argv []string) error {
	b := exec.Command(argv[0], argv[1:]...)
	b.Stdin, b.Stdout, b.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := b.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- b.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
