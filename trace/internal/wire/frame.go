package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/corecurve/corecurve/trace/limits"
)

// A FrameKind says what a frame holds.
type FrameKind byte

// Frames between the coordinator of a run and its children. A frame costs a few bytes where a [Message] would cost a
// JSON encoding, because one goes each way for every chunk of tasks.
//
//	coordinator → child: Release, then Chunk … NoMore, then Stop
//	                     (a static split has one Chunk and no NoMore, the free form neither)
//	child → coordinator: Ready, then Results …, then Message: Done or Failure, and after Stop: Spans, End
const (
	FrameReady   FrameKind = 'R'
	FrameRelease FrameKind = 'G'
	FrameChunk   FrameKind = 'C' // a range of tasks to do
	FrameNoMore  FrameKind = 'N' // no further chunk follows
	FrameStop    FrameKind = 'S' // the result has arrived: finish the captures and exit
	FrameResults FrameKind = 'D' // a range of tasks that is done, then their results
	FrameMessage FrameKind = 'M' // a Message as JSON
)

// frameHeader is the length of a frame's head: frameMark, its kind, and the length of its payload as a little-endian
// uint32.
const frameHeader = 6

// frameMark begins each frame. It occurs in no text, so that what a program prints on the pipe is told at its first
// byte.
const frameMark = 0xff

// BeginFrame appends the head of a frame to buf. The caller appends the payload to the result and then calls [EndFrame]
// with the length that buf had before.
func BeginFrame(buf []byte, kind FrameKind) []byte {
	return append(buf, frameMark, byte(kind), 0, 0, 0, 0)
}

// EndFrame completes the frame that begins at start in buf.
func EndFrame(buf []byte, start int) error {
	n := len(buf) - start - frameHeader
	if err := limits.Count("results of one chunk", "bytes", int64(n), limits.ChunkBytes); err != nil {
		return err
	}
	binary.LittleEndian.PutUint32(buf[start+2:], uint32(n))
	return nil
}

// AppendFrame appends a frame without payload.
func AppendFrame(buf []byte, kind FrameKind) []byte { return BeginFrame(buf, kind) }

// AppendChunk appends a [FrameChunk] for the tasks lo … hi-1.
func AppendChunk(buf []byte, lo, hi int) []byte {
	start := len(buf)
	buf = AppendRange(BeginFrame(buf, FrameChunk), lo, hi)
	binary.LittleEndian.PutUint32(buf[start+2:], uint32(len(buf)-start-frameHeader))
	return buf
}

// AppendRange appends the range lo … hi-1 as two varints: its first number and its length.
func AppendRange(buf []byte, lo, hi int) []byte {
	buf = binary.AppendUvarint(buf, uint64(lo))
	return binary.AppendUvarint(buf, uint64(hi-lo))
}

// CutRange returns the range that payload begins with, and what follows it.
func CutRange(payload []byte) (lo, hi int, rest []byte, err error) {
	const limit = 1 << 62 // so that lo + n cannot overflow
	first, a := binary.Uvarint(payload)
	if a <= 0 || first >= limit {
		return 0, 0, nil, errors.New("frame: bad start of range")
	}
	n, b := binary.Uvarint(payload[a:])
	if b <= 0 || n >= limit {
		return 0, 0, nil, errors.New("frame: bad length of range")
	}
	return int(first), int(first + n), payload[a+b:], nil
}

// most returns the longest payload of a frame of kind k, -1 if there is no such kind.
func (k FrameKind) most() int64 {
	switch k {
	case FrameReady, FrameRelease, FrameNoMore, FrameStop:
		return 0
	case FrameChunk:
		return 2 * binary.MaxVarintLen64
	case FrameMessage:
		return limits.MessageBytes
	case FrameResults:
		return limits.ChunkBytes
	}
	return -1
}

// A FrameReader reads frames. Its errors say what the process wrote, and go on from "it wrote".
type FrameReader struct {
	in      *pipe
	payload []byte
}

// NewFrameReader returns a reader of the frames of r.
func NewFrameReader(r io.Reader) *FrameReader { return &FrameReader{in: newPipe(r)} }

// Until makes the reading end at t, however it goes on.
func (fr *FrameReader) Until(t time.Time) { fr.in.Until(t) }

// Next returns the next frame, whose payload is valid until the next call. At the end it returns [io.EOF], or an error
// that wraps [io.ErrUnexpectedEOF] inside a frame. What is no frame is an error as soon as its first bytes come.
func (fr *FrameReader) Next() (FrameKind, []byte, error) {
	first, err := fr.in.begun()
	switch {
	case err != nil:
		return 0, nil, err
	case first != frameMark:
		return 0, nil, fr.in.garbage()
	case fr.in.Buffered() >= 2:
		if two, _ := fr.in.Peek(2); FrameKind(two[1]).most() < 0 {
			return 0, nil, fr.in.garbage()
		}
	}
	var head [frameHeader]byte
	if fr.in.Buffered() < frameHeader {
		fr.in.by(time.Now().Add(stall))
		defer fr.in.by(time.Time{})
	}
	if n, err := io.ReadFull(fr.in, head[:]); err != nil {
		return 0, nil, half(head[:n], n, err)
	}
	kind, n := FrameKind(head[1]), int64(binary.LittleEndian.Uint32(head[2:]))
	if n > kind.most() {
		return 0, nil, fmt.Errorf("a frame on the pipe of corecurve (fd %d) that cannot be: kind %q, %w",
			OutputFD, kind, limits.Count("", "bytes", n, max(0, kind.most())))
	}
	err = fr.read(int(n))
	return kind, fr.payload, err
}

// read reads a payload of n bytes.
func (fr *FrameReader) read(n int) error {
	if fr.in.Buffered() < n {
		defer fr.in.by(time.Time{})
	}
	// The memory grows with the bytes that arrive, so that a damaged length costs none.
	const step = 1 << 16
	fr.payload = fr.payload[:0]
	for len(fr.payload) < n {
		from := len(fr.payload)
		to := min(n, max(from+step, 2*from))
		if cap(fr.payload) < to {
			grown := make([]byte, from, to)
			copy(grown, fr.payload)
			fr.payload = grown
		}
		fr.payload = fr.payload[:to]
		if err := fr.fill(fr.payload[from:]); err != nil {
			return err
		}
	}
	return nil
}

// fill reads into b, with a deadline for each stretch of it.
func (fr *FrameReader) fill(b []byte) error {
	for at := 0; at < len(b); {
		if fr.in.Buffered() < len(b)-at {
			fr.in.by(time.Now().Add(stall))
		}
		n, err := io.ReadFull(fr.in, b[at:min(len(b), at+1<<20)])
		if err != nil {
			return half(b[:at+n], at+n, err)
		}
		at += n
	}
	return nil
}
