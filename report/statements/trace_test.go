package statements_test

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	rtrace "runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A window is the part of a trace that is asked for, and what of it the trace has.
type window struct {
	from, to    clock.Time // asked for
	first, last clock.Time // event
	events      int64
	damaged     bool
	ps, cores   float64
	cpu         time.Duration
}

// traceRules: what must be so where the analyses of a recording warn. Without a window it is the figures alone that are
// checked.
func traceRules() map[warning.Kind]func(*checker, *warning.Warning) {
	type f = func(*checker, *warning.Warning)
	counted := func(k *checker, w *warning.Warning) { k.hold(w.Figures.Count > 0, "%s: %+v", w.Kind, w.Figures) }
	timed := func(k *checker, w *warning.Warning) { k.hold(w.Figures.Time > 0, "%s: %+v", w.Kind, w.Figures) }
	named := func(k *checker, w *warning.Warning) { k.hold(w.Subject.Name != "", "%s: of nothing", w.Kind) }
	file := func(k *checker, w *warning.Warning) {
		named(k, w)
		k.hold(w.Text != "", "%s: %s without a reason", w.Kind, w.Subject.Name)
	}
	limited := func(k *checker, w *warning.Warning) { k.hold(w.Figures.Of > 0, "%s: %+v", w.Kind, w.Figures) }
	nothing := func(*checker, *warning.Warning) {}
	empty := func(k *checker, w *warning.Warning) {
		k.hold(k.w == nil || k.w.events == 0, "%s: %d events", w.Kind, k.w.events)
	}
	late := func(k *checker, w *warning.Warning) {
		timed(k, w)
		k.hold(k.w == nil || w.Figures.Time == k.w.first.Sub(k.w.from),
			"%s by %v: the first event is at %v, wanted from %v", w.Kind, w.Figures.Time, k.w.first, k.w.from)
	}
	early := func(k *checker, w *warning.Warning) {
		timed(k, w)
		k.hold(k.w == nil || w.Figures.Time == k.w.to.Sub(k.w.last), "%s by %v: the last event is at %v, wanted to %v",
			w.Kind, w.Figures.Time, k.w.last, k.w.to)
	}
	gaps := func(k *checker, w *warning.Warning) {
		k.hold(k.w == nil || k.w.damaged, "%s: nothing is damaged", w.Kind)
		counted(k, w)
	}
	ps := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Ratio > float64(w.Figures.Count), "%s: %v Ps on %d cores", w.Kind, w.Figures.Ratio,
			w.Figures.Count)
		k.hold(k.w == nil || float64(w.Figures.Count) == k.w.cores && w.Figures.Ratio <= k.w.ps*1.0001,
			"%s: %+v, not %v on %v", w.Kind, w.Figures, k.w.ps, k.w.cores)
	}
	cpu := func(k *checker, w *warning.Warning) {
		k.hold(same(w.Figures.Against.Seconds()/w.Figures.Time.Seconds()-1, w.Figures.Ratio), "%s: %+v", w.Kind,
			w.Figures)
		k.hold(k.w == nil || w.Figures.Against == k.w.cpu, "%s: %v of CPU time, not %v", w.Kind, k.w.cpu,
			w.Figures.Against)
	}
	turns := func(k *checker, w *warning.Warning) {
		counted(k, w)
		timed(k, w)
		k.hold(w.Figures.Ratio < w.Figures.AgainstRatio && w.Figures.AgainstRatio*float64(w.Figures.Count) >= 10,
			"%s: %+v is no lock", w.Kind, w.Figures)
	}
	rules := map[warning.Kind]f{
		warning.NoPoints: nothing, warning.NoTime: named,
		warning.TimelineEmpty: empty, warning.TimelineCut: early,
		warning.TimelineSerial: limited, warning.TimelineAgain: named,
		warning.TimelineEarlier: named, warning.TimelineMarks: named, warning.TimelineMore: nothing,
		warning.LedgerEmpty: empty, warning.LedgerGap: gaps, warning.LedgerCut: timed, warning.LedgerBegins: late,
		warning.LedgerEnds:  early,
		warning.LedgerAgain: nothing, warning.LedgerWaits: limited, warning.LedgerSerial: limited,
		warning.LedgerTwice: counted, warning.LedgerMore: nothing,
		warning.PsNotCores: ps, warning.PsByRecords: ps, warning.CPUDiffers: cpu, warning.FewThreads: limited,
		warning.UnequalThreads: counted, warning.LikelyLock: turns,
		warning.PathEmpty: empty,
		warning.UseEmpty:  empty, warning.UseEnds: early, warning.UseBegins: late, warning.UseLate: counted,
		warning.UseOdd:    counted,
		warning.UseUntold: counted, warning.Widened: counted, warning.PsSeen: counted,
		warning.ThreadsEmpty: nothing, warning.ThreadsLost: timed, warning.ThreadsStrange: counted,
		warning.ThreadsCut: nothing, warning.ThreadsFolded: counted, warning.ThreadsWaits: limited,
		warning.ThreadsLevel: named, warning.ThreadsLate: timed, warning.RecordsLevel: named,
		warning.TraceMissing: file, warning.TraceDamaged: file, warning.TraceForeign: file,
		warning.ProfileMissing: file, warning.ProfileUnreadable: file,
		warning.RecordsMissing: file, warning.RecordsDamaged: file, warning.SpansMissing: file,
		warning.SpansDamaged: file, warning.SpansLeftOut: counted,
	}
	maps.Copy(rules, pathRules())
	maps.Copy(rules, predictRules())
	for kind := range unpredictedRules() { // of curves: see TestPredictedCurves
		rules[kind] = func(*checker, *warning.Warning) {}
	}
	return rules
}

