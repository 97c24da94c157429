package otlp

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

const (
	maxQueued   = 64 << 20 // bytes of encoded spans that wait to be sent
	maxAttempts = 5        // of one batch
	maxWait     = 30 * time.Second
)

// A Forwarder sends spans on to the user's own collector, in the background and in order.
//
//  1. Send encodes the spans and puts them into a queue that is bounded by bytes; spans that find it full are counted
//     as lost.
//  2. One goroutine posts batch after batch. It retries errors that the protocol calls retryable, after pauses that
//     double, or after the pause that the collector asks for.
//  3. After a batch that could not be delivered, the following ones get one attempt each until one succeeds: a
//     collector that is down must not hold up the study.
//  4. Close waits for the queue; spans that are left when its time is over are counted as lost.
type Forwarder struct {
	target *Target
	client *http.Client
	pause  time.Duration // before the second attempt
	limit  int64         // of queued, in bytes
	cancel context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex
	queue  chan batch
	closed bool
	queued int64 // bytes
	sent   int64 // spans
	lost   map[string]int64
}

type batch struct {
	body  []byte
	spans int64
}

// NewForwarder starts a forwarder to t.
func NewForwarder(t *Target) *Forwarder { return newForwarder(t, time.Second/2, maxQueued) }

func newForwarder(t *Target, pause time.Duration, limit int64) *Forwarder {
	ctx, cancel := context.WithCancel(context.Background())
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: t.tls, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute,
	}
	f := &Forwarder{
		target: t, pause: pause, limit: limit, cancel: cancel, done: make(chan struct{}),
		queue: make(chan batch, 4096), lost: map[string]int64{},
		client: &http.Client{
			Transport: transport,
			// A redirect would take the user's headers to a host that the user did not name.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	go func() {
		defer close(f.done)
		defer transport.CloseIdleConnections()
		f.run(ctx)
	}()
	return f
}

// Send queues td. It never waits for the collector.
func (f *Forwarder) Send(td ptrace.Traces) {
	spans := int64(td.SpanCount())
	if spans == 0 {
		return
	}
	body, err := f.encode(td)
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err != nil:
		f.lost["they could not be encoded"] += spans
		return
	case f.closed:
		f.lost["they came after the end"] += spans
		return
	case f.queued+int64(len(body)) <= f.limit:
		select {
		case f.queue <- batch{body, spans}:
			f.queued += int64(len(body))
			return
		default:
		}
	}
	f.lost["the collector is too slow and the queue was full"] += spans
}

// Close sends what is queued, until ctx is done, and returns a warning for the report for each reason why spans were
// not forwarded.
func (f *Forwarder) Close(ctx context.Context) []string {
	f.mu.Lock()
	if !f.closed {
		f.closed = true
		close(f.queue)
	}
	f.mu.Unlock()
	select {
	case <-f.done:
	case <-ctx.Done():
		f.cancel()
		<-f.done
	}
	f.cancel()
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.sent
	for _, n := range f.lost {
		all += n
	}
	var ws []string
	for _, why := range slices.Sorted(maps.Keys(f.lost)) {
		ws = append(ws, fmt.Sprintf("%d of %d spans were not forwarded to %s: %s", f.lost[why], all, f.target, why))
	}
	return ws
}

func (f *Forwarder) encode(td ptrace.Traces) ([]byte, error) {
	marshal := (&ptrace.ProtoMarshaler{}).MarshalTraces
	if f.target.json {
		marshal = (&ptrace.JSONMarshaler{}).MarshalTraces
	}
	body, err := marshal(td)
	if err != nil || !f.target.gzip {
		return body, err
	}
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func (f *Forwarder) run(ctx context.Context) {
	attempts := maxAttempts
	for b := range f.queue {
		taken, why := f.deliver(ctx, b, attempts)
		if attempts = maxAttempts; taken == 0 {
			attempts = 1
		}
		f.mu.Lock()
		f.queued -= int64(len(b.body))
		f.sent += taken
		if taken < b.spans {
			f.lost[why] += b.spans - taken
		}
		f.mu.Unlock()
	}
}

// deliver posts b and returns how many of its spans the collector took and, if not all, why.
func (f *Forwarder) deliver(ctx context.Context, b batch, attempts int) (taken int64, why string) {
	pause := f.pause
	for n := 1; ; n++ {
		if ctx.Err() != nil {
			return 0, notInTime
		}
		out := f.post(ctx, b)
		if out.why == "" {
			return b.spans, ""
		}
		if !out.again || n == attempts {
			return max(0, min(out.taken, b.spans)), out.why
		}
		// Half of the pause is random, so that several senders do not return together.
		wait := max(out.after, pause/2+rand.N(pause/2+1))
		pause *= 2
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return 0, notInTime
		}
	}
}

const notInTime = "they were still waiting when the time for it was over"

// An outcome is the result of one attempt.
type outcome struct {
	why   string // empty: all spans were taken
	taken int64
	again bool          // worth another attempt
	after time.Duration // pause that the collector asked for
}

func (f *Forwarder) post(ctx context.Context, b batch) outcome {
	attempt, cancel := context.WithTimeout(ctx, f.target.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(attempt, http.MethodPost, f.target.url.String(), bytes.NewReader(b.body))
	if err != nil {
		return outcome{why: "the request could not be made"}
	}
	req.Header = f.target.header.Clone()
	req.Header.Set("Content-Type", "application/x-protobuf")
	if f.target.json {
		req.Header.Set("Content-Type", "application/json")
	}
	if f.target.gzip {
		req.Header.Set("Content-Encoding", "gzip")
	}
	resp, err := f.client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return outcome{why: notInTime}
		}
		return outcome{why: cause(err).Error(), again: true}
	}
	defer func() { _ = resp.Body.Close() }()
	// The answer is needed only for its count of rejected spans; a truncated or damaged one counts as none.
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	switch resp.StatusCode {
	case http.StatusOK, http.StatusAccepted, http.StatusNoContent:
		if n := min(rejected(answer, f.target.json), b.spans); n > 0 {
			return outcome{why: "the collector rejected them", taken: b.spans - n}
		}
		return outcome{}
	// These are the statuses that OTLP calls retryable (OTLP specification, failures).
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return outcome{why: statusText(resp.StatusCode), again: true, after: retryAfter(resp.Header.Get("Retry-After"))}
	}
	return outcome{why: statusText(resp.StatusCode)}
}

// statusText returns our own text for a status, because the answer's may repeat what was sent.
func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("the collector answered %d %s", status, http.StatusText(status)))
}

// retryAfter returns the pause that a Retry-After header asks for in seconds, within bounds. It ignores dates.
func retryAfter(text string) time.Duration {
	s, err := strconv.Atoi(text)
	if err != nil || s < 0 {
		return 0
	}
	return min(time.Duration(min(s, 3600))*time.Second, maxWait)
}
