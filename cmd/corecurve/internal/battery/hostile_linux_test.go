package battery

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/sys/unix"
)

// What a verb may take of the machine, whatever the study holds. It took that long with nothing else running; the
// battery allows patience for more.
const mostMemory = 1 << 30 // bytes

// An imposture changes a study so that reading it, or going on with it, would read, write or run something else.
type imposture struct {
	name    string
	make    func(p *place) error
	resumed bool // it does nothing to those who only read it
}

// A place is where an impostor works: a copy of a study, and beside it what must not be touched.
type place struct {
	room    *room
	study   string
	outside string // folder with a file secret, and others that look like parts of a study
	canary  string // a file that exists once something of the study was run
}

// secret is what the study must not make the tool show.
const secret = "the-secret-of-the-battery"

func (p *place) path(name string) string { return filepath.Join(p.study, filepath.FromSlash(name)) }

// link puts a symlink to target in the place of a file of the study.
func (p *place) link(name, target string) error {
	if err := os.RemoveAll(p.path(name)); err != nil {
		return err
	}
	return os.Symlink(target, p.path(name))
}

// edit replaces text in a file of the study, which must hold it.
func (p *place) edit(name, old, new string) error {
	b, err := os.ReadFile(p.path(name))
	if err != nil {
		return err
	}
	if !strings.Contains(string(b), old) {
		return fmt.Errorf("%s has no %q", name, old)
	}
	return os.WriteFile(p.path(name), []byte(strings.ReplaceAll(string(b), old, new)), 0o644)
}

// traced returns the path of the traced run's folder, relative to the study.
func (p *place) traced() (string, error) {
	dirs, err := filepath.Glob(p.path("runs/*-traced"))
	if err != nil || len(dirs) == 0 {
		return "", fmt.Errorf("no traced run: %w", err)
	}
	return "runs/" + filepath.Base(dirs[0]), nil
}

// impostures are those of files. What is in each file is what the hostile studies are about.
func impostures() (all []imposture) {
	add := func(name string, make func(p *place) error) { all = append(all, imposture{name: name, make: make}) }
	files := []string{"study.json", "runs.jsonl", "spans.jsonl", "runs", "report", "report/report.html", "capture"}
	for _, file := range files {
		put := func(what string, do func(p *place, name string) error) {
			add(file+" is "+what, func(p *place) error {
				name := file
				if file == "capture" {
					dir, err := p.traced()
					if err != nil {
						return err
					}
					name = dir + "/p0.trace"
				}
				if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil {
					return err
				}
				if err := os.RemoveAll(p.path(name)); err != nil {
					return err
				}
				return do(p, name)
			})
		}
		put("a link to a file", func(p *place, name string) error {
			return p.link(name, filepath.Join(p.outside, "secret"))
		})
		put("a link to a folder", func(p *place, name string) error { return p.link(name, p.outside) })
		put("a link to a device", func(p *place, name string) error { return p.link(name, "/dev/zero") })
		put("a pipe", func(p *place, name string) error { return unix.Mkfifo(p.path(name), 0o644) })
		put("a folder", func(p *place, name string) error { return os.Mkdir(p.path(name), 0o755) })
	}
	add("run's folder is a link", func(p *place) error {
		dir, err := p.traced()
		if err != nil {
			return err
		}
		return p.link(dir, p.outside)
	})
	add("stdout is a link", func(p *place) error {
		dir, err := p.traced()
		if err != nil {
			return err
		}
		return p.link(dir+"/stdout", filepath.Join(p.outside, "secret"))
	})
	paths := []string{"../../outside/secret", "/etc/passwd", "runs/../../../outside/secret", "/dev/zero", "."}
	for _, path := range paths {
		add("capture is "+path, func(p *place) error {
			dir, err := p.traced()
			if err != nil {
				return err
			}
			return p.edit("runs.jsonl", dir+"/p0.trace", path)
		})
	}
	return all
}

// commands are impostures by what a study says to run.
func commands() (all []imposture) {
	add := func(name, file, old string, new func(p *place) string) {
		all = append(all, imposture{name: name, make: func(p *place) error { return p.edit(file, old, new(p)) }})
	}
	workload := `"doc": "downloads`
	program := func(fields string) func(*place) string {
		return func(p *place) string { return strings.ReplaceAll(fields, "CANARY", p.canary) + ` "doc": "downloads` }
	}
	add("workload leads out", "study.json", `"fetch"`, func(*place) string { return `"../../outside/victim"` })
	add("workload leads out in runs", "runs.jsonl", `"fetch"`, func(*place) string { return `"../../outside/victim"` })
	add("package of the study", "study.json", workload, program(`"package": "./m1/pkg",`))
	add("command of the study", "study.json", workload, program(`"command": {"argv": ["touch", "CANARY"]},`))
	add("prepare of the study", "study.json", workload,
		program(`"command": {"argv": ["true"], "prepare": ["touch", "CANARY"]},`))
	add("cleanup of the study", "study.json", workload,
		program(`"command": {"argv": ["true"], "cleanup": ["touch", "CANARY"]},`))
	add("environment of the study", "study.json", workload, program(
		`"command": {"argv": ["true"], "env": ["GOFLAGS=-toolexec=touch CANARY", "LD_PRELOAD=CANARY.so"]},`))
	return all
}

