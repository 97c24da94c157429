package measurements

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/limits"
)

// csv reads rows of a count and a value.
func (f *file) csv(text []byte) error {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comment = '#'
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return f.csvError(err)
	}
	kind, err := f.header(head, r)
	if err != nil {
		return err
	}
	s := f.at("", Series{Axis: "n", Kind: kind})
	if kind == Seconds {
		s.Unit = "runs/s"
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f.csvError(err)
		}
		line, column := r.FieldPos(0)
		if len(row) != 2 {
			return f.errorf(line, column, "%d fields, want 2: n and %s", len(row), kind)
		}
		if strings.EqualFold(strings.TrimSpace(row[0]), "n") {
			return f.errorf(line, column, "a second header: a file holds one kind of figures")
		}
		n, err := f.number(row, 0, "n", r, checkCount)
		if err != nil {
			return err
		}
		v, err := f.number(row, 1, string(kind), r, checkValue)
		if err != nil {
			return err
		}
		s.add(n, v)
	}
	if len(s.Counts) == 0 {
		line, _ := r.FieldPos(0)
		return f.errorf(line, 1, "no rows after the header")
	}
	return nil
}

// header returns the kind of values that the header names.
func (f *file) header(head []string, r *csv.Reader) (Kind, error) {
	line, column := r.FieldPos(0)
	if len(head) == 2 && strings.EqualFold(strings.TrimSpace(head[0]), "n") {
		kind := Kind(strings.ToLower(strings.TrimSpace(head[1])))
		if kind == Throughput || kind == Seconds {
			return kind, nil
		}
		line, column = r.FieldPos(1)
	}
	return "", f.errorf(line, column,
		"header %s: want n,throughput or n,seconds (or Go benchmark text, or hyperfine's JSON)",
		limits.Quote(strings.Join(head, ",")))
}

// number reads field i of a row.
func (f *file) number(row []string, i int, name string, r *csv.Reader, check func(float64) string) (float64, error) {
	line, column := r.FieldPos(i)
	s := strings.TrimSpace(row[i])
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		switch {
		case errors.Is(err, strconv.ErrRange):
			return 0, f.errorf(line, column, "%s %s: out of range", name, limits.Quote(s))
		case name == string(Seconds):
			return 0, f.errorf(line, column, "%s %s: want a plain number, in seconds and without a unit", name,
				limits.Quote(s))
		}
		return 0, f.errorf(line, column, "%s %s: want a plain number", name, limits.Quote(s))
	}
	if wrong := check(v); wrong != "" {
		return 0, f.errorf(line, column, "%s %s %s", name, s, wrong)
	}
	return v, nil
}

// csvError gives an error of the CSV reader its position in the file.
func (f *file) csvError(err error) error {
	var p *csv.ParseError
	switch {
	case errors.As(err, &p):
		return f.errorf(p.Line, p.Column, "%v", p.Err)
	case errors.Is(err, io.EOF):
		return f.errorf(1, 1, "nothing but comments")
	}
	return f.errorf(0, 0, "%v", err)
}
