package osched

import (
	"bytes"
	"compress/gzip"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
)

func samples() []Record {
	return []Record{
		{Time: 1000, Kind: Exec, CPU: 1, PID: 7, TID: 7, Name: "a \"b\"\\,c]"},
		{Time: 1001, Kind: Fork, CPU: 1, PID: 7, TID: 8, Parent: 7, Creator: 7},
		{Time: 1002, Kind: Comm, CPU: 0, PID: 7, TID: 8, Name: ""},
		{Time: 1003, Kind: In, CPU: 0, PID: 7, TID: 8},
		{Time: 1004, Kind: Out, CPU: 0, PID: 7, TID: 8},
		{Time: 1005, Kind: Preempt, CPU: 1, PID: 7, TID: 7},
		{Time: 1006, Kind: Lost, CPU: 1, Count: math.MaxUint64},
		{Time: 1007, Kind: Blocked, CPU: NoCPU, PID: 7, TID: 8, Reason: Futex, Call: 202, Object: math.MaxUint64, Name: GIL},
		{Time: 1008, Kind: Blocked, CPU: NoCPU, PID: 7, TID: 7, Reason: Fault, Call: -1},
		{Time: 1009, Kind: Woken, CPU: NoCPU, PID: 7, TID: 8},
		{Time: 1009, Kind: Usage, CPU: NoCPU, PID: 7, TID: 7, OnCPU: 5, Ready: 6},
		{Time: 1010, Kind: Exit, CPU: 1, PID: 7, TID: 7},
		{Time: 1011, Kind: End, CPU: NoCPU},
	}
}

