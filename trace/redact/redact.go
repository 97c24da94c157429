// Package redact leaves out of a study what tells whose machine it was made on: the host's name, its boot identifier,
// and of every path all but its last element. What the figures rest on stays: CPU model, counts, kernel, versions,
// names of functions and workloads.
//
// It works on the fields of the study, before anything is analysed or written:
//
//  1. Fields that hold paths (argument lists, environments, working directories, files) are cut by the rules of their
//     type: elements of argument lists are flags, KEY=VALUE, scripts or paths of any system.
//  2. What was cut is remembered. Fields of free text (warnings, errors, the end of standard error) lose every path
//     that was met so, everything else in those folders, and whatever looks like an absolute path.
//
// A path is cut to "…/last". When in doubt, more is cut than need be: "a word/b c" may be one path with spaces or a
// command.
package redact

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Redactor redacts one study.
type Redactor struct {
	home  string   // shown as ~; empty: not known
	hosts []string // names of machines, as they are and without their domain
	met   map[string]bool
	texts *strings.Replacer // of paths and folders met that are absolute or have spaces
	near  *regexp.Regexp    // matches what lies in relative folders that were met; nil: none
	name  *regexp.Regexp    // matches the names of hosts, and their domains; nil: none is known
}

// A Here is what is known of the machine and the user that redact a study, who often are those that made it. Empty
// fields are not known.
type Here struct {
	Home string // directory of the user
	Host string // name of the machine
	Dir  string // of the study
}

