package otlp

import (
	"encoding/hex"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/limits"
)

// Attributes that say where a span comes from. Those of service and process are OpenTelemetry's semantic conventions.
const (
	serviceKey = "service.name"
	pidKey     = "process.pid"
	runKey     = "corecurve.run.id"
	rankKey    = "corecurve.rank"
	scopeName  = "github.com/corecurve/corecurve"
)

// noRank is the rank of a span whose process is not a worker of the run, or did not say.
const noRank = -1

// A Resource is what all spans of a run share.
type Resource struct {
	Service string // name of the workload
	RunID   string
}

// A Span is an ended span as a file of spans holds it. Attributes that are whole numbers are in Ints, all others in
// Strings; events and links are not read.
type Span struct {
	wire.Span
	Resource
	Scope string // the instrumentation that made it
}

// Traces converts spans that came over the pipe, or from a Recorder, into OTLP: one resource for every process, in the
// order of their first spans. It leaves out spans with an invalid identity; the error then describes the first, and the
// others are returned beside it.
func Traces(res Resource, spans []wire.Span) (ptrace.Traces, error) {
	type process struct{ rank, pid int }
	td := ptrace.NewTraces()
	byProcess := map[process]ptrace.SpanSlice{}
	var firstBad error
	bad := 0
	for i := range spans {
		s := &spans[i]
		id, err := identify(s)
		if err != nil {
			bad++
			if firstBad == nil {
				firstBad = fmt.Errorf("span %d (%q): %w", i, s.Name, err)
			}
			continue
		}
		p := process{s.Rank, s.PID}
		slice, ok := byProcess[p]
		if !ok {
			slice = addResource(td, res, s.Rank, s.PID)
			byProcess[p] = slice
		}
		id.fill(slice.AppendEmpty(), s)
	}
	if bad > 1 {
		firstBad = fmt.Errorf("%w (and %d more spans left out)", firstBad, bad-1)
	}
	return td, firstBad
}

func addResource(td ptrace.Traces, res Resource, rank, pid int) ptrace.SpanSlice {
	rs := td.ResourceSpans().AppendEmpty()
	attrs := rs.Resource().Attributes()
	attrs.PutStr(serviceKey, res.Service)
	attrs.PutStr(runKey, res.RunID)
	attrs.PutInt(pidKey, int64(pid))
	attrs.PutInt(rankKey, int64(rank))
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName(scopeName)
	return ss.Spans()
}

// identity is the decoded identity of a span.
type identity struct {
	trace        pcommon.TraceID
	span, parent pcommon.SpanID
}

func identify(s *wire.Span) (identity, error) {
	var id identity
	if err := decodeID(id.trace[:], s.TraceID); err != nil {
		return id, fmt.Errorf("trace id: %w", err)
	}
	if err := decodeID(id.span[:], s.SpanID); err != nil {
		return id, fmt.Errorf("span id: %w", err)
	}
	if s.ParentID == "" {
		return id, nil
	}
	if err := decodeID(id.parent[:], s.ParentID); err != nil {
		return id, fmt.Errorf("parent id: %w", err)
	}
	return id, nil
}

func decodeID(dst []byte, text string) error {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(dst) {
		return fmt.Errorf("%.40q is not %d hexadecimal digits", text, 2*len(dst))
	}
	if copy(dst, b); !slices.ContainsFunc(dst, func(b byte) bool { return b != 0 }) {
		return fmt.Errorf("%q: all zero is no identity", text)
	}
	return nil
}

func (id identity) fill(out ptrace.Span, s *wire.Span) {
	out.SetTraceID(id.trace)
	out.SetSpanID(id.span)
	out.SetParentSpanID(id.parent)
	out.SetName(s.Name)
	out.SetKind(ptrace.SpanKindInternal)
	out.SetStartTimestamp(pcommon.Timestamp(max(0, s.Start)))
	out.SetEndTimestamp(pcommon.Timestamp(max(0, s.End)))
	attrs := out.Attributes()
	attrs.EnsureCapacity(len(s.Ints) + len(s.Strings))
	for _, k := range sortedKeys(s.Ints) {
		attrs.PutInt(k, s.Ints[k])
	}
	for _, k := range sortedKeys(s.Strings) {
		attrs.PutStr(k, s.Strings[k])
	}
	if s.Error != "" {
		out.Status().SetCode(ptrace.StatusCodeError)
		out.Status().SetMessage(s.Error)
	}
}

// eachSpan calls f with every span of td.
func eachSpan(td ptrace.Traces, f func(Span) error) error {
	for _, rs := range td.ResourceSpans().All() {
		attrs := rs.Resource().Attributes()
		proto := Span{Resource: Resource{Service: text(attrs, serviceKey), RunID: text(attrs, runKey)}}
		proto.PID = integer(rs.Resource().Attributes(), pidKey, 0)
		proto.Rank = integer(rs.Resource().Attributes(), rankKey, noRank)
		for _, ss := range rs.ScopeSpans().All() {
			proto.Scope = ss.Scope().Name()
			for _, in := range ss.Spans().All() {
				s := proto
				read(in, &s.Span)
				if err := f(s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// read sets the fields that come from the span itself.
func read(in ptrace.Span, s *wire.Span) {
	s.TraceID, s.SpanID, s.ParentID = in.TraceID().String(), in.SpanID().String(), in.ParentSpanID().String()
	s.Name = in.Name()
	s.Start, s.End = nanos(in.StartTimestamp()), nanos(in.EndTimestamp())
	for k, v := range in.Attributes().All() {
		if v.Type() == pcommon.ValueTypeInt {
			if s.Ints == nil {
				s.Ints = map[string]int64{}
			}
			s.Ints[k] = v.Int()
			continue
		}
		if s.Strings == nil {
			s.Strings = map[string]string{}
		}
		s.Strings[k] = v.AsString()
	}
	if in.Status().Code() == ptrace.StatusCodeError {
		if s.Error = in.Status().Message(); s.Error == "" {
			s.Error = "error without a message"
		}
	}
}

// nanos keeps times in the range in which differences to other clocks are numbers.
func nanos(t pcommon.Timestamp) int64 { return int64(min(uint64(t), limits.Wall)) }

func text(m pcommon.Map, key string) string {
	if v, ok := m.Get(key); ok {
		return v.AsString()
	}
	return ""
}

func integer(m pcommon.Map, key string, otherwise int) int {
	if v, ok := m.Get(key); ok && v.Type() == pcommon.ValueTypeInt {
		return int(v.Int())
	}
	return otherwise
}
