package supervise

import "testing"

// A line is judged when its end arrives, in however many pieces. The last that holds the mark is kept, with the time of
// its end.
func TestMarker(t *testing.T) {
	m := &marker{mark: []byte("ns/op")}
	for _, piece := range []string{"1 ns/op\n2 n", "s/op", "\nother\nbefore ns/op without an end"} {
		if n, err := m.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Fatalf("%d, %v; want all %d bytes taken", n, err, len(piece))
		}
	}
	if m.last == nil || m.last.Text != "2 ns/op" || m.last.At == 0 {
		t.Errorf("%+v; want the line 2 ns/op and its time", m.last)
	}
	long := make([]byte, 3*longestLine)
	_, _ = m.Write(long)
	if len(m.line) > longestLine {
		t.Errorf("a line without an end takes %d bytes", len(m.line))
	}
}
