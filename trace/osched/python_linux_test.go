package osched

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// The word is found wherever it lies: at the start, at the end of another word, and across two reads.
func TestFind(t *testing.T) {
	text := "word\x00" + strings.Repeat("-", 40_000) + "sword\x00words\x00" + strings.Repeat("-", 25_523) + "word\x00"
	want := []int64{0, 40_006, int64(len(text) - 5)}
	for name, got := range map[string][]int64{
		"in blocks":    find(strings.NewReader(text), []byte("word\x00")),
		"byte by byte": find(iotest.OneByteReader(strings.NewReader(text)), []byte("word\x00")),
	} {
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
