package studyfile

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
)

func read(text string) (*File, error) { return Read("s.yaml", strings.NewReader(text)) }

// Texts are as they stand in the file, whatever YAML makes of them, each with its place.
func TestRead(t *testing.T) {
	f, err := read(`# a study
workers: [1, &two 2, 1..16]
size: 1e6
static: yes
command:
  - sh
  - -c
  - |
    echo a
    echo b
chunk: 010
env: *two
stdin: !!binary /w==
"name": "a: b"
`)
	if err != nil {
		t.Fatal(err)
	}
	one := func(key string, line, column int, text string) Entry {
		return Entry{Key: key, Place: Place{line, 1}, Texts: []Text{{text, Place{line, column}}}}
	}
	list := func(key string, line int, texts ...Text) Entry {
		return Entry{Key: key, Place: Place{line, 1}, Texts: texts, List: true}
	}
	want := []Entry{
		list("workers", 2, Text{"1", Place{2, 11}}, Text{"2", Place{2, 14}}, Text{"1..16", Place{2, 22}}),
		one("size", 3, 7, "1e6"),
		one("static", 4, 9, "yes"),
		list("command", 5, Text{"sh", Place{6, 5}}, Text{"-c", Place{7, 5}}, Text{"echo a\necho b\n", Place{8, 5}}),
		one("chunk", 11, 8, "010"),
		one("env", 12, 6, "2"),
		one("stdin", 13, 8, "\xff"),
		one("name", 14, 9, "a: b"),
	}
	if d := cmp.Diff(want, f.Entries); d != "" {
		t.Error(d)
	}
	for _, empty := range []string{"", "# nothing\n", "---\n", "~\n"} {
		if f, err := read(empty); err != nil || len(f.Entries) != 0 {
			t.Errorf("%q: %v, %v", empty, f.Entries, err)
		}
	}
	if f, err := read(`{"workers": [1, 2], "runs": 3}`); err != nil || len(f.Entries) != 2 {
		t.Errorf("JSON: %v, %v", f.Entries, err)
	}
}

