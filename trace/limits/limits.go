package limits

import (
	"fmt"
	"math"
	"strconv"
)

// An Error says that an input is beyond a limit.
type Error struct {
	Where string // file, and the place in it; empty: the caller says it
	What  string // what is counted ("bytes", "points"), or the field whose value is at fault
	Met   int64
	More  bool  // there is more than Met, which is as far as was counted
	Field bool  // What is a field
	Least int64 // of a field
	Most  int64
}

func (e *Error) Error() string {
	where := ""
	if e.Where != "" {
		where = e.Where + ": "
	}
	switch {
	case e.Field && e.Met < e.Least && e.Least == 0:
		return fmt.Sprintf("%s%s is %d: must not be negative", where, e.What, e.Met)
	case e.Field && e.Met < e.Least:
		return fmt.Sprintf("%s%s is %d: must be at least %d", where, e.What, e.Met, e.Least)
	case e.Field:
		return fmt.Sprintf("%s%s is %d: must be at most %d", where, e.What, e.Met, e.Most)
	case e.More:
		return fmt.Sprintf("%smore than %s", where, amount(e.Most, e.What))
	default:
		met, most := amount(e.Met, e.What), amount(e.Most, e.What)
		if met == most { // as rounded
			met, most = fmt.Sprint(e.Met, " ", e.What), fmt.Sprint(e.Most, " ", e.What)
		}
		return fmt.Sprintf("%s%s: at most %s", where, met, most)
	}
}

// amount writes n of what for people.
func amount(n int64, what string) string {
	if what == byteUnit {
		for _, u := range []struct {
			size int64
			name string
		}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
			if n >= u.size {
				return strconv.FormatFloat(math.Round(10*float64(n)/float64(u.size))/10, 'f', -1, 64) + " " + u.name
			}
		}
	}
	if n >= 1e6 && n%1e6 == 0 {
		return strconv.FormatInt(n/1e6, 10) + " million " + what
	}
	return strconv.FormatInt(n, 10) + " " + what
}

const byteUnit = "bytes"

// Count returns an error if met is more than most. what is the plural of what is counted.
func Count(where, what string, met, most int64) error {
	if met <= most {
		return nil
	}
	return &Error{Where: where, What: what, Met: met, Most: most}
}

// More returns the error of an input that has more than most of what, which was not counted further.
func More(where, what string, most int64) error {
	return &Error{Where: where, What: what, Met: most, More: true, Most: most}
}

// Value returns an error unless the value of a field is from least to most.
func Value(field string, v, least, most int64) error {
	if v >= least && v <= most {
		return nil
	}
	return &Error{What: field, Met: v, Field: true, Least: least, Most: most}
}

// Quote returns foreign text as an error may show it: quoted, and short.
func Quote(text string) string {
	n := 0
	for i := range text {
		if n++; n > ShownChars {
			return strconv.Quote(text[:i] + "…")
		}
	}
	return strconv.Quote(text)
}

// Shorten returns text, or its beginning if it is longer than [KeptBytes], with how much is missing.
func Shorten(text string) string { return shorten(text, KeptBytes) }

func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes more)", validPrefix(text, most), len(text)-most)
}

// Brief returns the text of a foreign error, which may repeat its input, no longer than an error may be.
func Brief(err error) string { return shorten(err.Error(), ErrorBytes) }
