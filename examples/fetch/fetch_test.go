package fetch

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/workload"
)

// service runs the server for the length of a test and returns its address.
func service(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	addr, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- Workload().Service(ctx, func(a string) { addr <- a }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("server: %v", err)
		}
	})
	select {
	case a := <-addr:
		return a
	case err := <-ended:
		ended <- nil
		t.Fatalf("server ended: %v", err)
		return ""
	}
}

func TestFetch(t *testing.T) {
	w := Workload()
	env := &workload.Env{Workers: 1, Procs: 1, Size: 3, Service: service(t)}
	var err error
	if env.State, err = w.Open(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := env.State.(io.Closer).Close(); err != nil {
			t.Error(err)
		}
	}()
	var got, want []any
	start := time.Now()
	for i := range w.Tasks(env.Size) {
		p, err := w.Task(t.Context(), env, i)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p)
		d := document(uint64(i))
		want = append(want, page{Bytes: int64(len(d)), Sum: crc32.ChecksumIEEE(d)})
	}
	// Only the lower bound is certain: a busy machine may take any time.
	if spent := time.Since(start); spent < 3*latency {
		t.Errorf("three documents after %v, before three latencies of %v", spent, latency)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("pages (-want +got):\n%s", d)
	}
}

func TestErrors(t *testing.T) {
	w := Workload()
	if _, err := w.Open(t.Context(), &workload.Env{Workers: 1}); err == nil || !strings.Contains(err.Error(), "address") {
		t.Errorf("without a server: error %v", err)
	}
	if _, err := w.Task(t.Context(), &workload.Env{}, 0); err == nil || !strings.Contains(err.Error(), "not a client") {
		t.Errorf("without a client: error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	env := &workload.Env{Workers: 1, Service: service(t)}
	var err error
	if env.State, err = w.Open(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Task(ctx, env, 7); err == nil || !strings.Contains(err.Error(), "document 7") {
		t.Errorf("after the end: error %v", err)
	}
}

func TestUnknownDocument(t *testing.T) {
	addr := service(t)
	for _, path := range []string{"", "x", "-1", "1/2"} {
		resp, err := http.Get(fmt.Sprintf("http://%s/%s", addr, path))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("path %q: %s", path, resp.Status)
		}
	}
}

func TestDocument(t *testing.T) {
	for i := range uint64(100) {
		d := document(i)
		if len(d) < minBytes || len(d) > 2*minBytes {
			t.Errorf("document %d has %d bytes", i, len(d))
		}
		if j := bytes.IndexFunc(d, func(r rune) bool { return r < 'a' || r > 'z' }); j >= 0 {
			t.Errorf("document %d has %q at %d", i, d[j], j)
		}
	}
	if bytes.Equal(document(1), document(2)) {
		t.Error("documents 1 and 2 are the same")
	}
	if !bytes.Equal(document(1), document(1)) {
		t.Error("document 1 differs from itself")
	}
}