// record is a trace of goroutines that wait for each other at a lock and a channel, and of one that computes.
func record(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := rtrace.Start(&b); err != nil {
		t.Skip(err) // the tests are being traced
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	ch := make(chan int)
	for range 4 {
		wg.Go(func() {
			for i := range 50 {
				mu.Lock()
				for end := time.Now().Add(20 * time.Microsecond); time.Now().Before(end); {
				}
				mu.Unlock()
				if i%5 == 0 {
					ch <- i
				}
			}
		})
	}
	wg.Go(func() {
		for range 40 {
			<-ch
		}
	})
	wg.Wait()
	rtrace.Stop()
	return b.Bytes()
}

// events are the number of events of a trace, and the times of the first and the last.
func events(t *testing.T, data []byte) (n int64, first, last clock.Time, err error) {
	t.Helper()
	r, err := gotrace.NewReader(bytes.NewReader(data), "p.trace")
	if err != nil {
		return 0, 0, 0, err
	}
	defer r.Close()
	for {
		var ev gotrace.Event
		if err := r.Next(&ev); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return n, first, last, err
		}
		if n++; n == 1 {
			first = ev.Time
		}
		last = ev.Time
	}
}

// TestWarningsOfTraces checks what is warned of a recording that is cut, damaged, or shorter than what is asked for.
func TestWarningsOfTraces(t *testing.T) {
	whole := record(t)
	met, complaints := map[string]int{}, map[string]int{}
	for i := range 60 {
		m := &maker{rng: rand.New(rand.NewPCG(uint64(i), 40))}
		data := bytes.Clone(whole)
		w := window{cores: float64(1 + m.rng.IntN(2))}
		if m.chance(0.3) {
			data = data[:m.rng.IntN(len(data))]
			w.damaged = true
		}
		if m.chance(0.3) {
			data[m.rng.IntN(max(len(data), 1))%max(len(data), 1)] ^= 0x55
			w.damaged = true
		}
		n, first, last, err := events(t, data)
		r, openErr := gotrace.NewReader(bytes.NewReader(data), "p.trace")
		if openErr != nil {
			continue
		}
		w.events, w.first, w.last, w.damaged = n, first, last, w.damaged || err != nil
		w.from, w.to = first+clock.Time(m.between(-1e6, 1e6)), last+clock.Time(m.between(-1e6, 1e6))
		rec := recording.Read([]recording.Process{{Reader: r}},
			recording.Options{From: w.from, To: w.to, WorkFrom: w.from, WorkTo: w.to, Cores: int(w.cores), Programs: true})
		k := &checker{t: t, number: i, w: &w, met: met, complaints: complaints}
		res := sweep.Result{Run: sweep.Run{Point: sweep.Point{
			Workload: "w", Procs: 1, Workers: 1, Cores: int(w.cores),
			Size: 1,
		}}, Status: sweep.OK}
		res.Start, res.Total, res.Work = sweep.Seconds(w.from), sweep.Seconds(w.to-w.from), sweep.Seconds(w.to-w.from)
		w.cpu = time.Duration(m.between(0, 4e8))
		res.Processes = []sweep.Process{{Role: sweep.Worker, User: sweep.Seconds(w.cpu)}}
		l := ledger.OfRun(&res, rec.Ledgers, nil)
		w.ps = 64
		all := append(l.Warnings, rec.Use.Warnings...)
		all = append(all, rec.Timeline.Warnings...)
		for _, p := range rec.Paths {
			all = append(append(all, p.Warnings...), pathFacts(p)...)
		}
		for j, p := range rec.Programs {
			for _, as := range []bool{false, true} {
				r := predict.Request{Cores: []int{1, 2, 16}, Changes: []int{2, 16}, WorkersAsCores: as}
				all = append(all, predicted(k, predict.Of(p, rec.Paths[j], r))...)
			}
		}
		for j := range all {
			rule(k, traceRules(), all[j].Kind, &all[j])
			k.warningSaid(&all[j])
		}
	}
	for _, kind := range []warning.Kind{
		warning.UseEmpty, warning.UseEnds, warning.UseBegins, warning.LedgerEmpty, warning.LedgerEnds,
		warning.LedgerBegins, warning.PsNotCores,
	} {
		if met["warning.Kind "+string(kind)] == 0 {
			t.Errorf("%s: no recording gives rise to it", kind)
		}
	}
}

