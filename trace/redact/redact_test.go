package redact_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/redact"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

func TestArg(t *testing.T) {
	for in, want := range map[string]string{
		// A path alone, of any system.
		"/srv/acme/tool":                  "…/tool",
		"a/secret.sh":                     "…/secret.sh",
		`C:\Users\ada\in.csv`:             "…/in.csv",
		"C:/Users/ada/in.csv":             "…/in.csv",
		`\\host\share\dir\in.csv`:         "…/in.csv",
		`a\secret.sh`:                     "…/secret.sh",
		"~/code/tool":                     "…/tool",
		"~ada/code/tool":                  "…/tool",
		"../tool":                         "…/tool",
		"/srv/acme/":                      "…/acme",
		"/home/ada lovelace/my data.csv":  "…/my data.csv",
		"my dir/in.csv":                   "…/in.csv",
		"https://ada.example/in.csv?x=1":  "…/in.csv?x=1",
		"github.com/acme/secret/cmd/tool": "…/tool",
		// A user's home has no last element that may be told.
		"/home/ada": "~", "/Users/ada/": "~", `C:\Users\ada`: "~", "~ada": "~", "~": "~",
		// Behind a flag or a key.
		"-I/srv/acme/include":           "-I…/include",
		"-Iacme/include":                "-I…/include",
		"-isystem/srv/acme":             "-i…/acme",
		"--file=/srv/x":                 "--file=…/x",
		"-file=a/x":                     "-file=…/x",
		"KEY=/srv/path":                 "KEY=…/path",
		`DIR=C:\acme\x`:                 "DIR=…/x",
		"-ldflags=-X=main.dir=/srv/x":   "-ldflags=-X=main.dir=…/x",
		"--file=/home/ada (old)/x y":    "--file=…/x y",
		"-test.trace={dir}/p{rank}.out": "-test.trace=…/p{rank}.out",
		// A script keeps its words.
		"cd /srv/acme && ./run.sh --in=data/x | wc -l": "cd …/acme && …/run.sh --in=…/x | wc -l",
		`cat "/home/ada lovelace/x" > /tmp/y`:          `cat "…/x" > …/y`,
		`printf 'a\n' | tee a\ b/c`:                    `printf '…/n' | tee …/c`,
		// No folder, no change.
		"secret.sh": "secret.sh", "-n": "-n", "--size=100": "--size=100", "/": "/", "": "", "a b | c": "a b | c",
	} {
		h := sweep.Header{Command: []string{in}}
		h, _ = redact.New(h, nil, redact.Here{}).Study(h, nil)
		if got := h.Command[0]; got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestFile(t *testing.T) {
	for in, want := range map[string]string{
		"/usr/lib/go/src/runtime/proc.go": "…/proc.go",
		`C:\acme\main.go`:                 "…/main.go",
		"github.com/acme/x@v1/main.go":    "…/main.go",
		"_cgo_gotypes.go":                 "_cgo_gotypes.go",
		"":                                "",
	} {
		if got := redact.File(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// The study's fields name /srv/my data, work/x, the home /data/ada and the host ada-laptop.
func TestText(t *testing.T) {
	h := sweep.Header{
		Command: []string{"corecurve", "run", "--", "work/run.sh", "-I/srv/my data/include"},
		Host:    sweep.Host{Name: "ada-laptop"},
	}
	r := redact.New(h, nil, redact.Here{Home: "/data/ada", Host: "ws7.acme.example", Dir: "/mnt/study of ada"})
	for in, want := range map[string]string{
		"open /home/ada/secret/in.csv: no such file":      "open …/in.csv: no such file",
		"~/code/tool --in=../data/x.csv ./run.sh":         "…/tool --in=…/x.csv …/run.sh",
		"12 ops/s on linux/amd64, 1/2 of 3":               "12 ops/s on linux/amd64, 1/2 of 3",
		"main.f (/src/a/b.go:12)":                         "main.f (…/b.go:12)",
		`main.f (C:\src\a\b.go:12)`:                       "main.f (…/b.go:12)",
		"on ws7.acme.example: x":                          "on …: x",
		"ws7: down, WS7.other.example. is up":             "…: down, …. is up",
		"ws70 and my-ws7":                                 "ws70 and my-ws7",
		`on \\host\share\x and \\host\share`:              "on …/x and …/share",
		"runs/pi-p1-w1-c1-s10-r00 https://h.example/a/b":  "runs/pi-p1-w1-c1-s10-r00 https:…/b",
		"cc -I/srv/x -isystem/srv/y -Lwork/lib":           "cc -I…/x …/y -L…/lib",
		"work/run.sh: line 3: work/other/y is not there":  "…/run.sh: line 3: …/y is not there",
		"homework/run.sh is another":                      "homework/run.sh is another",
		"reading /srv/my data/include and /srv/my data/x": "reading …/include and …/x",
		"/data/ada, /data/ada/x":                          "~, …/x",
		"/mnt/study of ada/runs.jsonl: line 3":            "…/runs.jsonl: line 3",
		"ssh ada-laptop: refused; ada-laptops":            "ssh …: refused; ada-laptops",
		"…/x stays":                                       "…/x stays",
	} {
		if got := r.Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// fill sets every string below v to s, and makes slices, maps and pointers of one element.
func fill(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Struct:
		for _, f := range v.Fields() {
			fill(f, s)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), s)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), s)
	}
}

// leaks are the fields below v whose text holds s, by name.
func leaks(name string, v reflect.Value, s string) (out []string) {
	switch v.Kind() {
	case reflect.String:
		if strings.Contains(v.String(), s) {
			return []string{name}
		}
	case reflect.Struct:
		for f, at := range v.Fields() {
			out = append(out, leaks(name+"."+f.Name, at, s)...)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return leaks(name, v.Elem(), s)
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, leaks(name, v.Index(i), s)...)
		}
	}
	return out
}

// TestEveryField puts a path into every string of a study, so that a field to come cannot be forgotten: what is left
// are names, numbers in text form, and what the figures rest on.
func TestEveryField(t *testing.T) {
	for _, marker := range []string{
		"/srv/acme/x", "acme/x", `C:\acme\x`, `\\acme\share\x`, "--in=/srv/acme/x", "-Iacme/x",
	} {
		var h sweep.Header
		results := make([]sweep.Result, 1)
		fill(reflect.ValueOf(&h).Elem(), marker)
		fill(reflect.ValueOf(&results).Elem(), marker)
		gotH, gotR := redact.New(h, results, redact.Here{}).Study(h, results)
		got := append(leaks("Header", reflect.ValueOf(gotH), "acme"), leaks("Result", reflect.ValueOf(gotR), "acme")...)
		got = slices.DeleteFunc(got, func(name string) bool {
			// A capture below the study and an import path stay: only their beginning tells them from other paths.
			return !strings.ContainsAny(marker[:2], `/:\`) &&
				(name == "Result.Captures.Path" || strings.HasSuffix(name, ".Benchmark.Package"))
		})
		want := []string{
			"Header.Schema", "Header.CreatedAt", "Header.Go",
			"Header.Workloads.Name", "Header.Workloads.Variant", "Header.Workloads.SHA256",
			"Header.Workloads.Sources", "Header.Workloads.Command.Benchmark.Name",
			"Header.Workloads.Revision.Commit", "Header.Workloads.Revision.Time",
			"Header.Variants.Name", "Header.Variants.Kind", "Header.Variants.Revision",
			"Header.Sweeps.Workload", "Header.Sweeps.Variant", "Header.Sweeps.Mode", "Header.Sweeps.Scaling", "Header.Sweeps.Basis",
			"Header.Sweeps.Series",
			"Header.Sweeps.Points.Workload", "Header.Sweeps.Points.Variant",
			"Header.Host.OS", "Header.Host.Arch", "Header.Host.CPUModel", "Header.Scheduler.Method", "Header.Scheduler.Go",
			"Header.Resumes.At",
			"Result.Schema", "Result.Run.Point.Workload", "Result.Run.Point.Variant", "Result.Run.Kind", "Result.Status", "Result.StartedAt",
			"Result.Signal", "Result.Digest", "Result.Processes.Role", "Result.Captures.Kind", "Result.Captures.Role",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", marker, diff)
		}
		if leaks("Header", reflect.ValueOf(h), "acme") == nil || h.Command[0] != marker || results[0].StderrTail != marker {
			t.Error("the study was changed")
		}
	}
}

// Names of hosts are cut out of command lines too, next to each other as well. A command without a description has its
// line for one, which is cut as that is.
func TestHostInCommand(t *testing.T) {
	argv := []string{"sh", "-c", "echo bobs-laptop in /srv/w BOBS-LAPTOP bobs-laptop.lan >&2"}
	h := sweep.Header{
		Host: sweep.Host{Name: "bobs-laptop"}, Command: argv,
		Workloads: []sweep.Program{{Name: "sh", Doc: shell.Quote(argv...), Command: &sweep.Command{Argv: argv}}},
	}
	x := sweep.Result{StderrTail: "bobs-laptop bobs-laptop.lan bobs-laptop BOBS-LAPTOP"}
	h, results := redact.New(h, []sweep.Result{x}, redact.Here{}).Study(h, []sweep.Result{x})
	w := h.Workloads[0]
	for _, text := range []string{strings.Join(h.Command, " "), strings.Join(w.Command.Argv, " "), w.Doc, results[0].StderrTail} {
		if strings.Contains(strings.ToLower(text), "bobs") || strings.Contains(text, "lan") {
			t.Errorf("the host is in %q", text)
		}
	}
	if want := shell.Quote(w.Command.Argv...); w.Doc != want {
		t.Errorf("description %q, want %q", w.Doc, want)
	}
}