// New returns a redactor of a study.
func New(h sweep.Header, results []sweep.Result, here Here) *Redactor {
	r := &Redactor{home: strings.TrimRight(here.Home, `/\`), hosts: hosts(h.Host.Name, here.Host), met: map[string]bool{}}
	r.cut(here.Dir)
	r.header(h)
	for i := range results {
		r.captures(results[i].Captures)
	}
	r.learn()
	return r
}

// Study returns h and results without what tells of the machine. Neither is changed.
func (r *Redactor) Study(h sweep.Header, results []sweep.Result) (sweep.Header, []sweep.Result) {
	h = r.header(h)
	h.Tool, h.Host.Kernel = r.Text(h.Tool), r.Text(h.Host.Kernel) // both may have been built on the machine, and say so
	h.Host.Governor, h.Host.Level = r.Text(h.Host.Governor), r.Text(h.Host.Level)
	h.Host.Limits = r.all(h.Host.Limits)
	h.Warnings = r.all(h.Warnings)
	h.Stopped = r.Text(h.Stopped)
	h.Resumes = slices.Clone(h.Resumes)
	for i := range h.Resumes {
		h.Resumes[i].Different = r.all(h.Resumes[i].Different)
	}
	for i := range h.Workloads {
		w := &h.Workloads[i]
		w.Doc, w.Unit = r.Text(w.Doc), r.Text(w.Unit)
		if w.Revision != nil {
			of := *w.Revision
			of.Label, of.Subject = r.Text(of.Label), r.Text(of.Subject)
			w.Revision = &of
		}
	}
	out := slices.Clone(results)
	for i := range out {
		x := &out[i]
		x.Error, x.StderrTail, x.OutputLost = r.Text(x.Error), r.Text(x.StderrTail), r.Text(x.OutputLost)
		x.Warnings, x.Noise.Reasons = r.all(x.Warnings), r.all(x.Noise.Reasons)
		x.Captures = r.captures(x.Captures)
	}
	return h, out
}

// header redacts the fields of h that are no free text.
func (r *Redactor) header(h sweep.Header) sweep.Header {
	h.Command = r.args(h.Command)
	h.Folder, h.Seal = r.cut(h.Folder), ""
	h.Host.Name, h.Host.BootID = "", ""
	h.Variants = slices.Clone(h.Variants)
	for i := range h.Variants {
		v := &h.Variants[i]
		v.Ref, v.Folder = r.cut(v.Ref), r.cut(v.Folder)
	}
	h.Workloads = slices.Clone(h.Workloads)
	for i := range h.Workloads {
		w := &h.Workloads[i]
		w.Argv = r.args(w.Argv)
		w.Package = r.cut(w.Package)
		if w.Command == nil {
			continue
		}
		c := *w.Command
		own := w.Doc == docOf(c.Argv) || w.Doc == joined(c.Argv)
		c.Argv, c.Prepare, c.Cleanup = r.args(c.Argv), r.args(c.Prepare), r.args(c.Cleanup)
		c.TracedArgs, c.Env = r.args(c.TracedArgs), r.args(c.Env)
		c.WorkDir, c.Stdin = r.cut(c.WorkDir), r.cut(c.Stdin)
		if own {
			w.Doc = docOf(c.Argv)
		}
		if c.Benchmark != nil {
			b := *c.Benchmark
			b.Folder = r.cut(b.Folder)
			if rooted(b.Package) {
				b.Package = r.cut(b.Package)
			}
			c.Benchmark = &b
		}
		w.Command = &c
	}
	return h
}

// docOf returns the description that a command without one of its own has.
func docOf(argv []string) string { return limits.Shorten(shell.Quote(argv...)) }

// joined returns that of an older study, as JSON keeps a text that is not UTF-8.
func joined(argv []string) string { return string([]rune(strings.Join(argv, " "))) }

// captures redacts the paths of files outside the study.
func (r *Redactor) captures(cs []sweep.Capture) []sweep.Capture {
	cs = slices.Clone(cs)
	for i := range cs {
		if p := &cs[i].Path; rooted(path.Clean(strings.ReplaceAll(*p, `\`, "/"))) {
			*p = r.cut(*p)
		}
	}
	return cs
}

// Profile redacts the files and comments of a CPU profile in place.
func (r *Redactor) Profile(p *profile.Profile) {
	for _, f := range p.Function {
		f.Filename = File(f.Filename)
	}
	for _, m := range p.Mapping {
		m.File = File(m.File)
	}
	for i, c := range p.Comments {
		p.Comments[i] = r.Text(c)
	}
	for _, s := range p.Sample {
		for _, values := range s.Label {
			for i, v := range values {
				values[i] = r.Text(v)
			}
		}
	}
}

// hosts returns patterns of the names and of their first labels, the longest first. The first label of an address is no
// name.
func hosts(names ...string) []string {
	var out []string
	for _, name := range names {
		label, _, _ := strings.Cut(name, ".")
		if len(label) < 2 || !strings.ContainsFunc(label, unicode.IsLetter) {
			label = name
		}
		for _, n := range []string{name, label} {
			if n = regexp.QuoteMeta(n); n != "" && n != "localhost" && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return out
}

// learn prepares the redaction of texts from the paths that were met.
func (r *Redactor) learn() {
	whole := map[string]string{}
	folders := map[string]bool{}
	for p := range r.met {
		if rooted(p) || strings.ContainsFunc(p, delimits) {
			whole[p] = r.cut(p)
			whole[p+"/"], whole[p+`\`] = "…/", "…/"
		}
		for i := 1; i < len(p); i++ {
			switch {
			case p[i] != '/' && p[i] != '\\':
			case !rooted(p):
				folders[p[:i]] = true
			case strings.ContainsFunc(p[:i], delimits):
				whole[p[:i+1]] = "…/"
			}
		}
	}
	if r.home != "" {
		whole[r.home] = "~"
	}
	keys := make([]string, 0, len(whole))
	for k := range whole {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var pairs []string
	for _, k := range keys {
		pairs = append(pairs, k, whole[k])
	}
	r.texts = strings.NewReplacer(pairs...)
	if len(folders) > 0 {
		var quoted []string
		for f := range folders {
			quoted = append(quoted, regexp.QuoteMeta(f))
		}
		slices.SortFunc(quoted, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
		r.near = regexp.MustCompile(`(^|[^\pL\pN._/\\-]|-[A-Za-z])` +
			`((?:` + strings.Join(quoted, "|") + `)[/\\]` + inPath + `+)`)
	}
	if len(r.hosts) > 0 {
		r.name = regexp.MustCompile(`(?i)(^|[^\pL\pN-])(?:` + strings.Join(r.hosts, "|") +
			`)(?:\.[\pL\pN-]+)*($|[^\pL\pN-])`)
	}
}
