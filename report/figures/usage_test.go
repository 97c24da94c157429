package figures

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/report/words"
)

func TestAllBusy(t *testing.T) {
	for _, tt := range []struct {
		use  cores.Use
		want string
	}{
		{cores.Use{Cores: 2, MaxPs: 4, Profile: []time.Duration{1, 19, 80}}, "; all of them for 80 % of the time"},
		{cores.Use{Cores: 2, MaxPs: 4, OfPs: true, Profile: []time.Duration{1, 19, 80}}, "; never all of them at once"},
		{cores.Use{Cores: 1, Profile: []time.Duration{1, 19}}, ""},
		{cores.Use{Cores: 2}, ""},
	} {
		if got := words.Plain(allBusy(&tt.use)); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.use, got, tt.want)
		}
	}
}
