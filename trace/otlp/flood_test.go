package otlp

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/limits"
)

func sinkNone(ptrace.Traces) error { return nil }

// dial opens a connection to r, which closes when the test ends, and says text.
func dial(t *testing.T, r *Receiver, text string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c
}

// head is the head of a request with the token.
func head(r *Receiver, more string) string {
	return "POST /v1/traces HTTP/1.1\r\nHost: x\r\n" + tokenHeader + ": " + r.o.Token +
		"\r\nContent-Type: application/x-protobuf\r\n" + more + "\r\n"
}

// patience is how long anything that happens at once may take on a machine that does much else.
const patience = 2 * time.Minute

// status reads an answer and returns its status, 0 if there is none.
func status(c net.Conn) (int, http.Header) {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, nil
	}
	_ = resp.Body.Close()
	return resp.StatusCode, resp.Header
}

// Beyond the places that there are, a connection is told to come again; it is let in when one has gone.
func TestPlacesAreBounded(t *testing.T) {
	r := listen(t, ReceiverOptions{Sink: sinkNone})
	var busy []net.Conn
	for range limits.Connections {
		c := dial(t, r, head(r, "Content-Length: 10\r\nExpect: 100-continue\r\n"))
		if got, _ := status(c); got != http.StatusContinue { // with which its body is waited for
			t.Fatalf("answered %d", got)
		}
		busy = append(busy, c)
	}
	for range 3 {
		got, header := status(dial(t, r, head(r, "Content-Length: 0\r\n")))
		if got != http.StatusServiceUnavailable || header.Get("Retry-After") != "1" {
			t.Errorf("answered %d, %v", got, header)
		}
	}
	want := "the span receiver refused 3 requests: there were 256 connections already"
	if ws := r.Warnings(); len(ws) != 1 || ws[0] != want {
		t.Errorf("warnings %q, want %q", ws, want)
	}
	for _, c := range busy {
		_ = c.Close()
	}
	for deadline := time.Now().Add(patience); post(t, r, bytes.NewReader(protoBody(t))) != http.StatusOK; {
		if time.Now().After(deadline) {
			t.Fatal("no place although all have gone")
		}
	}
}

// A connection that is idle between two requests, or has said nothing for a second, makes place for another.
func TestIdleMakePlace(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		wait       time.Duration
	}{{"idle", "Content-Length: 0\r\n", 0}, {"silent", "", silentTime + 500*time.Millisecond}} {
		r := listen(t, ReceiverOptions{Sink: sinkNone})
		for range limits.Connections {
			if tt.text == "" {
				dial(t, r, "")
			} else if got, _ := status(dial(t, r, head(r, tt.text))); got != http.StatusOK {
				t.Fatalf("%s: answered %d", tt.name, got)
			}
		}
		time.Sleep(tt.wait)
		for range 20 {
			if got, _ := status(dial(t, r, head(r, "Content-Length: 0\r\n"))); got != http.StatusOK {
				t.Errorf("%s: answered %d", tt.name, got)
			}
		}
	}
}

// Many bodies at once, compressed or not, take no more memory than is allowed; who finds none comes again.
func TestBodiesAreBounded(t *testing.T) {
	var most atomic.Uint64
	stop := make(chan struct{})
	var sampling sync.WaitGroup
	sampling.Go(func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapAlloc))
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	r := listen(t, ReceiverOptions{Sink: sinkNone, Wait: 100 * time.Millisecond})
	bomb := zipped(t, make([]byte, limits.RequestBytes))
	over := zipped(t, make([]byte, limits.RequestBytes+1))
	counts := map[int]int{}
	var mu sync.Mutex
	var senders sync.WaitGroup
	for i := range 200 {
		body := bomb
		if i%2 == 1 {
			body = over
		}
		senders.Go(func() {
			c, err := net.Dial("tcp", r.addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = c.Close() }()
			_, _ = io.WriteString(c, head(r, fmt.Sprintf("Content-Encoding: gzip\r\nContent-Length: %d\r\n", len(body))))
			_, _ = c.Write(body)
			got, _ := status(c)
			mu.Lock()
			counts[got]++
			mu.Unlock()
		})
	}
	senders.Wait()
	close(stop)
	sampling.Wait()
	// Zeros are no spans.
	if n := counts[400] + counts[413] + counts[503]; n != 200 || counts[503] == 0 {
		t.Errorf("answers %v", counts)
	}
	// Twice the bodies: the garbage of those before.
	if most.Load() > 4*limits.InFlightBytes {
		t.Errorf("%d MiB of memory", most.Load()>>20)
	}
	if got := post(t, r, bytes.NewReader(protoBody(t))); got != http.StatusOK {
		t.Errorf("answered %d afterwards", got)
	}
	r.flight.mu.Lock()
	defer r.flight.mu.Unlock()
	if r.flight.free != limits.InFlightBytes {
		t.Errorf("%d bytes were not given back", limits.InFlightBytes-r.flight.free)
	}
}

