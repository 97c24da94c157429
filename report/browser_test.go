package report

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/text"
)

// TestBrowser opens report.html in headless Chromium: the console stays empty, and nothing is asked of the network,
// which is watched by a proxy that all requests would have to go through.
func TestBrowser(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: report.html is not opened")
	}
	r := Build(study.Analyze(locked().in))
	pictures := draw(t, r)
	page := written(t, func(w io.Writer) error { return r.WriteHTML(w, pictures) })
	clean := open(t, browser, page)
	if clean.requests != 0 {
		t.Errorf("%d requests to the network", clean.requests)
	}
	for _, line := range clean.console {
		t.Errorf("console: %s", line)
	}
	if !strings.Contains(clean.dom, "<h1>") || !strings.Contains(clean.dom, "tabindex=\"0\"") {
		t.Errorf("the page was not shown:\n%.500s", clean.dom)
	}
	// The test would see it: an error on the console, and an address that is asked for.
	bad := open(t, browser, `<!DOCTYPE html><title>x</title><script>console.error("seen")</script><img src="http://corecurve.example/x.png">`)
	if len(bad.console) == 0 || bad.requests == 0 {
		t.Errorf("a page with an error and a request: console %q, %d requests", bad.console, bad.requests)
	}
}

// A visit is what a browser did with a page.
type visit struct {
	dom      string
	console  []string
	requests int64
}

func open(t *testing.T, browser, page string) visit {
	t.Helper()
	var requests atomic.Int64
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	proxy := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		// The browser itself asks its maker for updates, whatever page is open.
		if !regexp.MustCompile(`(^|\.)(google|googleapis|gstatic|gvt1)\.com(:\d+)?$`).MatchString(q.Host) {
			requests.Add(1)
		}
		http.Error(w, "no network here", http.StatusBadGateway)
	})}
	go func() { _ = proxy.Serve(l) }() // ends by Close
	defer func() { _ = proxy.Close() }()
	dir := t.TempDir()
	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--proxy-server="+l.Addr().String(), "--disable-background-networking", "--disable-component-update", "--no-first-run",
		"--disable-sync", "--disable-default-apps", "--disable-extensions", "--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom", "file://"+file)
	var out, log strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			t.Skipf("chromium did not end in time on this machine: %v", err)
		}
		t.Skipf("chromium does not run here: %v\n%.2000s", err, log.String())
	}
	v := visit{dom: out.String(), requests: requests.Load()}
	for line := range strings.Lines(log.String()) {
		if regexp.MustCompile(`:CONSOLE[:(]`).MatchString(line) {
			v.console = append(v.console, strings.TrimSpace(line))
		}
	}
	return v
}

// large is a study of sixty points, twenty of which have timelines of eight workers with 2000 spans each.
func large() study.Input {
	f := newFake(16)
	var spots []spot
	for n := 1; n <= 30; n++ {
		spots = append(spots, spot{n, time.Duration(float64(512*ms) / min(float64(n), 16)), 4 * ms, 508 * ms})
	}
	f.sweep("pi", "threads", "strong", 10, spots...)
	f.sweep("pi", "procs", "strong", 10, spots...)
	f.spin()
	kept := 0
	for i := range f.in.Results {
		run := f.in.Results[i].Run
		x, ok := f.in.Explained[run]
		if !ok {
			continue
		}
		if kept++; kept > 20 || len(x.Timeline.Lanes) > 32 {
			delete(f.in.Explained, run)
			continue
		}
		for k := range x.Timeline.Lanes {
			busy(x.Timeline, k)
		}
		f.in.Explained[run] = x
	}
	return f.in
}

// BenchmarkLarge draws the whole report of [large]: it reports the size of report.html beside CPU time and memory.
func BenchmarkLarge(b *testing.B) {
	in := large()
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		r := Build(study.Analyze(in))
		pictures := draw(b, r)
		var n counter
		for _, err := range []error{
			r.WriteText(&n, text.Options{}), r.WriteJSON(&n), r.WriteMarkdown(&n, pictures),
		} {
			if err != nil {
				b.Fatal(err)
			}
		}
		n = 0
		if err := r.WriteHTML(&n, pictures); err != nil {
			b.Fatal(err)
		}
		size = int(n)
	}
	b.ReportMetric(float64(size)/1e6, "MB/report.html")
	b.ReportMetric(float64(len(in.Explained)), "timelines")
	if s, err := os.ReadFile("/proc/self/status"); err == nil {
		if m := regexp.MustCompile(`VmHWM:\s+(\d+)`).FindSubmatch(s); m != nil {
			var kb float64
			if _, err := fmt.Sscan(string(m[1]), &kb); err == nil {
				b.ReportMetric(kb/1e3, "MB-peak")
			}
		}
	}
}

// A counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
