package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// svgOf draws f as SVG, checks what must hold for every picture, and returns the SVG. With CORECURVE_CHART_DIR set it
// also writes both forms there, to be looked at.
func svgOf(t *testing.T, f Figure) string {
	t.Helper()
	var first, again, picture bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &again} {
		if err := WriteSVG(w, f); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("drawn twice, the SVG differs")
	}
	svg := words.Plain(first.String())
	drawn := regexp.MustCompile(`base64,[^"]*`).ReplaceAllString(svg, "") // in which any three letters may stand
	for _, bad := range []string{"NaN", "Inf", "%!"} {
		if strings.Contains(drawn, bad) {
			t.Errorf("SVG holds %q", bad)
		}
	}
	if dir := os.Getenv("CORECURVE_CHART_DIR"); dir != "" {
		if err := WritePNG(&picture, f); err != nil {
			t.Fatal(err)
		}
		name := strings.NewReplacer("/", "-", " ", "_").Replace(t.Name())
		for ext, data := range map[string][]byte{".svg": first.Bytes(), ".png": picture.Bytes()} {
			if err := os.WriteFile(filepath.Join(dir, name+ext), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	checkTexts(t, svg)
	for _, width := range []vg.Length{Wide, Narrow} {
		checkPage(t, f, width)
	}
	return svg
}

// checkPage draws f for a page and checks what must hold for every such drawing: its texts are as large as in a file,
// whole, and apart; it has no style, nor a title.
func checkPage(t *testing.T, f Figure, width vg.Length) {
	t.Helper()
	var b bytes.Buffer
	if err := WritePage(&b, f, width); err != nil {
		t.Fatal(err)
	}
	svg := words.Plain(b.String())
	for _, bad := range []string{"NaN", "Inf", "%!", "style", "tabindex"} {
		if strings.Contains(svg, bad) {
			t.Errorf("drawing of %v holds %q", width, bad)
		}
	}
	if dir := os.Getenv("CORECURVE_CHART_DIR"); dir != "" {
		name := strings.NewReplacer("/", "-", " ", "_").Replace(t.Name())
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%v.svg", name, width.Points())), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	checkTexts(t, svg)
	checkInks(t, svg)
}

// checkInks checks that every text can be read on the ground by day, and by night in the colour that it then has. Texts
// on colours of their own are white, or have the inks of such.
func checkInks(t *testing.T, svg string) {
	t.Helper()
	night := map[canvas.Hue]canvas.Hue{canvas.White: canvas.White, canvas.Ink: canvas.White}
	for _, s := range canvas.Shades() {
		if _, own := night[s.Day]; !own {
			night[s.Day] = s.Night
		}
	}
	seen := map[canvas.Hue]bool{canvas.White: true}
	for _, part := range strings.Split(svg, "<text ")[1:] {
		_, fill, _ := strings.Cut(part, ` fill="#`)
		v, err := strconv.ParseUint(fill[:min(6, len(fill))], 16, 32)
		day := canvas.Hue(v)
		if err != nil || seen[day] {
			continue
		}
		seen[day] = true
		dark, changes := night[day]
		if !changes {
			dark = day
		}
		if day.Contrast(canvas.White) < 4.5 || dark.Contrast(canvas.NightGround) < 4.5 {
			t.Errorf("a text in %s has a contrast of %.1f by day and %.1f by night", day, day.Contrast(canvas.White),
				dark.Contrast(canvas.NightGround))
		}
	}
}

// A placed is a text of an SVG with the box that its letters fill.
type placed struct {
	txt            string
	x0, y0, x1, y1 float64
}

// texts parses the SVG, which must be well-formed, and returns what is written in it.
func texts(t *testing.T, svg string) (out []placed) {
	t.Helper()
	if picture, words, ok := strings.Cut(svg, "<style>.tip"); ok {
		if !strings.HasSuffix(words, "</svg>\n") {
			t.Fatal("something stands behind the words of marks")
		}
		svg = picture + "</svg>\n" // one at a time is shown of the words of marks, over the picture
	}
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("SVG is not well-formed: %v", err)
		}
		start, ok := tok.(xml.StartElement)
		if !ok || start.Name.Local != "text" {
			continue
		}
		var txt string
		if err := dec.DecodeElement(&txt, &start); err != nil {
			t.Fatal(err)
		}
		at := map[string]float64{}
		isBold := false
		for _, a := range start.Attr {
			isBold = isBold || a.Name.Local == "font-weight"
			if v, err := strconv.ParseFloat(a.Value, 64); err == nil {
				at[a.Name.Local] = v
			}
		}
		s := canvas.Regular(at["font-size"], canvas.Dark)
		if isBold {
			s = canvas.Bold(at["font-size"], canvas.Dark)
		}
		out = append(out, placed{
			txt, at["x"], at["y"] - 0.72*at["font-size"],
			at["x"] + s.Width(txt).Points(), at["y"],
		})
		if at["font-size"] < canvas.SmallSize {
			t.Errorf("text %q is %v pixels high, less than can be read", txt, at["font-size"])
		}
	}
}

// checkTexts checks that no text is cut off by the edge or overlaps another.
func checkTexts(t *testing.T, svg string) {
	t.Helper()
	all := texts(t, svg)
	var width, height float64
	_, box, _ := strings.Cut(svg, `viewBox="0 0 `)
	if _, err := fmt.Sscanf(box, "%f %f", &width, &height); err != nil {
		t.Fatal(err)
	}
	for i, a := range all {
		if a.x0 < 0 || a.x1 > width || a.y0 < 0 || a.y1 > height {
			t.Errorf("text %q is cut off at %v: %.0f…%.0f × %.0f…%.0f", a.txt, width, a.x0, a.x1, a.y0, a.y1)
		}
		for _, b := range all[:i] {
			if a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1 {
				t.Errorf("texts %q and %q overlap at %v", a.txt, b.txt, width)
			}
		}
	}
}

// wants checks that the SVG holds each of the strings.
func wants(t *testing.T, svg string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(svg, w) {
			t.Errorf("SVG has no %q", w)
		}
	}
}

