package canvas

import (
	"image"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// TestBitmap: what a bitmap sets itself are the pixels that gonum sets, whose colours it may round otherwise.
func TestBitmap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var boxes []vg.Rectangle
	for x := vg.Length(-2); x < 100; x += 3 + 4*vg.Length(rng.Float64()) {
		y := vg.Length(50*rng.Float64() - 10) // at the upper edge gonum is not exact
		boxes = append(boxes, vg.Rectangle{
			Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + 2*vg.Length(rng.Float64()), Y: y + 20*vg.Length(rng.Float64())},
		})
	}
	for name, drawn := range map[string]func(draw.Canvas){
		"boxes": func(c draw.Canvas) { c.SetColor(Purple); fillBoxes(c, boxes) },
		"turned over": func(c draw.Canvas) {
			c.SetColor(Black)
			fillBoxes(c, []vg.Rectangle{{Min: vg.Point{X: 30.4, Y: 20.5}, Max: vg.Point{X: 20.2, Y: 4}}})
		},
		"let through": func(c draw.Canvas) {
			c.SetColor(Blue)
			c.Fill(Box(0, 0, 100, 30))
			c.SetColor(Orange.Faded(0.6))
			fillBoxes(c, boxes)
		},
		"text": func(c draw.Canvas) {
			Regular(19, Dark).Put(c, 3.3, 40.7, 0, "AVÄ: 12 µs “fl”")
			Bold(26, Vermillion).Put(c, 90.1, -3.2, 1, "Wave")
		},
		"saved colour": func(c draw.Canvas) {
			c.SetColor(Green)
			c.Push()
			c.Translate(vg.Point{X: 5, Y: 7})
			c.SetColor(Sky)
			c.FillString(Regular(20, Dark).face, vg.Point{X: 1, Y: 2}, "in")
			c.Pop()
			c.FillString(Regular(20, Dark).face, vg.Point{X: 50, Y: 2}, "out")
		},
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := image.NewRGBA(image.Rect(0, 0, 100, 60)), image.NewRGBA(image.Rect(0, 0, 100, 60))
			drawn(On(ours))
			drawn(draw.New(bottom(On(theirs)).(*bitmap).Canvas))
			inked := 0
			for i, v := range ours.Pix {
				if d := int(v) - int(theirs.Pix[i]); d < -1 || d > 1 {
					t.Fatalf("pixel %d, %d: %d, want %d", i/4%100, i/400, v, theirs.Pix[i])
				}
				if v != 0xFF {
					inked++
				}
			}
			if inked < 100 {
				t.Errorf("only %d bytes are not white", inked)
			}
		})
	}
}
