package osched

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Each calls f with every record of a file and returns the header. The file may be compressed or not; its name appears
// in errors. f must not keep the Record, which is used again. Each skips damaged lines and reads a truncated file as
// far as it goes; the error then names the first damaged place and says how many more there are. An error of f ends the
// reading and is returned as it is.
func Each(name string, r io.Reader, f func(*Record) error) (Header, error) {
	var h Header
	content, err := limits.Unfold("", r)
	if err != nil {
		return h, fmt.Errorf("%s: %w", name, err)
	}
	l := lines{name: name, Lines: limits.NewLines(content, limits.RecordBytes)}
	first, err := l.Next()
	if err != nil && (!errors.Is(err, io.EOF) || len(first) == 0) {
		return h, fmt.Errorf("%s: line 1: no header: %w", name, noEOF(err))
	}
	if err := json.Unmarshal(first, &h); err != nil {
		return h, fmt.Errorf("%s: line 1: no header of scheduler records: %s", name, limits.Brief(err))
	}
	if err := sweep.CheckSchema(h.Schema, schema); err != nil {
		return h, fmt.Errorf("%s: %w", name, err)
	}
	if err := h.check(); err != nil {
		return h, fmt.Errorf("%s: line 1: %w", name, err)
	}
	return h, l.records(h.Start, f)
}

// noEOF turns the end of the input into io.ErrUnexpectedEOF.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// lines reads an input line by line, and counts.
type lines struct {
	*limits.Lines
	name     string
	bad      int
	firstBad error
}

func (l *lines) damaged(err error) {
	l.bad++
	if l.firstBad == nil {
		l.firstBad = fmt.Errorf("%s: line %d: %w", l.name, l.Number(), err)
	}
}

// records reads what follows the header.
func (l *lines) records(start clock.Time, f func(*Record) error) error {
	var rec Record
	ended := false
	for n := 0; ; {
		line, err := l.Next()
		if l.Skipped() {
			l.damaged(err)
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			l.damaged(err) // the compression is truncated or damaged: nothing after it can be read
			return l.result()
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			known, bad := parse(line, start, &rec)
			switch {
			case bad != nil:
				l.damaged(bad)
			case known && n == limits.Records:
				l.damaged(limits.More("", "records", limits.Records))
				return l.result()
			case known:
				n++
				ended = rec.Kind == End
				if err := f(&rec); err != nil {
					return err
				}
			}
		}
		if err != nil {
			break
		}
	}
	if !ended {
		l.damaged(errors.New("the recording breaks off here"))
	}
	return l.result()
}

func (l *lines) result() error {
	if l.bad > 1 {
		return fmt.Errorf("%w (and %d more damaged places)", l.firstBad, l.bad-1)
	}
	return l.firstBad
}

// A field is one element of a line: a number or a text.
type field struct {
	isText bool
	text   []byte // with its quotes
	value  int64
	large  uint64 // value, for numbers that are not negative
}

const maxFields = 8

var errFields = errors.New("wrong number or kind of fields")

// shape returns what follows kind and time in a line of that kind: n for a number and t for a text.
func shape(k Kind) string {
	switch k {
	case In, Out, Preempt, Exit:
		return "nnn"
	case Fork:
		return "nnnnn"
	case Comm, Exec:
		return "nnnt"
	case Lost, Woken:
		return "nn"
	case Blocked:
		return "nntnnt"
	case Usage:
		return "nnnn"
	default:
		return ""
	}
}

