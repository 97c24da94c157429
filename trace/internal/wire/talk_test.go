package wire

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/limits"
)

// outcome returns the good outcome of two workers and their coordinator, between the times 100 and 200.
func outcome() Outcome {
	return Outcome{
		Released: 120, Finished: 180, Digest: strings.Repeat("0f", 32), Tasks: 5,
		Processes: []Process{
			{Role: "coordinator", Rank: -1, PID: 1, Entered: 101, Ready: 119, Done: 180},
			{Role: "worker", Rank: 0, PID: 2, Launched: 105, Entered: 106, Ready: 107, Done: 190, Tasks: 3},
			{Role: "worker", Rank: 1, PID: 3, Launched: 106, Entered: 107, Ready: 108, Done: 190, Tasks: 2, User: 90},
		},
	}
}

func TestOutcomeCheck(t *testing.T) {
	for _, tt := range []struct {
		change func(o *Outcome)
		want   string // empty: nothing is wrong
	}{
		{func(*Outcome) {}, ""},
		{func(o *Outcome) { o.Digest = "" }, ""},
		{func(o *Outcome) { o.Processes[1].Launched = 0 }, ""},
		{func(o *Outcome) { o.Released = 99 }, "released is 1ns before the start of the process"},
		{func(o *Outcome) { o.Released = -1 << 63 }, "before the start of the process"},
		{func(o *Outcome) { o.Finished = 119 }, "finished is 1ns before released"},
		{func(o *Outcome) { o.Finished = 201 }, "finished is 1ns after it arrived"},
		{func(o *Outcome) { o.Digest = "ab" }, "no SHA-256"},
		{func(o *Outcome) { o.Tasks = -1 }, "tasks is -1"},
		{func(o *Outcome) { o.Tasks = 1 << 62 }, "tasks is 4611686018427387904"},
		{func(o *Outcome) { o.Processes = o.Processes[1:] }, "of 2 processes, want 3"},
		{func(o *Outcome) { o.Processes = make([]Process, 1_000_000) }, "of 1000000 processes, want 3"},
		{func(o *Outcome) { o.Processes[2].Rank = 0 }, "its rank is given twice"},
		{func(o *Outcome) { o.Processes[2].Rank = 2 }, "there are 2 processes"},
		{func(o *Outcome) { o.Processes[2].Role = "boss" }, `its role is "boss"`},
		{func(o *Outcome) { o.Processes[0].Rank = 5 }, "a coordinator has rank -1"},
		{func(o *Outcome) { o.Processes[1].Ready = 300 }, "process of rank 0: ready is 100ns after it arrived"},
		{func(o *Outcome) { o.Processes[1].Tasks = 6 }, "tasks is 6: must be at most 5"},
		{func(o *Outcome) { o.Processes[1].User = -1 }, "user is -1"},
		// 100 ns on all CPUs that there can be
		{func(o *Outcome) { o.Processes[1].Sys = 100*limits.CPUs + 1 }, "sys is 819201: must be at most 819200"},
		{func(o *Outcome) { o.Processes[1].MaxRSS = 1 << 62 }, "max_rss"},
		{func(o *Outcome) { o.Processes[1].Switches[1] = -4 }, "switches is -4"},
		{func(o *Outcome) { o.Processes[1].Marked = &Line{At: 1} }, "marked is 99ns before the start"},
		{func(o *Outcome) { o.TreeRSS = -1 }, "tree_rss"},
		{func(o *Outcome) { o.Threads = -1 }, "threads"},
		{func(o *Outcome) { o.CPUs = 1 << 40 }, "cpus"},
		{func(o *Outcome) { o.Own = 1 << 60 }, "own"},
	} {
		o := outcome()
		tt.change(&o)
		err := o.Check(&Spec{Job: Root, Procs: 2}, 100, 200)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want %q", err, tt.want)
		}
	}
	one := outcome()
	one.Processes = one.Processes[2:]
	if err := one.Check(&Spec{Job: Child, Procs: 2, Rank: 1}, 100, 200); err != nil {
		t.Error(err)
	}
	if err := one.Check(&Spec{Job: Child, Procs: 2, Rank: 0}, 100, 200); err == nil {
		t.Error("the account of another process is taken")
	}
	if err := one.Check(&Spec{Job: Command, Procs: 4, Copies: 1}, 100, 200); err != nil {
		t.Error(err)
	}
}

// A reader whose deadline has passed is done: at the start of a message there is none, inside one it is half.
func TestUntil(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "EOF"}, {`{"done":`, "half a message"}, {"\xffD", "half a message"},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, tt.text); err != nil {
			t.Fatal(err)
		}
		var next error
		if strings.HasPrefix(tt.text, "\xff") {
			in := NewFrameReader(r)
			in.Until(time.Now().Add(20 * time.Millisecond))
			_, _, next = in.Next()
		} else {
			in := NewMessageReader(r)
			in.Until(time.Now().Add(20 * time.Millisecond))
			_, next = in.Next()
		}
		if next == nil || !strings.Contains(next.Error(), tt.want) {
			t.Errorf("%q: error %v, want %q", tt.text, next, tt.want)
		}
		if err := errors.Join(r.Close(), w.Close()); err != nil {
			t.Error(err)
		}
	}
}

// A failure is told in a message of bounded length, spans in as many messages as it takes.
func TestMessagesAreBounded(t *testing.T) {
	m := Failed(errors.New(strings.Repeat("é", limits.FailureBytes)), 3)
	if n := len(m.Failure.Error); n > limits.FailureBytes+40 || m.Failure.Rank != 3 {
		t.Errorf("%d bytes of rank %d", n, m.Failure.Rank)
	}
	var sent []int
	if err := EachSpans(make([]Span, 2*limits.MessageSpans+1), func(m *Message) error {
		sent = append(sent, len(m.Spans))
		return nil
	}); err != nil || len(sent) != 3 || sent[2] != 1 {
		t.Errorf("sent %v, %v", sent, err)
	}
}
