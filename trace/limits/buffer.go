package limits

// A Buffer keeps what is written to it, up to Most bytes. More is an error, which ends a program that writes to it
// through a pipe.
type Buffer struct {
	Most int64

	b    []byte
	over bool
}

// Write appends p. If that is too much, it appends nothing.
func (b *Buffer) Write(p []byte) (int, error) {
	if b.over = b.over || int64(len(b.b)+len(p)) > b.Most; b.over {
		return 0, b.Err()
	}
	b.b = append(b.b, p...)
	return len(p), nil
}

// Err returns an error if more was written than b keeps.
func (b *Buffer) Err() error {
	if !b.over {
		return nil
	}
	return More("", byteUnit, b.Most)
}

// Bytes returns what was written.
func (b *Buffer) Bytes() []byte { return b.b }

// A Tail keeps the end of what is written to it: at least [TailBytes] of it.
type Tail struct{ b []byte }

// Write appends p, and drops what is too long ago.
func (t *Tail) Write(p []byte) (int, error) {
	n := len(p)
	p = p[max(0, len(p)-TailBytes):]
	if len(t.b)+len(p) > 8*TailBytes {
		t.b = append(t.b[:0], t.b[len(t.b)-TailBytes:]...)
	}
	t.b = append(t.b, p...)
	return n, nil
}

// String returns what was kept.
func (t *Tail) String() string { return string(t.b) }
