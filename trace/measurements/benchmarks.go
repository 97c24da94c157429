package measurements

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"

	"github.com/corecurve/corecurve/trace/limits"
)

// isBenchmarks reports whether any line of text is a benchmark's result.
func isBenchmarks(text []byte) bool {
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(line, []byte("Benchmark")) && len(bytes.Fields(line)) >= 4 {
			return true
		}
	}
	return false
}

// settings returns the keys whose values benchmarks of one name must share to be one series, as in benchstat.
func settings() []string { return []string{"pkg", "goos", "goarch", "cpu"} }

// benchmarks reads Go benchmark text. The value is the time of an operation or, if there is none, the first rate.
func (f *file) benchmarks(text []byte) error {
	f.hint = ": run the benchmark with go test -bench … -cpu 1,2,4"
	r := benchfmt.NewReader(bytes.NewReader(text), f.name)
	lines := bytes.Split(text, []byte("\n"))
	var of [][]string // settings by series
	for r.Scan() {
		switch rec := r.Result().(type) {
		case *benchfmt.SyntaxError:
			return f.errorf(rec.Line, 1, "%s", rec.Msg)
		case *benchfmt.Result:
			_, line := rec.Pos()
			name, n, ok := suffix(rec.Name)
			if !ok {
				return f.errorf(line, 1, "%s: the count behind the name is out of range", limits.Quote(rec.Name.String()))
			}
			kind, unit, value, orig := measured(rec)
			if unit == "" {
				return f.errorf(line, 1, "Benchmark%s has neither a time nor a rate: want ns/op, MB/s or another unit per s",
					rec.Name)
			}
			if wrong := checkValue(value); wrong != "" {
				return f.errorf(line, column(lines, line, orig), "Benchmark%s: %s %s", rec.Name, orig, wrong)
			}
			var set []string
			for _, key := range settings() {
				set = append(set, rec.GetConfig(key))
			}
			key := strings.Join(append(slices.Clone(set), name), "\x00")
			s := f.at(key, Series{Name: "Benchmark" + name, Axis: "GOMAXPROCS", Kind: kind, Unit: unit})
			if len(of) < len(f.series) {
				of = append(of, set)
			}
			if s.Unit != unit {
				return f.errorf(line, column(lines, line, orig), "Benchmark%s: %s here, but %s above: units are mixed",
					rec.Name, unit, s.Unit)
			}
			s.add(n, value)
		}
	}
	if err := r.Err(); err != nil {
		return fmt.Errorf("%w", err) // it names file and line
	}
	if len(f.series) == 0 {
		return f.errorf(1, 1, "no benchmark has a result")
	}
	f.tell(of)
	return nil
}

// tell adds to the names of the series those settings in which they differ.
func (f *file) tell(of [][]string) {
	for k := range settings() {
		if !slices.ContainsFunc(of, func(set []string) bool { return set[k] != of[0][k] }) {
			continue
		}
		for i, s := range f.series {
			if of[i][k] != "" {
				s.Name += ", " + of[i][k]
			}
		}
	}
}

// suffix splits the number of Ps off a name.
func suffix(full benchfmt.Name) (name string, n float64, ok bool) {
	base, parts := full.Parts()
	name, n = string(base), 1
	for i, p := range parts {
		if i == len(parts)-1 && p[0] == '-' {
			v, err := strconv.Atoi(string(p[1:]))
			return name, float64(v), err == nil && checkCount(float64(v)) == ""
		}
		name += string(p)
	}
	return name, n, true
}

// measured picks the figure of a benchmark: the time of an operation, or else the first rate. orig is the figure as the
// file has it: "9787629 ns/op".
func measured(r *benchfmt.Result) (kind Kind, unit string, value float64, orig string) {
	for _, v := range r.Values {
		if v.Unit == "sec/op" || v.Unit == "ns/op" && v.Value == 0 { // benchfmt leaves zero in its unit
			return Seconds, "op/s", v.Value, original(v)
		}
	}
	for _, v := range r.Values {
		if strings.HasSuffix(v.Unit, "/s") || strings.HasSuffix(v.Unit, "/sec") {
			return Throughput, v.Unit, v.Value, original(v)
		}
	}
	return "", "", 0, ""
}

func original(v benchfmt.Value) string {
	if v.OrigUnit != "" {
		return strconv.FormatFloat(v.OrigValue, 'g', -1, 64) + " " + v.OrigUnit
	}
	return strconv.FormatFloat(v.Value, 'g', -1, 64) + " " + v.Unit
}

// column returns the column at which the value of orig's unit begins.
func column(lines [][]byte, line int, orig string) int {
	if line < 1 || line > len(lines) {
		return 1
	}
	text := string(lines[line-1])
	_, unit, _ := strings.Cut(orig, " ")
	at := 0
	start := -1 // of the previous field
	for at < len(text) {
		for at < len(text) && strings.ContainsRune(" \t\r", rune(text[at])) {
			at++
		}
		from := at
		for at < len(text) && !strings.ContainsRune(" \t\r", rune(text[at])) {
			at++
		}
		// The unit is as the file has it, except that sec/op may be the normalised form of ns/op.
		if field := text[from:at]; start >= 0 && (field == unit || unit == "sec/op" && field == "ns/op") {
			return start + 1
		}
		start = from
	}
	return 1
}
