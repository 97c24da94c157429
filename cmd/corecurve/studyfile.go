package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/studyfile"
)

// A study file says what a study measures. Its keys are the flags of "run" or of "bench", by their names, but for those
// that [ofCall] names; of "run" two that stand for its arguments, and one that stands for all of its flags --variant,
// and of "bench" one that stands for its arguments.
const (
	keyWorkloads = "workloads"
	keyCommand   = "command"
	keyVariants  = "variants" // a mapping
	keyPackages  = "packages"
)

// ofSubject are the keys of a verb that are no flags.
func ofSubject(verb string) []string {
	if verb == "bench" {
		return []string{keyPackages}
	}
	return []string{keyWorkloads, keyCommand, keyVariants}
}

// fileFlags are the flags of a verb that study files come from and go to.
func (o *runOptions) fileFlags(f *pflag.FlagSet, verb string) {
	f.StringVarP(&o.file, "file", "f", "",
		"measure what this study file says: YAML whose keys are the flags below, "+words.List(ofSubject(verb))+
			";\nwhat is given here wins; - is standard input")
	f.BoolVar(&o.yaml, "yaml", false, "with --dry-run: print the study file that stands for the command line")
}

// ofCall are the flags that say what is done with a study, or what is kept secret: each call has its own, and
// no file.
func ofCall() []string {
	return []string{
		"file", "yaml", "resume", "force", "trust", "yes", "dry-run", "no-report", "out", "hostname", "keep-secrets",
		"redact", "json", "color", "summary", "memory", "help", "revision",
	}
}

// A keyKind is what a key takes.
type keyKind struct {
	want string // in words; empty: its flag says what is wrong with a text
	list bool   // of them, too
	// plain says that it is a number or a truth.
	plain bool
}

// kinds are those of keys, by the types of their flags.
func kinds() map[string]keyKind {
	return map[string]keyKind{
		"bool":        {"true or false", false, true},
		"int":         {"a whole number", false, true},
		"uint64":      {"a whole number from 0 on", false, true},
		"float64":     {"a number", false, true},
		"duration":    {"a time such as 90s or 10m", false, false},
		"string":      {"a text", false, false},
		"intSlice":    {"a whole number, or a list of them", true, true},
		"stringArray": {"a text, or a list of texts", true, false},
		"words":       {"", true, false},
		"counts":      {"", true, true},
		"sizes":       {"", true, true},
	}
}

// A wordsFlag is a flag that holds a command line.
type wordsFlag string

func (f *wordsFlag) Set(text string) error {
	*f = wordsFlag(text)
	_, err := shell.Split(text)
	return err
}

func (f *wordsFlag) Type() string   { return "words" }
func (f *wordsFlag) String() string { return string(*f) }

// A subject is what is measured: names of workloads or packages, and a command.
type subject struct {
	verb    string
	names   []string
	command bool // there is one
	argv    []string
	file    *studyfile.File // where it may come from; nil: there is none
	// used are the entries of the file that nothing on the command line wins over.
	used []studyfile.Entry
}

// subjectOf splits arguments at --.
func subjectOf(cmd *cobra.Command, args []string) subject {
	dash := cmd.ArgsLenAtDash()
	if dash < 0 {
		return subject{verb: cmd.Name(), names: args}
	}
	return subject{verb: cmd.Name(), names: args[:dash], command: true, argv: args[dash:]}
}

// fill adds what the study file at path says and the command line does not, in which a workload or a command stands for
// all that the file names.
func (s *subject) fill(cmd *cobra.Command, path string) error {
	f, err := openStudyFile(path, cmd.InOrStdin())
	s.file = f
	errs := []error{err}
	given := map[string]bool{}
	cmd.Flags().Visit(func(f *pflag.Flag) { given[f.Name] = true })
	named := len(s.names) > 0 || s.command || given[flagVariant]
	for _, e := range f.Entries {
		switch flag := cmd.Flags().Lookup(e.Key); {
		case !slices.Contains(ofSubject(s.verb), e.Key) &&
			(flag == nil || e.Key == flagVariant || slices.Contains(ofCall(), e.Key)):
			errs = append(errs, s.wrong(e.Place, "", unknownKey(cmd, e.Key)))
		case (e.Key == keyWorkloads || e.Key == keyPackages) && !named:
			s.names = texts(e)
			s.used = append(s.used, e)
		case e.Key == keyCommand && !named:
			s.command = true
			s.used = append(s.used, e)
			if s.argv, err = commandOf(e); err != nil {
				errs = append(errs, s.wrong(e.Texts[0].Place, e.Key, err))
			}
		case e.Key == keyVariants && !named:
			s.used = append(s.used, e)
			errs = append(errs, s.variants(cmd.Flags().Lookup(flagVariant), e)...)
		case slices.Contains(ofSubject(s.verb), e.Key):
		case given[e.Key] || named && !s.command && !given[flagVariant] && slices.Contains(ofCommands(), e.Key):
		default:
			s.used = append(s.used, e)
			errs = append(errs, s.set(cmd.Flags(), flag, e)...)
		}
	}
	if err := studyfile.Join(errs...); err != nil {
		return usagef("%w", err)
	}
	return nil
}

