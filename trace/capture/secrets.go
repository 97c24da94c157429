package capture

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/sweep"
)

// leaveOut leaves secrets of the program's words out of what is stored of its run: an error may quote a word. Files of
// what the program printed itself are kept as they are.
func leaveOut(res *sweep.Result, secrets *secret.Hider) {
	if !secrets.Known() {
		return
	}
	res.Error, res.StderrTail = secrets.Text(res.Error), secrets.Text(res.StderrTail)
	res.OutputLost = secrets.Text(res.OutputLost)
	for i, w := range res.Warnings {
		res.Warnings[i] = secrets.Text(w)
	}
}

// leaveOutOfSpans does so with spans that a program sent: the SDKs of some languages add its command line to them.
func leaveOutOfSpans(td ptrace.Traces, secrets *secret.Hider) {
	if !secrets.Known() {
		return
	}
	for _, rs := range td.ResourceSpans().All() {
		leaveOutOfMap(rs.Resource().Attributes(), secrets)
		for _, ss := range rs.ScopeSpans().All() {
			leaveOutOfMap(ss.Scope().Attributes(), secrets)
			for _, s := range ss.Spans().All() {
				s.SetName(secrets.Text(s.Name()))
				s.Status().SetMessage(secrets.Text(s.Status().Message()))
				leaveOutOfMap(s.Attributes(), secrets)
				for _, e := range s.Events().All() {
					e.SetName(secrets.Text(e.Name()))
					leaveOutOfMap(e.Attributes(), secrets)
				}
				for _, l := range s.Links().All() {
					leaveOutOfMap(l.Attributes(), secrets)
				}
			}
		}
	}
}

func leaveOutOfMap(m pcommon.Map, secrets *secret.Hider) {
	for _, v := range m.All() {
		leaveOutOfValue(v, secrets)
	}
}

func leaveOutOfValue(v pcommon.Value, secrets *secret.Hider) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		v.SetStr(secrets.Text(v.Str()))
	case pcommon.ValueTypeBytes:
		if b := v.Bytes().AsRaw(); secrets.Text(string(b)) != string(b) {
			v.Bytes().FromRaw([]byte(secrets.Text(string(b))))
		}
	case pcommon.ValueTypeSlice:
		for _, e := range v.Slice().All() {
			leaveOutOfValue(e, secrets)
		}
	case pcommon.ValueTypeMap:
		leaveOutOfMap(v.Map(), secrets)
	}
}