func write(t testing.TB, records []Record) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := newWriter(&b, Header{Level: Switches, Start: 1000, CPUs: []int{0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		if err := w.write(&records[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(data []byte) (Header, []Record, error) {
	var out []Record
	h, err := Each("x.gz", bytes.NewReader(data), func(r *Record) error {
		out = append(out, *r)
		return nil
	})
	return h, out, err
}

func TestRoundTrip(t *testing.T) {
	h, got, err := read(write(t, samples()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(samples(), got); diff != "" {
		t.Error(diff)
	}
	want := Header{Schema: schema, Level: Switches, Clock: "CLOCK_MONOTONIC", Start: 1000, CPUs: []int{0, 1}}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
}

const header = `{"schema":"corecurve/osched/1","level":"switches","clock":"CLOCK_MONOTONIC","start_ns":100}` + "\n"

// Damaged lines are skipped and reported with their place; what a later version adds is skipped.
func TestDamage(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
		records          int
	}{
		{"whole", header + `["i",5,0,1,2]` + "\n" + ` ["z", 6] ` + "\n", "", 2},
		{"last line without its end", header + `["i",5,0,1,2]` + "\n" + `["z",6]`, "", 2},
		{"kinds and fields to come", header + `["new",5,{"a":1}]` + "\n" + `["i",5,0,1,2,77]` + "\n" + `["k"]` + "\n" + `["z",6]` + "\n", "x.gz: line 2: wrong number", 2},
		{"no end", header + `["i",5,0,1,2]` + "\n", "x.gz: line 3: the recording breaks off here", 1},
		{"cut", header + `["i",5,0,1,2]` + "\n" + `["i",6,0`, "x.gz: line 3: not an array (and 1 more damaged places)", 1},
		{"too few fields", header + `["i",5,0,1]` + "\n" + `["z",6]`, "x.gz: line 2: wrong number or kind of fields", 1},
		{"text for a number", header + `["i",5,"0",1,2]` + "\n" + `["z",6]`, "x.gz: line 2: wrong number or kind of fields", 1},
		{"a float", header + `["i",5.5,0,1,2]` + "\n" + `["z",6]`, "x.gz: line 2: wrong number or kind of fields", 1},
		{"large thread", header + `["i",5,0,1,2147483648]` + "\n" + `["z",6]`, "x.gz: line 2: 2147483648 is out of range", 1},
		{"negative time", header + `["i",-5,0,1,2]` + "\n" + `["z",6]`, "x.gz: line 2: the time is out of range", 1},
		{"open text", header + `["c",5,0,1,2,"ab]` + "\n" + `["z",6]`, "x.gz: line 2: ", 1},
		{"long", header + `["` + strings.Repeat("i", limits.RecordBytes) + "\n" + `["z",6]`, "x.gz: line 2: 131075 bytes: at most 131072 bytes", 1},
		{"long name", header + `["c",5,0,1,2,"` + strings.Repeat("n", 257) + `"]` + "\n" + `["z",6]`, "x.gz: line 2: 257 bytes of a name", 1},
		{"many processors", strings.Replace(header, "}", `,"cpus":[0`+strings.Repeat(",1", 8192)+`]}`, 1), "x.gz: line 1: 8193 cpus: at most 8192", 0},
		{"rings", strings.Replace(header, "}", `,"ring_pages":-1}`, 1), "x.gz: line 1: ring_pages is -1: must not be negative", 0},
		{"long word in the header", strings.Replace(header, "100", strings.Repeat("1", 100_000), 1), "(99", 0},
		{"empty", "", "x.gz: line 1: no header: unexpected EOF", 0},
		{"text", "hello\n", "x.gz: line 1: no header of scheduler records", 0},
		{"newer", strings.Replace(header, "/1", "/2", 1), "newer corecurve", 0},
		{"other", strings.Replace(header, "osched", "run", 1), `schema is "corecurve/run/1"`, 0},
		{"large start", strings.Replace(header, "100", "9223372036854775807", 1), "line 1: start_ns is 9223372036854775807: must be at most 4611686018427387904", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got, err := read([]byte(tt.text))
			if len(got) != tt.records {
				t.Errorf("%d records, want %d", len(got), tt.records)
			}
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// A file of a few hundred bytes that unfolds to a gigabyte is not read to its end.
func TestBomb(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	line := bytes.Repeat([]byte(`["i",5,0,1,2]`+"\n"), 10_000)
	if _, err := z.Write([]byte(header)); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if _, err := z.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	n := 0
	_, err := Each("x.gz", bytes.NewReader(b.Bytes()), func(*Record) error { n++; return nil })
	if err == nil || !strings.Contains(err.Error(), "more than 20 times its compressed length") {
		t.Error(err)
	}
	if most := (limits.UnfoldBytes + limits.UnfoldTimes*b.Len()) / 14; n == 0 || n > most {
		t.Errorf("%d records of %d bytes, want at most %d", n, b.Len(), most)
	}
}

// A truncated compressed file is read as far as it goes.
func TestCutCompression(t *testing.T) {
	var many []Record
	for i := range int64(100_000) {
		many = append(many, Record{Time: clock.Time(1000 + i*i%977 + 1000*i), Kind: In, CPU: 0, PID: 1, TID: int32(i % 97)})
	}
	data := write(t, many)
	_, got, err := read(data[:len(data)/2])
	if len(got) < 30_000 || len(got) > 70_000 || err == nil || !strings.Contains(err.Error(), "unexpected EOF") {
		t.Errorf("%d records, %v", len(got), err)
	}
	if diff := cmp.Diff(many[:len(got)], got); diff != "" {
		t.Error(diff)
	}
}

func TestEachStops(t *testing.T) {
	enough := errors.New("enough")
	n := 0
	_, err := Each("x", bytes.NewReader(write(t, samples())), func(*Record) error {
		n++
		return enough
	})
	if n != 1 || !errors.Is(err, enough) {
		t.Errorf("%d records, %v", n, err)
	}
}

// Three ordered sources become one; what comes too late is shifted to the time that has been reached.
func TestMerger(t *testing.T) {
	var got []int64
	m := newMerger(3, func(r *Record) error {
		got = append(got, int64(r.Time)*10+int64(r.CPU))
		return nil
	})
	add := func(source int, times ...int64) {
		for _, x := range times {
			m.sources[source].queue = append(m.sources[source].queue, Record{Time: clock.Time(x), CPU: int32(source)})
		}
	}
	add(0, 1, 4, 9)
	add(1, 2, 3, 20)
	add(2, 4, 8)
	m.release(8)
	if diff := cmp.Diff([]int64{10, 21, 31, 40, 42, 82}, got); diff != "" {
		t.Error(diff)
	}
	add(2, 5) // too late: 8 has been emitted
	m.release(math.MaxInt64)
	if diff := cmp.Diff([]int64{10, 21, 31, 40, 42, 82, 82, 90, 201}, got); diff != "" {
		t.Error(diff)
	}
	if m.late != 1 {
		t.Errorf("%d late, want 1", m.late)
	}
}

func TestProcTexts(t *testing.T) {
	call, args, ok := parseSyscall([]byte("202 0x7f12 0x80 0x0 0x0 0x0 0xffffffffffffffff 0x7ffe 0x7f13\n"))
	if !ok || call != 202 || args != [6]uint64{0x7f12, 0x80, 0, 0, 0, math.MaxUint64} {
		t.Error(call, args, ok)
	}
	if call, _, ok := parseSyscall([]byte("-1 0x7ffe 0x7f13\n")); !ok || call != -1 {
		t.Error(call, ok)
	}
	for _, text := range []string{"", "running\n", "202 0x1", "202 1 2 3 4 5 x 7 8", "99999999999 0 0 0 0 0 0"} {
		if _, _, ok := parseSyscall([]byte(text)); ok {
			t.Errorf("%q was accepted", text)
		}
	}
	if run, wait, ok := parseSchedstat([]byte("500 30 7\n")); !ok || run != 500 || wait != 30 {
		t.Error(run, wait, ok)
	}
	for _, text := range []string{"", "5", "x 5 1", "5 x 1", "-1 5 1"} {
		if _, _, ok := parseSchedstat([]byte(text)); ok {
			t.Errorf("%q was accepted", text)
		}
	}
	for link, want := range map[string]string{
		"pipe:[5]": "pipe", "socket:[7]": "socket", "/home/x": "file", "/dev/pts/3": "terminal", "/dev/sda": "device",
		"anon_inode:[eventfd]": "eventfd", "anon_inode:inotify": "kernel object", "?": "",
	} {
		if got := kindOfFile(link); got != want {
			t.Errorf("%s: %q, want %q", link, got, want)
		}
	}
	maps := parseMaps([]byte("00400000-00452000 r-xp 00001000 08:02 173521 /usr/bin/my prog\n" +
		"7f00-7e00 r-xp 0 0 0 /x\nzz-1 r 0 0 0 /x\n7ffe-7fff rw-p 0 0 0 [stack]\n"))
	want := []mapping{{0x400000, 0x452000, 0x1000, "/usr/bin/my prog"}}
	if diff := cmp.Diff(want, maps, cmp.AllowUnexported(mapping{})); diff != "" {
		t.Error(diff)
	}
}

// No input makes the reader panic, and what it reads can be written and read again unchanged.
func FuzzEach(f *testing.F) {
	var plain bytes.Buffer
	gz, err := gzip.NewReader(bytes.NewReader(write(f, samples())))
	if err != nil {
		f.Fatal(err)
	}
	if _, err := plain.ReadFrom(gz); err != nil {
		f.Fatal(err)
	}
	f.Add(plain.Bytes())
	f.Add(write(f, samples()))
	f.Add([]byte(header + `["c",1,0,1,2,"\ud800\\"]` + "\n" +
		`["w",18446744073709551615,1,2,"x",-1,18446744073709551615,""]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var h Header
		var got []Record
		limitstest.Holds(t, 100*int64(len(data))+1<<20, func() {
			h, _ = Each("x.gz", bytes.NewReader(data), func(*Record) error { return nil })
		})
		h, got, _ = read(data)
		var b bytes.Buffer
		w, err := newWriter(&b, h)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if err := w.write(&got[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.close(); err != nil {
			t.Fatal(err)
		}
		if h.Schema == "" || len(got) == 0 {
			return
		}
		_, again, err := read(b.Bytes())
		if err != nil && !strings.Contains(err.Error(), "breaks off") {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Error(diff)
		}
	})
}
