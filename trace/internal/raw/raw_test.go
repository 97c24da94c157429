package raw

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// texts are those of a list and of a field of their own.
func texts(list []string, one *string) Texts {
	return Texts{Lists: map[string][]string{"argv": list}, Of: map[string]*string{"dir": one}}
}

// Every text comes out of JSON as it went in, and only what is not UTF-8 needs bytes.
func TestBytes(t *testing.T) {
	for _, c := range []struct {
		list []string
		dir  string
		n    int
	}{
		{nil, "", 0},
		{[]string{"a", "", "ü", "\ufffd", "\x01"}, "/x", 0},
		{[]string{"a", "\xff", "b\x80\x80ü"}, "/\xfe/x", 3},
		{[]string{"\xed\xa0\x80", "\ufffd\xff"}, "", 2}, // a surrogate half; a real U+FFFD before a lost byte
	} {
		b := texts(c.list, &c.dir).Bytes()
		if len(b) != c.n {
			t.Errorf("%q, %q: bytes of %d texts, want %d", c.list, c.dir, len(b), c.n)
		}
		text, err := json.Marshal([]any{c.list, c.dir, b})
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		var dir string
		var read Bytes
		if err := json.Unmarshal(text, &[]any{&list, &dir, &read}); err != nil {
			t.Fatal(err)
		}
		if err := texts(list, &dir).Restore(read); err != nil {
			t.Errorf("%q, %q: %v", c.list, c.dir, err)
		}
		if d := cmp.Diff(append(c.list, c.dir), append(list, dir)); d != "" {
			t.Error(d)
		}
	}
}

// Bytes that would run something else than what a reader is shown are refused.
func TestRestoreRefuses(t *testing.T) {
	for name, b := range map[string]Bytes{
		"another text": {"argv/0": []byte("rm\xff")},
		"of UTF-8":     {"argv/0": []byte("rm")},
		"no such word": {"argv/1": []byte("\xff")},
		"no such key":  {"env/0": []byte("\xff")},
	} {
		list, dir := []string{"ls"}, "/"
		if err := texts(list, &dir).Restore(b); err == nil {
			t.Errorf("%s: read as %q", name, list)
		}
		if list[0] != "ls" {
			t.Errorf("%s: the text is %q", name, list[0])
		}
	}
}
