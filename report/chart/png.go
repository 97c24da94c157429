package chart

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"io"
)

// writePNG writes img, which is opaque, as a PNG (https://www.w3.org/TR/png-3/), every row as its difference to the one
// above. Package image/png tries five ways for each row, which takes longer than drawing: in what is drawn here rows
// are mostly like those above them.
func writePNG(w io.Writer, img *image.RGBA) error {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	var data bytes.Buffer
	z, err := zlib.NewWriterLevel(&data, zlib.BestSpeed)
	if err != nil {
		return fmt.Errorf("writing PNG: %w", err)
	}
	const up = 2 // the filter of a row, before its bytes
	line, above := make([]byte, 1+3*width), make([]byte, 4*width)
	line[0] = up
	for y := range height {
		row := img.Pix[y*img.Stride:][:4*width]
		if bytes.Equal(row, above) {
			clear(line[1:])
		} else {
			subtract(line[1:], row, above)
		}
		_, _ = z.Write(line) // into a buffer, which takes all
		above = row
	}
	_ = z.Close()
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	// Eight bits, colours without opacity, the only compression, the only set of filters, not interlaced.
	head = append(head, 8, 2, 0, 0, 0)
	out := []byte("\x89PNG\r\n\x1a\n")
	for _, chunk := range []struct {
		kind string
		data []byte
	}{{"IHDR", head}, {"IDAT", data.Bytes()}, {"IEND", nil}} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(chunk.data)))
		from := len(out)
		out = append(append(out, chunk.kind...), chunk.data...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
	}
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("writing PNG: %w", err)
	}
	return nil
}

// subtract sets out to the colours of the pixels of row, without their opacity, less those of above. Most pairs of
// pixels are as those above them.
func subtract(out, row, above []byte) {
	clear(out)
	for len(row) >= 4 && len(above) >= 4 && len(out) >= 3 {
		for len(row) >= 8 && len(above) >= 8 && len(out) >= 6 &&
			binary.LittleEndian.Uint64(row) == binary.LittleEndian.Uint64(above) {
			out, row, above = out[6:], row[8:], above[8:]
		}
		if len(row) < 4 {
			return
		}
		out[0], out[1], out[2] = row[0]-above[0], row[1]-above[1], row[2]-above[2]
		out, row, above = out[3:], row[4:], above[4:]
	}
}
