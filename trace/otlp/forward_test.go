package otlp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const secret = "s3cr3t"

// collect serves a collector and returns a target for it whose headers hold the secret.
func collect(t *testing.T, h http.HandlerFunc, more ...string) *Target {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return target(t, append([]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + server.URL + "/base",
		"OTEL_EXPORTER_OTLP_HEADERS=api-key=" + secret + "%3D,other=1",
	}, more...)...)
}

func target(t *testing.T, environ ...string) *Target {
	t.Helper()
	to, err := TargetFrom(environ)
	if err != nil || to == nil {
		t.Fatalf("target %v, error %v", to, err)
	}
	return to
}

func closed(t *testing.T, f *Forwarder) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ws := f.Close(ctx)
	if strings.Contains(strings.Join(ws, ""), secret) {
		t.Errorf("a secret was told: %q", ws)
	}
	return ws
}

func TestForward(t *testing.T) {
	for _, tt := range []struct {
		name       string
		environ    []string
		decode     func([]byte) (ptrace.Traces, error)
		media, enc string
	}{
		{"protobuf", nil, decodeProto, "application/x-protobuf", ""},
		{"json", []string{"OTEL_EXPORTER_OTLP_PROTOCOL=http/json"}, decodeJSON, "application/json", ""},
		{"gzip", []string{"OTEL_EXPORTER_OTLP_COMPRESSION=gzip"}, decodeProto, "application/x-protobuf", "gzip"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			r := &Receiver{o: ReceiverOptions{MaxBody: 1 << 20}}
			l := &load{from: newFlight(1 << 21)}
			f := NewForwarder(collect(t, func(w http.ResponseWriter, req *http.Request) {
				h := req.Header
				if req.URL.Path != "/base/v1/traces" || h.Get("api-key") != secret+"=" || h.Get("other") != "1" ||
					h.Get("Content-Type") != tt.media || h.Get("Content-Encoding") != tt.enc {
					t.Errorf("%s %v", req.URL, h)
				}
				body, err := r.body(w, req, l)
				if err != nil {
					t.Error(err)
				}
				td, err := tt.decode(body)
				if err != nil {
					t.Error(err)
				}
				if err := eachSpan(td, func(s Span) error { got = append(got, s.Name); return nil }); err != nil {
					t.Error(err)
				}
			}, tt.environ...))
			for range 2 {
				f.Send(mustTraces(t, Resource{}, spans()))
			}
			f.Send(ptrace.NewTraces()) // nothing: no request
			if ws := closed(t, f); len(ws) > 0 || f.sent != 6 {
				t.Errorf("sent %d, %q, want 6 and no warning", f.sent, ws)
			}
			want := []string{"process 0", "worker 3", "process 1", "process 0", "worker 3", "process 1"}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// Every case sends two batches of three spans.
func TestForwardFailures(t *testing.T) {
	var calls atomic.Int64
	tests := []struct {
		name  string
		h     http.HandlerFunc
		calls int64
		sent  int64
		want  []string // the end of each warning
	}{
		{
			name: "busy, then well", h: func(w http.ResponseWriter, _ *http.Request) {
				if calls.Load() <= 2 {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
			}, calls: 4, sent: 6,
		},
		{
			// Five attempts for the first batch, one for the second.
			name: "always busy", h: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, calls: 6,
			want: []string{"6 of 6 spans were not forwarded to URL: the collector answered 429 Too Many Requests"},
		},
		{
			name: "refused", h: func(w http.ResponseWriter, req *http.Request) {
				http.Error(w, "your key "+req.Header.Get("api-key")+" is unknown", http.StatusForbidden)
			}, calls: 2,
			want: []string{"6 of 6 spans were not forwarded to URL: the collector answered 403 Forbidden"},
		},
		{
			name: "redirected", h: func(w http.ResponseWriter, req *http.Request) {
				http.Redirect(w, req, "/elsewhere?key="+req.Header.Get("api-key"), http.StatusTemporaryRedirect)
			}, calls: 2,
			want: []string{"6 of 6 spans were not forwarded to URL: the collector answered 307 Temporary Redirect"},
		},
		{
			// partial_success{rejected_spans: 2}, of each batch.
			name: "partial", h: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte{0x0a, 2, 0x08, 2}) }, calls: 2, sent: 2,
			want: []string{"4 of 6 spans were not forwarded to URL: the collector rejected them"},
		},
		{
			name: "connection cut", h: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, calls: 6,
			want: []string{"6 of 6 spans were not forwarded to URL: the connection was closed"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			calls.Store(0)
			to := collect(t, func(w http.ResponseWriter, req *http.Request) {
				// The server can answer only if it reads the body.
				_, _ = io.Copy(io.Discard, req.Body)
				calls.Add(1)
				tt.h(w, req)
			})
			f := newForwarder(to, time.Microsecond, maxQueued)
			for range 2 {
				f.Send(mustTraces(t, Resource{}, spans()))
			}
			ws := closed(t, f)
			for i := range ws {
				ws[i] = strings.ReplaceAll(ws[i], to.String(), "URL")
			}
			if d := cmp.Diff(tt.want, ws); d != "" || f.sent != tt.sent || calls.Load() != tt.calls {
				t.Errorf("sent %d in %d requests, want %d in %d; warnings (-want +got):\n%s",
					f.sent, calls.Load(), tt.sent, tt.calls, d)
			}
		})
	}
}

func TestForwardUnreachable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	endpoint := strings.Replace(server.URL, "//", "//ann:"+secret+"@", 1) + "/in?key=" + secret
	to := target(t, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="+endpoint)
	shown := server.URL + "/in"
	server.Close()
	f := newForwarder(to, time.Microsecond, maxQueued)
	f.Send(mustTraces(t, Resource{}, spans()))
	ws := closed(t, f)
	// The words for a refused connection are the system's.
	if len(ws) != 1 || !strings.HasPrefix(ws[0], "3 of 3 spans were not forwarded to "+shown+": ") ||
		strings.Contains(ws[0], "the request failed") {
		t.Errorf("got %q", ws)
	}
	f.Send(mustTraces(t, Resource{}, spans()))
	if ws := closed(t, f); len(ws) != 2 || !strings.HasSuffix(ws[1], "they came after the end") {
		t.Errorf("after the end: got %q", ws)
	}
}

// A collector that does not answer holds up neither Send nor, beyond its time, Close; spans that find no room are
// counted.
func TestForwardStuck(t *testing.T) {
	release := make(chan struct{})
	to := collect(t, func(_ http.ResponseWriter, req *http.Request) {
		select {
		case <-release:
		case <-req.Context().Done():
		}
	})
	defer close(release)
	td := mustTraces(t, Resource{}, spans())
	size := int64((&ptrace.ProtoMarshaler{}).TracesSize(td))
	f := newForwarder(to, time.Microsecond, 2*size)
	for range 5 {
		f.Send(td)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	want := []string{
		"9 of 15 spans were not forwarded to " + to.String() + ": the collector is too slow and the queue was full",
		"6 of 15 spans were not forwarded to " + to.String() + ": " + notInTime,
	}
	if d := cmp.Diff(want, f.Close(ctx)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestTargetFrom(t *testing.T) {
	const ca, key = "OTEL_EXPORTER_OTLP_CERTIFICATE=", "OTEL_EXPORTER_OTLP_CLIENT_KEY="
	tests := []struct {
		name    string
		environ []string
		want    string // as it is shown
		err     string
	}{
		{"nothing", []string{"PATH=/bin", "OTEL_EXPORTER_OTLP_HEADERS=a=b"}, "", ""},
		{"set to nothing", []string{envEndpoint + "="}, "", ""},
		{"for all signals", []string{envEndpoint + "=https://c:4318"}, "https://c:4318/v1/traces", ""},
		{"for all signals, with a path", []string{envEndpoint + "=https://c/otlp/"}, "https://c/otlp/v1/traces", ""},
		{"for traces, as it is", []string{envEndpoint + "=https://c", envTracesEndpoint + "=http://d/in"}, "http://d/in", ""},
		{"user and query are not shown", []string{envTracesEndpoint + "=http://u:" + secret + "@d/in?k=" + secret}, "http://d/in", ""},
		{"host and port alone", []string{envEndpoint + "=" + secret + ":4317"}, "", envEndpoint + ": spans cannot be forwarded: not an http or https URL"},
		{"no URL", []string{envEndpoint + "=http://" + secret + "%zz"}, "", envEndpoint + ": spans cannot be forwarded: not an http or https URL"},
		{
			"grpc",
			[]string{envEndpoint + "=http://c", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc"},
			"",
			"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: spans cannot be forwarded: only http/protobuf and http/json are supported",
		},
		{
			"compression",
			[]string{envEndpoint + "=http://c", "OTEL_EXPORTER_OTLP_COMPRESSION=" + secret},
			"",
			"OTEL_EXPORTER_OTLP_COMPRESSION: spans cannot be forwarded: neither gzip nor none",
		},
		{
			"timeout",
			[]string{envEndpoint + "=http://c", "OTEL_EXPORTER_OTLP_TIMEOUT=10s"},
			"",
			"OTEL_EXPORTER_OTLP_TIMEOUT: spans cannot be forwarded: not a number of milliseconds",
		},
		{
			"header without a value",
			[]string{envEndpoint + "=http://c", "OTEL_EXPORTER_OTLP_HEADERS=a=b," + secret},
			"",
			"OTEL_EXPORTER_OTLP_HEADERS: spans cannot be forwarded: entry 2 is not key=value",
		},
		{
			"header with a line break",
			[]string{envEndpoint + "=http://c", "OTEL_EXPORTER_OTLP_HEADERS=a=" + secret + "%0Ab"},
			"",
			"OTEL_EXPORTER_OTLP_HEADERS: spans cannot be forwarded: entry 1 is not key=value",
		},
		{
			"no certificate",
			[]string{envEndpoint + "=http://c", ca + "/nowhere/" + secret},
			"",
			"OTEL_EXPORTER_OTLP_CERTIFICATE: spans cannot be forwarded: certificate file: " + syscall.ENOENT.Error(),
		},
		{
			"no key",
			[]string{envEndpoint + "=http://c", key + "/nowhere/" + secret},
			"",
			"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: spans cannot be forwarded: certificate file: " + syscall.ENOENT.Error(),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to, err := TargetFrom(tt.environ)
			text := fmt.Sprint(err)
			if err != nil && text != tt.err || err == nil && tt.err != "" || strings.Contains(text, secret) {
				t.Errorf("got error %v, want %s", err, tt.err)
			}
			if got := ""; to != nil {
				if got = to.String(); got != tt.want {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			} else if tt.want != "" {
				t.Errorf("no target, want %s", tt.want)
			}
		})
	}
}

// However a target is printed, its secrets are not shown.
func TestTargetIsSilent(t *testing.T) {
	to := target(t, envTracesEndpoint+"=http://u:"+secret+"@d/in?k="+secret, "OTEL_EXPORTER_OTLP_TRACES_HEADERS=k="+secret)
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		_, _ = fmt.Fprintf(&out, verb+verb+verb, to, *to, struct{ T *Target }{to})
	}
	text, err := json.Marshal(to)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	if strings.Contains(out.String(), secret) {
		t.Errorf("told: %s", out.String())
	}
}

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "2": 2 * time.Second, "999999999999": 0, "86400": maxWait, "-1": 0, "Wed, 21 Oct 2015 07:28:00 GMT": 0,
	} {
		// 999999999999 fits an int of 64 bits and is bounded like any other there.
		if got := retryAfter(text); got != want && (text != "999999999999" || got != maxWait) {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestRejected(t *testing.T) {
	for text, want := range map[string]int64{
		`{}`: 0, `{"partialSuccess":{"rejectedSpans":"5"}}`: 5, `{"partialSuccess":{"rejectedSpans":5}}`: 5, `{"partialSuccess":{"rejectedSpans":"-5"}}`: 0, `x`: 0,
	} {
		if got := rejected([]byte(text), true); got != want {
			t.Errorf("%s: got %d, want %d", text, got, want)
		}
	}
}