// hostile gives the tool studies that others made: it runs nothing of them, reads and writes nothing outside them, and
// ends in bounds of time and memory, whatever they hold.
func (l *lab) hostile(t *testing.T) {
	t.Parallel()
	base := l.room(t)
	base.study(t)
	base.forget(t)
	l.imposture(t, base, &imposture{name: honest, make: func(*place) error { return nil }})
	for i, im := range impostures() {
		if l.long || i%7 == 0 {
			l.imposture(t, base, &im)
		}
	}
	for _, im := range commands() {
		im.resumed = true
		l.imposture(t, base, &im)
	}
}

// honest is the study in which nothing is changed: all verbs must take it.
const honest = "an honest study"

// forget takes the second run of every point out of the room's study, so that there is something to go on with.
func (r *room) forget(t *testing.T) {
	t.Helper()
	dir := r.path("work/study")
	kept := slices.DeleteFunc(lines(t, dir), func(line string) bool { return strings.Contains(line, `"rep":1,`) })
	r.write(t, "work/study/runs.jsonl", strings.Join(kept, ""), 0o644)
}

// readers are the verbs that read a study.
func readers() [][]string {
	return [][]string{
		{"report", "study"},
		{"report", "study", "--json"},
		{"check", "study", "--min-efficiency", "0.1@2"},
		{"compare", "study", "study"},
		{"open", "--list", "study"},
		{"run", "--resume", "study"},
		{"run", "--resume", "study", "--force"},
	}
}

// imposture hands one to every verb that reads studies.
func (l *lab) imposture(t *testing.T, base *room, im *imposture) {
	room := l.room(t)
	p := &place{
		room: room, study: room.path("work/study"), outside: room.path("work/outside"), canary: room.path("work/canary"),
	}
	for _, name := range []string{"secret", "victim/file", "p0.trace", "report.html"} {
		room.write(t, "work/outside/"+name, secret+"\n", 0o644)
	}
	for i, args := range readers() {
		resumes := slices.Contains(args, "--resume")
		if im.resumed && !resumes || !im.resumed && !l.long && im.name != honest && i%3 != len(im.name)%3 {
			continue
		}
		if err := os.RemoveAll(p.study); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(p.study, os.DirFS(base.path("work/study"))); err != nil {
			t.Fatal(err)
		}
		room.write(t, "work/m1/go.mod", "module m1\n\ngo 1.26\n", 0o644)
		room.write(t, "work/m1/pkg/main.go",
			fmt.Sprintf("package main\n\nimport \"os\"\n\nfunc main() { os.Create(%q) }\n", p.canary), 0o644)
		if err := im.make(p); err != nil {
			t.Fatalf("%s: %v", im.name, err)
		}
		l.read(t, p, im.name, args)
	}
}

// read has one verb read the study of p.
func (l *lab) read(t *testing.T, p *place, name string, args []string) {
	t.Helper()
	try := l.trial(t, "hostile: "+strings.Join(slices.DeleteFunc(slices.Clone(args), func(a string) bool {
		return a == "study"
	}), " "))
	defer try.end()
	before := tree(t, p.outside)
	s := p.room.start(t, args...)
	resumes := slices.Contains(args, "--resume") // and measures
	if limit := map[bool]time.Duration{false: patience, true: 4 * patience}[resumes]; !s.wait(limit) {
		try.fail("hangs", "%s: %s", name, s.say())
	}
	try.took(time.Since(s.began))
	switch {
	case s.crashed():
		try.fail("crashed", "%s: %s", name, s.say())
	case s.status == 2 && !resumes && args[0] != "check" || name == honest && s.status != 0 && args[0] != "check":
		try.fail("refused", "%s: %s", name, s.say())
	}
	if s.peak > mostMemory {
		try.fail("memory", "%s: %d MB: %s", name, s.peak>>20, s.say())
	}
	if _, err := os.Lstat(p.canary); err == nil {
		try.fail("code run", "%s: %s", name, s.say())
		_ = os.Remove(p.canary)
	}
	if after := tree(t, p.outside); after != before {
		try.fail("written outside", "%s: %s\n%s\ninstead of\n%s", name, s.say(), after, before)
		for _, file := range []string{"secret", "victim/file", "p0.trace", "report.html"} {
			p.room.write(t, "work/outside/"+file, secret+"\n", 0o644)
		}
	}
	if in := showing(t, p, s); in != "" {
		try.fail("read outside", "%s: in %s: %s", name, in, s.say())
	}
	if c := control(s.stdout() + s.stderr()); c != 0 {
		try.fail("control character", "%s: %q: %s", name, c, s.say())
	}
	p.room.empty(try, name)
}

// tree describes all that is below a folder: names, kinds, contents.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %v", path, e.Type())
		if e.Type().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, " %x", sha256.Sum256(content))
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// showing returns where the secret, or the first line of /etc/passwd, is shown; empty: nowhere.
func showing(t *testing.T, p *place, s *session) (where string) {
	t.Helper()
	shows := func(b string) bool { return strings.Contains(b, secret) || strings.Contains(b, "root:x:0:0") }
	switch {
	case shows(s.stdout()):
		return "stdout"
	case shows(s.stderr()):
		return "stderr"
	}
	err := filepath.WalkDir(p.study, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && shows(text(path)) {
			where = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return where
}

// control returns the first character of a text that a terminal would act on, but for line ends and tabs; 0: none.
func control(text string) rune {
	for _, c := range text {
		if (unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c)) && c != '\n' && c != '\t' {
			return c
		}
	}
	return 0
}
