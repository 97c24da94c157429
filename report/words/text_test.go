package words

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestPrintable(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"colour and bell", "\x1b[31mred\a", `\u001b[31mred\u0007`},
		{"C1 control", "\u009b31m", `\u009b31m`},
		{"order of writing", "a\u202eb", `a\u202eb`},
		{"lines", "\none\r\n\ntwo\n", "one / two"},
		{"white space", "a\tb\u2003c\u2028d", "a b c d"},
		{"no break", "5" + NoBreak + "ms", "5" + NoBreak + "ms"},
		{"no UTF-8", "a\xffb", "a�b"},
		{"other alphabets", `«ü» 世 'a' \x`, `«ü» 世 'a' \x`},
	} {
		got := Printable(c.in)
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if again := Printable(got); again != got {
			t.Errorf("%s: twice %q", c.name, again)
		}
	}
}

func TestOpening(t *testing.T) {
	for in, want := range map[string]string{
		"the runs differ": "The runs differ", "2 runs differ": "2 runs differ", "runs.jsonl: line 9": "runs.jsonl: line 9",
		"spin: few": "spin: few", "pi-p1: few": "pi-p1: few", "alone": "alone", "": "",
	} {
		if got := Opening(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestWrap(t *testing.T) {
	const nb = NoBreak
	for _, c := range []struct {
		name, text  string
		width       int
		first, rest string
		want        []string
	}{
		// "three" would end at 13; what is longer than a line is broken where the line ends.
		{"words", "one two  three fourfivesixseven a" + nb + "b", 10, "", "  ", []string{"one two", "  three", "  fourfive", "  sixseven", "  a b"}},
		{"full to the last column", "aaaa bbbbb cc", 10, "", "", []string{"aaaa bbbbb", "cc"}},
		{"one too many", "aaaa bbbbbb cc", 10, "", "", []string{"aaaa", "bbbbbb cc"}},
		{"no break", "aaaa 512" + nb + "ms b", 10, "", "", []string{"aaaa", "512 ms b"}},
		{"characters, not bytes", "üüüü üüüüü", 10, "", "", []string{"üüüü üüüüü"}},
		{"long word behind the mark", "abcdefghijkl m", 10, "- ", "  ", []string{"- abcdefgh", "  ijkl m"}},
		{"word of exactly two lines", "abcdefghijklmnopqrst u", 10, "", "", []string{"abcdefghij", "klmnopqrst", "u"}},
		{"room for eight however narrow", "abcdefgh i", 3, "- ", "  ", []string{"- abcdefgh", "  i"}},
		{"control characters", "a\x1b b\nc", 20, "", "", []string{`a\u001b b / c`}},
		{"nothing", " \t\n", 10, "- ", "", nil},
	} {
		if diff := cmp.Diff(c.want, Wrap(c.text, c.width, c.first, c.rest)); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

func TestItem(t *testing.T) {
	if diff := cmp.Diff([]string{"× aaaa bbb", "  cc"}, Item("× ", "aaaa bbb cc", 10)); diff != "" {
		t.Error(diff)
	}
}

// Whatever the text, no line is wider than asked for, none steers a terminal, and all that is not white space stays in
// its order.
func FuzzWrap(f *testing.F) {
	f.Add("one two three\x1b[31m", 12)
	f.Add("a\u00a0b \xff 世界", 8)
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = leastRoom + (width%80+80)%80
		lines := Wrap(s, width, "", "")
		for _, l := range lines {
			if utf8.RuneCountInString(l) > width || l != Plain(Printable(l)) {
				t.Errorf("width %d: %q", width, l)
			}
		}
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got, want := bare(strings.Join(lines, "")), bare(Plain(Printable(s))); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func TestMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"a|b <i> *x* `y` [z](u) @me\x1b &\n#1" + NoBreak + "%": `a\|b &lt;i&gt; \*x\* \` + "`y\\`" + ` \[z\](u) \@&#8203;me\\u001b &amp; / \#&#8203;1 %`,
		"at me@example.org, # 1, @ home":                       `at me\@example.org, \# 1, \@ home`,
		"see https://example.org":                              `see https\://example.org`,
		"www.example.org":                                      `www\.example.org`,
		"a: b://c/d":                                           `a: b\://c/d`,
		"- an item":                                            `\- an item`,
		"+ an item":                                            `\+ an item`,
		"12. an item":                                          `12\. an item`,
		"1.5 times, -2":                                        `1.5 times, -2`,
		"-5 and - 5":                                           `-5 and - 5`,
		"owner/repository#12 and @team/name":                   `owner/repository\#&#8203;12 and \@&#8203;team/name`,
	} {
		if got := Markdown(in); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestSentence(t *testing.T) {
	for in, want := range map[string]string{"done": "done.", " why? ": "why?", "as follows:": "as follows:", "": ""} {
		if got := Sentence(in); got != want {
			t.Errorf("Sentence(%q) = %q, want %q", in, got, want)
		}
	}
}
