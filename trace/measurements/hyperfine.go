package measurements

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/limits"
)

// A node is a value of JSON with its position in the file.
type node struct {
	offset int
	value  any // nil, bool, string, json.Number, []node or map[string]node
}

// maxDepth bounds the nesting; hyperfine's is 3.
const maxDepth = 64

// A scan is one result of hyperfine.
type scan struct {
	node
	command string
	times   []float64
	values  map[string]node // of the parameters, as text
	failed  int             // runs that ended with a status other than 0
	single  bool            // the file has only the median of the times
}

// hyperfine reads an export of hyperfine:
//
//	{"results": [{"command", "times", "median", "exit_codes", "parameters": {name: value}}]}
func (f *file) hyperfine(text []byte, opt Options) error {
	f.hint = ": run hyperfine with a parameter scan, such as --parameter-list threads 1,2,4"
	if err := limits.JSON("", text, limits.MeasurementValues); err != nil {
		return f.errorf(0, 0, "unknown JSON: %v", err)
	}
	j := &jsonText{file: f, text: text, dec: json.NewDecoder(bytes.NewReader(text))}
	j.dec.UseNumber()
	root, err := j.read(0)
	if err != nil {
		return err
	}
	end := node{offset: j.next()}
	if _, err := j.dec.Token(); !errors.Is(err, io.EOF) {
		return j.errorf(end, "more than one JSON value: this is not hyperfine's export "+
			"(of go test -json give the plain text)")
	}
	top, _ := root.value.(map[string]node)
	list, ok := top["results"].value.([]node)
	if !ok {
		return j.errorf(root, "unknown JSON: hyperfine's export has an array under \"results\"")
	}
	if len(list) == 0 {
		return j.errorf(top["results"], "there are no results")
	}
	var scans []scan
	for _, n := range list {
		s, err := j.scan(n)
		if err != nil {
			return err
		}
		scans = append(scans, s)
	}
	param, err := j.parameter(scans, top["results"], opt)
	if err != nil {
		return err
	}
	return j.collect(scans, param)
}

// A jsonText is JSON that is read with positions.
type jsonText struct {
	*file
	text []byte
	dec  *json.Decoder
}

func (j *jsonText) errorf(at node, format string, args ...any) error {
	line, column := position(j.text, at.offset)
	return j.file.errorf(line, column, format, args...)
}

// next returns the offset at which the next token begins.
func (j *jsonText) next() int {
	at := int(j.dec.InputOffset())
	for at < len(j.text) && strings.ContainsRune(" \t\r\n,:", rune(j.text[at])) {
		at++
	}
	return at
}

// token returns the next token and where it begins.
func (j *jsonText) token() (json.Token, node, error) {
	at := j.next()
	tok, err := j.dec.Token()
	if err == nil {
		return tok, node{offset: at}, nil
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, node{}, j.errorf(node{offset: len(j.text)}, "the JSON ends too early")
	}
	// The decoder's own offset counts from the start of its buffer, so it is not used.
	return nil, node{}, j.errorf(node{offset: at}, "%v", err)
}

// read reads a value.
func (j *jsonText) read(depth int) (node, error) {
	tok, n, err := j.token()
	if err != nil {
		return n, err
	}
	delim, ok := tok.(json.Delim)
	if !ok {
		n.value = tok
		return n, nil
	}
	if depth >= maxDepth {
		return n, j.errorf(n, "unknown JSON: nested more than %d deep", maxDepth)
	}
	switch delim {
	case '[':
		list := []node{}
		for j.dec.More() {
			v, err := j.read(depth + 1)
			if err != nil {
				return n, err
			}
			list = append(list, v)
		}
		n.value = list
	default: // an object: the decoder rejects a closing bracket here
		object := map[string]node{}
		for j.dec.More() {
			key, at, err := j.token()
			if err != nil {
				return n, err
			}
			name, ok := key.(string)
			if !ok {
				return n, j.errorf(at, "a key of an object is not a string")
			}
			if object[name], err = j.read(depth + 1); err != nil {
				return n, err
			}
		}
		n.value = object
	}
	_, _, err = j.token() // the closing bracket
	return n, err
}

// scan reads one result.
func (j *jsonText) scan(n node) (scan, error) {
	object, ok := n.value.(map[string]node)
	if !ok {
		return scan{}, j.errorf(n, "unknown JSON: a result is not an object")
	}
	s := scan{node: n, values: map[string]node{}}
	s.command, _ = object["command"].value.(string)
	list, ok := object["times"].value.([]node)
	if !ok || len(list) == 0 {
		// Older versions can leave out the times.
		median, ok := object["median"]
		if !ok {
			return s, j.errorf(n, "unknown JSON: the result of %s has neither times nor a median", limits.Quote(s.command))
		}
		list, s.single = []node{median}, true
	}
	for _, t := range list {
		v, err := j.seconds(t)
		if err != nil {
			return s, err
		}
		s.times = append(s.times, v)
	}
	if codes, ok := object["exit_codes"].value.([]node); ok {
		for _, c := range codes {
			if c.value != json.Number("0") { // null: ended by a signal
				s.failed++
			}
		}
	}
	if params, ok := object["parameters"].value.(map[string]node); ok {
		for name, p := range params {
			switch v := p.value.(type) {
			case string:
			case json.Number:
				p.value = v.String()
			default:
				return s, j.errorf(p, "parameter %s is neither a text nor a number", limits.Quote(name))
			}
			s.values[name] = p
		}
	}
	return s, nil
}

