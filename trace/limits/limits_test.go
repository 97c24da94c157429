package limits

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/limits/limitstest"
)

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{Count("study.json", "bytes", 1<<30+1, 8<<20), "study.json: 1 GiB: at most 8 MiB"},
		{Count("study.json", "points", 10_001, 10_000), "study.json: 10001 points: at most 10000 points"},
		{More("p0.trace", "bytes", 1536), "p0.trace: more than 1.5 KiB"},
		{Value("point.workers", 1<<62, 1, 4096), "point.workers is 4611686018427387904: must be at most 4096"},
		{Value("point.workers", -3, 1, 4096), "point.workers is -3: must be at least 1"},
		{Value("rep", -1, 0, 9), "rep is -1: must not be negative"},
	} {
		if diff := cmp.Diff(c.want, c.err.Error()); diff != "" {
			t.Error(diff)
		}
	}
	for _, err := range []error{Count("a", "points", 3, 3), Value("n", 0, 0, 9), Value("n", 9, 0, 9)} {
		if err != nil {
			t.Error(err)
		}
	}
	long := strings.Repeat("é", 1000)
	if got := Quote(long); len(got) > 2*ShownChars+5 {
		t.Errorf("%d bytes are shown of a long text", len(got))
	}
	if got := Brief(errors.New(long)); len(got) > ErrorBytes+30 || !strings.HasSuffix(got, "(1500 bytes more)") {
		t.Errorf("a long error becomes %q", got)
	}
}

