// Package studyfile reads and writes the file that says what a study shall measure: YAML, and so JSON too, a mapping of
// keys to texts, to lists of them, or where that has a meaning to a mapping of names to either. It knows neither the
// keys nor what their texts mean: keys are the flags of "corecurve run", which read the texts as if they had been
// typed, and say what is wrong with them. So every text has its place.
//
// A text is what stands in the file. YAML's own types are not asked: 1e6 is no float and 010 is no octal number before
// a flag says so. Anchors and aliases stand for what they name; merge keys and tags have no meaning here.
package studyfile

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/corecurve/corecurve/trace/limits"
)

// A Place is where something stands in a file.
type Place struct{ Line, Column int } // both from 1 on

// A Text is a single value.
type Text struct {
	Text string
	Place
}

// An Entry is a key with its texts.
type Entry struct {
	Key   string
	Texts []Text
	List  bool // the texts stand in a list; else there is one
	// Named are the entries of a mapping, which has no texts of its own; nil: it is none.
	Named []Entry
	Plain bool // they are numbers or truths, which are written without quotes
	Place      // of the key
}

// A File is what a study file says.
type File struct {
	Name    string
	Entries []Entry // of different keys, in the order of the file
}

// An Error is something that is wrong with a file, and where.
type Error struct {
	File string
	Place
	Key string // what it is about; empty: the file
	Err error
}

func (e *Error) Error() string {
	out := e.File + ": "
	if e.Line > 0 {
		out = fmt.Sprintf("%s:%d:%d: ", e.File, e.Line, e.Column)
	}
	if e.Key != "" {
		out += e.Key + ": "
	}
	return out + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// more is how many errors are not named.
type more int

func (m more) Error() string { return fmt.Sprintf("and %d more", int(m)) }

// Join returns errors as one, in the order of their places: those of a file that [Read] returns and those of who reads
// its texts. Of very many the first are named and the others counted.
func Join(errs ...error) error {
	var all []error
	for _, err := range errs {
		if several, ok := errors.AsType[interface {
			error
			Unwrap() []error
		}](err); ok {
			all = append(all, several.Unwrap()...)
		} else if err != nil {
			all = append(all, err)
		}
	}
	slices.SortStableFunc(all, func(a, b error) int {
		p, q := place(a), place(b)
		return cmp.Or(p.Line-q.Line, p.Column-q.Column)
	})
	unnamed := more(0)
	all = slices.DeleteFunc(all, func(err error) bool { // of a file with very many, which stand behind those of others
		m, ok := errors.AsType[more](err)
		unnamed += m
		return ok
	})
	if n := len(all) - limits.Damages; n > 0 {
		all, unnamed = all[:limits.Damages], unnamed+more(n)
	}
	if unnamed > 0 {
		all = append(all, unnamed)
	}
	return errors.Join(all...)
}

// Read reads a file of that name. The error has an [Error] for everything that is wrong; the file that comes with it
// holds the entries that are not. mappings are the keys whose value may be a mapping.
func Read(name string, r io.Reader, mappings ...string) (*File, error) {
	f := &reading{File: File{Name: name}, mappings: mappings}
	text, err := limits.ReadAll(name, r, limits.StudyFileBytes)
	if err != nil {
		return &f.File, err
	}
	if place, ok := notUTF8(text); !ok {
		return &f.File, &Error{name, place, "", errors.New("is not UTF-8")}
	}
	root, err := document(text)
	if err != nil {
		f.wrong(place(err), "", "%s", message(err))
	} else if root != nil {
		f.Entries = f.entries(root, "")
	}
	return &f.File, Join(f.errs...)
}

// notUTF8 returns the place of the first bytes that are not UTF-8.
func notUTF8(text []byte) (p Place, valid bool) {
	if utf8.Valid(text) {
		return p, true
	}
	p = Place{1, 1}
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			return p, false
		case r == '\n':
			p = Place{p.Line + 1, 1}
		default:
			p.Column++
		}
		text = text[size:]
	}
	return p, true
}

// document returns the root of the only document in text; nil if that says nothing.
func document(text []byte) (*yaml.Node, error) {
	l, err := yaml.NewLoader(strings.NewReader(string(text)),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(limits.StudyFileDepth))))
	if err != nil {
		return nil, err
	}
	var first, second yaml.Node
	switch err := l.Load(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	if err := l.Load(&second); err == nil {
		return nil, &Error{Place: Place{second.Line, second.Column}, Err: errors.New("a second document: want one")}
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(first.Content) == 0 || null(first.Content[0]) {
		return nil, nil
	}
	return first.Content[0], nil
}

// place and message take an error of the library apart, which may repeat the file.
func place(err error) Place {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Place
	}
	if e, ok := errors.AsType[*yaml.LoadError](err); ok {
		return Place{e.Mark.Line, e.Mark.Column}
	}
	return Place{}
}