func (j *jsonText) seconds(n node) (float64, error) {
	text, ok := n.value.(json.Number)
	if !ok {
		return 0, j.errorf(n, "a time is not a number")
	}
	v, err := text.Float64()
	if err != nil {
		return 0, j.errorf(n, "time %s: out of range", text)
	}
	if wrong := checkValue(v); wrong != "" {
		return 0, j.errorf(n, "time %s %s", text, wrong)
	}
	return v, nil
}

// parameter returns the name of the parameter that is n: the only one that varies and is always a number, unless the
// caller names one.
func (j *jsonText) parameter(scans []scan, results node, opt Options) (string, error) {
	names := map[string]bool{}
	for _, s := range scans {
		for name := range s.values {
			names[name] = true
		}
	}
	var numeric []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if opt.Parameter != "" && name != opt.Parameter {
			continue
		}
		distinct := map[float64]bool{}
		for _, s := range scans {
			v, err := j.count(s, name)
			if err != nil {
				if opt.Parameter != "" {
					return "", err
				}
				distinct = nil
				break
			}
			distinct[v] = true
		}
		if len(distinct) > 1 || opt.Parameter != "" {
			numeric = append(numeric, name)
		}
	}
	switch {
	case len(numeric) == 1:
		return numeric[0], nil
	case opt.Parameter != "":
		return "", j.errorf(results, "no result has a parameter %s", limits.Quote(opt.Parameter))
	case len(numeric) == 0 && len(names) == 0:
		return "", j.errorf(results, "the results have no parameters%s", j.hint)
	case len(numeric) == 0:
		return "", j.errorf(results, "no parameter of the scan (%s) takes several positive numbers%s",
			strings.Join(slices.Sorted(maps.Keys(names)), ", "), j.hint)
	}
	return "", j.errorf(results, "several parameters vary (%s): say with --parameter which one is n",
		strings.Join(numeric, ", "))
}

// count returns the value of a parameter as a number.
func (j *jsonText) count(s scan, name string) (float64, error) {
	p, ok := s.values[name]
	if !ok {
		return 0, j.errorf(s.node, "the result of %s has no parameter %s", limits.Quote(s.command), limits.Quote(name))
	}
	text, _ := p.value.(string)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, j.errorf(p, "parameter %s = %s: want a number", name, limits.Quote(text))
	}
	if wrong := checkCount(v); wrong != "" {
		return 0, j.errorf(p, "parameter %s = %s %s", name, text, wrong)
	}
	return v, nil
}

// collect makes a series of all results that agree in everything but n. Several commands in one scan are told apart by
// their order at each n, since hyperfine runs them in turn and writes the parameters' values into them.
func (j *jsonText) collect(scans []scan, param string) error {
	type place struct {
		others string
		n      float64
	}
	seen := map[place]int{}
	names := map[string]string{} // of series that share their other parameters, by key
	varying, err := j.varying(scans)
	if err != nil {
		return err
	}
	for _, s := range scans {
		n, err := j.count(s, param)
		if err != nil {
			return err
		}
		var others []string
		for _, name := range slices.Sorted(maps.Keys(s.values)) {
			if name != param && varying[name] {
				others = append(others, fmt.Sprintf("%s=%v", name, s.values[name].value))
			}
		}
		name := strings.Join(others, " ")
		at := place{name, n}
		key := fmt.Sprintf("%s\x00%d", name, seen[at])
		seen[at]++
		out := j.at(key, Series{Name: name, Axis: param, Kind: Seconds, Unit: "runs/s"})
		if names[key] == "" {
			names[key] = s.command
		}
		out.add(n, s.times...)
		if s.failed > 0 {
			out.Warnings = append(out.Warnings, fmt.Sprintf(
				"n = %s: %d of %d runs ended with another status than 0; their times count",
				format(n), s.failed, len(s.times)))
		}
		if s.single {
			out.Warnings = append(out.Warnings, fmt.Sprintf(
				"n = %s: the export has no times; their median counts as one launch", format(n)))
		}
	}
	for key, i := range j.keys {
		s := j.series[i]
		name, _, _ := strings.Cut(key, "\x00")
		if seenTwice(j.keys, name) {
			s.Name = strings.TrimSpace(name + " " + names[key])
		}
	}
	return nil
}

// seenTwice reports whether several commands share these other parameters.
func seenTwice(keys map[string]int, others string) bool {
	_, ok := keys[others+"\x001"]
	return ok
}

// varying returns the parameters that differ between results.
func (j *jsonText) varying(scans []scan) (map[string]bool, error) {
	out := map[string]bool{}
	for _, s := range scans {
		for name := range s.values {
			if _, ok := out[name]; !ok {
				out[name] = varies(scans, name)
			}
		}
		if err := limits.Count("", "parameters", int64(len(out)), limits.Parameters); err != nil {
			return nil, j.errorf(s.node, "%v", err)
		}
	}
	return out, nil
}

// varies reports whether a parameter differs between results.
func varies(scans []scan, name string) bool {
	return slices.ContainsFunc(scans, func(s scan) bool { return s.values[name].value != scans[0].values[name].value })
}