func openStudyFile(path string, stdin io.Reader) (*studyfile.File, error) {
	if path == captures.Stdin {
		return studyfile.Read("stdin", stdin, keyVariants)
	}
	r, err := os.Open(path)
	if err != nil {
		return &studyfile.File{Name: path}, err
	}
	defer func() { _ = r.Close() }()
	return studyfile.Read(path, r, keyVariants)
}

func texts(e studyfile.Entry) []string {
	out := make([]string, len(e.Texts))
	for i, t := range e.Texts {
		out[i] = t.Text
	}
	return out
}

// commandOf returns the words of a command line, or of a list of them.
func commandOf(e studyfile.Entry) ([]string, error) {
	if !e.List {
		return shell.Split(e.Texts[0].Text)
	}
	return texts(e), nil
}

// variants gives the flag of compared commands those of a mapping of names to command lines.
func (s *subject) variants(f *pflag.Flag, e studyfile.Entry) (errs []error) {
	if e.Named == nil {
		err := errors.New("want a mapping of names to commands, as in {old: ./a, new: ./b}")
		return []error{s.wrong(e.Texts[0].Place, e.Key, err)}
	}
	for _, v := range e.Named {
		argv, err := commandOf(v)
		if err == nil && len(argv) == 0 {
			err = errors.New("want a command")
		}
		if err == nil {
			err = f.Value.Set(v.Key + "=" + shell.Join(argv))
			f.Changed = true
		}
		if err != nil {
			errs = append(errs, s.wrong(v.Place, e.Key+": "+v.Key, err))
		}
	}
	return errs
}

// set gives a flag the value of its key.
func (s *subject) set(flags *pflag.FlagSet, f *pflag.Flag, e studyfile.Entry) (errs []error) {
	kind := kinds()[f.Value.Type()]
	values := e.Texts
	switch {
	case e.List && !kind.list:
		return []error{s.wrong(values[0].Place, e.Key, fmt.Errorf("a list: want %s", kind.want))}
	case e.List && f.Value.Type() == "words":
		values = []studyfile.Text{{Text: shell.Join(texts(e)), Place: values[0].Place}}
	}
	for _, v := range values {
		err := flags.Set(f.Name, v.Text)
		if why, ok := errors.AsType[*pflag.InvalidValueError](err); ok && kind.want == "" {
			err = why.Unwrap()
		} else if err != nil {
			err = fmt.Errorf("%s: want %s", limits.Quote(v.Text), kind.want)
		}
		if err != nil {
			errs = append(errs, s.wrong(v.Place, e.Key, err))
		}
	}
	return errs
}

func (s *subject) wrong(at studyfile.Place, key string, err error) error {
	return &studyfile.Error{File: s.file.Name, Place: at, Key: key, Err: err}
}

// unknownKey says that a key is none, and what it may have been meant for.
func unknownKey(cmd *cobra.Command, key string) error {
	if slices.Contains(ofCall(), key) {
		return fmt.Errorf("%s belongs on the command line: it is not of what is measured", key)
	}
	best := setup.Nearest(key[:min(len(key), limits.ShownChars)], keys(cmd))
	if best == "" {
		return fmt.Errorf("unknown key %s: the flags of corecurve %s are keys, and %s",
			limits.Quote(key), cmd.Name(), words.List(ofSubject(cmd.Name())))
	}
	return fmt.Errorf("unknown key %s: did you mean %s?", limits.Quote(key), best)
}

// keys are all keys of a study file of a verb, in the order in which it is written.
func keys(verb *cobra.Command) []string {
	out := ofSubject(verb.Name())
	verb.Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(ofCall(), f.Name) && f.Name != flagVariant {
			out = append(out, f.Name)
		}
	})
	return out
}

