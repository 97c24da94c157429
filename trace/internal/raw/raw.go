// Package raw keeps text that is not UTF-8 in JSON, which has no such text.
//
// An argument, a path or a variable of the environment may hold any byte except 0. encoding/json writes each byte that
// is no UTF-8 as U+FFFD, and so loses it. An object with such texts therefore has one more field, whose type is
// [Bytes]: the bytes of those texts, by the key of their field and the index in its list. The fields themselves stay as
// readable as they were, and a reader that does not know the bytes reads what it always did.
package raw

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Bytes are the texts of an object that are not UTF-8: "work_dir", or "argv/2" in a list.
type Bytes map[string][]byte

// Texts are the fields of an object that may hold any bytes, by their keys in JSON.
type Texts struct {
	Lists map[string][]string
	Of    map[string]*string
}

// each calls f with every text and its key.
func (t Texts) each(f func(key string, s *string)) {
	for key, list := range t.Lists {
		for i := range list {
			f(key+"/"+strconv.Itoa(i), &list[i])
		}
	}
	for key, s := range t.Of {
		f(key, s)
	}
}

// Bytes returns those of the texts that are not UTF-8; nil if all are.
func (t Texts) Bytes() Bytes {
	var out Bytes
	t.each(func(key string, s *string) {
		if utf8.ValidString(*s) {
			return
		}
		if out == nil {
			out = Bytes{}
		}
		out[key] = []byte(*s)
	})
	return out
}

// Restore puts the bytes in the place of the texts that were read from JSON. What is shown must be what is meant: it
// returns an error if the bytes belong to no text, or to another than the one that stands there.
func (t Texts) Restore(b Bytes) error {
	if len(b) == 0 {
		return nil
	}
	restored := 0
	var err error
	t.each(func(key string, s *string) {
		bytes, ok := b[key]
		if !ok {
			return
		}
		restored++
		if Shown(string(bytes)) != *s {
			err = fmt.Errorf("the bytes of %.40q are not those of its text", key)
			return
		}
		*s = string(bytes)
	})
	if err == nil && restored < len(b) {
		return fmt.Errorf("bytes of %d texts that are not there", len(b)-restored)
	}
	return err
}

// Shown returns s as JSON holds it: each byte that is no UTF-8 is U+FFFD.
func Shown(s string) string { return string([]rune(s)) }
