// Package measurements reads throughputs and times that other tools measured at several counts of workers:
//
//   - CSV with the header "n,throughput" or "n,seconds"; a count may be repeated, and lines that begin with # are
//     comments;
//   - Go benchmark text, where n is the suffix that go test gives a name, as in BenchmarkSort-8, or 1 if there is none;
//   - the JSON that hyperfine exports from a parameter scan, where the parameter is n.
//
// The content tells the format: JSON begins with a bracket, benchmark text has a line of a benchmark, and anything else
// is taken for CSV.
//
// A CSV file is one [Series]; each benchmark, and each command of a scan, is one. What cannot be read is an [Error]
// with its position; no value is dropped silently.
package measurements

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/limits"
)

// A Kind says what the values of a series are.
type Kind string

// The kinds of values.
const (
	Throughput Kind = "throughput"
	Seconds    Kind = "seconds" // for the same work at every count, unless the caller knows better
)

// A Count holds the values at one n, in the order of the file.
type Count struct {
	N      float64
	Values []float64
}

// A Series is what was measured of one thing: a benchmark, a command, or a whole CSV file.
type Series struct {
	File     string
	Name     string // of the benchmark or the command; empty if it is the only one
	Axis     string // what n counts: "n", "GOMAXPROCS", "threads"
	Kind     Kind
	Unit     string  // of the throughput, or of its inverse if Kind is Seconds; empty if the file does not say
	Counts   []Count // ascending in N
	Warnings []string
}

// Title distinguishes s from all other series: the file, and the name if there is one.
func (s *Series) Title() string {
	if s.Name == "" {
		return s.File
	}
	return s.File + ": " + s.Name
}

// An Error says what is wrong in a file, and where. Lines and columns count from 1, columns in bytes; 0 is unknown.
type Error struct {
	File         string
	Line, Column int
	Text         string
}

func (e *Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at += ":" + strconv.Itoa(e.Line)
		if e.Column > 0 {
			at += ":" + strconv.Itoa(e.Column)
		}
	}
	return at + ": " + e.Text
}

// Options say how to read what a file leaves open.
type Options struct {
	Parameter string // the parameter of hyperfine's scan that is n; empty: the one that varies
}

// Read reads all series of a file, in the order of the file. The name appears in errors.
func Read(name string, r io.Reader, opt Options) ([]Series, error) {
	text, err := limits.ReadAll("", r, limits.MeasurementBytes)
	f := &file{name: name}
	_, long := errors.AsType[*limits.Error](err)
	switch {
	case long:
		return nil, f.errorf(0, 0, "no file of measurements: %v", err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return nil, f.errorf(1, 1, "UTF-16: want UTF-8")
	case bytes.IndexByte(text, 0) >= 0:
		line, column := position(text, bytes.IndexByte(text, 0))
		return nil, f.errorf(line, column, "a zero byte: not a text")
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return nil, f.errorf(1, 1, "empty")
	case strings.ContainsRune("{[", rune(bytes.TrimSpace(text)[0])):
		err = f.hyperfine(text, opt)
	case isBenchmarks(text):
		err = f.benchmarks(text)
	default:
		err = f.csv(text)
	}
	if err != nil {
		return nil, err
	}
	return f.finish()
}

// A file is read into series.
type file struct {
	name   string
	series []*Series
	keys   map[string]int // indices into series
	hint   string         // how to measure several counts, for a file that has only one
}

func (f *file) errorf(line, column int, format string, args ...any) error {
	return &Error{f.name, line, column, fmt.Sprintf(format, args...)}
}

// at returns the series of a key; it makes it from s if there is none.
func (f *file) at(key string, s Series) *Series {
	if f.keys == nil {
		f.keys = map[string]int{}
	}
	i, ok := f.keys[key]
	if !ok {
		i = len(f.series)
		f.keys[key] = i
		s.File = f.name
		f.series = append(f.series, &s)
	}
	return f.series[i]
}

// add adds values at n; order sorts them afterwards.
func (s *Series) add(n float64, values ...float64) {
	// Files are mostly in order, so only the last count is compared.
	if last := len(s.Counts) - 1; last >= 0 && s.Counts[last].N == n {
		s.Counts[last].Values = append(s.Counts[last].Values, values...)
		return
	}
	s.Counts = append(s.Counts, Count{n, values})
}

// order sorts the counts and joins those of the same n.
func (s *Series) order() {
	slices.SortStableFunc(s.Counts, func(a, b Count) int { return cmp.Compare(a.N, b.N) })
	out := s.Counts[:0]
	for _, c := range s.Counts {
		if last := len(out) - 1; last >= 0 && out[last].N == c.N {
			out[last].Values = append(out[last].Values, c.Values...)
			continue
		}
		out = append(out, c)
	}
	s.Counts = out
}

// finish returns the series that have more than one count, with a warning for each that has not.
func (f *file) finish() ([]Series, error) {
	var out []Series
	var single []string
	values := 0
	for _, s := range f.series {
		s.order()
		if err := limits.Count("", "counts", int64(len(s.Counts)), limits.MeasuredCounts); err != nil {
			return nil, f.errorf(0, 0, "%s", strings.TrimPrefix(s.Name+": ", ": ")+err.Error())
		}
		for _, c := range s.Counts {
			values += len(c.Values)
		}
		if len(s.Counts) > 1 {
			out = append(out, *s)
			continue
		}
		what := fmt.Sprintf("n = %s", format(s.Counts[0].N))
		if s.Name != "" {
			what = s.Name + ": " + what
		}
		single = append(single, what)
	}
	if err := cmp.Or(
		limits.Count("", "series", int64(len(f.series)), limits.Series),
		limits.Count("", "values", int64(values), limits.Measured),
	); err != nil {
		return nil, f.errorf(0, 0, "%v", err)
	}
	if len(out) == 0 {
		return nil, f.errorf(0, 0, "one count only (%s): a curve takes at least two%s",
			strings.Join(firstFew(single), "; "), f.hint)
	}
	for _, s := range single {
		out[0].Warnings = append(out[0].Warnings, s+" only: one count has no curve, and it is left out")
	}
	return out, nil
}

func firstFew(s []string) []string {
	if len(s) > 3 {
		return append(slices.Clone(s[:3]), fmt.Sprintf("and %d more", len(s)-3))
	}
	return s
}

// checkCount returns what is wrong with n, or "".
func checkCount(n float64) string {
	switch {
	case math.IsNaN(n), math.IsInf(n, 0):
		return "is not finite"
	case n <= 0:
		return "is not positive"
	case n > limits.MeasuredN:
		return "is larger than a thousand million"
	}
	return ""
}

// checkValue returns what is wrong with a time or a throughput, or "".
func checkValue(v float64) string {
	switch {
	case math.IsNaN(v), math.IsInf(v, 0):
		return "is not finite"
	case v == 0:
		return "is zero"
	case v < 0:
		return "is negative"
	case v < limits.MeasuredLeast, v > limits.MeasuredMost:
		return "is out of range"
	}
	return ""
}

func format(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// position returns the line and the column of an offset.
func position(text []byte, offset int) (line, column int) {
	offset = min(max(offset, 0), len(text))
	before := text[:offset]
	return 1 + bytes.Count(before, []byte("\n")), offset - bytes.LastIndexByte(before, '\n')
}
