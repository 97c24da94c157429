package words_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// on are predictions for 1, 2, 4 … cores.
func on(speedups ...float64) []predict.Prediction {
	var out []predict.Prediction
	for i, s := range speedups {
		out = append(out, predict.Prediction{Cores: 1 << i, Speedup: s, Low: s, High: s})
	}
	return out
}

// What is beyond the measured counts comes first, then where the most is, then what no number exceeds.
func TestPredicted(t *testing.T) {
	banded := on(1, 1.9, 3.7)
	banded[2].High = 3.8
	for _, tt := range []struct {
		name   string
		points []predict.Prediction
		most   float64
		mode   sweep.Mode
		from   int
		want   string
	}{
		{
			"grows", on(1, 1.9, 3.7, 7), 30, sweep.Threads, 2,
			"3.70× on 4 cores, 7.00× on 8, no more than 30.0× on any number",
		},
		{
			"grows on", on(1, 1.9, 3.7, 7, 12), 30, sweep.Threads, 1,
			"1.90× on 2 cores, 3.70× on 4, the most 12.0× on 16, no more than 30.0× on any number",
		},
		{
			"ends", on(1, 1.9, 3.7, 7, 12, 20, 20), 20, sweep.Threads, 2,
			"3.70× on 4 cores, 7.00× on 8, the most 20.0×, from 32 on",
		},
		{"ends soon", on(1, 1.9, 3.7, 3.7, 3.7), 3.7, sweep.Cores, 1, "1.90× on 2 cores, 3.70× on 4, no more from 4 on"},
		{"level", on(1, 1.34, 1.34, 1.34), 1.34, sweep.Cores, 2, "at most 1.34×, from 2 cores on"},
		{
			"level below what nothing costs", on(1, 1.3, 1.3), 1.5, sweep.Cores, 2,
			"the most 1.30×, from 2 cores on, no more than 1.50× on any number",
		},
		{
			"falls", on(1, 1.6, 2.4, 2.7, 2.2), math.NaN(), sweep.Procs, 2,
			"2.40× with 4 processes, 2.70× with 8, less with more than 8",
		},
		{
			"falls later", on(1, 1.6, 2.4, 2.7, 3, 2.2), math.NaN(), sweep.Procs, 2,
			"2.40× with 4 processes, 2.70× with 8, the most 3.00× with 16, less with more",
		},
		{
			"falls below its bound", on(1, 1.6, 2.4, 2.7, 3, 2.2), 29, sweep.Procs, 2,
			"2.40× with 4 processes, 2.70× with 8, the most 3.00× with 16, less with more",
		},
		{
			"fell before", on(1, 0.9, 0.5, 0.4), math.NaN(), sweep.Procs, 2,
			"0.50× with 4 processes, 0.40× with 8, the most 0.90× with 2",
		},
		{"no more asked for", on(1, 1.9), math.NaN(), sweep.Threads, 2, "1.90× on 2 cores"},
		{"band", banded, math.NaN(), sweep.Threads, 2, "3.70× (3.70–3.80) on 4 cores"},
		{"one core", on(1), 1, sweep.Threads, 0, ""},
	} {
		if got := words.Predicted(tt.points, tt.most, tt.mode, tt.from, ""); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A picture is to say one thing: the most, and whether more cores give more.
func TestMostPredicted(t *testing.T) {
	for want, points := range map[string][]predict.Prediction{
		"7.00× predicted on 8 cores":               on(1, 1.9, 3.7, 7),
		"3.70× predicted from 4 cores on":          on(1, 1.9, 3.7, 3.7),
		"3.70× predicted on 4 cores, less on more": on(1, 1.9, 3.7, 3.5),
		"1.00× predicted from 2 cores on":          on(1, 1, 1),

		"1.00× predicted on 2–4 cores, less on more": on(1, 1, 1, 0.99),
	} {
		if got := words.MostPredicted(points, sweep.Threads); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got, want := words.MostPredicted(on(1, 1.9, 3.7, 3.5), sweep.Procs), "3.70× predicted with 4 processes, less with more"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The most is said with its band, and that more cores give less only where no band reaches it.
func TestMostPredictedBand(t *testing.T) {
	points := on(1, 1.9, 3.7, 3.5)
	points[2].High, points[3].High = 4.1, 3.6
	if got, want := words.MostPredicted(points, sweep.Threads), "3.70× (3.70–4.10) predicted on 4 cores, less on more"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	points[3].High = 7
	if got, want := words.MostPredicted(points, sweep.Threads), "3.70× (3.70–4.10) predicted on 4 cores"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	points[2].High = 3.71
	if got, want := words.MostPredicted(points, sweep.Threads), "3.70× predicted on 4 cores"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A prediction that misses what was measured is none.
func TestForetold(t *testing.T) {
	c := &study.Curve{Curve: curve.Curve{Points: []curve.Point{{N: 1, Speedup: 1}, {N: 2, Speedup: 1.8}}}}
	c.Sweep.Mode = sweep.Threads
	c.Prediction = &study.Prediction{Points: on(1, 1.9, 3.7), Most: math.NaN(), Checks: []study.Check{
		{At: 1, Cores: 2, Predicted: 1.9, Error: 1.9/1.8 - 1},
	}}
	want := "predicted by replay: 3.70× on 4 cores; 1.90× on 2, where 1.80× was measured"
	if got := words.Plain(words.Foretold(c)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	c.Prediction.Curve = &predict.Curve{Warnings: []warning.Warning{{Kind: warning.PredictLost}}}
	want = "predicted by replay of the part of the trace that was read: 3.70× on 4 cores; 1.90× on 2, where 1.80× was measured"
	if got := words.Plain(words.Foretold(c)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	c.Points[1].Speedup, c.Prediction.Checks[0].Error = 1.2, 1.9/1.2-1
	want = "not predicted: a replay gives 1.90× on 2 cores, where what was measured is too noisy to tell"
	if got := words.Plain(words.Foretold(c)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	c.Prediction.Checks[0].Known = true
	want = "not predicted: a replay gives 1.90× on 2 cores, where 1.20× was measured (+58 %)"
	if got := words.Plain(words.Foretold(c)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