// TestWordsOfTraces checks the words for every warning of a recording, whatever its figures are.
func TestWordsOfTraces(t *testing.T) {
	k := &checker{t: t, met: map[string]int{}, complaints: map[string]int{}}
	m := &maker{rng: rand.New(rand.NewPCG(1, 41))}
	for kind := range traceRules() {
		for k.number = range 20 {
			w := warning.Warning{Kind: kind, Text: "a reason", Figures: warning.Figures{
				Count: 1 + m.rng.IntN(5000), Of: 1 + m.rng.IntN(5000), Ratio: m.between(0.06,
					1), Time: time.Duration(m.between(1e3, 5e10)),
				Against: time.Duration(m.between(1e6, 5e10)), AgainstRatio: m.between(0.06, 1),
			}}
			w.Subject = warning.Subject{
				Process: m.chance(0.5), Rank: m.rng.IntN(9) - 1, Worker: m.rng.IntN(99),
				Name: "a name",
			}
			w.Items = []warning.Item{{
				Name: pick(m, warning.NoSuchCPU, warning.CPUTaken, warning.NotOnIt), Thread: 71,
				CPU: 3, Other: 72,
			}}
			k.warningSaid(&w)
		}
	}
}

// warningSaid checks the words for a warning.
func (k *checker) warningSaid(w *warning.Warning) {
	fg, s := &w.Figures, &w.Subject
	f := figures{may: []float64{float64(s.N), float64(s.Rank), float64(s.Worker)}}
	if s.Among.Sizes {
		f.must = append(f.must, float64(s.Size))
	}
	if g, ok := predictFigures(w); ok {
		f.must = g.must
	}
	if g, ok := pathFigures(w); ok {
		f.must, f.may = g.must, append(f.may, g.may...)
	}
	count, of, span := float64(fg.Count), float64(fg.Of), fg.Time.Seconds()
	switch w.Kind {
	case warning.FailedTimed:
		f.must = append(f.must, count, of)
		for _, i := range w.Items {
			f.must = append(f.must, float64(i.Count))
		}
	case warning.RecordedMore, warning.ThreadsWaits, warning.FailedTraced, warning.FewLaunches, warning.TimelineSerial, warning.LedgerSerial, warning.FewThreads:
		f.must = append(f.must, count, of)
	case warning.Outliers:
		f.must = append(f.must, count, of)
		for _, i := range w.Items {
			f.must = append(f.must, float64(i.Rep), i.Ratio)
		}
	case warning.Drift:
		f.must = append(f.must, max(fg.Ratio, -fg.Ratio), count, fg.Tau, fg.P)
	case warning.FewerResamples:
		f.must = append(f.must, float64(w.Items[0].Count), float64(w.Items[1].Count), count, of, float64(w.Items[2].Count))
	case warning.ShortRuns:
		f.must = append(f.must, count, of, fg.Against.Seconds(), span)
	case warning.AboveQuota, warning.PsNotCores, warning.PsByRecords:
		f.must = append(f.must, fg.Ratio, count)
	case warning.WorkersIgnored:
		f.must = append(f.must, float64(w.Items[0].Point.Workers), float64(w.Items[1].Point.Workers), count, fg.Ratio)
		f.may = append(f.may, counts(w.Items[0].Point, w.Items[1].Point)...)
	case warning.TracedOutside, warning.NotExplained:
		f.must = append(f.must, fg.Ratio)
	case warning.TracedDiffers, warning.CausesExceed, warning.OtherWork:
		f.must = append(f.must, fg.Ratio, fg.AgainstRatio)
	case warning.TracedLoses:
		f.must = append(f.must, fg.AgainstRatio, fg.Ratio)
	case warning.LessCPU:
		f.must = append(f.must, span, fg.Against.Seconds())
	case warning.CPUDiffers:
		f.must = append(f.must, fg.Against.Seconds(), span, fg.Ratio)
	case warning.Withheld:
		for _, i := range w.Items {
			f.must = append(f.must, i.Ratio)
		}
		for _, x := range []float64{fg.Ratio, fg.AgainstRatio} {
			if x > 0 {
				f.must = append(f.must, x)
			}
		}
	case warning.IdleBenchmarks:
		if len(w.Items) > 1 {
			f.must = append(f.must, count, of)
			if fg.Shown > 0 {
				f.must = append(f.must, float64(fg.Shown))
			}
		}
	case warning.LikelyLock:
		f.must = append(f.must, count, span, fg.Ratio, fg.AgainstRatio)
	case warning.ThreadsStrange:
		f.must = append(f.must, count)
		for _, i := range w.Items {
			f.may = append(f.may, float64(i.Thread), float64(i.CPU), float64(i.Other))
		}
	case warning.Interrupted, warning.OutputLost:
		f.must = append(f.must, count, of)
	case warning.HiddenWords:
		f.must = append(f.must, count)
		f.may = append(f.may, of)
	case warning.Forced, warning.FewAtBase, warning.TimelineMarks, warning.LedgerTwice, warning.UnequalThreads,
		warning.UseLate, warning.UseOdd,
		warning.UseUntold, warning.PsSeen, warning.Widened, warning.ThreadsFolded, warning.SpansLeftOut:
		f.must = append(f.must, count)
	case warning.TimelineCut, warning.LedgerCut, warning.LedgerBegins, warning.LedgerEnds, warning.UseEnds,
		warning.UseBegins, warning.ThreadsLate:
		f.must = append(f.must, span)
	case warning.LedgerGap:
		f.must = append(f.must, count, span)
	case warning.LedgerWaits:
		f.must = append(f.must, of)
	case warning.ThreadsLost:
		f.must = append(f.must, count, of, span)
	case warning.NoisyRun, warning.Recorded:
		return // in the words of the capture
	}
	text := words.Warning(*w)
	k.hold(text != "", "%s: no words", w.Kind)
	k.said(strings.ReplaceAll(text, s.Name, ""), f)
}
