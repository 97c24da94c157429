package digest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type (
	count  int
	ratio  float64
	name   string
	ids    []byte
	point  struct{ X, Y int16 }
	marked struct{ err error }
)

func (m marked) MarshalBinary() ([]byte, error) { return []byte("mark"), m.err }

// Each record is the length of the encoding, the tag, and the value in little-endian order.
func TestAppend(t *testing.T) {
	for _, tt := range []struct {
		name string
		v    any
		want string
	}{
		{"nil", nil, "\x01n"},
		{"bool", true, "\x02b\x01"},
		{"int", -2, "\x09i\xfe\xff\xff\xff\xff\xff\xff\xff"},
		{"int8", int8(-2), "\x09i\xfe\xff\xff\xff\xff\xff\xff\xff"},
		{"named int", count(258), "\x09i\x02\x01\x00\x00\x00\x00\x00\x00"},
		{"uint32", uint32(258), "\x09u\x02\x01\x00\x00\x00\x00\x00\x00"},
		{"uint64", uint64(math.MaxUint64), "\x09u\xff\xff\xff\xff\xff\xff\xff\xff"},
		{"float64 1", 1.0, "\x09f\x00\x00\x00\x00\x00\x00\xf0\x3f"},                   // 0x3ff0000000000000
		{"float64 -0", math.Copysign(0, -1), "\x09f\x00\x00\x00\x00\x00\x00\x00\x80"}, // the sign bit alone
		{"named float", ratio(1), "\x09f\x00\x00\x00\x00\x00\x00\xf0\x3f"},            // as the type below it
		{"float32", float32(1), "\x05e\x00\x00\x80\x3f"},                              // 0x3f800000
		{"signalling NaN", math.Float32frombits(0x7fa00000), "\x05e\x00\x00\xa0\x7f"}, // not made quiet
		{"string", "ab", "\x03sab"},
		{"named string", name(""), "\x01s"},
		{"bytes", []byte{1, 2}, "\x03x\x01\x02"},
		{"named bytes", ids{1}, "\x02x\x01"},
		{"no bytes", []byte(nil), "\x01x"},
		{"struct", point{1, 2}, "\x05v\x01\x00\x02\x00"},
		{"slice", []uint16{1, 2}, "\x05v\x01\x00\x02\x00"},
		{"array", [2]bool{true, false}, "\x03v\x01\x00"},
		{"complex", complex(0, float32(0)), "\x09v\x00\x00\x00\x00\x00\x00\x00\x00"},
		{"marshaler", marked{}, "\x05mmark"},
	} {
		got, err := Append([]byte("+"), tt.v)
		if err != nil || string(got) != "+"+tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.name, got, err, "+"+tt.want)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	for _, tt := range []struct {
		v    any
		want string
	}{
		{[]int{1}, "[]int"}, // int has no fixed size
		{map[int]int{}, "map[int]int"},
		{(*point)(nil), "*digest.point"},
		{struct{ S string }{}, "struct"},
		{func() {}, "func()"},
		{marked{errors.New("no")}, "no"},
	} {
		if _, err := Append(nil, tt.v); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%T: error %v does not name %q", tt.v, err, tt.want)
		}
	}
}

// set returns a set with results lo … hi-1 for each pair, whose values are their numbers.
func set(t *testing.T, pairs ...int) *Set {
	t.Helper()
	var s Set
	for i := 0; i < len(pairs); i += 2 {
		var records []byte
		for n := pairs[i]; n < pairs[i+1]; n++ {
			var err error
			if records, err = Append(records, n); err != nil {
				t.Fatal(err)
			}
		}
		s.Add(pairs[i], pairs[i+1], records)
	}
	return &s
}

func TestSum(t *testing.T) {
	var text []byte
	for n := range uint64(10) {
		text = binary.LittleEndian.AppendUint64(text, n)
		text = binary.LittleEndian.AppendUint64(text, 9)
		text = binary.LittleEndian.AppendUint64(append(text, 'i'), n)
	}
	sum := sha256.Sum256(text)
	want := hex.EncodeToString(sum[:])
	for _, sets := range [][]*Set{
		{set(t, 0, 10)},
		{set(t, 0, 3, 3, 10)},
		{set(t, 5, 10, 0, 5)}, // a free form gives its results in any order
		{set(t, 0, 1, 4, 5), set(t, 1, 4, 5, 10)},
		{set(t, 9, 10, 0, 2), set(t), set(t, 2, 9)},
	} {
		got, n, err := Sum(sets...)
		if err != nil || got != want || n != 10 {
			t.Errorf("sum %s of %d, %v, want %s of 10", got, n, err, want)
		}
	}
}

func TestSumOfNothing(t *testing.T) {
	empty := sha256.Sum256(nil)
	got, n, err := Sum(&Set{}, set(t, 4, 4))
	if diff := cmp.Diff(hex.EncodeToString(empty[:]), got); diff != "" || n != 0 || err != nil {
		t.Error(diff, n, err)
	}
}

func TestSumRefuses(t *testing.T) {
	damaged, long := set(t, 0, 2), set(t, 0, 2)
	damaged.Add(2, 4, []byte{9, 'i'})
	long.Add(3, 4, []byte("\x01n\x01n"))
	for _, tt := range []struct {
		sets []*Set
		want string
	}{
		{[]*Set{set(t, 0, 4), set(t, 3, 5)}, "result 3 was given twice"},
		{[]*Set{set(t, 3, 4, 3, 4)}, "result 3 was given twice"},
		{[]*Set{damaged}, "result 2: damaged record"},
		{[]*Set{long}, "results 3-3: 2 bytes left over"},
	} {
		if _, _, err := Sum(tt.sets...); err == nil || err.Error() != tt.want {
			t.Errorf("error %v, want %q", err, tt.want)
		}
	}
}

// Records come from another process: any bytes are either summed or refused.
func FuzzSum(f *testing.F) {
	f.Add(0, 2, []byte("\x01n\x02b\x01"))
	f.Add(0, 1<<40, []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, lo, hi int, records []byte) {
		var s Set
		s.Add(lo, hi, records)
		if _, n, err := Sum(&s); err == nil && n != max(0, hi-lo) {
			t.Errorf("%d results of %d-%d", n, lo, hi)
		}
	})
}

func BenchmarkSum(b *testing.B) {
	const n = 1 << 16
	var even, odd Set
	for i := 0; i < n; i += 2 {
		even.Add(i, i+1, []byte("\x09i12345678"))
		odd.Add(i+1, i+2, []byte("\x09i12345678"))
	}
	for b.Loop() {
		if _, _, err := Sum(&even, &odd); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/result")
}
