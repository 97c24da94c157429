package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

func point() sweep.Point { return sweep.Point{Workload: "w", Procs: 1, Workers: 2, Cores: 2, Size: 9} }

func TestWarning(t *testing.T) {
	with := func(w warning.Warning, f warning.Figures, items ...warning.Item) warning.Warning {
		w.Figures, w.Items = f, items
		return w
	}
	named := func(w warning.Warning, name string) warning.Warning {
		w.Subject.Name = name
		return w
	}
	place := warning.Warning{Kind: warning.NotExplained, Subject: warning.Subject{Workload: "w", Mode: sweep.Grid, Series: "procs=2", N: 4}}
	atPoint := warning.OfProcess(warning.LedgerTwice, 0)
	atPoint.Subject.Point = point()
	for _, tt := range []struct {
		w    warning.Warning
		want string
	}{
		{
			with(warning.OfPoint(warning.FailedTimed, point()), warning.Figures{Count: 3, Of: 8}, warning.Item{Name: "failed", Count: 1}, warning.Item{Name: "timeout", Count: 2}),
			"w-p1-w2-c2-s9: 3 of 8 timed runs did not succeed and are in no median: 1 failed, 2 timeout",
		},
		{
			with(warning.OfPoint(warning.Outliers, point()), warning.Figures{Count: 2, Of: 9}, warning.Item{Rep: 3, Ratio: 1.366}, warning.Item{Rep: 4, Ratio: 1.8, Noisy: true}),
			"w-p1-w2-c2-s9: 2 of 9 launches far out, beyond three interquartile ranges and a tenth of the median, kept in all figures: run 3 took 1.37 times the median, " +
				"run 4 took 1.80 times the median (noisy)",
		},
		{
			with(warning.Of(warning.Drift, "w"), warning.Figures{Count: 10, Ratio: -0.0491, Tau: -1, P: 8.3e-5}),
			"w: the launches took shorter and shorter in the course of the study (by 4.9 % from its first half to its second; Mann–Kendall over 10 blocks, " +
				"tau -1.00, p = 8.3e-05): the machine drifted, and intervals, which take launches for independent, are not to be relied on",
		},
		{
			with(warning.OfPoint(warning.TracedDiffers, point()), warning.Figures{Ratio: 1, AgainstRatio: 2}),
			"w-p1-w2-c2-s9: the traced runs, which the causes are known from, speed up 1.00×, the timed ones 2.00×: the difference is not explained",
		},
		{
			with(place, warning.Figures{Ratio: 0.0512}),
			"w, with 4 workers in all, in 2 processes: 5.1" + NoBreak + "% of the lost core time is not explained (tracing, run to run, or not visible in the trace); " +
				"causes that are excluded may be in it",
		},
		{
			warning.Warning{Kind: warning.NotExplained, Figures: warning.Figures{Ratio: 0.25}, Subject: warning.Subject{
				Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1e6, N: 2, Among: warning.Among{Sizes: true, Scalings: true},
			}},
			"w, with 2 workers at 1" + NoBreak + "million under strong scaling: 25" + NoBreak + "% of the lost core time is not explained (tracing, run to run, or " +
				"not visible in the trace); causes that are excluded may be in it",
		},
		{
			with(warning.OfProcess(warning.LedgerGap, -1), warning.Figures{Count: 2, Time: 1500 * time.Nanosecond}),
			"ledger of the coordinator: 2 parts of the trace, 1.50\u00a0µs in all, could not be read: what happened there is unknown, and in no busy core, no work and no path",
		},
		{with(atPoint, warning.Figures{Count: 2}), "w-p1-w2-c2-s9: ledger of process 0: 2 times a P had two goroutines at once"},
		{with(warning.Warning{Kind: warning.UseLate}, warning.Figures{Count: 2}), "core use: 2 events came after one of a later time, and count as of that time"},
		{named(warning.OfProcess(warning.TimelineAgain, 1), "worker 0"), `timeline of process 1: "worker 0" is entered again before its end: only the first is shown so`},
		{
			with(warning.OfProcess(warning.PathLocks, 3), warning.Figures{Time: 456 * time.Millisecond, Against: time.Second}),
			"critical path of process 3: goroutines waited 456" + NoBreak + "ms for locks, beside a critical path of 1.00" + NoBreak + "s: " +
				"most uses leave no event, so the path may be longer",
		},
		{
			with(warning.Warning{Kind: warning.ThreadsStrange}, warning.Figures{Count: 7}, warning.Item{Name: warning.NotLeft, Thread: 12, CPU: 1, Other: 0}),
			"7 records of switches contradict others, the first: thread 12 is put on CPU 1 and has not left CPU 0",
		},
		{
			with(warning.Warning{Kind: warning.IdleBenchmarks}, warning.Figures{Count: 2, Of: 3}, warning.Item{Name: "a"}, warning.Item{Name: "b"}),
			"2 of 3 benchmarks cannot follow the count of workers: they keep one core busy at every count, as a benchmark does that neither calls " +
				"RunParallel nor starts goroutines, or whose goroutines take turns: a, b",
		},
		{
			with(warning.Warning{Kind: warning.IdleBenchmarks}, warning.Figures{Count: 2, Of: 3, Shown: 1}, warning.Item{Name: "a"}, warning.Item{Name: "b"}),
			"2 of 3 benchmarks cannot follow the count of workers (1 of them is faster or slower all the same, and counts as that): they keep one core " +
				"busy at every count, as a benchmark does that neither calls RunParallel nor starts goroutines, or whose goroutines take turns: a, b",
		},
		{
			with(warning.OfPoint(warning.Withheld, point()), warning.Figures{Ratio: 0.002}, warning.Item{Name: "block.join", Ratio: 0.125}),
			"w-p1-w2-c2-s9: 12" + NoBreak + "% (block.join) of the lost core time may all be noise, and is no finding: other programs and the hypervisor " +
				"took 2.00" + NoBreak + "ms of core time of a traced run",
		},
		{
			with(warning.OfPoint(warning.Withheld, point()), warning.Figures{Ratio: 0.002, AgainstRatio: 0.33}, warning.Item{Name: "block.join", Ratio: 0.125}),
			"w-p1-w2-c2-s9: 12" + NoBreak + "% (block.join) of the lost core time may all be noise and tracing, and is no finding: other programs and the " +
				"hypervisor took 2.00" + NoBreak + "ms of core time of a traced run, and traced runs lose 0.33× that the timed ones do not",
		},
		{
			with(warning.OfPoint(warning.Withheld, point()), warning.Figures{AgainstRatio: 0.33}, warning.Item{Name: "block.join", Ratio: 0.125}),
			"w-p1-w2-c2-s9: 12" + NoBreak + "% (block.join) of the lost core time may all be tracing, and is no finding: traced runs lose 0.33× that the " +
				"timed ones do not",
		},
		{warning.Warning{Kind: warning.TraceMissing, Subject: warning.Subject{Workload: "w", Name: "p0.trace"}, Text: "no such file"}, "w: trace p0.trace is missing: no such file"},
		{warning.Told("it left no execution trace")[0], "it left no execution trace"},
	} {
		if d := cmp.Diff(tt.want, Warning(tt.w)); d != "" {
			t.Error(d)
		}
	}
}

// TestEveryKind reads the kinds from their declarations: each must have words of its own, beside those whose text is
// recorded.
func TestEveryKind(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "../../analyze/warning/kind.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ident, typed := specType(spec, ok); !typed || ident != "Kind" {
			return true
		}
		k, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		s := Warning(warning.Warning{Kind: warning.Kind(k), Text: "text", Items: make([]warning.Item, 3)})
		_, whole, _ := strings.Cut(k, ".")
		if other := said[s]; other != "" && whole != "empty" && whole != "more" && s != "text" || s == "" {
			t.Errorf("%s has the words of %s: %q", k, other, s)
		}
		said[s] = k
		return true
	})
	if len(said) < 50 {
		t.Errorf("only %d kinds are known", len(said))
	}
}

func specType(spec *ast.ValueSpec, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	ident, ok := spec.Type.(*ast.Ident)
	if !ok {
		return "", false
	}
	return ident.Name, true
}
