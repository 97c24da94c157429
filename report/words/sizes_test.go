package words_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/sizes"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

func TestSizes(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{words.AboutSize(2_413_000), "2.4 million"},
		{words.AboutSize(41_499), "41,000"},
		{words.AboutSize(995_000), "1 million"},
		{words.AboutSize(96.4e6), "96 million"},
		{words.AboutSize(8249), "8200"},
		{words.AboutSize(7.04), "7"},
		{words.AboutSize(0.0123), "0.012"},
		{words.AboutSize(3e9), "3 billion"},
		{words.AboutSize(math.NaN()), "–"},
		{words.SizeInterval(2.11e6, 2.83e6), "2.1–2.8 million"},
		{words.SizeInterval(810_000, 1_240_000), "810,000 to 1.2 million"},
		{words.MeasuredSize(100_000_000), "100 million"},
		{words.MeasuredSize(2_500_000), "2.5 million"},
		{words.MeasuredSize(1_234_567), "1,234,567"},
		{words.MeasuredSize(10_000), "10,000"},
		{words.OfSize("2.4 million", ""), "size 2.4 million"},
	} {
		if words.Plain(tt.got) != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestPays(t *testing.T) {
	l := sizes.Line{
		Sweep: sweep.Sweep{Mode: sweep.Procs}, Point: sweep.Point{Procs: 4, Workers: 1, Cores: 2},
		Base: sweep.Point{Procs: 1, Workers: 1, Cores: 1}, N: 4,
	}
	from := sizes.Pays{
		Kind: sizes.From, Size: 2.41e6, Low: 2.1e6, High: 2.8e6, Method: curve.Bootstrap, Measured: 6, Faster: 2, Slower: 3,
		Smallest: 1000, Largest: 100_000_000, Shown: 10_000_000,
	}
	for _, tt := range []struct {
		of   func(p *sizes.Pays)
		want string
	}{
		{func(*sizes.Pays) {}, "4 processes pay from 2.4 million darts on (2.1–2.8 million)"},
		{func(p *sizes.Pays) { p.Low = 0 }, "4 processes pay from at most 2.8 million darts on (seen from 2.4 million)"},
		{
			func(p *sizes.Pays) { p.Low, p.Noise = 0, true },
			"4 processes pay from at most 2.8 million darts on (with what noise allows; seen from 2.4 million)",
		},
		{func(p *sizes.Pays) { p.High = math.Inf(1) }, "4 processes pay from at least 2.1 million darts on (seen from 2.4 million)"},
		{
			func(p *sizes.Pays) { p.Low, p.High = 0, math.Inf(1) },
			"4 processes pay from 2.4 million darts on (interval not known: wider than the sizes measured)",
		},
		{func(p *sizes.Pays) { p.Noise = true }, "4 processes pay from 2.4 million darts on (2.1–2.8 million with what noise allows)"},
		{
			func(p *sizes.Pays) { p.Method = curve.MinMax },
			"4 processes pay from 2.4 million darts on (2.1–2.8 million, by the fastest and slowest of few runs)",
		},
		{
			func(p *sizes.Pays) { p.Before = 1000 },
			"4 processes pay from 2.4 million darts on (2.1–2.8 million), and at 1000 darts, but not between",
		},
		{func(p *sizes.Pays) { p.Kind = sizes.Always }, "4 processes pay at every size measured, from 1000 darts on"},
		{
			func(p *sizes.Pays) { p.Kind, p.Faster, p.Slower = sizes.None, 0, 6 },
			"4 processes are slower than 1 process at every size measured, up to 100 million darts",
		},
		{
			func(p *sizes.Pays) { p.Kind, p.Faster = sizes.None, 0 },
			"4 processes are not shown to pay at any size up to 100 million darts",
		},
		{
			func(p *sizes.Pays) { p.Kind, p.Faster, p.SlowerTo = sizes.None, 0, 1_000_000 },
			"4 processes are slower than 1 process up to 1 million darts, and not shown to pay at any size up to 100 million",
		},
		{
			func(p *sizes.Pays) { p.Kind, p.Faster, p.SlowerTo = sizes.Unsure, 0, 1_000_000 },
			"4 processes are slower than 1 process up to 1 million darts, and whether they pay beyond that is too noisy to tell",
		},
		{
			func(p *sizes.Pays) { p.Kind, p.Faster, p.Slower = sizes.Unsure, 0, 0 },
			"too noisy to tell whether 4 processes pay at any size up to 100 million darts",
		},
		{
			func(p *sizes.Pays) { p.Kind, p.Shown, p.Turned = sizes.Until, 10_000_000, true },
			"4 processes pay at 10 million darts, but are slower at 100 million",
		},
		{
			func(p *sizes.Pays) { p.Kind, p.Shown = sizes.Until, 10_000_000 },
			"4 processes pay at 10 million darts, which is not shown at 100 million",
		},
	} {
		l.Pays = from
		tt.of(&l.Pays)
		if got := words.Plain(words.Pays(&l, "darts")); got != tt.want {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
}

// An efficiency that no measured size is shown to have is likely, and an interval that is not known is said to be so.
func TestNeedOf(t *testing.T) {
	few := sizes.Need{
		Kind: sizes.Measured, Efficiency: 0.75, Size: 250_000, Low: 0, High: math.Inf(1), Method: curve.MinMax, Reached: 0.8,
		Largest: 1_000_000,
	}
	for _, tt := range []struct {
		of   func(n *sizes.Need)
		want string
	}{
		{func(*sizes.Need) {}, "2 workers likely reach an efficiency of 75 % from 250,000 darts on (interval not known: too few runs)"},
		{
			func(n *sizes.Need) { n.Low, n.High, n.Method = 200_000, 300_000, curve.Bootstrap },
			"2 workers reach an efficiency of 75 % from 250,000 darts on (200,000–300,000)",
		},
		{
			func(n *sizes.Need) { n.Low, n.Method = 200_000, curve.Bootstrap },
			"2 workers likely reach an efficiency of 75 % from 250,000 darts on (at least 200,000)",
		},
		{
			func(n *sizes.Need) { n.Kind, n.Size, n.High = sizes.Below, math.NaN(), 300_000 },
			"2 workers likely reach an efficiency of 75 % at every size measured, from 1000 darts on (at most 300,000, by the fastest " +
				"and slowest of few runs)",
		},
		{
			func(n *sizes.Need) { n.Kind, n.High = sizes.Below, 0 },
			"2 workers reach an efficiency of 75 % at every size measured, from 1000 darts on",
		},
		{
			func(n *sizes.Need) {
				n.Kind, n.Size, n.Low, n.High, n.Method, n.Reached = sizes.Extrapolated, 5.83e6, 4e6, 8e6, curve.Bootstrap, 0.6
				n.Overhead = sizes.Overhead{Law: sizes.Fixed, C: 0.012, Q: 0.03, Residual: 0.02, Points: 4}
			},
			"2 workers reach an efficiency of 75 % from about 5.8 million darts on (4–8 million), extrapolated to 5.83× the largest size " +
				"measured, by an overhead of 12.0 ms and 3 % of the work, which misses the efficiencies measured by 2 %; the largest " +
				"size measured has 60 %",
		},
		{
			func(n *sizes.Need) {
				n.Kind, n.Size, n.Reached, n.Overhead.Residual = sizes.NoLaw, math.NaN(), 0.5, 0.25
				n.High = math.NaN()
			},
			"from which size on 2 workers reach an efficiency of 75 % is not known: the largest size measured has 50 %, and nothing is " +
				"extrapolated, as the law that fits the overhead best misses the efficiencies measured by 25 %",
		},
	} {
		l := sizes.Line{
			Sweep: sweep.Sweep{Mode: sweep.Threads}, Point: sweep.Point{Procs: 1, Workers: 2, Cores: 2}, N: 2, Need: few,
			Pays: sizes.Pays{Smallest: 1000},
		}
		tt.of(&l.Need)
		if got := words.Plain(words.NeedOf(&l, "darts")); got != tt.want {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
}

// What is the same of both modes is said once.
func TestPayAll(t *testing.T) {
	line := func(m sweep.Mode, p sizes.Pays) *sizes.Line {
		l := &sizes.Line{Sweep: sweep.Sweep{Mode: m}, Point: sweep.Point{Procs: 1, Workers: 2, Cores: 2}, Pays: p}
		if m == sweep.Procs {
			l.Point.Procs, l.Point.Workers, l.Base = 2, 1, sweep.Point{Procs: 1, Workers: 1, Cores: 1}
		}
		return l
	}
	always := sizes.Pays{Kind: sizes.Always, Smallest: 1000, Largest: 5000, Measured: 2, Faster: 2}
	none := sizes.Pays{Kind: sizes.None, Smallest: 1000, Largest: 5000, Measured: 2}
	unsure, slow := none, none
	unsure.Kind, slow.Kind, slow.Slower, slow.SlowerTo = sizes.Unsure, sizes.Unsure, 1, 1000
	for _, tt := range []struct {
		threads, procs sizes.Pays
		want           string
	}{
		{always, always, "2 workers and 2 processes pay at every size measured, from 1000 on"},
		{
			unsure, slow, "too noisy to tell whether 2 workers pay at any size up to 5000, 2 processes are slower than 1 process " +
				"up to 1000, and whether they pay beyond that is too noisy to tell",
		},
		{none, none, "2 workers or 2 processes are not shown to pay at any size up to 5000"},
		{
			always, none,
			"2 workers pay at every size measured, from 1000 on, 2 processes are not shown to pay at any size up to 5000",
		},
	} {
		got := words.PayAll([]*sizes.Line{line(sweep.Threads, tt.threads), line(sweep.Procs, tt.procs)}, "")
		if got != tt.want {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
}

// TestPayShort: the title of a picture has no brackets; what they say stands below it.
func TestPayShort(t *testing.T) {
	line := func(workers int, p sizes.Pays) *sizes.Line {
		return &sizes.Line{Sweep: sweep.Sweep{Mode: sweep.Threads}, Point: sweep.Point{Procs: 1, Workers: workers, Cores: 2}, Pays: p}
	}
	two := line(2, sizes.Pays{Kind: sizes.From, Size: 230_000, High: 1.5e6, Noise: true})
	four := line(4, sizes.Pays{Kind: sizes.From, Size: 13e6, Low: 5.2e6, High: 18e6})
	title, ends := words.PayShort([]*sizes.Line{two, four}, "darts")
	if want := "2 workers pay from at most 1.5\u00a0million darts on, 4 workers from about 13\u00a0million"; title != want {
		t.Errorf("%q, want %q", title, want)
	}
	want := "Intervals of these sizes: 2 workers at most 1.5\u00a0million with what noise allows; 4 workers 5.2–18\u00a0million."
	if ends != want {
		t.Errorf("%q, want %q", ends, want)
	}
	unknown := line(4, sizes.Pays{Kind: sizes.From, Size: 13e6, High: math.Inf(1)})
	for _, all := range [][]*sizes.Line{{two, unknown}, {two, line(4, sizes.Pays{Kind: sizes.Always, Smallest: 1})}, nil} {
		if title, ends := words.PayShort(all, "darts"); title != words.PayAll(all, "darts") || ends != "" {
			t.Errorf("%q, and below it %q", title, ends)
		}
	}
}
