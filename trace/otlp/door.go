package otlp

import (
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// silentTime is how long a connection may be silent before another takes its place, where all places are taken.
	silentTime = time.Second
	// turnTime bounds the answer to a connection that is turned away, and how long its request is read.
	turnTime = 500 * time.Millisecond
)

// fullAnswer is for a connection that finds no place. Its request is not read, so that it has no body in the request's
// encoding; OTLP's senders need none (OTLP specification, OTLP/HTTP throttling).
const fullAnswer = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

// A door lets in a bounded number of connections. One that comes when all places are taken
//
//  1. gets the place of the one that has been idle between two requests the longest;
//  2. or that of one that was opened and has said nothing for a second;
//  3. or else is answered that it may come again. As many as there are places are answered at a time; the others wait
//     in the kernel's queue, which is bounded too.
type door struct {
	net.Listener
	most    int
	refused func() // counts a connection that was turned away
	turning chan struct{}

	mu     sync.Mutex
	guests map[*guest]bool
}

// A guest is a connection that was let in.
type guest struct {
	net.Conn
	door  *door
	state http.ConnState
	since time.Time // it is in that state
}

func newDoor(l net.Listener, most int, refused func()) *door {
	return &door{
		Listener: l, most: most, refused: refused,
		turning: make(chan struct{}, most), guests: map[*guest]bool{},
	}
}

// Accept returns the next connection that is let in.
func (d *door) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if g := d.admit(c); g != nil {
			return g, nil
		}
		d.refused()
		d.turning <- struct{}{}
		go d.turnAway(c)
	}
}

// admit returns c as a guest, or nil if there is no place for it.
func (d *door) admit(c net.Conn) *guest {
	now := time.Now()
	g := &guest{Conn: c, door: d, state: http.StateNew, since: now}
	d.mu.Lock()
	var leaves *guest
	if len(d.guests) >= d.most {
		if leaves = d.dispensable(now); leaves == nil {
			d.mu.Unlock()
			return nil
		}
		delete(d.guests, leaves)
	}
	d.guests[g] = true
	d.mu.Unlock()
	if leaves != nil {
		_ = leaves.Conn.Close() // its sender opens another when it has something to say
	}
	return g
}

// dispensable returns the guest whose place another may have, or nil. The caller holds the lock.
func (d *door) dispensable(now time.Time) (out *guest) {
	for g := range d.guests {
		switch {
		case g.state == http.StateIdle:
		case g.state == http.StateNew && now.Sub(g.since) > silentTime:
		default:
			continue
		}
		if out == nil || g.state > out.state || g.state == out.state && g.since.Before(out.since) {
			out = g // StateIdle is after StateNew
		}
	}
	return out
}

// turnAway answers c and closes it, after its sender could read the answer: a connection that is closed with unread
// bytes is reset, and the answer lost.
func (d *door) turnAway(c net.Conn) {
	defer func() { <-d.turning }()
	defer func() { _ = c.Close() }()
	// Errors are the sender's: it may have gone.
	_ = c.SetDeadline(time.Now().Add(turnTime))
	if _, err := io.WriteString(c, fullAnswer); err != nil {
		return
	}
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, c)
}

// changed notes the state of a connection; it is the server's ConnState.
func (d *door) changed(c net.Conn, state http.ConnState) {
	if g, ok := c.(*guest); ok {
		d.mu.Lock()
		g.state, g.since = state, time.Now()
		d.mu.Unlock()
	}
}

// Close closes the connection and frees its place.
func (g *guest) Close() error {
	g.door.mu.Lock()
	delete(g.door.guests, g)
	g.door.mu.Unlock()
	return g.Conn.Close()
}
