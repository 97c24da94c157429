// Package fetch downloads documents from an HTTP server that takes 50 ms to answer: the example of a program that waits
// for the network.
//
// The server is the workload's service: it listens on the loopback interface, in a process of its own, outside the
// run's cores. Every process of the run has a client that keeps its connections, one per worker.
//
// Expected curve: almost all of a task is waiting, so workers pay far beyond the cores, even on a single core. n
// documents on w workers come in ceil(n/w) waves, so the speedup is at most n / ceil(n/w). It stays a little below,
// because connections are opened during the work and the wait of 50 ms is not quite all of a task.
//
// The size is the number of documents.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/corecurve/corecurve/trace/workload"
)

// latency is how long the server waits before it answers.
const latency = 50 * time.Millisecond

// minBytes is the length of the shortest possible document; the longest has twice as much.
const minBytes = 4 << 10

// A page is what a task keeps of a document: enough to tell whether it arrived whole.
type page struct {
	Bytes int64
	Sum   uint32 // CRC-32, IEEE
}

// Workload is the example "fetch".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "fetch",
		Doc:       "downloads with a latency of 50 ms: linear far beyond the cores, until every document has a worker",
		Size:      8,
		PerWorker: 8,
		Unit:      "documents",
		Tasks:     func(size int64) int { return int(max(0, size)) },
		Open:      open,
		Task:      task,
		Service:   serve,
	}
}

// client is the state of a process.
type client struct {
	http *http.Client
	base string
}

func open(_ context.Context, env *workload.Env) (any, error) {
	if env.Service == "" {
		return nil, errors.New("fetch: the address of the server is missing")
	}
	return &client{
		base: "http://" + env.Service + "/",
		// The transport's default of two idle connections per host would make every further worker connect anew each
		// time. The environment's proxy is left out: it is not for the loopback interface.
		http: &http.Client{Transport: &http.Transport{
			MaxIdleConnsPerHost: env.Workers,
			DisableCompression:  true,
		}},
	}, nil
}

// Close ends the connections that are kept open.
func (c *client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

func task(ctx context.Context, env *workload.Env, i int) (any, error) {
	c, ok := env.State.(*client)
	if !ok {
		return nil, fmt.Errorf("fetch: document %d: the state of the process is not a client but %T", i, env.State)
	}
	p, err := c.fetch(ctx, i)
	if err != nil {
		return nil, fmt.Errorf("fetch: document %d: %w", i, err)
	}
	return p, nil
}

func (c *client) fetch(ctx context.Context, i int) (page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+strconv.Itoa(i), nil)
	if err != nil {
		return page{}, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return page{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return page{}, fmt.Errorf("server answers %s", resp.Status)
	}
	sum := crc32.NewIEEE()
	n, err := io.Copy(sum, resp.Body)
	if err != nil {
		return page{}, err
	}
	return page{Bytes: n, Sum: sum.Sum32()}, nil
}

// serve answers on a free port of the loopback interface until ctx is done.
func serve(ctx context.Context, ready func(addr string)) error {
	var listening net.ListenConfig
	l, err := listening.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("fetch: server: %w", err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(answer), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	ready(l.Addr().String())
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("fetch: server: %w", err)
	}
	return nil
}

// answer sends the document whose number is the path, after the latency.
func answer(w http.ResponseWriter, r *http.Request) {
	i, err := strconv.ParseUint(r.URL.Path[1:], 10, 63)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	t := time.NewTimer(latency)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
		return // the client has gone
	}
	w.Header().Set("Content-Type", "text/plain; charset=us-ascii")
	_, _ = w.Write(document(i)) // a client that has gone meanwhile misses nothing
}

// document returns the text of document i: lower-case letters that depend on i alone.
func document(i uint64) []byte {
	var source rand.PCG
	source.Seed(i, minBytes)
	b := make([]byte, minBytes+source.Uint64()%(minBytes+1))
	for j := range b {
		b[j] = 'a' + byte(source.Uint64()>>32%26)
	}
	return b
}
