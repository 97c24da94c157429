package report

import (
	"context"
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