func message(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Err.Error()
	}
	if e, ok := errors.AsType[*yaml.LoadError](err); ok {
		return limits.Brief(errors.New("no YAML: " + e.Message))
	}
	return limits.Brief(err)
}

// A reading is a file that is being read.
type reading struct {
	File
	errs     []error
	mappings []string // keys
	met      int      // values, those behind aliases as often as they are named
}

func (f *reading) wrong(at Place, key, format string, args ...any) {
	f.errs = append(f.errs, &Error{f.Name, at, key, fmt.Errorf(format, args...)})
}

// entries reads the mapping that the file is, or with a key that of the key.
func (f *reading) entries(root *yaml.Node, of string) (out []Entry) {
	root = target(root)
	if root.Kind != yaml.MappingNode {
		f.wrong(at(root), of, "want keys with values, such as workers: [1, 2, 4]")
		return nil
	}
	firsts := map[string]Place{} // of every key
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			f.wrong(at(key), of, "want a word as the key")
			continue
		}
		name := key.Value
		if before, twice := firsts[name]; twice {
			f.wrong(at(key), limits.Brief(errors.New(name)), "stands twice, and first in line %d", before.Line)
			continue
		}
		firsts[name] = at(key)
		e := Entry{Key: name, Place: at(key)}
		switch v := target(value); {
		case of == "" && v.Kind == yaml.MappingNode && slices.Contains(f.mappings, name):
			if e.Named = f.entries(v, name); len(e.Named) > 0 {
				out = append(out, e)
			} else if len(v.Content) == 0 {
				f.wrong(at(value), name, "is an empty mapping: leave the key out, or give it names with values")
			}
		case f.texts(&e, value):
			out = append(out, e)
		}
		if f.met > limits.StudyFileValues {
			if of == "" { // once
				f.errs = append(f.errs, limits.More(f.Name, "values", limits.StudyFileValues))
			}
			return out
		}
	}
	return out
}

// texts reads the value of an entry, and reports whether it is one.
func (f *reading) texts(e *Entry, value *yaml.Node) bool {
	list := target(value)
	if list.Kind != yaml.SequenceNode {
		return f.text(e, value)
	}
	e.List = true
	good := true
	for _, v := range list.Content {
		if f.met > limits.StudyFileValues {
			return false
		}
		good = f.text(e, v) && good
	}
	if len(list.Content) == 0 {
		f.wrong(at(value), e.Key, "is an empty list: leave the key out, or give it a value")
		return false
	}
	return good
}

// text reads a single value.
func (f *reading) text(e *Entry, value *yaml.Node) bool {
	f.met++
	v := target(value)
	switch tag := v.ShortTag(); {
	case v.Kind != yaml.ScalarNode:
		f.wrong(at(value), e.Key, "want a value or a list of values")
	case null(v):
		f.wrong(at(value), e.Key, "has no value: leave the key out, or give it one")
	case tag == "!!binary":
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(v.Value), ""))
		if err != nil {
			f.wrong(at(value), e.Key, "want base64 behind !!binary")
			return false
		}
		e.Texts = append(e.Texts, Text{string(b), at(value)})
		return true
	case v.Style&yaml.TaggedStyle != 0 && tag != "!!str":
		f.wrong(at(value), e.Key, "the tag %s has no meaning here", limits.Quote(tag))
	default:
		e.Texts = append(e.Texts, Text{v.Value, at(value)})
		return true
	}
	return false
}

// target is what an alias stands for, or n itself. An alias of an alias there is not.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func null(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// at is the place of n; of what follows from others, that of the file's beginning.
func at(n *yaml.Node) Place { return Place{cmp.Or(n.Line, 1), cmp.Or(n.Column, 1)} }

// Write writes entries as a file that [Read] reads again, below lines of comment. Texts may hold any bytes.
func Write(w io.Writer, comment []string, entries []Entry) error {
	root := mapping(entries)
	root.HeadComment = strings.Join(comment, "\n")
	b, err := yaml.Dump(root, yaml.WithLineWidth(-1))
	if err == nil {
		_, err = w.Write(b)
	}
	return err
}

// mapping is entries as a node.
func mapping(entries []Entry) *yaml.Node {
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, e := range entries {
		key := written(e.Key, true)
		if e.Named != nil {
			root.Content = append(root.Content, key, mapping(e.Named))
			continue
		}
		values := make([]*yaml.Node, len(e.Texts))
		for i, t := range e.Texts {
			values[i] = written(t.Text, e.Plain)
		}
		value := values[0]
		if e.List {
			value = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: values}
		}
		root.Content = append(root.Content, key, value)
	}
	return root
}

// written is a text as a node, with quotes where YAML would read anything else, unless it is plain.
func written(text string, plain bool) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: text}
	switch {
	case plain:
	case !utf8.ValidString(text):
		n.Tag, n.Value = "!!binary", base64.StdEncoding.EncodeToString([]byte(text))
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		n.Style = yaml.DoubleQuotedStyle
	default:
		n.Tag = "!!str"
	}
	return n
}