func TestWritePNG(t *testing.T) {
	var first, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &again} {
		if err := WritePNG(w, gilPicture()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("drawn twice, the PNG differs")
	}
	img, err := png.Decode(&first)
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got != image.Pt(Width, Height) {
		t.Errorf("PNG is %v, want %d × %d", got, Width, Height)
	}
	if r, g, b, _ := img.At(3, 3).RGBA(); r&g&b != 0xFFFF {
		t.Error("the ground is not white")
	}
}

// failing is a writer that takes nothing.
type failing struct{}

var errFull = errors.New("disk full")

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrors(t *testing.T) {
	for name, write := range map[string]func(io.Writer, Figure) error{"PNG": WritePNG, "SVG": WriteSVG} {
		if err := write(failing{}, coresPicture()); !errors.Is(err, errFull) {
			t.Errorf("%s: error %v, want the writer's", name, err)
		}
	}
}

func ExampleWriteSVG() {
	figure := Speedup{
		Words: Words{Title: "pi: 1.9× on 2 cores", Subtitle: "base: 1 worker, 512 ms"},
		Lines: []Line{{Name: "threads", Curve: &curve.Curve{
			Sweep: sweep.Sweep{Workload: "pi", Mode: sweep.Threads},
			Points: []curve.Point{
				{N: 1, Runs: 10, Speedup: 1},
				{N: 2, Runs: 10, Speedup: 1.93},
			},
		}}},
		Cores:   2,
		Markers: []Marker{{N: 2, Label: "2 cores"}},
	}
	var svg strings.Builder
	if err := WriteSVG(&svg, figure); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(svg.String(), "threads 1.93×"))
	// Output: true
}

func BenchmarkDraw(b *testing.B) {
	for _, f := range []struct {
		name string
		Figure
	}{{"speedup", piPicture()}, {"timeline", gilPicture()}, {"cores", coresPicture()}} {
		for _, w := range []struct {
			name  string
			write func(io.Writer, Figure) error
		}{{"png", WritePNG}, {"svg", WriteSVG}} {
			b.Run(f.name+"/"+w.name, func(b *testing.B) {
				for b.Loop() {
					if err := w.write(io.Discard, f.Figure); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
