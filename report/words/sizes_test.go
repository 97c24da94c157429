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
		{words.SizeInterval(810_000, 1_240_000), "810,000–1.2 million"},
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
		{func(p *sizes.Pays) { p.Low = 0 }, "4 processes pay from 2.4 million darts on (at most 2.8 million)"},
		{func(p *sizes.Pays) { p.High = math.Inf(1) }, "4 processes pay from 2.4 million darts on (at least 2.1 million)"},
		{
			func(p *sizes.Pays) { p.Low, p.High = 0, math.Inf(1) },
			"4 processes pay from 2.4 million darts on (its interval is wider than the sizes measured)",
		},
		{func(p *sizes.Pays) { p.Noise = true }, "4 processes pay from 2.4 million darts on (2.1–2.8 million with what noise allows)"},
		{
			func(p *sizes.Pays) { p.Method = curve.MinMax },
			"4 processes pay from 2.4 million darts on (2.1–2.8 million, the range of few runs)",
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

// What is the same of both modes is said once.
func TestPayAll(t *testing.T) {
	line := func(m sweep.Mode, p sizes.Pays) *sizes.Line {
		l := &sizes.Line{Sweep: sweep.Sweep{Mode: m}, Point: sweep.Point{Procs: 1, Workers: 2, Cores: 2}, Pays: p}
		if m == sweep.Procs {
			l.Point.Procs, l.Point.Workers = 2, 1
		}
		return l
	}
	always := sizes.Pays{Kind: sizes.Always, Smallest: 1000, Largest: 5000, Measured: 2, Faster: 2}
	none := sizes.Pays{Kind: sizes.None, Smallest: 1000, Largest: 5000, Measured: 2}
	for _, tt := range []struct {
		threads, procs sizes.Pays
		want           string
	}{
		{always, always, "2 workers and 2 processes pay at every size measured, from 1000 on"},
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
