package chart

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/trace/clock"
)

// useOf is a use whose steps follow each other at the times given by next, in ms from the release of the workers.
func useOf(n int, from, to float64, next func(at float64) (until float64, busy int)) *cores.Use {
	u := &cores.Use{Start: zeroAt + ms(from), End: zeroAt + ms(to), Cores: n, MaxPs: n}
	for at := from; at < to; {
		until, busy := next(at)
		until = min(until, to)
		u.Steps = append(u.Steps, cores.Step{Start: zeroAt + ms(at), Busy: busy})
		for len(u.Profile) <= busy {
			u.Profile = append(u.Profile, 0)
		}
		d := time.Duration((until - at) * float64(time.Millisecond))
		u.Profile[busy] += d
		u.Mean += float64(busy) * (until - at) / (to - from)
		at = until
	}
	return u
}

// serialStart uses one core for 60 ms, then two with brief pauses, then one for the last 20 ms.
func serialStart() *cores.Use {
	return useOf(2, -4, 270, func(at float64) (float64, int) {
		switch {
		case at < 0:
			return 0, 0
		case at < 60:
			return 60, 1
		case at >= 250:
			return 270, 1
		case int(at)%40 == 0:
			return at + 1.5, 1
		default:
			return min(float64(int(at)/40*40+40), 250), 2
		}
	})
}

func coresPicture() Cores {
	return Cores{
		Words: Words{
			Title:    "sort: for 30 % of the time one core has nothing to do",
			Subtitle: "4 workers on 2 cores, 274 ms, traced run",
			Footnote: "Busy: a P that runs Go code or a system call.",
		},
		Use:  serialStart(),
		Zero: zeroAt,
	}
}

func TestCoresSerial(t *testing.T) {
	// Two are busy from 60 to 250 ms but for five pauses of 1.5 ms, which start at 80, 120, 160, 200 and 240: 182.5 of
	// 274 ms. One is busy for 60 + 7.5 + 20 ms, none for 4. The mean is (2·182.5 + 87.5) / 274 = 1.651.
	svg := svgOf(t, coresPicture())
	wants(t, svg, "mean 1.65", ">2 cores<", ">67 %<", ">32 %<", ">1.5 %<", "2 busy: 67 % of the time")
}

func TestCoresMany(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := coresPicture()
	p.Title = "A busy machine"
	p.Use = useOf(64, 0, 30_000, func(at float64) (float64, int) {
		return at + 4 + 8*rng.Float64(), min(64, 30+rng.IntN(12)+int(at/1000))
	})
	svgOf(t, p)
}

func TestCoresWithoutTime(t *testing.T) {
	svgOf(t, Cores{Words: Words{Title: "nothing"}, Use: &cores.Use{Start: 5, End: 5}})
	svgOf(t, Cores{Words: Words{Title: "nothing"}})
	svgOf(t, Cores{Use: &cores.Use{Start: 5, End: 5 + clock.Time(time.Second), Profile: []time.Duration{time.Second}}})
}

// However many steps there are, the line has a hundred and the axis of shares goes to 100 %.
func TestCoresSteps(t *testing.T) {
	p := coresPicture()
	p.Use = useOf(2, 0, 500, func(at float64) (float64, int) { return at + 0.25, int(4*at) % 3 })
	svg := svgOf(t, p)
	// 500 ms in a hundred parts of 5 ms, each of 20 steps of 0, 1, 2, 0 … busy.
	wants(t, svg, "Line: mean of every 5 ms. Pale: how many in that time", "Busy cores over time", ">100<", "1 busy: 33 % of the time")
	_, line, _ := strings.Cut(svg, "<title>busy cores</title>")
	line, _, _ = strings.Cut(line, "</g>")
	if n := strings.Count(line, "L") + 1; n > 2*coreSteps {
		t.Errorf("the line has %d places, want at most two for each of %d steps", n, coreSteps)
	}
	p.Use.OfPs = true
	wants(t, svgOf(t, p), "Busy Ps over time")
}

// A pause that is short beside a step does not make the band as high as the picture; what takes a quarter of each does.
func TestCoresBand(t *testing.T) {
	for _, tt := range []struct {
		pause float64
		want  bool
	}{{0.2, false}, {1.25, true}} {
		p := coresPicture()
		p.Use = useOf(2, 0, 500, func(at float64) (float64, int) {
			if from := float64(int(at/5) * 5); at < from+5-tt.pause {
				return from + 5 - tt.pause, 2
			}
			return float64(int(at/5)*5 + 5), 0
		})
		if got := strings.Contains(svgOf(t, p), "how many are busy for most of a step"); got != tt.want {
			t.Errorf("pauses of %v of 5 ms: there is a band: %v", tt.pause, got)
		}
	}
}

// What counts Ps goes to all that there are, busy or not, beside the cores.
func TestCoresOfPs(t *testing.T) {
	p := coresPicture()
	p.Use.OfPs, p.Use.MaxPs = true, 8
	wants(t, svgOf(t, p), ">8 Ps<", ">2 cores<", ">8<")
	p.Use.Cores = 0 // as of a trace from anywhere
	svg := svgOf(t, p)
	wants(t, svg, ">8 Ps<", ">8<")
	if strings.Contains(svg, "cores<") {
		t.Error("cores that nobody knows are marked")
	}
}