// parse parses a line into r and reports whether its kind is known.
func parse(line []byte, start clock.Time, r *Record) (known bool, err error) {
	var fields [maxFields]field
	n, err := split(line, &fields)
	if err != nil {
		return false, err
	}
	if n < 1 || !fields[0].isText {
		return false, errFields
	}
	if len(fields[0].text) != 3 {
		return false, nil
	}
	k := Kind(bytes.IndexByte([]byte(letters), fields[0].text[1]))
	if k < In || k > End {
		return false, nil
	}
	want := "tn" + shape(k)
	if n < len(want) {
		return false, errFields
	}
	for i := range want {
		if fields[i].isText != (want[i] == 't') {
			return false, errFields
		}
	}
	if fields[1].value < 0 || fields[1].value > limits.RecordTime {
		return false, errors.New("the time is out of range")
	}
	*r = Record{Kind: k, Time: start + clock.Time(fields[1].value), CPU: NoCPU}
	return true, r.fill(fields[2:len(want)])
}

// fill sets what the fields after the time say.
func (r *Record) fill(f []field) error {
	var err error
	small := func(i int) int32 {
		if f[i].value < -1 || f[i].value > math.MaxInt32 {
			err = fmt.Errorf("%d is out of range", f[i].value)
		}
		return int32(f[i].value)
	}
	text := func(i int) (s string) {
		if bad := json.Unmarshal(f[i].text, &s); bad != nil {
			err = bad
		} else if bad := limits.Count("", "bytes of a name", int64(len(s)), limits.NameBytes); bad != nil {
			err = bad
		}
		return s
	}
	switch r.Kind {
	case In, Out, Preempt, Exit:
		r.CPU, r.PID, r.TID = small(0), small(1), small(2)
	case Fork:
		r.CPU, r.PID, r.TID, r.Parent, r.Creator = small(0), small(1), small(2), small(3), small(4)
	case Comm, Exec:
		r.CPU, r.PID, r.TID, r.Name = small(0), small(1), small(2), text(3)
	case Lost:
		r.CPU, r.Count = small(0), f[1].large
	case Blocked:
		r.PID, r.TID, r.Reason, r.Call = small(0), small(1), reasonOf(text(2)), small(3)
		r.Object, r.Name = f[4].large, text(5)
	case Woken:
		r.PID, r.TID = small(0), small(1)
	case Usage:
		r.PID, r.TID, r.OnCPU, r.Ready = small(0), small(1), f[2].value, f[3].value
		if min(r.OnCPU, r.Ready) < 0 || max(r.OnCPU, r.Ready) > limits.Time {
			err = errors.New("the run or wait time is out of range")
		}
	}
	return err
}

// split cuts a JSON array of numbers and texts into its fields. It ignores fields beyond maxFields.
func split(line []byte, out *[maxFields]field) (int, error) {
	if len(line) < 2 || line[0] != '[' || line[len(line)-1] != ']' {
		return 0, errors.New("not an array")
	}
	rest := line[1 : len(line)-1]
	n := 0
	for len(rest) > 0 && n < maxFields {
		end := textEnd(rest)
		if i := bytes.IndexByte(rest[end:], ','); i >= 0 {
			end += i
		} else {
			end = len(rest)
		}
		f := &out[n]
		*f = field{}
		one := bytes.TrimSpace(rest[:end])
		if len(one) > 0 && one[0] == '"' {
			f.isText, f.text = true, one
		} else if err := f.number(one); err != nil {
			return n, err
		}
		n++
		rest = rest[min(end+1, len(rest)):]
	}
	return n, nil
}

// textEnd returns the length of the quoted text that b begins with, or 0 if it begins with none.
func textEnd(b []byte) int {
	if len(b) == 0 || b[0] != '"' {
		return 0
	}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

func (f *field) number(b []byte) error {
	negative := len(b) > 0 && b[0] == '-'
	digits := b
	if negative {
		digits = b[1:]
	}
	if len(digits) == 0 || len(digits) > 20 {
		return errFields
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return errFields
		}
	}
	v, err := strconv.ParseUint(string(digits), 10, 64)
	if err != nil {
		return err
	}
	f.large = v
	if v > math.MaxInt64 {
		v = math.MaxInt64 // an address; for any other number this is out of range
	}
	f.value = int64(v)
	if negative {
		f.value, f.large = -f.value, 0
	}
	return nil
}