// A file that is too long is refused by its length; a pipe after as many bytes as are allowed.
func TestReadAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sparse")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := f.Truncate(1 << 40); err != nil {
		t.Skip(err)
	}
	if b, err := ReadAll("sparse", f, 1<<20); err == nil || err.Error() != "sparse: 1024 GiB: at most 1 MiB" {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	endless := io.MultiReader(strings.NewReader(strings.Repeat("x", 2000)), zeros{})
	if _, err := ReadAll("pipe", endless, 1000); err == nil || err.Error() != "pipe: more than 1000 bytes" {
		t.Error(err)
	}
	for _, n := range []int{0, 1, 511, 512, 513, 1000} {
		b, err := ReadAll("pipe", strings.NewReader(strings.Repeat("x", n)), 1000)
		if err != nil || len(b) != n {
			t.Errorf("%d bytes of %d, %v", len(b), n, err)
		}
	}
	if _, err := ReadAll("pipe", io.MultiReader(strings.NewReader("abc"), failing{}), 1000); !errors.Is(err, errFailing) {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type failing struct{}

var errFailing = errors.New("failing")

func (failing) Read([]byte) (int, error) { return 0, errFailing }

func zipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestUnfold(t *testing.T) {
	for name, c := range map[string]struct {
		in     []byte
		length int
		bad    bool
	}{
		"empty":           {nil, 0, false},
		"one byte":        {[]byte{0x1f}, 1, false},
		"plain":           {[]byte("plain text"), 10, false},
		"compressed":      {zipped(t, []byte("plain text")), 10, false},
		"short repeats":   {zipped(t, make([]byte, UnfoldBytes)), UnfoldBytes, false},
		"a bomb":          {zipped(t, make([]byte, 64<<20)), 0, true},
		"bombs in a row":  {bytes.Repeat(zipped(t, make([]byte, 1<<20)), 500), 0, true},
		"a damaged bomb":  {append(zipped(t, make([]byte, 64<<20)), "damage"...), 0, true},
		"half compressed": {zipped(t, []byte("plain text"))[:15], 0, true},
	} {
		r, err := Unfold(name, bytes.NewReader(c.in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n, err := io.Copy(io.Discard, r)
		if (err != nil) != c.bad || !c.bad && n != int64(c.length) {
			t.Errorf("%s: %d bytes, error %v", name, n, err)
		}
		if most := int64(UnfoldBytes + UnfoldTimes*len(c.in)); n > most {
			t.Errorf("%s: %d bytes came out of %d", name, n, len(c.in))
		}
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	l := NewLines(strings.NewReader("a\n\n"+long+"\nbc\n"+long+"y\n"+long), 200_001)
	type line struct {
		text string
		err  string
	}
	var got []line
	for {
		b, err := l.Next()
		one := line{text: string(b)}
		if err != nil {
			one.err = err.Error()
		}
		got = append(got, one)
		if errors.Is(err, io.EOF) {
			break
		}
	}
	want := []line{
		{"a", ""}, {"", ""}, {long, ""}, {"bc", ""}, {"", "200002 bytes: at most 200001 bytes"}, {long, "EOF"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(line{})); diff != "" {
		t.Error(diff)
	}
	if l.Number() != 6 || l.Read() != 600_009 {
		t.Errorf("line %d at byte %d", l.Number(), l.Read())
	}
}

func TestBuffers(t *testing.T) {
	b := Buffer{Most: 5}
	for _, s := range []string{"ab", "cde", "f", ""} {
		_, _ = b.Write([]byte(s))
	}
	if string(b.Bytes()) != "abcde" || b.Err() == nil || b.Err().Error() != "more than 5 bytes" {
		t.Errorf("%q, %v", b.Bytes(), b.Err())
	}
	var tail Tail
	var all strings.Builder
	for i := range 5000 {
		s := strings.Repeat(string(rune('a'+i%26)), i%37)
		all.WriteString(s)
		if n, err := tail.Write([]byte(s)); n != len(s) || err != nil {
			t.Fatal(n, err)
		}
		got := tail.String()
		if !strings.HasSuffix(all.String(), got) || len(got) < min(all.Len(), TailBytes) || len(got) > 8*TailBytes {
			t.Fatalf("%d bytes are kept of %d", len(got), all.Len())
		}
	}
	if _, err := tail.Write(make([]byte, 1<<20)); err != nil || len(tail.String()) > 8*TailBytes {
		t.Errorf("%d bytes, %v", len(tail.String()), err)
	}
}

func TestJSON(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"values":       {`[` + strings.Repeat("{},", 40_000) + `{}]`, ""},
		"many values":  {`[` + strings.Repeat("{},", 60_000) + `{}]`, "x: more than 100000 values"},
		"long text":    {`["` + strings.Repeat("[", TextBytes) + `"]`, ""},
		"longer text":  {`["` + strings.Repeat("[", TextBytes+1) + `"]`, "x: 262145 bytes of one text: at most 262144 bytes of one text"},
		"escapes":      {`["` + strings.Repeat(`\"`, TextBytes/2) + `",1]`, ""},
		"open text":    {`["` + strings.Repeat("x", 70_000) + `\`, ""},
		"long number":  {`[` + strings.Repeat("1", 70_000) + `]`, "x: 70000 bytes of one number: at most 64 bytes of one number"},
		"short":        {`[` + strings.Repeat("1", 1000) + `]`, ""},
		"number at 64": {`["` + strings.Repeat("[", 70_000) + `",` + strings.Repeat("1", 64) + `]`, ""},
	} {
		got := ""
		if err := JSON("x", []byte(c.text), 100_000); err != nil {
			got = err.Error()
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// FuzzUnfold and FuzzLines hold what the readers promise: memory in proportion to the input, and nothing lost.
func FuzzUnfold(f *testing.F) {
	f.Add([]byte("plain"))
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write(make([]byte, 1<<20))
	_ = w.Close()
	f.Add(z.Bytes())
	f.Fuzz(func(t *testing.T, in []byte) {
		var n int64
		var err error
		limitstest.Holds(t, 8*int64(len(in))+1<<20, func() {
			var r io.Reader
			if r, err = Unfold("fuzz", bytes.NewReader(in)); err == nil {
				n, err = io.Copy(io.Discard, r)
			}
		})
		if n > int64(UnfoldBytes+UnfoldTimes*len(in)) {
			t.Errorf("%d bytes came out of %d", n, len(in))
		}
		zipped := bytes.HasPrefix(in, []byte{0x1f, 0x8b})
		if !zipped && (err != nil || n != int64(len(in))) {
			t.Errorf("%d bytes of %d, %v", n, len(in), err)
		}
	})
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("a\nbb\n\nccc"), 2)
	f.Add(bytes.Repeat([]byte("0123456789\n"), 10_000), 11)
	f.Fuzz(func(t *testing.T, in []byte, most int) {
		if most >= 0 {
			limitstest.Holds(t, 8*int64(len(in))+1<<20, func() { readLines(t, in, most) })
		}
	})
}

// readLines reads the lines of in, none longer than most, and holds them against in.
func readLines(t *testing.T, in []byte, most int) {
	l := NewLines(bytes.NewReader(in), most)
	rest := in
	for {
		line, err := l.Next()
		want, after, whole := bytes.Cut(rest, []byte("\n"))
		length := len(want)
		if whole {
			length++
		}
		_, long := errors.AsType[*Error](err)
		switch {
		case long != (length > most):
			t.Fatalf("line %d of %d bytes: %v", l.Number(), length, err)
		case !long && !bytes.Equal(line, want):
			t.Fatalf("line %d is %q, want %q", l.Number(), line, want)
		}
		rest = after
		if errors.Is(err, io.EOF) {
			break
		}
		if long && !whole {
			if _, err := l.Next(); !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			break
		}
	}
	if l.Read() != int64(len(in)) {
		t.Errorf("%d bytes read of %d", l.Read(), len(in))
	}
}

// A length that a header claims costs no memory: only what arrives does.
func TestReadAllTakesLittle(t *testing.T) {
	limitstest.Holds(t, 1<<20, func() {
		if _, err := ReadAll("pipe", strings.NewReader("short"), 1<<40); err != nil {
			t.Fatal(err)
		}
	})
}
