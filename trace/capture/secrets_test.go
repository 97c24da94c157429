package capture

import (
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A secret that a program puts into any text of a span, or that an error of the tool quotes, is not stored.
func TestLeaveOut(t *testing.T) {
	const value = "hunter2-of-ada"
	var secrets secret.Hider
	secrets.Words([]string{"db", "--password=" + value})
	fill := func(m pcommon.Map) {
		m.PutStr("argv", "db --password="+value)
		m.PutEmptyBytes("bytes").FromRaw([]byte("<" + value + ">"))
		m.PutEmptySlice("list").AppendEmpty().SetStr(value)
		m.PutEmptyMap("map").PutStr("k", value)
	}
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	fill(rs.Resource().Attributes())
	ss := rs.ScopeSpans().AppendEmpty()
	fill(ss.Scope().Attributes())
	s := ss.Spans().AppendEmpty()
	s.SetName("login " + value)
	s.Status().SetMessage("wrong: " + value)
	fill(s.Attributes())
	e := s.Events().AppendEmpty()
	e.SetName("tried " + value)
	fill(e.Attributes())
	fill(s.Links().AppendEmpty().Attributes())
	leaveOutOfSpans(td, &secrets)
	b, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), value); n > 0 || !strings.Contains(string(b), "login ***") {
		t.Errorf("the spans have the secret %d times", n)
	}

	res := sweep.Result{Error: value, StderrTail: value, OutputLost: value, Warnings: []string{value}}
	leaveOut(&res, &secrets)
	if got := res.Error + res.StderrTail + res.OutputLost + res.Warnings[0]; strings.Contains(got, value) {
		t.Errorf("the result has the secret: %s", got)
	}
}