// Requests that are none of OTLP's are answered or cut off, and the next sender is served.
func TestOddRequests(t *testing.T) {
	patient := listen(t, ReceiverOptions{Sink: sinkNone, Timeout: patience, MaxBody: 1 << 20})
	hasty := listen(t, ReceiverOptions{Sink: sinkNone, Timeout: time.Second, MaxBody: 1 << 20})
	chunk := "1000\r\n" + strings.Repeat("x", 0x1000) + "\r\n"
	for name, tt := range map[string]struct {
		r    *Receiver
		text string
		want int
	}{
		"HTTP/2 by prior knowledge": {patient, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", http.StatusUnauthorized},
		"a header of 1 MiB":         {patient, head(patient, "X: "+strings.Repeat("x", 1<<20)+"\r\n"), http.StatusRequestHeaderFieldsTooLarge},
		"no request":                {patient, "\x00\x01\x02\r\n\r\n", http.StatusBadRequest},
		"chunks without end":        {patient, head(patient, "Transfer-Encoding: chunked\r\n") + strings.Repeat(chunk, 300), http.StatusRequestEntityTooLarge},
		"a chunk that stalls":       {hasty, head(hasty, "Transfer-Encoding: chunked\r\n") + "10\r\nx", http.StatusRequestTimeout},
		"a length that is a lie":    {patient, head(patient, "Content-Length: 9223372036854775807\r\n"), http.StatusRequestEntityTooLarge},
		"a negative length":         {patient, head(patient, "Content-Length: -1\r\n"), http.StatusBadRequest},
	} {
		c, err := net.Dial("tcp", tt.r.addr)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = io.WriteString(c, tt.text) }() // the receiver may stop reading
		if got, _ := status(c); got != tt.want {
			t.Errorf("%s: answered %d, want %d", name, got, tt.want)
		}
		_ = c.Close()
	}
	// A sender that never reads its answers.
	c := dial(t, hasty, "")
	_ = c.SetWriteDeadline(time.Now().Add(patience))
	one := head(hasty, "Content-Length: 0\r\n")
	for {
		if _, err := io.WriteString(c, strings.Repeat(one, 1000)); err != nil {
			if os.IsTimeout(err) {
				t.Error("a sender that does not read its answers is not cut off")
			}
			break
		}
	}
	if got := post(t, patient, bytes.NewReader(protoBody(t))); got != http.StatusOK {
		t.Errorf("answered %d afterwards", got)
	}
}

// Ten thousand connections at once keep a sender of spans waiting, and no longer.
func TestTenThousandConnections(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 2000
	}
	r := listen(t, ReceiverOptions{Sink: sinkNone})
	var crowd sync.WaitGroup
	gate := make(chan struct{}, 3000) // files of this process
	done := make(chan struct{})
	for range n {
		crowd.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			c, err := net.DialTimeout("tcp", r.addr, 5*time.Second)
			if err != nil {
				return // it waited in vain
			}
			defer func() { _ = c.Close() }()
			_ = c.SetReadDeadline(time.Now().Add(2 * time.Second))
			_, _ = io.Copy(io.Discard, c)
		})
	}
	go func() { crowd.Wait(); close(done) }()
	served, tries := 0, 0
	client := &http.Client{Timeout: 10 * time.Second}
	for over := false; !over; tries++ {
		select {
		case <-done:
			over = true
		default:
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.endpoint()+tracesPath, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(tokenHeader, r.o.Token)
		req.Header.Set("Content-Type", "application/x-protobuf")
		if resp, err := client.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				served++
			}
		}
		client.CloseIdleConnections()
		time.Sleep(100 * time.Millisecond)
	}
	t.Logf("%d of %d requests were served among %d silent connections; %q", served, tries, n, r.Warnings())
	if served == 0 {
		t.Error("no request was served")
	}
}
