package critical_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	_ "net/http/pprof" // registers its handlers with http.DefaultServeMux
	"strings"
	"testing"
	"time"
)

// A router stands between the server and the handlers, as those of web frameworks do.
type router struct{ http.Handler }

func (r *router) ServeHTTP(w http.ResponseWriter, q *http.Request) { r.Handler.ServeHTTP(w, q) }

// get returns what a server answers.
func get(t *testing.T, url string) []byte {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Error(err)
		return nil
	}
	data, err := io.ReadAll(r.Body)
	if err := errors.Join(err, r.Body.Close()); err != nil {
		t.Error(err)
	}
	return data
}

// TestServedTrace: of a server that hands out its own trace, the handler that waits until there is enough of it is not
// on the path, which was all there was. An idle server has hardly any path, and the trace says why.
func TestServedTrace(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/debug/", http.DefaultServeMux)
	mux.HandleFunc("/work", func(http.ResponseWriter, *http.Request) { spin(unit / 20) })
	s := httptest.NewServer(&router{mux})
	defer s.Close()
	for _, busy := range []bool{false, true} {
		done, ended := make(chan bool), make(chan bool)
		go func() {
			defer close(ended)
			for busy {
				select {
				case <-done:
					return
				default:
					get(t, s.URL+"/work")
				}
			}
		}()
		p := analyse(t, get(t, s.URL+"/debug/pprof/trace?seconds=0.3"))
		close(done)
		<-ended
		for _, step := range p.Steps {
			for _, f := range step.Stack {
				if strings.HasPrefix(f.Func, "net/http/pprof.") && (!step.Cause.Busy() || step.Time > p.Recorded/10) {
					t.Errorf("busy %t: %v of %v on the path is %s at %s", busy, step.Time, p.Span, step.Cause, f.Func)
				}
			}
		}
		w := p.Shorter()
		if !busy && (w == nil || w.Figures.Ratio < 0.8 || p.Span > p.Recorded/5) {
			t.Errorf("the idle server has a path of %v in %v: %+v", p.Span, p.Recorded, w)
		}
		if busy && p.Work < 10*time.Millisecond {
			t.Errorf("the busy server has %v of work", p.Work)
		}
	}
}
