package limits

import (
	"bufio"
	"errors"
	"io"
)

// Lines reads an input line by line.
type Lines struct {
	r     *bufio.Reader
	most  int
	n     int
	read  int64
	skip  bool // the last line was too long
	whole bool // the last line had a newline
	buf   []byte
}

// NewLines returns a reader of the lines of r. Those of more than most bytes are skipped.
func NewLines(r io.Reader, most int) *Lines {
	br, ok := r.(*bufio.Reader)
	if !ok {
		br = bufio.NewReaderSize(r, buffer)
	}
	return &Lines{r: br, most: most}
}

// Number returns the number of the last line, from 1.
func (l *Lines) Number() int { return l.n }

// Read returns the bytes up to the end of the last line, with its newline.
func (l *Lines) Read() int64 { return l.read }

// Whole reports whether the last line had a newline.
func (l *Lines) Whole() bool { return l.whole }

// Skipped reports whether the last line was too long, and is behind.
func (l *Lines) Skipped() bool { return l.skip }

// Next returns the next line without its newline; it is valid until the next call. The last, if it has no newline,
// comes with io.EOF, which is also what follows the last. A line that is too long is an [Error]; the next call goes on
// behind it. Any other error is one of reading, and comes with what could be read of the line.
func (l *Lines) Next() ([]byte, error) {
	l.n++
	l.buf = l.buf[:0]
	length := int64(0)
	l.skip, l.whole = false, false
	for {
		part, err := l.r.ReadSlice('\n')
		l.read += int64(len(part))
		l.whole = err == nil
		if err == nil && length == 0 && len(part) <= l.most {
			return part[:len(part)-1], nil // the usual case, which copies nothing
		}
		if length += int64(len(part)); length <= int64(l.most) {
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case length > int64(l.most) && (err == nil || errors.Is(err, io.EOF)):
			l.skip = true
			return nil, Count("", byteUnit, length, int64(l.most)) // the next call meets the end again
		case err == nil:
			return l.buf[:len(l.buf)-1], nil
		}
		return l.buf, err
	}
}
