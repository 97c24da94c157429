package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The words of --prepare and --cleanup keep their bytes, UTF-8 or not.
func TestSplit(t *testing.T) {
	for line, want := range map[string][]string{
		"":                         {},
		`sh -c "echo \"a b\""`:     {"sh", "-c", `echo "a b"`},
		"cp 'grüße \xff' \x80\xc3": {"cp", "grüße \xff", "\x80\xc3"},
	} {
		got, err := split(line)
		if err != nil {
			t.Errorf("%q: %v", line, err)
		}
		if d := cmp.Diff(want, got); d != "" && len(want)+len(got) > 0 {
			t.Errorf("%q: %s", line, d)
		}
	}
}
