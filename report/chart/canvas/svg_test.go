package canvas

import (
	"image"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func TestSVGCanvas(t *testing.T) {
	pt := func(x, y vg.Length) vg.Point { return vg.Point{X: x, Y: y} }
	tests := []struct {
		name string
		draw func(s *svgCanvas)
		want string
	}{
		// The canvas is 200 high, so y = 20 is 180 from the top.
		{"box", func(s *svgCanvas) {
			s.SetColor(Blue)
			s.Fill(Box(10, 20, 30, 40))
		}, `<path d="M10 180L30 180L30 160L10 160Z" fill="#0072b2"/>`},
		{"see-through", func(s *svgCanvas) {
			s.SetColor(Blue.Faded(0.2))
			s.Fill(Box(0, 0, 1, 1))
		}, `fill-opacity="0.2"`},
		{"dashes", func(s *svgCanvas) {
			s.SetLineWidth(2)
			s.SetLineDash([]vg.Length{3, 4}, 1)
			s.Stroke(vg.Path{{Type: vg.MoveComp, Pos: pt(0, 0)}, {Type: vg.LineComp, Pos: pt(5, 0)}})
		}, `<path d="M0 200L5 200" fill="none" stroke="#000000" stroke-width="2" stroke-dasharray="3 4" stroke-dashoffset="1"/>`},
		{"without width", func(s *svgCanvas) {
			s.SetLineWidth(0)
			s.Stroke(Box(0, 0, 1, 1))
		}, ""},
		{"not finite", func(s *svgCanvas) { s.Fill(Box(0, 0, vg.Length(math.NaN()), vg.Length(math.Inf(1)))) }, ""},
		{"moved and scaled", func(s *svgCanvas) {
			s.Push()
			s.Translate(pt(10, 10))
			s.Scale(2, 2)
			s.Fill(Box(0, 0, 5, 5))
			s.Pop()
			s.Fill(Box(0, 0, 5, 5))
		}, `<path d="M10 190L20 190L20 180L10 180Z" fill="#000000"/>` + "\n" +
			`<path d="M0 200L5 200L5 195L0 195Z" fill="#000000"/>`},
		// A quarter of a circle around 0, 0 from 10, 0 to 0, 10: the handles are 4/3·tan(22.5°)·10 = 5.52 long.
		{"arc", func(s *svgCanvas) {
			var p vg.Path
			p.Arc(pt(0, 0), 10, 0, math.Pi/2)
			s.Fill(p)
		}, `<path d="M10 200C10 194.48 5.52 190 0 190" fill="#000000"/>`},
		{"curves", func(s *svgCanvas) {
			var p vg.Path
			p.Move(pt(0, 0))
			p.QuadTo(pt(1, 1), pt(2, 0))
			p.CubeTo(pt(3, 1), pt(4, 1), pt(5, 0))
			s.Fill(p)
		}, `<path d="M0 200Q1 199 2 200C3 199 4 199 5 200" fill="#000000"/>`},
		{"text", func(s *svgCanvas) {
			s.SetColor(Black)
			s.FillString(Bold(20, Black).face, pt(5, 6), `a<b & "c"`)
		}, `<text x="5" y="194" font-size="20" fill="#000000" font-weight="bold">a&lt;b &amp; &#34;c&#34;</text>`},
		// A quarter turn counterclockwise: upwards on the page, where y counts down.
		{"turned text", func(s *svgCanvas) {
			s.Push()
			s.Rotate(math.Pi / 2)
			s.FillString(Regular(20, Black).face, pt(50, -30), "up")
			s.Pop()
		}, `<text transform="matrix(0 -1 1 0 30 150)" font-size="20" fill="#000000">up</text>`},
		{"described", func(s *svgCanvas) {
			Describe(draw.New(s), "n < 4", func() { s.Fill(Box(0, 0, 1, 1)) })
		}, "<g><title>n &lt; 4</title>\n<path d=\"M0 200L1 200L1 199L0 199Z\" fill=\"#000000\"/>\n</g>"},
		{"image", func(s *svgCanvas) {
			s.DrawImage(vg.Rectangle{Min: pt(10, 20), Max: pt(40, 60)}, image.NewGray(image.Rect(0, 0, 2, 2)))
		}, `<image x="10" y="140" width="30" height="40" preserveAspectRatio="none" href="data:image/png;base64,`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSVG(300, 200)
			test.draw(s)
			got := strings.TrimSuffix(s.body.String(), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("(-want +got):\n%s", cmp.Diff(test.want, got))
			}
		})
	}
}

func TestContrast(t *testing.T) {
	for _, h := range []Hue{Blue, Vermillion, Green, Yellow, Purple, Sky, Orange, Black, Middle, White} {
		if c := 1.05 / (h.Readable().Luminance() + 0.05); c < 4.5 {
			t.Errorf("text in %06x, made readable, has a contrast of %.2f", uint32(h), c)
		}
	}
	if Yellow.Luminance() < 0.7 || Black.Luminance() != 0 || math.Abs(White.Luminance()-1) > 1e-9 {
		t.Errorf("luminance of yellow %v, black %v, white %v", Yellow.Luminance(), Black.Luminance(), White.Luminance())
	}
}
