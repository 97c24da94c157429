package canvas_test

import (
	"bytes"
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
)

// A panel with two axes, and a mark that says what it is.
func Example() {
	var b bytes.Buffer
	err := canvas.WriteSVG(&b, 800, 600, func(c draw.Canvas) {
		y := canvas.NewAxis(0, 4, canvas.LinearScale{}, canvas.Even{Most: 4})
		p := canvas.NewPanel(c, canvas.CountAxis([]float64{1, 2, 4}, 0, canvas.Suited), y, 20, canvas.XBelow, 20)
		p.Grid()
		p.YLabels()
		p.XLabels("n: workers")
		canvas.Describe(p.Canvas, "n = 2: 1.90×", func() {
			canvas.Circle.Draw(p.Canvas, p.At(2, 1.9), 10, 3, canvas.Blue, false)
		})
	})
	fmt.Println(err, strings.Count(b.String(), "<title>n = 2: 1.90×</title>"), "mark")
	// Output: <nil> 1 mark
}
