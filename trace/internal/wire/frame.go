package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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

// frameHeader is the length of a frame's head: its kind, and the length of its payload as a little-endian uint32.
const frameHeader = 5

// BeginFrame appends the head of a frame to buf. The caller appends the payload to the result and then calls [EndFrame]
// with the length that buf had before.
func BeginFrame(buf []byte, kind FrameKind) []byte {
	return append(buf, byte(kind), 0, 0, 0, 0)
}

// EndFrame completes the frame that begins at start in buf.
func EndFrame(buf []byte, start int) error {
	n := len(buf) - start - frameHeader
	if int64(n) > int64(^uint32(0)) {
		return fmt.Errorf("results of one chunk take %d bytes: more than 4 GiB", n)
	}
	binary.LittleEndian.PutUint32(buf[start+1:], uint32(n))
	return nil
}

// AppendFrame appends a frame without payload.
func AppendFrame(buf []byte, kind FrameKind) []byte { return BeginFrame(buf, kind) }

// AppendChunk appends a [FrameChunk] for the tasks lo … hi-1.
func AppendChunk(buf []byte, lo, hi int) []byte {
	start := len(buf)
	buf = AppendRange(BeginFrame(buf, FrameChunk), lo, hi)
	binary.LittleEndian.PutUint32(buf[start+1:], uint32(len(buf)-start-frameHeader))
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

// A FrameReader reads frames.
type FrameReader struct {
	r       *bufio.Reader
	payload []byte
}

// NewFrameReader returns a reader of the frames of r.
func NewFrameReader(r io.Reader) *FrameReader {
	return &FrameReader{r: bufio.NewReaderSize(r, 1<<14)}
}

// Next returns the next frame, whose payload is valid until the next call. At the end it returns [io.EOF], or
// [io.ErrUnexpectedEOF] inside a frame.
func (fr *FrameReader) Next() (FrameKind, []byte, error) {
	var head [frameHeader]byte
	if _, err := io.ReadFull(fr.r, head[:]); err != nil {
		return 0, nil, err
	}
	n := int(binary.LittleEndian.Uint32(head[1:]))
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
		if _, err := io.ReadFull(fr.r, fr.payload[from:]); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return 0, nil, err
		}
	}
	return FrameKind(head[0]), fr.payload, nil
}
