package commands_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/examples/commands"
)

// Every program gives the same result on threads and on processes.
func TestPrograms(t *testing.T) {
	dir := t.TempDir()
	for _, p := range commands.All() {
		t.Run(p.Name, func(t *testing.T) {
			if len(p.Source) == 0 {
				t.Fatal("no source is embedded")
			}
			if l := p.Lacks(); l != "" {
				t.Skip("needs " + l)
			}
			command, err := p.Install(dir)
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			for _, shape := range [][2]int{{1, 1}, {3, 1}, {1, 2}} {
				counts := strings.NewReplacer(
					"{size}", "5", "{workers}", strconv.Itoa(shape[0]), "{procs}", strconv.Itoa(shape[1]))
				argv := make([]string, len(command))
				for i, a := range command {
					argv[i] = counts.Replace(a)
				}
				out, err := exec.Command(argv[0], argv[1:]...).Output()
				if err != nil {
					t.Fatalf("%q: %v", argv, err)
				}
				if want == "" {
					want = string(out)
				}
				if string(out) != want || strings.TrimSpace(want) == "" {
					t.Errorf("%q printed %q, want %q", argv, out, want)
				}
			}
		})
	}
}

// Installed twice, a program is the same file; what is not on the PATH is named, and nothing is written.
func TestInstall(t *testing.T) {
	dir := t.TempDir()
	p := commands.Program{Name: "x", File: "x.sh", Source: []byte("echo"), Argv: []string{"sh", "{file}", "{size}"}}
	first, err := p.Install(dir)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := p.Install(dir); err != nil || !slices.Equal(first, again) {
		t.Errorf("installed again: %q, %v; want %q", again, err, first)
	}
	if b, err := os.ReadFile(first[1]); err != nil || string(b) != "echo" || first[2] != "{size}" {
		t.Errorf("%q holds %q, %v", first, b, err)
	}
	p.Needs = []string{"no-such-program"}
	_, err = p.Install(filepath.Join(dir, "none"))
	if want := "x needs no-such-program, which is not on the PATH"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder was made for nothing")
	}
}
