package otlp

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"
)

// listen starts a receiver that closes when the test ends.
func listen(t testing.TB, o ReceiverOptions) *Receiver {
	t.Helper()
	r, err := Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

func protoBody(t testing.TB) []byte {
	t.Helper()
	b, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(mustTraces(t, Resource{"s", "r"}, spans()))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func jsonBody(t testing.TB) []byte {
	t.Helper()
	b, err := (&ptrace.JSONMarshaler{}).MarshalTraces(mustTraces(t, Resource{"s", "r"}, spans()))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func zipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestReceiver(t *testing.T) {
	const (
		proto = "application/x-protobuf"
		js    = "application/json"
	)
	good, text := protoBody(t), jsonBody(t)
	const limit = 4096
	tests := []struct {
		name, method, path string
		media, encoding    string
		token              string
		body               []byte
		status             int
		answer             string // part of it
		spans              int64
	}{
		{name: "protobuf", media: proto, body: good, status: 200, spans: 3},
		{name: "the other name of protobuf", media: "application/protobuf", body: good, status: 200, spans: 3},
		{name: "protobuf, gzip", media: proto, encoding: "gzip", body: zipped(t, good), status: 200, spans: 3},
		{name: "json", media: js + "; charset=utf-8", body: text, status: 200, answer: "{}", spans: 3},
		{name: "json, gzip", media: js, encoding: "gzip", body: zipped(t, text), status: 200, spans: 3},
		{name: "no spans", media: proto, status: 200},
		{name: "metrics", path: "/v1/metrics", media: proto, body: []byte("anything"), status: 200},
		{name: "logs", path: "/v1/logs", media: js, body: []byte("{}"), status: 200},

		{name: "no token", media: proto, token: "-", body: good, status: 401, answer: "\x08\x10"}, // field 1, UNAUTHENTICATED
		{name: "wrong token", media: js, token: "guess", body: text, status: 401, answer: `"code":16`},
		{name: "wrong token for logs", path: "/v1/logs", token: "guess", status: 401},
		// INVALID_ARGUMENT
		{name: "damaged protobuf", media: proto, body: good[:len(good)-1], status: 400, answer: "\x08\x03"},
		{name: "damaged json", media: js, body: text[:len(text)-1], status: 400, answer: `"code":3`},
		{name: "empty json", media: js, status: 400},
		{name: "nested", media: proto, body: nested(200), status: 400, answer: errNesting.Error()},
		{name: "not gzip", media: proto, encoding: "gzip", body: good, status: 400},
		{name: "gzip cut off", media: proto, encoding: "gzip", body: zipped(t, good)[:40], status: 400},
		{name: "other encoding", media: proto, encoding: "br", body: good, status: 415},
		{name: "other type", media: "text/plain", body: good, status: 415},
		{name: "no type", body: good, status: 415},
		{name: "too large", media: proto, body: make([]byte, limit+1), status: 413, answer: "\x08\x08"}, // RESOURCE_EXHAUSTED
		{name: "too large when decompressed", media: js, encoding: "gzip", body: zipped(t, make([]byte, 1<<20)), status: 413, answer: `"code":8`},
		{name: "metrics too large", path: "/v1/metrics", media: proto, body: make([]byte, limit+1), status: 413},
		{name: "method", method: http.MethodGet, media: proto, status: 405},
		{name: "path", path: "/v1/other", media: proto, status: 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var taken int64
			r := listen(t, ReceiverOptions{MaxBody: limit, Token: "secret", Sink: func(td ptrace.Traces) error {
				taken += int64(td.SpanCount()) // the answer comes after it
				return nil
			}})
			method, path := "POST", tracesPath
			if tt.method != "" {
				method = tt.method
			}
			if tt.path != "" {
				path = tt.path
			}
			req, err := http.NewRequestWithContext(t.Context(), method, r.endpoint()+path, bytes.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", tt.media)
			req.Header.Set("Content-Encoding", tt.encoding)
			switch tt.token {
			case "":
				req.Header.Set(tokenHeader, "secret")
			case "-":
			default:
				req.Header.Set(tokenHeader, tt.token)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			answer, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != tt.status || !strings.Contains(string(answer), tt.answer) {
				t.Errorf("answered %d %q, want %d and %q", resp.StatusCode, answer, tt.status, tt.answer)
			}
			if taken != tt.spans {
				t.Errorf("%d spans taken, want %d", taken, tt.spans)
			}
			counted := tt.status != 200 && tt.status != 404 && tt.status != 405
			if ws := r.Warnings(); (len(ws) == 1) != counted {
				t.Errorf("status %d, warnings %q", tt.status, ws)
			}
			if strings.Contains(strings.Join(r.Warnings(), ""), "secret") || strings.Contains(string(answer), "secret") {
				t.Error("the token was told")
			}
		})
	}
}

func post(t testing.TB, r *Receiver, body io.Reader) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.endpoint()+tracesPath, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set(tokenHeader, r.o.Token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestSinkFails(t *testing.T) {
	r := listen(t, ReceiverOptions{Sink: func(ptrace.Traces) error { return errors.New("disk full") }})
	if status := post(t, r, bytes.NewReader(protoBody(t))); status != 500 {
		t.Errorf("status %d, want 500", status)
	}
	want := []string{"3 spans were received and could not be kept: disk full"}
	if d := cmp.Diff(want, r.Warnings()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A sender that begins a request and then stalls is cut off.
func TestSlowSender(t *testing.T) {
	r := listen(t, ReceiverOptions{Timeout: time.Second, Sink: func(ptrace.Traces) error { return nil }})
	head := "POST /v1/traces HTTP/1.1\r\nHost: x\r\n" + tokenHeader + ": " + r.o.Token +
		"\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n"
	for _, tt := range []struct{ sent, want string }{{head[:30], ""}, {head + "{", "HTTP/1.1 408 "}} {
		c, err := net.Dial("tcp", strings.TrimPrefix(r.endpoint(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, tt.sent); err != nil {
			t.Fatal(err)
		}
		if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(c)
		if errors.Is(err, os.ErrDeadlineExceeded) || !strings.HasPrefix(string(got), tt.want) {
			t.Errorf("sent %d bytes: got %q, %v, want %q and the end", len(tt.sent), got, err, tt.want)
		}
		_ = c.Close()
	}
}

// Close waits for a request that has begun.
func TestCloseDrains(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	kept := 0
	r, err := Listen(ReceiverOptions{Sink: func(td ptrace.Traces) error {
		once.Do(func() { close(begun) })
		<-goOn
		kept += td.SpanCount()
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	status := make(chan int, 1)
	go func() { status <- post(t, r, bytes.NewReader(protoBody(t))) }()
	<-begun
	closed := make(chan error, 1)
	go func() { closed <- r.Close(context.Background()) }()
	select {
	case err := <-closed:
		t.Fatalf("closed before the request was answered: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(goOn)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if s := <-status; s != 200 || kept != 3 {
		t.Errorf("status %d, %d spans, want 200, 3", s, kept)
	}
	if err := r.Close(context.Background()); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

// The SDK's own exporter, configured by nothing but the environment that children get, delivers every span of four
// concurrent senders.
func TestFourSendersLoseNothing(t *testing.T) {
	each := 50_000
	if testing.Short() {
		each = 5_000
	}
	file, err := os.Create(t.TempDir() + "/spans.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	w := NewWriter(file)
	r := listen(t, ReceiverOptions{Sink: w.Write})
	for _, kv := range r.Env(t.Context(), "run") {
		key, value, _ := strings.Cut(kv, "=")
		t.Setenv(key, value)
	}
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() {
			ctx := context.Background()
			exporter, err := otlptracehttp.New(ctx)
			if err != nil {
				t.Error(err)
				return
			}
			provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
			tracer := provider.Tracer("test")
			for range each {
				_, span := tracer.Start(ctx, "task")
				span.End()
			}
			if err := provider.Shutdown(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	senders.Wait()
	want := 4 * each
	if ws := r.Warnings(); len(ws) > 0 {
		t.Errorf("warnings: %q", ws)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	distinct := map[string]bool{}
	if err := Each("spans.jsonl", file, func(s Span) error {
		distinct[s.SpanID] = true
		if s.RunID != "run" {
			return errors.New("span of run " + s.RunID)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(distinct) != want {
		t.Errorf("%d distinct spans in the file, want %d", len(distinct), want)
	}
}

func TestEnv(t *testing.T) {
	rec := NewRecorder()
	ctx, span := rec.Start(t.Context(), "run")
	r := listen(t, ReceiverOptions{Token: "abc", Sink: func(ptrace.Traces) error { return nil }})
	want := []string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + r.endpoint(),
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=" + r.endpoint() + "/v1/traces",
		"OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
		"OTEL_EXPORTER_OTLP_HEADERS=corecurve-token=abc",
		"OTEL_TRACES_SAMPLER=always_on",
		"OTEL_RESOURCE_ATTRIBUTES=corecurve.run.id=pi-r00%2Cx",
		"OTEL_BSP_MAX_QUEUE_SIZE=65536",
		"OTEL_BSP_MAX_EXPORT_BATCH_SIZE=8192",
		"TRACEPARENT=00-" + span.SpanContext().TraceID().String() + "-" + span.SpanContext().SpanID().String() + "-01",
	}
	if d := cmp.Diff(want, r.Env(ctx, "pi-r00,x")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff(want[:len(want)-2], r.Env(t.Context(), "pi-r00,x")[:len(want)-2]); d != "" {
		t.Errorf("without a span (-want +got):\n%s", d)
	}
}

func TestEnviron(t *testing.T) {
	base := []string{
		"PATH=/bin", "OTEL_EXPORTER_OTLP_TRACES_HEADERS=authorization=secret",
		"OTEL_EXPORTER_OTLP_HEADERS=key=secret", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://x",
		"OTEL_SERVICE_NAME=svc", "OTEL_TRACES_SAMPLER=always_off", "TRACEPARENT=00-old", "TRACESTATE=v=1", "no_proxy=localhost",
	}
	ours := []string{"OTEL_EXPORTER_OTLP_HEADERS=corecurve-token=abc", "OTEL_TRACES_SAMPLER=always_on"}
	want := []string{"PATH=/bin", "OTEL_SERVICE_NAME=svc", "no_proxy=localhost", ours[0], ours[1]}
	if d := cmp.Diff(want, Environ(base, ours)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// With a proxy the loopback address is exempted, once.
	want = []string{
		"PATH=/bin", "OTEL_SERVICE_NAME=svc", "HTTP_PROXY=http://p", "NO_PROXY=127.0.0.1",
		"no_proxy=localhost,127.0.0.1", ours[0], ours[1],
	}
	proxied := append(base, "HTTP_PROXY=http://p")
	if d := cmp.Diff(want, Environ(Environ(proxied, ours), ours)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Spans below the study have their parents from the context and ids of 16 and 8 bytes, are taken once and can be
// written.
func TestRecorder(t *testing.T) {
	rec := NewRecorder()
	ctx, study := rec.Start(t.Context(), "study")
	runCtx, run := rec.Start(ctx, "run")
	wantParent := "00-" + study.SpanContext().TraceID().String() + "-" + run.SpanContext().SpanID().String() + "-01"
	if got, want := Traceparent(runCtx), wantParent; got != want {
		t.Errorf("traceparent %q, want %q", got, want)
	}
	if got := Traceparent(t.Context()); got != "" {
		t.Errorf("traceparent %q without a span", got)
	}
	run.End()
	got := rec.Take()
	if len(got) != 1 || got[0].Name != "run" || got[0].ParentID != study.SpanContext().SpanID().String() ||
		got[0].PID != os.Getpid() || got[0].Rank != noRank || got[0].End < got[0].Start {
		t.Fatalf("got %+v", got)
	}
	if _, err := Traces(Resource{}, got); err != nil {
		t.Error(err)
	}
	study.End()
	if got := rec.Take(); len(got) != 1 || got[0].Name != "study" || got[0].ParentID != "" {
		t.Errorf("got %+v, want the study's span alone", got)
	}
	if !oteltrace.SpanContextFromContext(runCtx).IsSampled() {
		t.Error("not sampled")
	}
}

func BenchmarkReceiver(b *testing.B) {
	r := listen(b, ReceiverOptions{Sink: NewWriter(io.Discard).Write})
	many := spans()
	for len(many) < 8192 {
		many = append(many, many[:min(len(many), 8192-len(many))]...)
	}
	body, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(mustTraces(b, Resource{"s", "r"}, many))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if status := post(b, r, bytes.NewReader(body)); status != 200 {
			b.Fatal(status)
		}
	}
	b.ReportMetric(float64(b.N*len(many))/b.Elapsed().Seconds(), "spans/s")
}
