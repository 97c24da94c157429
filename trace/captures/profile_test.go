package captures

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
)

// message appends a field that holds a message to b.
func message(b []byte, field int, content []byte) []byte {
	b = binary.AppendUvarint(b, uint64(field)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(content))), content...)
}

// recorded returns a profile of the running program.
func recorded(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := pprof.StartCPUProfile(&b); err != nil {
		tb.Skip(err)
	}
	for begin := time.Now(); time.Since(begin) < 50*time.Millisecond; {
		_ = strings.Repeat("x", 1000)
	}
	pprof.StopCPUProfile()
	return b.Bytes()
}

// unfolded returns what is compressed in b.
func unfolded(tb testing.TB, b []byte) []byte {
	tb.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(z); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func zipped(tb testing.TB, b []byte) []byte {
	tb.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// A profile that would take gigabytes is refused before it is parsed, by its length or by what it holds.
func TestProfileLimits(t *testing.T) {
	repeat := func(b []byte) []byte { return bytes.Repeat(b, 20<<20/len(b)) }
	label := message(nil, labelOfSample, nil)
	for name, c := range map[string]struct {
		in   []byte
		want string
	}{
		"recorded":          {recorded(t), ""},
		"not compressed":    {unfolded(t, recorded(t)), ""},
		"empty":             {nil, "x: no profile: empty input file"},
		"a text":            {[]byte("a text"), "x: no profile: protobuf: damaged field at byte"},
		"a bomb":            {zipped(t, make([]byte, 100<<20)), "x: more than 20 times its compressed length"},
		"too long":          {make([]byte, limits.ProfileBytes+1), "x: more than 64 MiB"},
		"samples":           {repeat(message(nil, sampleField, nil)), "x: the profiles of the run would take more than 128 MiB of memory"},
		"samples in bombs":  {zipped(t, repeat(message(nil, sampleField, nil))), "more than 20 times"},
		"locations":         {repeat(message(nil, locationField, nil)), "more than 128 MiB of memory"},
		"lines":             {repeat(message(nil, locationField, message(nil, lineOfLocation, nil))), "more than 128 MiB of memory"},
		"functions":         {repeat(message(nil, functionField, nil)), "more than 128 MiB of memory"},
		"mappings":          {repeat(message(nil, mappingField, nil)), "more than 128 MiB of memory"},
		"texts":             {repeat(message(nil, textField, nil)), "more than 128 MiB of memory"},
		"types":             {repeat(message(nil, 1, nil)), "more than 128 MiB of memory"},
		"comments":          {message(nil, 13, make([]byte, 20<<20)), "more than 128 MiB of memory"},
		"values":            {message(nil, sampleField, message(nil, valueOfSample, make([]byte, 20<<20))), "more than 128 MiB of memory"},
		"values one by one": {message(nil, sampleField, repeat([]byte{valueOfSample << 3, 0})), "more than 128 MiB of memory"},
		"labels":            {repeat(message(nil, sampleField, label)), "more than 128 MiB of memory"},
		"labels of one":     {message(nil, sampleField, repeat(label)), "more than 128 MiB of memory"},
		"no string table":   {message(nil, sampleField, nil), "x: "},
		"broken sample":     {message(nil, sampleField, []byte{0xff}), "x: no profile: protobuf: damaged field"},
	} {
		t.Run(name, func(t *testing.T) {
			var p *profile.Profile
			var err error
			limitstest.Holds(t, 5*limits.ProfileBytes, func() { p, _, err = parseProfile("x", bytes.NewReader(c.in), limits.ProfileMemory) })
			if (err == nil) != (p != nil) || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// FuzzProfile holds that what is weighed is what is taken, and that no input breaks the parser.
func FuzzProfile(f *testing.F) {
	whole := recorded(f)
	plain := unfolded(f, whole)
	f.Add(whole)
	f.Add(plain)
	f.Add(plain[:len(plain)/2])
	f.Add(message(nil, sampleField, message(nil, labelOfSample, []byte{1 << 3, 1, 2 << 3, 1})))
	f.Add(bytes.Repeat(message(nil, locationField, message(nil, lineOfLocation, nil)), 100))
	f.Fuzz(func(t *testing.T, in []byte) {
		w := weigher{most: limits.ProfileMemory}
		if content, bad := limits.Unfold("", bytes.NewReader(in)); bad == nil {
			if b, bad := limits.ReadAll("", content, limits.ProfileBytes); bad == nil {
				_ = w.profile(b) // up to what is damaged
			}
		}
		// All that is allocated on the way: twice what stays, and buffers.
		limitstest.Holds(t, 2*w.weight+8*int64(len(in))+8<<20, func() { _, _, _ = parseProfile("fuzz", bytes.NewReader(in), limits.ProfileMemory) })
	})
}
