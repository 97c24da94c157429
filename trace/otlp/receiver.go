package otlp

import (
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"mime"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/limits"
)

// tokenHeader is the header that carries the run's token.
const tokenHeader = "corecurve-token"

const (
	tracesPath     = "/v1/traces"
	defaultTimeout = 30 * time.Second
	decoders       = 4 // requests decoded at once; bounds the memory of what they decode to
)

// ReceiverOptions say where received spans go and what a Receiver accepts.
type ReceiverOptions struct {
	// Sink takes the received spans; several goroutines may call it at once. The sender gets its answer when Sink
	// returns; an error is reported to the sender. Required.
	Sink func(ptrace.Traces) error

	Token   string        // that every request must carry; default: a random one
	MaxBody int64         // largest body in bytes, before and after decompression; default [limits.RequestBytes]
	Timeout time.Duration // for a whole request to arrive; default 30 s, because senders on a loaded machine are slow
	Wait    time.Duration // for memory to be free for a body; default 5 s, half of what the SDKs wait for an answer
}

// A Receiver accepts spans by OTLP/HTTP on the loopback interface.
type Receiver struct {
	o      ReceiverOptions
	server *http.Server
	addr   string
	served chan error
	slots  chan struct{}
	flight *flight

	mu      sync.Mutex
	refused map[string]int64 // by reason
	lost    int64            // spans that the sink did not take
	sinkErr error            // the sink's first error
}

// Listen starts a receiver on a free port of 127.0.0.1.
func Listen(o ReceiverOptions) (*Receiver, error) {
	if o.Sink == nil {
		return nil, errors.New("span receiver: no sink")
	}
	if o.Token == "" {
		o.Token = rand.Text()
	}
	if o.MaxBody <= 0 {
		o.MaxBody = limits.RequestBytes
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Wait <= 0 {
		o.Wait = 5 * time.Second
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("span receiver: %w", err)
	}
	r := &Receiver{
		o: o, addr: l.Addr().String(), served: make(chan error, 1),
		slots: make(chan struct{}, decoders), flight: newFlight(limits.InFlightBytes), refused: map[string]int64{},
	}
	door := newDoor(l, limits.Connections, func() {
		r.count(fmt.Sprintf("there were %d connections already", limits.Connections))
	})
	r.server = &http.Server{
		Handler:           r.handler(),
		ReadHeaderTimeout: min(o.Timeout, 10*time.Second),
		ReadTimeout:       o.Timeout,
		// A sender whose idle connection is closed may lose a batch, and the run is finite.
		// Where places are short, the one that is idle the longest is closed.
		IdleTimeout: 24 * time.Hour,
		// A sender that does not read its answers holds its place no longer.
		WriteTimeout:   4 * o.Timeout,
		ConnState:      door.changed,
		MaxHeaderBytes: 64 << 10,
		ErrorLog:       log.New(io.Discard, "", 0),
	}
	go func() { r.served <- r.server.Serve(door) }()
	return r, nil
}

// endpoint returns the base URL of the receiver; spans go to /v1/traces below it.
func (r *Receiver) endpoint() string { return "http://" + r.addr }

// Warnings returns what was refused or lost, in sentences for the report.
func (r *Receiver) Warnings() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ws []string
	for _, why := range slices.Sorted(maps.Keys(r.refused)) {
		ws = append(ws, fmt.Sprintf("the span receiver refused %d requests: %s", r.refused[why], why))
	}
	if r.lost > 0 {
		ws = append(ws, fmt.Sprintf("%d spans were received and could not be kept: %v", r.lost, r.sinkErr))
	}
	return ws
}

// Close stops accepting connections, serves the requests that have begun, and returns when the last is answered or ctx
// is done.
func (r *Receiver) Close(ctx context.Context) error {
	err := r.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("span receiver: requests were cut off: %w", err), r.server.Close())
	}
	if e := <-r.served; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, fmt.Errorf("span receiver: %w", e))
	}
	r.served <- http.ErrServerClosed // makes a second Close harmless
	return err
}

func (r *Receiver) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+tracesPath, r.traces)
	mux.HandleFunc("POST /v1/metrics", r.discard)
	mux.HandleFunc("POST /v1/logs", r.discard)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if subtle.ConstantTimeCompare([]byte(req.Header.Get(tokenHeader)), []byte(r.o.Token)) != 1 {
			r.refuse(w, req, refusal{http.StatusUnauthorized, "the run's token is missing or wrong", nil})
			return
		}
		mux.ServeHTTP(w, req)
	})
}

