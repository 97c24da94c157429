package limits

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
)

// ReadAll reads r to its end. If that is more than most bytes away it returns an error, of a file without having read
// any of it. where names the input in errors.
func ReadAll(where string, r io.Reader, most int64) ([]byte, error) {
	size := int64(0)
	if f, ok := r.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if size = info.Size(); size > most {
				return nil, Count(where, byteUnit, size, most)
			}
		}
	}
	b := make([]byte, 0, max(size+1, 512)) // one more, in which the end is met
	for {
		n, err := r.Read(b[len(b):min(int64(cap(b)), most+1)])
		b = b[:len(b)+n]
		switch {
		case int64(len(b)) > most:
			return nil, More(where, byteUnit, most)
		case errors.Is(err, io.EOF):
			return b, nil
		case err != nil:
			return b, err
		case len(b) == cap(b):
			b = append(make([]byte, 0, min(2*int64(cap(b)), most+1)), b...)
		}
	}
}

// buffer is how much is read of a file at a time.
const buffer = 64 << 10

// Unfold returns the content of r: that of the gzip stream that it is, or its bytes as they are. Reading fails where
// the content becomes more than [UnfoldTimes] times as long as the stream that has been read. where names the input in
// errors.
func Unfold(where string, r io.Reader) (content *bufio.Reader, err error) {
	in := &counted{r: r}
	br := bufio.NewReaderSize(in, buffer)
	head, err := br.Peek(2)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case len(head) < 2 || head[0] != 0x1f || head[1] != 0x8b:
		return br, nil
	}
	z, err := gzip.NewReader(br)
	if err != nil {
		return nil, err
	}
	return bufio.NewReaderSize(&unfolding{where: where, from: in, z: z}, buffer), nil
}

type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

type unfolding struct {
	where string
	from  *counted
	z     *gzip.Reader
	n     int64
}

func (u *unfolding) Read(p []byte) (int, error) {
	n, err := u.z.Read(p)
	if u.n += int64(n); u.n > UnfoldBytes+UnfoldTimes*u.from.n {
		return 0, More(u.where, "times its compressed length", UnfoldTimes)
	}
	return n, err
}
