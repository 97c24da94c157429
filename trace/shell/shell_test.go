package shell

import (
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestQuote(t *testing.T) {
	for want, words := range map[string][]string{
		`sh -c 'echo it'\''s'`:                              {"sh", "-c", "echo it's"},
		`'' a ' ' '***' '{workers}'`:                        {"", "a", " ", "***", "{workers}"},
		`$'a\nb' $'\377' $'\033[31m' $'\'\t\\\342\200\256'`: {"a\nb", "\xff", "\x1b[31m", "'\t\\\u202e"},
		`~/bin/x '~ann' a~b '=x' -T=1 grüße`:                {"~/bin/x", "~ann", "a~b", "=x", "-T=1", "grüße"},
	} {
		if got := Quote(words...); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// random are words of bytes that mean something to a shell, and of others.
func random(rng *rand.Rand) []string {
	const bytes = "ab \t\n\r'\"\\$`!#&|;()<>{}[]*?~=%^-,:/\x01\x1b\x7f\x80\xc3\xa9\xff"
	words := make([]string, 1+rng.IntN(5))
	for i := range words {
		for range rng.IntN(8) {
			words[i] += string(bytes[rng.IntN(len(bytes))])
		}
		if words[i] == "~" || strings.HasPrefix(words[i], "~/") { // means the home directory
			words[i] = ""
		}
	}
	return words
}

// What is quoted is one line without control characters, and bash reads the words from it that were written.
func TestPaste(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var want []string
	var script strings.Builder
	for range 2000 {
		words := random(rng)
		line := Quote(words...)
		if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Fatalf("%q has what has no shape", line)
		}
		want = append(want, words...)
		script.WriteString(`printf '%s\0' ` + line + "\n")
	}
	cmd := exec.Command(bash, "--norc")
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// What is joined is split into the words that it was made of.
func TestJoin(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		words := random(rng)
		got, err := Split(Join(words))
		if d := cmp.Diff(words, got); err != nil || d != "" {
			t.Fatalf("%q: %v %s", Join(words), err, d)
		}
	}
}

// Words keep their bytes, UTF-8 or not.
func TestSplit(t *testing.T) {
	for line, want := range map[string][]string{
		"":                         {},
		`sh -c "echo \"a b\""`:     {"sh", "-c", `echo "a b"`},
		"cp 'grüße \xff' \x80\xc3": {"cp", "grüße \xff", "\x80\xc3"},
	} {
		got, err := Split(line)
		if err != nil {
			t.Errorf("%q: %v", line, err)
		}
		if d := cmp.Diff(want, got); d != "" && len(want)+len(got) > 0 {
			t.Errorf("%q: %s", line, d)
		}
	}
}
