package statements_test

import (
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// loneRules: why something has no partner.
func loneRules() map[compare.LoneReason]func(*checker, *compared) {
	sides := func(x *compared) (own, other []compare.Curve) {
		if x.alone.New {
			return x.fresh, x.base
		}
		return x.base, x.fresh
	}
	curve := func(all []compare.Curve, key compare.Key) *compare.Curve {
		i := slices.IndexFunc(all, func(c compare.Curve) bool { return c.Key == key })
		if i < 0 {
			return nil
		}
		return &all[i]
	}
	absent := func(k *checker, x *compared) {
		own, other := sides(x)
		k.hold(curve(own, x.alone.Key) != nil && curve(other, x.alone.Key) == nil && x.alone.N == nil,
			"%v has a partner", x.alone.Key)
	}
	return map[compare.LoneReason]func(*checker, *compared){
		compare.NoCurve: absent,
		compare.OtherSize: func(k *checker, x *compared) {
			absent(k, x)
			_, other := sides(x)
			key := x.alone.Key
			key.Size = x.alone.Size
			k.hold(curve(other, key) != nil, "%v: no other size %d", x.alone.Key, x.alone.Size)
			k.said(words.Lone(*x.alone), figures{must: []float64{float64(x.alone.Size)}})
		},
		compare.OtherPoint: func(k *checker, x *compared) {
			a, b := x.alone.Point, x.alone.Other
			k.hold(a.Procs != b.Procs || a.Workers != b.Workers || a.Size != b.Size || a.Workload != b.Workload,
				"%v and %v are alike", a, b)
			k.hold(words.Lone(*x.alone) == fmt.Sprintf("it is %v, and %v on the other side", a, b), "%q",
				words.Lone(*x.alone))
		},
		compare.NoCount: func(k *checker, x *compared) {
			_, other := sides(x)
			for _, d := range curve(other, x.alone.Key).Counts {
				k.hold(!slices.Contains(x.alone.N, d.N), "%v: the other side has n = %v", x.alone.Key, d.N)
			}
		},
	}
}

// comparedLawRules: why a law is compared.
func comparedLawRules() map[compare.LawReason]func(*checker, *compared) {
	none := func(k *checker, x *compared) {
		k.hold(x.pair.Laws.Name == law.None && x.pair.Laws.Params == nil, "%v: %+v", x.pair.Key, x.pair.Laws)
	}
	params := func(k *checker, x *compared) {
		for _, p := range x.pair.Laws.Params {
			k.hold(p.Changed == (p.Base.Low > p.New.High || p.New.Low > p.Base.High), "%v: %s changed is %v: %+v",
				x.pair.Key, p.Name, p.Changed, p)
		}
	}
	return map[compare.LawReason]func(*checker, *compared){
		compare.NotAsked: func(k *checker, x *compared) {
			none(k, x)
			k.hold(x.r.Options.NoLaws, "laws were asked for")
		},
		compare.BothName: func(k *checker, x *compared) {
			l := x.pair.Laws
			k.hold(l.Base.Law == l.Name && l.New.Law == l.Name, "%v: both name %s: %+v", x.pair.Key, l.Name, l)
			params(k, x)
		},
		compare.HoldsBoth: func(k *checker, x *compared) {
			l := x.pair.Laws
			k.hold(l.Name == law.USL && l.Base.Law != l.New.Law, "%v: %s holds both: %+v", x.pair.Key, l.Name, l)
			params(k, x)
		},
		compare.NoneBase: func(k *checker, x *compared) {
			none(k, x)
			k.hold(x.pair.Laws.Base.Kind == law.Unnamed, "%v: a law is named", x.pair.Key)
		},
		compare.NoneNew: func(k *checker, x *compared) {
			none(k, x)
			k.hold(x.pair.Laws.New.Kind == law.Unnamed, "%v: a law is named", x.pair.Key)
		},
	}
}

// differenceRules: what two studies differ in, as it is in their headers.
func differenceRules() map[compare.DifferenceKind]func(*checker, *compared) {
	of := func(value func(h *sweep.Header) any) func(*checker, *compared) {
		return func(k *checker, x *compared) {
			a, b := fmt.Sprint(value(&x.headers[0])), fmt.Sprint(value(&x.headers[1]))
			k.hold(a != b && x.differ.Base == a && x.differ.New == b, "%s: %q and %q, not %+v", x.differ.Kind, a, b,
				x.differ)
		}
	}
	return map[compare.DifferenceKind]func(*checker, *compared){
		compare.CPUModel:  of(func(h *sweep.Header) any { return h.Host.CPUModel }),
		compare.CPUCount:  of(func(h *sweep.Header) any { return len(h.Host.CPUs) }),
		compare.Physical:  of(func(h *sweep.Header) any { return h.Host.Physical }),
		compare.SMT:       of(func(h *sweep.Header) any { return h.Host.SMT }),
		compare.HostName:  of(func(h *sweep.Header) any { return h.Host.Name }),
		compare.System:    of(func(h *sweep.Header) any { return h.Host.OS + "/" + h.Host.Arch }),
		compare.Kernel:    of(func(h *sweep.Header) any { return h.Host.Kernel }),
		compare.Governor:  of(func(h *sweep.Header) any { return h.Host.Governor }),
		compare.Quota:     of(func(h *sweep.Header) any { return h.Host.QuotaCores }),
		compare.Memory:    of(func(h *sweep.Header) any { return h.Host.MemoryBytes }),
		compare.Restarted: of(func(h *sweep.Header) any { return h.Host.BootID }),
		compare.Chunk:     of(func(h *sweep.Header) any { return h.Settings.Chunk }),
		compare.Static:    of(func(h *sweep.Header) any { return h.Settings.Static }),
		compare.Warmup:    of(func(h *sweep.Header) any { return h.Settings.Warmup }),
		compare.MinRuns:   of(func(h *sweep.Header) any { return h.Rule.MinRuns }),
		compare.MaxRuns:   of(func(h *sweep.Header) any { return h.Rule.MaxRuns }),
		compare.HalfWidth: of(func(h *sweep.Header) any { return h.Rule.HalfWidth }),
		compare.GoVersion: of(func(h *sweep.Header) any { return h.Go }),
		compare.Tool:      of(func(h *sweep.Header) any { return h.Tool }),
		compare.SizeUnit:  of(func(h *sweep.Header) any { return h.Workloads[0].Unit }),
		compare.CommandLine: of(func(h *sweep.Header) any {
			if c := h.Workloads[0].Command; c != nil {
				text := ""
				for _, a := range c.Argv {
					text += " " + a
				}
				return text[1:]
			}
			return ""
		}),
	}
}
