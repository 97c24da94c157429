package words

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
)

func TestCoreUse(t *testing.T) {
	for _, tt := range []struct {
		use   cores.Use
		after string
		want  string
	}{
		{cores.Use{Cores: 2, MaxPs: 4, Mean: 1.79, Profile: []time.Duration{1, 19, 80}}, "", "2 of 2 cores busy for 80 % of the time, 1.79 on average"},
		{
			cores.Use{Cores: 2, MaxPs: 4, MinPs: 4, OfPs: true, Mean: 1.1, Profile: []time.Duration{10, 70, 20}},
			" after the release",
			"1 of 4 Ps busy for 70 % of the time after the release, 1.10 on average, on 2 cores",
		},
		{cores.Use{Cores: 1, Mean: 0.2, Profile: []time.Duration{80, 20}}, "", "none of 1 core busy for 80 % of the time, 0.20 on average"},
		// Of so many, none is that for most of the time.
		{cores.Use{Cores: 4, Mean: 2.5, Profile: []time.Duration{0, 20, 30, 30, 20}}, "", "2.50 of 4 cores busy on average"},
		{cores.Use{Cores: 2}, "", "0.00 of 2 cores busy on average"},
	} {
		if got := Plain(CoreUse(&tt.use, tt.after)); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.use, got, tt.want)
		}
	}
}
