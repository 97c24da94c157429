package chart

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"testing"

	"github.com/corecurve/corecurve/report/chart/canvas"
)

// TestPNG: image/png reads from what writePNG writes the very pixels that were drawn.
func TestPNG(t *testing.T) {
	for _, f := range []Figure{piPicture(), gilPicture(), coresPicture()} {
		img := image.NewRGBA(image.Rect(0, 0, Width, int(height(f))))
		f.Draw(canvas.On(img))
		var b bytes.Buffer
		if err := writePNG(&b, img); err != nil {
			t.Fatal(err)
		}
		read, err := png.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		got := image.NewRGBA(read.Bounds())
		draw.Draw(got, got.Rect, read, image.Point{}, draw.Src)
		if got.Rect != img.Rect || !bytes.Equal(got.Pix, img.Pix) {
			t.Errorf("%T: other pixels", f)
		}
	}
}
