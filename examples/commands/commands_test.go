package commands_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/examples/commands"
)

// Every program gives the same result on threads and on processes.
func TestPrograms(t *testing.T) {
	for _, p := range commands.All() {
		t.Run(p.Name, func(t *testing.T) {
			if len(p.Source) == 0 {
				t.Fatal("no source is embedded")
			}
			for _, need := range p.Needs {
				if _, err := exec.LookPath(need); err != nil {
					t.Skipf("%s is not on the PATH", need)
				}
			}
			if p.Module != "" && exec.Command("python3", "-c", "import "+p.Module).Run() != nil {
				t.Skipf("python3 has no module %s", p.Module)
			}
			file := filepath.Join(t.TempDir(), p.File)
			if err := os.WriteFile(file, p.Source, 0o644); err != nil {
				t.Fatal(err)
			}
			if p.Compile != nil {
				out := strings.TrimSuffix(file, ".c")
				argv := replace(p.Compile, "{out}", out, "{file}", file)
				if b, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, b)
				}
				file = out
			}
			want := ""
			for _, shape := range [][2]int{{1, 1}, {3, 1}, {1, 2}} {
				argv := replace(p.Argv, "{file}", file, "{size}", "5",
					"{workers}", strconv.Itoa(shape[0]), "{procs}", strconv.Itoa(shape[1]))
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

func replace(argv []string, pairs ...string) []string {
	out := make([]string, len(argv))
	for i, a := range argv {
		out[i] = strings.NewReplacer(pairs...).Replace(a)
	}
	return out
}
