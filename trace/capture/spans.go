package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/otlp"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A spanLog makes the span of the study, which is the parent of those of its traced runs, and passes all spans on to
// the user's own collector if there is one.
type spanLog struct {
	study    *folder.Folder
	recorder *otlp.Recorder
	forward  *otlp.Forwarder // nil if the user has set no endpoint
	ctx      context.Context // of the study's span
	span     oteltrace.Span
	used     bool // a traced run is below it
	warnings []string
}

func newSpanLog(journal *sweep.Journal) *spanLog {
	l := &spanLog{study: journal.Folder, recorder: otlp.NewRecorder()}
	switch target, err := otlp.TargetFrom(os.Environ()); {
	case err != nil:
		l.warnings = append(l.warnings, err.Error())
	case target != nil:
		l.forward = otlp.NewForwarder(target)
	}
	l.ctx, l.span = l.recorder.Start(context.Background(), "study",
		attribute.String("corecurve.study", filepath.Base(journal.Dir)))
	return l
}

// close ends the study's span, writes it if there are any below it, and ends the forwarding.
func (l *spanLog) close(ctx context.Context) []string {
	l.span.End()
	if l.used {
		if err := l.write(sweep.SpansFile, otlp.Resource{Service: "corecurve"}, l.recorder.Take()); err != nil {
			l.warnings = append(l.warnings, "the span of the study could not be kept: "+err.Error())
		}
	}
	if l.forward != nil {
		l.warnings = append(l.warnings, l.forward.Close(ctx)...)
		l.forward = nil
	}
	return l.warnings
}

// pass forwards spans, if the user has a collector.
func (l *spanLog) pass(td ptrace.Traces) {
	if l.forward != nil {
		l.forward.Send(td)
	}
}

// write appends spans to a file of the study and forwards them.
func (l *spanLog) write(name string, res otlp.Resource, spans []wire.Span) error {
	td, err := otlp.Traces(res, spans)
	f, openErr := l.study.Append(name)
	if openErr != nil {
		return errors.Join(err, openErr)
	}
	err = errors.Join(err, otlp.NewWriter(f).Write(td), f.Close())
	l.pass(td)
	return err
}

// A runSpan is the span of a traced run, the receiver for spans of its processes, and the file for all of them. A nil
// runSpan belongs to a timed run and takes nothing.
type runSpan struct {
	log      *spanLog
	ctx      context.Context
	span     oteltrace.Span
	res      otlp.Resource
	file     *os.File
	writer   *otlp.Writer
	receiver *otlp.Receiver
	secrets  *secret.Hider // of the run's program; nil: none are known

	spans []wire.Span // received over the pipe
	ended int         // number that the processes say they ended; -1 if they did not say
	begun int
}

// begin opens the span of run and the file spans.jsonl in its directory.
func (l *spanLog) begin(run sweep.Run, dir string, secrets *secret.Hider) (s *runSpan, err error) {
	s = &runSpan{
		log: l, res: otlp.Resource{Service: run.Point.Workload, RunID: run.Dir()}, ended: -1, secrets: secrets,
	}
	if s.file, err = l.study.Create(path.Join(dir, spansFile)); err != nil {
		return nil, err
	}
	s.writer = otlp.NewWriter(s.file)
	if s.receiver, err = otlp.Listen(otlp.ReceiverOptions{Sink: s.take}); err != nil {
		return nil, errors.Join(err, s.file.Close())
	}
	l.used = true
	p := run.Point
	of := []attribute.KeyValue{attribute.String("corecurve.workload", p.Workload)}
	if p.Variant != "" {
		of = append(of, attribute.String("corecurve.variant", p.Variant))
	}
	s.ctx, s.span = l.recorder.Start(l.ctx, "run "+run.Dir(), append(of, attribute.Int("corecurve.procs", p.Procs),
		attribute.Int("corecurve.workers", p.Workers), attribute.Int("corecurve.cores", p.Cores),
		attribute.Int64("corecurve.size", p.Size), attribute.Int("corecurve.rep", run.Rep))...)
	return s, nil
}

// take keeps and forwards what the user's program sent.
func (s *runSpan) take(td ptrace.Traces) error {
	leaveOutOfSpans(td, s.secrets)
	if err := s.writer.Write(td); err != nil {
		return err
	}
	s.log.pass(td)
	return nil
}

// environ returns the environment for a process of the run: base and, on a traced run, where to send spans.
func (s *runSpan) environ(base []string) []string {
	if s == nil {
		return base
	}
	return otlp.Environ(base, s.receiver.Env(s.ctx, s.res.RunID))
}

// traceparent returns the parent of the spans of the run's processes.
func (s *runSpan) traceparent() string { return otlp.Traceparent(s.ctx) }

// add keeps spans that came over the pipe.
func (s *runSpan) add(spans []wire.Span) {
	if s != nil {
		s.spans = append(s.spans, spans...)
	}
}

// expect records how many spans the processes of the run say they made.
func (s *runSpan) expect(end *wire.End) {
	if s != nil {
		s.begun, s.ended = end.SpansStarted, end.SpansEnded
	}
}

// receiverGrace is how long requests that have begun may take once the run's processes are gone.
const receiverGrace = 5 * time.Second

// end closes the span of the run, writes all its spans, and returns warnings about missing ones, and an error if they
// could not be written. With ctx it no longer waits for requests.
func (s *runSpan) end(ctx context.Context, res *sweep.Result) (warnings []string, err error) {
	closing, cancel := context.WithTimeout(ctx, receiverGrace)
	defer cancel()
	if err := s.receiver.Close(closing); err != nil {
		warnings = append(warnings, err.Error())
	}
	warnings = append(warnings, s.receiver.Warnings()...)
	switch {
	case s.ended < 0 && res.Status == sweep.OK:
		warnings = append(warnings,
			fmt.Sprintf("its processes did not say how many spans they made: %d arrived", len(s.spans)))
	case s.ended >= 0 && len(s.spans) != s.begun:
		warnings = append(warnings,
			fmt.Sprintf("%d of %d spans are missing (%d had ended)", s.begun-len(s.spans), s.begun, s.ended))
	}
	s.span.SetAttributes(attribute.String("corecurve.status", string(res.Status)))
	if res.Status != sweep.OK {
		s.span.SetStatus(codes.Error, res.Error)
	}
	s.span.End()
	td, err := otlp.Traces(s.res, append(s.log.recorder.Take(), s.spans...))
	if err == nil {
		err = s.writer.Write(td)
		s.log.pass(td)
	}
	return warnings, errors.Join(err, s.file.Close())
}