// placed names in errors about flags, by which each begins, where in the study file the value of the flag stands.
func (s *subject) placed(err error) error {
	if err == nil || s.file == nil {
		return err
	}
	if all, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok && errors.Join(all.Unwrap()...).Error() == err.Error() {
		var out []error
		for _, e := range all.Unwrap() {
			out = append(out, s.placed(e))
		}
		return errors.Join(out...)
	}
	flag, rest, _ := strings.Cut(strings.TrimPrefix(err.Error(), "--"), " ")
	for _, e := range s.used {
		if e.Key != strings.TrimSuffix(flag, ":") || !strings.HasPrefix(err.Error(), "--") {
			continue
		}
		at := e.Texts[0]
		for _, t := range e.Texts { // that which the error is about, where it says so
			if strings.HasPrefix(rest, t.Text+":") || strings.HasPrefix(rest, limits.Quote(t.Text)) {
				at = t
				break
			}
		}
		return usagef("%w", s.wrong(at.Place, e.Key, errors.New(rest)))
	}
	return err
}

// of names where in the study file the workload or the command stands that an error is about.
func (s *subject) of(key, text string, err error) error {
	if err == nil || s.file == nil || key != keyVariants && strings.HasPrefix(err.Error(), "--") {
		return err
	}
	for _, e := range s.used {
		if e.Key == key && e.Named != nil {
			return s.wrong(e.Place, key, err)
		}
		for _, t := range e.Texts {
			if e.Key == key && (t.Text == text || key == keyCommand) {
				return s.wrong(t.Place, key, err)
			}
		}
	}
	return err
}

// write writes the study file that stands for the command line: what is given there, or in a file that it names.
func (s *subject) write(w io.Writer, cmd *cobra.Command, keepSecrets bool) error {
	var hider secret.Hider
	flags := cmd.Flags()
	hide := func(key string, texts []string) []string {
		switch {
		case keepSecrets:
		case key == keyCommand:
			return hider.Words(texts)
		case key == "env":
			return hider.Variables(texts)
		case flags.Lookup(key) != nil && flags.Lookup(key).Value.Type() == "words":
			all, _ := shell.Split(texts[0]) // it was split when it was set
			return []string{shell.Join(hider.Words(all))}
		}
		return texts
	}
	var entries []studyfile.Entry
	add := func(key string, list bool, texts []string) {
		e := studyfile.Entry{Key: key, List: list}
		if f := flags.Lookup(key); f != nil {
			e.Plain = kinds()[f.Value.Type()].plain
		}
		for _, t := range hide(key, texts) {
			e.Texts = append(e.Texts, studyfile.Text{Text: t})
		}
		entries = append(entries, e)
	}
	if len(s.names) > 0 {
		add(ofSubject(s.verb)[0], true, s.names)
	}
	if s.command {
		add(keyCommand, true, s.argv)
	}
	if all := flags.Lookup(flagVariant); all != nil && all.Changed {
		entries = append(entries, variantsEntry(all, func(argv []string) []string { return hide(keyCommand, argv) }))
	}
	for _, key := range keys(cmd) {
		f := flags.Lookup(key)
		if f == nil || !f.Changed {
			continue
		}
		if list, ok := f.Value.(interface{ GetSlice() []string }); ok {
			add(key, true, list.GetSlice())
		} else {
			add(key, false, []string{f.Value.String()})
		}
	}
	comment := []string{"# corecurve " + s.verb + " -f FILE measures what this file says."}
	if n := hider.Places; n > 0 {
		comment = append(comment, fmt.Sprintf("# %s as ***: --keep-secrets writes what it stands for.",
			words.Plural(n, "word that looks like a secret stands here", "words that look like secrets stand here")))
	}
	return studyfile.Write(w, comment, entries)
}

// variantsEntry is the mapping that stands for the flags of compared commands, whose words are hidden where they must
// be.
func variantsEntry(all *pflag.Flag, hide func(argv []string) []string) studyfile.Entry {
	e := studyfile.Entry{Key: keyVariants, Named: []studyfile.Entry{}}
	for _, text := range all.Value.(pflag.SliceValue).GetSlice() {
		name, argv, _ := variantOf(text) // it was taken apart when the study was planned
		v := studyfile.Entry{Key: name, List: true}
		for _, w := range hide(argv) {
			v.Texts = append(v.Texts, studyfile.Text{Text: w})
		}
		e.Named = append(e.Named, v)
	}
	return e
}