// Everything that is wrong is said at once, with its place; what is right is there all the same.
func TestWrong(t *testing.T) {
	f, err := read("runs: 3\nworkers: []\nsize:\nruns: 4\nenv: {A: 1}\nprocs: [1, [2]]\n? [a]\n: 1\n" +
		"seed: !x 1\nwarmup: 1\n")
	want := `s.yaml:2:10: workers: is an empty list: leave the key out, or give it a value
s.yaml:3:6: size: has no value: leave the key out, or give it one
s.yaml:4:1: runs: stands twice, and first in line 1
s.yaml:5:6: env: want a value or a list of values
s.yaml:6:12: procs: want a value or a list of values
s.yaml:7:3: want a word as the key
s.yaml:9:7: seed: the tag "!x" has no meaning here`
	if d := cmp.Diff(want, fmt.Sprint(err)); d != "" {
		t.Error(d)
	}
	var keys []string
	for _, e := range f.Entries {
		keys = append(keys, e.Key)
	}
	if d := cmp.Diff([]string{"runs", "warmup"}, keys); d != "" {
		t.Error(d)
	}
	for text, want := range map[string]string{
		"a: [1\nb: 2":      "s.yaml:2:2: no YAML: did not find expected ',' or ']'",
		"a: 1\n\tb: 2":     "s.yaml:2:",
		"a: 1\n---\nb: 2":  "s.yaml:2:1: a second document: want one",
		"- 1":              "s.yaml:1:1: want keys with values, such as workers: [1, 2, 4]",
		"fast":             "s.yaml:1:1: want keys with values, such as workers: [1, 2, 4]",
		"a: 1\nbü: '\xff'": "s.yaml:2:6: is not UTF-8",
		"a: [*b, 1]":       "s.yaml:1:5: no YAML: unknown anchor 'b' referenced",
		"a: !!binary '?'":  "s.yaml:1:4: a: want base64 behind !!binary",
	} {
		if _, err := read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// hostile are files that unfold to far more than their length.
func hostile() map[string]string {
	laughs := "a0: &a0 [ha, ha]\n"
	for i := 1; i < 30; i++ {
		laughs += fmt.Sprintf("a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i-1, i-1, i-1)
	}
	ten := "a: &a [" + strings.Repeat("x, ", 1000) + "x]\n"
	for i := range 50 {
		ten += fmt.Sprintf("b%d: *a\n", i)
	}
	return map[string]string{
		"a billion laughs": laughs,
		"itself":           "a: &a [1, *a]\n",
		"many times":       ten,
		"lists":            strings.Repeat("[", limits.StudyFileBytes),
		"deep":             "a: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"indented":         strings.Repeat("- ", limits.StudyFileBytes/2),
		"values":           "a: [" + strings.Repeat("1,", limits.StudyFileBytes/2-8) + "]",
		"keys":             strings.Repeat("a: 1\n", limits.StudyFileBytes/5),
		"long":             strings.Repeat("a", limits.StudyFileBytes+1),
	}
}

// A file costs memory and time in proportion to its length, whatever it names.
func TestHostile(t *testing.T) {
	for name, text := range hostile() {
		var err error
		limitstest.Holds(t, 64<<20+1000*int64(len(text)), func() { _, err = read(text) })
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if n := len(err.Error()); n > limits.KeptBytes {
			t.Errorf("%s: the error has %d bytes", name, n)
		}
	}
}

// What is written is read again, whatever bytes it holds.
func TestWrite(t *testing.T) {
	entries := []Entry{
		{Key: "workers", List: true, Plain: true, Texts: []Text{{Text: "1"}, {Text: "2"}}},
		{Key: "static", Plain: true, Texts: []Text{{Text: "true"}}},
		{Key: "command", List: true, Texts: []Text{
			{Text: "sh"}, {Text: "-c"}, {Text: "1"}, {Text: "true"}, {Text: "a: b # c\n"}, {Text: ""},
		}},
		{Key: "stdin", Texts: []Text{{Text: "x\xff"}}},
		{Key: "name", Texts: []Text{{Text: "~"}}},
	}
	var b bytes.Buffer
	if err := Write(&b, []string{"# first", "# second"}, entries); err != nil {
		t.Fatal(err)
	}
	want := `# first
# second
workers: [1, 2]
static: true
command: [sh, -c, '1', 'true', "a: b # c\n", '']
stdin: !!binary eP8=
name: '~'
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
	got := again(t, entries)
	for i := range entries {
		got[i].Plain = entries[i].Plain // nothing tells that
	}
	if d := cmp.Diff(entries, got); d != "" {
		t.Error(d)
	}
}

// again writes and reads entries, and returns them without their places.
func again(t *testing.T, entries []Entry) []Entry {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, nil, entries); err != nil {
		t.Fatal(err)
	}
	f, err := Read("s.yaml", &b)
	if err != nil {
		t.Fatal(err)
	}
	for i := range f.Entries {
		e := &f.Entries[i]
		e.Place = Place{}
		for k := range e.Texts {
			e.Texts[k].Place = Place{}
		}
	}
	return f.Entries
}

func FuzzWrite(f *testing.F) {
	for _, s := range []string{
		"a", "1e3", "", "~", "<<", "*a", "&a", "!x", "- a", "a: b", " # x", "\u0085", "\u2028", "\ufeff", "\x7f", "\t",
		"\xff", "'", "\"", "%", "@", "`", "---", "...", "? a", "null", "\u00a0", "\U0010ffff", "\uffff", "a\r\n",
	} {
		f.Add(s, s+" "+s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 10_000 {
			return
		}
		entries := []Entry{
			{Key: "one", Texts: []Text{{Text: a}}},
			{Key: "list", List: true, Texts: []Text{{Text: a}, {Text: b}, {Text: a + b}}},
		}
		if d := cmp.Diff(entries, again(t, entries)); d != "" {
			t.Error(d)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("workers: [1, 2]\nenv: [A=1]\nsize: 1e3\n")
	for _, text := range hostile() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		limitstest.Holds(t, 64<<20+1000*int64(len(text)), func() {
			if file, err := read(text); err == nil && file == nil {
				t.Error("neither a file nor an error")
			}
		})
	})
}

// Errors stand in the order of the file, and very many are counted.
func TestJoin(t *testing.T) {
	at := func(line, column int) error {
		return &Error{"f", Place{line, column}, "k", fmt.Errorf("wrong")}
	}
	_, read := read(strings.Repeat("a: 1\n", 3))
	got := fmt.Sprint(Join(at(4, 1), nil, read, at(2, 3)))
	want := `s.yaml:2:1: a: stands twice, and first in line 1
f:2:3: k: wrong
s.yaml:3:1: a: stands twice, and first in line 1
f:4:1: k: wrong`
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	var many []error
	for i := range 2 * limits.Damages {
		many = append(many, at(i+1, 1))
	}
	got = fmt.Sprint(Join(Join(many...), at(1, 2), at(1, 3)))
	if n := strings.Count(got, "\n"); n != limits.Damages || !strings.HasSuffix(got, fmt.Sprintf("\nand %d more", limits.Damages+2)) {
		t.Errorf("%d lines: %s", n+1, got)
	}
	if err := Join(nil, nil); err != nil {
		t.Error(err)
	}
}