// A refusal is an answer other than 200. The reason is one of a few, so that refusals can be counted by it; the detail
// may be any.
type refusal struct {
	status int
	reason string
	detail error
}

// Error returns the reason and the detail.
func (f refusal) Error() string {
	if f.detail == nil {
		return f.reason
	}
	return f.reason + ": " + f.detail.Error()
}

// traces handles one export request:
//
//  1. the kind of body, which is also that of the answer;
//  2. the body, decompressed, within the bounds;
//  3. the spans, decoded by a few requests at a time;
//  4. the sink, then the answer: what was answered with 200 is kept.
func (r *Receiver) traces(w http.ResponseWriter, req *http.Request) {
	decode := decodeProto
	switch kind(req) {
	case jsonKind:
		decode = decodeJSON
	case protoKind:
	default:
		r.refuse(w, req, refusal{
			http.StatusUnsupportedMediaType, "the content type is neither application/x-protobuf nor application/json",
			nil,
		})
		return
	}
	l := &load{from: r.flight}
	defer l.end()
	body, err := r.body(w, req, l)
	if err != nil {
		r.refuse(w, req, err)
		return
	}
	// A body that has arrived in full is kept, even if the sender has gone meanwhile.
	r.slots <- struct{}{}
	defer func() { <-r.slots }()
	td, err := decode(body)
	if err != nil {
		r.refuse(w, req, refusal{http.StatusBadRequest, "the body is not an OTLP export request", err})
		return
	}
	if err := r.o.Sink(td); err != nil {
		r.mu.Lock()
		r.lost += int64(td.SpanCount())
		if r.sinkErr == nil {
			r.sinkErr = err
		}
		r.mu.Unlock()
		answer(w, req, http.StatusInternalServerError, "the spans could not be kept")
		return
	}
	answer(w, req, http.StatusOK, "")
}

// discard accepts metrics and logs and drops them, so that SDKs that send them to the same endpoint do not complain.
func (r *Receiver) discard(w http.ResponseWriter, req *http.Request) {
	if _, err := io.Copy(io.Discard, http.MaxBytesReader(w, req.Body, r.o.MaxBody)); err != nil {
		r.refuse(w, req, r.unreadable(err))
		return
	}
	answer(w, req, http.StatusOK, "")
}

// body returns the body of req, decompressed, in memory of l.
func (r *Receiver) body(w http.ResponseWriter, req *http.Request, l *load) ([]byte, error) {
	if req.ContentLength > r.o.MaxBody {
		return nil, r.tooLarge()
	}
	var from io.Reader = http.MaxBytesReader(w, req.Body, r.o.MaxBody)
	size := max(0, req.ContentLength)
	switch encoding := req.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(from)
		if err != nil {
			return nil, r.unreadable(err)
		}
		from, size = z, 0
	default:
		return nil, refusal{http.StatusUnsupportedMediaType, "the content encoding is not gzip", nil}
	}
	body, err := l.read(req.Context(), from, size, r.o.MaxBody, r.o.Wait)
	if err != nil {
		return nil, r.unreadable(err)
	}
	return body, nil
}

func (r *Receiver) tooLarge() refusal {
	return refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", r.o.MaxBody), nil}
}

func (r *Receiver) unreadable(err error) refusal {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large) || errors.Is(err, errLarge):
		return r.tooLarge()
	case errors.Is(err, errFull):
		return refusal{
			http.StatusServiceUnavailable,
			fmt.Sprintf("the bodies of others took %d MiB already", limits.InFlightBytes>>20), nil,
		}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refusal{http.StatusRequestTimeout, fmt.Sprintf("the body did not arrive within %s", r.o.Timeout), nil}
	}
	return refusal{http.StatusBadRequest, "the body could not be read", err}
}

// refuse counts a refusal and answers.
func (r *Receiver) refuse(w http.ResponseWriter, req *http.Request, err error) {
	f := refusal{status: http.StatusBadRequest, reason: "the request could not be read", detail: err}
	errors.As(err, &f)
	r.count(f.reason)
	if f.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	answer(w, req, f.status, f.Error())
}

// count counts a refusal.
func (r *Receiver) count(reason string) {
	r.mu.Lock()
	r.refused[reason]++
	r.mu.Unlock()
}

type bodyKind int

const (
	otherKind bodyKind = iota
	protoKind
	jsonKind
)

func kind(req *http.Request) bodyKind {
	media, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return otherKind
	case media == "application/x-protobuf" || media == "application/protobuf":
		return protoKind
	case media == "application/json":
		return jsonKind
	}
	return otherKind
}
