package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A Look is how a reader looks at a page.
type Look struct {
	Width, Height int // of the window, in pixels of CSS
	Dark          bool
	NoScripts     bool
}

// String names the look, for the names of tests.
func (l Look) String() string {
	s := fmt.Sprintf("%dx%d", l.Width, l.Height)
	if l.Dark {
		s += " dark"
	}
	if l.NoScripts {
		s += " without scripts"
	}
	return s
}

// A Page is a page that is open.
type Page struct {
	t   testing.TB
	ctx context.Context

	mu      sync.Mutex
	console []string
}

// Open opens source, the text of a page, as a file on disk, and waits until it is loaded.
func (b *Browser) Open(t testing.TB, source string, look Look) *Page {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	p := &Page{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatalf("a new tab: %v", err)
	}
	scheme := "light"
	if look.Dark {
		scheme = "dark"
	}
	send(p, runtime.Enable, cdp.Empty{})
	send(p, log.Enable, cdp.Empty{})
	send(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	send(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: look.NoScripts})
	p.Do(chromedp.EmulateViewport(int64(look.Width), int64(look.Height)), chromedp.Navigate("file://"+file))
	return p
}

// listen keeps what the page writes to the console, and what the browser has to say of it: errors of scripts, and what
// its Content-Security-Policy stopped.
func (p *Page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		var said []string
		for _, a := range e.Args {
			said = append(said, string(a.Value)+a.Description)
		}
		p.console = append(p.console, fmt.Sprintf("%s: %s", e.Type, strings.Join(said, " ")))
	case *runtime.EventExceptionThrown:
		p.console = append(p.console, fmt.Sprintf("exception: %s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		p.console = append(p.console, fmt.Sprintf("%s: %s", e.Entry.Level, e.Entry.Text))
	}
}

// Console is what was written to the console until now.
func (p *Page) Console() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.console...)
}

// Do does the actions one after the other. It ends the test if one fails.
func (p *Page) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.ok(chromedp.Do(p.ctx, actions...))
}

func (p *Page) ok(err error) {
	p.t.Helper()
	switch {
	case err == nil:
	case p.ctx.Err() != nil:
		p.t.Fatalf("the browser did not answer in time: %v", err)
	default:
		p.t.Fatalf("the page: %v", err)
	}
}

// send sends a command of the protocol that has no answer.
func send[P any](p *Page, command cdp.Command[P, cdp.Empty], params P) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, command, params)
	p.ok(err)
}

// Value is what an expression of JavaScript, or the promise that it is, gives in the page.
func Value[T any](p *Page, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	p.ok(err)
	return v
}

// Press presses keys, as [chromedp.KeyEvent] takes them, one after the other. The browser itself makes the text of a
// key out of its going down, so that a page that prevents the one prevents the other.
func (p *Page) Press(keys string) {
	p.t.Helper()
	for _, r := range keys {
		events := kb.Encode(r)
		var text strings.Builder
		for _, e := range events {
			text.WriteString(e.Text)
		}
		for _, e := range events {
			if e.Type == kb.KeyChar {
				continue
			}
			if e.Type == kb.KeyDown {
				e.Text = text.String()
			}
			_, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, *e)
			p.ok(err)
		}
	}
}

// Hover puts the pointer on the first element that the selector finds, once it is in view.
func (p *Page) Hover(selector string) {
	p.t.Helper()
	x, y := p.point(selector)
	p.Do(chromedp.MouseEvent(chromedp.MouseMoved, x, y))
}

// Click clicks on the first element that the selector finds, once it is in view.
func (p *Page) Click(selector string) {
	p.t.Helper()
	x, y := p.point(selector)
	p.Do(chromedp.MouseEvent(chromedp.MouseMoved, x, y), chromedp.MouseClickXY(x, y))
}

// point scrolls an element into view and returns a point of the window at which nothing lies over it: the middle, if it
// is one, or else the first that is found on a grid.
func (p *Page) point(selector string) (x, y float64) {
	p.t.Helper()
	at := Value[[]float64](p, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"});
		const r = e.getBoundingClientRect(), on = (x, y) => e.contains(document.elementFromPoint(x, y));
		const parts = [0.5, 0.25, 0.75, 0.05, 0.95, 0.15, 0.35, 0.45, 0.55, 0.65, 0.85];
		for (const f of parts) for (const g of parts) {
			const at = [r.x + f * r.width, r.y + g * r.height];
			if (on(...at)) return at;
		}
		return [];
	})()`, selector))
	if len(at) != 2 {
		p.t.Fatalf("the pointer cannot reach %s: something lies over all of it", selector)
	}
	return at[0], at[1]
}

// Media shows the page as it is on another medium, "print".
func (p *Page) Media(medium string) {
	p.t.Helper()
	send(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium})
}

// Screenshot writes what is in the window as a PNG.
func (p *Page) Screenshot(file string) {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	p.ok(err)
	if err := os.WriteFile(file, png, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// sheetRE finds the sheets of a PDF: Chromium writes each as an object of its own.
var sheetRE = regexp.MustCompile(`/Type\s*/Page\b`)

// Print prints the page on A4 and returns the PDF and how many sheets it has.
func (p *Page) Print() (pdf []byte, sheets int) {
	p.t.Helper()
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	p.ok(err)
	return pdf, len(sheetRE.FindAll(pdf, -1))
}

// Wait waits until an expression of JavaScript is true in the page.
func Wait(p *Page, expression string) {
	p.t.Helper()
	for !Value[bool](p, expression) {
		if p.ctx.Err() != nil {
			p.t.Fatalf("still not so: %s", expression)
		}
	}
}
