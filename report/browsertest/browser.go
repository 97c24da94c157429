// Package browsertest opens pages in headless Chromium, for tests: it scripts them as a reader would use them, by
// pointer and keyboard, in a light and a dark scheme, wide and narrow, and counts what they write to the console, what
// they ask of the network, what axe-core finds in them, and the sheets they print on.
//
// Where Chromium or axe-core is missing, a test is skipped and says so.
package browsertest

import (
	"context"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a browser may take for all that a test asks of it, on a machine that does much else: up to when
// the tests must have ended, if they must, and this long otherwise.
const patience = 10 * time.Minute

// untilLate returns a context that ends then.
func untilLate(t testing.TB) (context.Context, context.CancelFunc) {
	if d, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if end, is := d.Deadline(); is {
			return context.WithDeadline(context.Background(), end.Add(-10*time.Second)) // to say so
		}
	}
	return context.WithTimeout(context.Background(), patience)
}

// A Browser is a running Chromium. All that it asks of the network goes to a proxy that counts and refuses it.
type Browser struct {
	ctx      context.Context
	requests atomic.Int64
}

// Start starts Chromium for the test; it ends with it. Without Chromium the test is skipped.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: pages are not opened")
	}
	b := &Browser{}
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.ProxyServer(b.watch(t)),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := untilLate(t)
	t.Cleanup(cancel)
	allocated, release := chromedp.NewExecAllocator(ctx, flags...)
	t.Cleanup(release)
	b.ctx, cancel = chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(b.ctx); err != nil {
		t.Skipf("chromium does not run here: %v", err)
	}
	return b
}

// Requests is how often pages asked for something of the network.
func (b *Browser) Requests() int64 { return b.requests.Load() }

// watch starts the proxy and returns its address.
func (b *Browser) watch(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	// The browser itself asks its maker for updates, whatever page is open.
	own := regexp.MustCompile(`(^|\.)(google|googleapis|gstatic|gvt1)\.com(:\d+)?$`)
	proxy := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if !own.MatchString(q.Host) {
			b.requests.Add(1)
		}
		http.Error(w, "no network here", http.StatusBadGateway)
	})}
	go func() { _ = proxy.Serve(l) }() // ends by Close
	t.Cleanup(func() { _ = proxy.Close() })
	return "http://" + l.Addr().String()
}
