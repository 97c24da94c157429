package limits

import (
	"bytes"
	"unicode/utf8"
)

// small is the length of JSON that can hold nothing beyond the limits of [JSON].
const small = 64 << 10

// JSON returns an error if text has more than values values, a text of more than [TextBytes] or a number of more than
// [NumberBytes]: what unfolds far beyond its length as it is decoded, or would be repeated by errors. Whether it is
// JSON is left to who decodes it.
func JSON(where string, text []byte, values int) error {
	if len(text) <= small {
		return nil
	}
	met := 1
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			n := quoted(text[i+1:])
			if err := Count(where, "bytes of one text", int64(n), TextBytes); err != nil {
				return err
			}
			i += n + 1
		case c == ',' || c == '{' || c == '[':
			met++
		case c == '-' || '0' <= c && c <= '9':
			from := i
			for i+1 < len(text) && numeric(text[i+1]) {
				i++
			}
			if err := Count(where, "bytes of one number", int64(i+1-from), NumberBytes); err != nil {
				return err
			}
		}
		if met > values {
			return More(where, "values", int64(values))
		}
	}
	return nil
}

// quoted returns the length of the text that ends before the first quote in b.
func quoted(b []byte) int {
	for n := 0; ; n++ {
		i := bytes.IndexByte(b[n:], '"')
		if i < 0 {
			return len(b)
		}
		n += i
		slashes := 0
		for slashes < n && b[n-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return n
		}
	}
}

func numeric(c byte) bool {
	return '0' <= c && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}

// validPrefix returns at most n bytes of text, which end with a whole character.
func validPrefix(text string, n int) string {
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
