package main

import (
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture/probe"
	"github.com/corecurve/corecurve/trace/sweep"
)

// What doctor says of a second follows from what was taken in it, and what it says of the last minute does not
// contradict that: two CPUs for a second.
func TestDoctorQuiet(t *testing.T) {
	tests := []struct {
		name               string
		others, hypervisor float64 // core-seconds
		load               float64
		want, never        []string
	}{
		{
			"quiet, and was", 0.02, 0, 0.1,
			[]string{"others used 1 % of the CPUs and the hypervisor took 0 %, together ±1 %: quiet", "in the last minute."},
			[]string{"wait if", "disturbed"},
		},
		{
			"quiet, and was not", 0.02, 0, 1.8,
			[]string{": quiet", "in the last minute, more than now.", "expect runs to be disturbed"},
			[]string{"wait if"},
		},
		{
			"as noisy as it was", 0.3, 0, 0.4,
			[]string{"others used 15 % of the CPUs", "which is weighed", "in the last minute."},
			[]string{"quiet", "more than now"},
		},
		{
			"the hypervisor", 0.06, 0.74, 0.1,
			[]string{"others used 3 % of the CPUs and the hypervisor took 37 %", "Only great differences"},
			[]string{"quiet"},
		},
		{
			"all taken by more processes than CPUs", 2, 0, 16,
			[]string{"others used 100 % of the CPUs", "Only great differences", "in the last minute."},
			[]string{"more than now"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := &diagnosis{Machine: &probe.Machine{
				Host: sweep.Host{CPUs: make([]sweep.CPU, 2)}, Load: &tt.load,
				Noise: sweep.Noise{CPUs: &sweep.Taken{
					Had: sweep.Seconds(2 * time.Second), Resolution: sweep.Seconds(20 * time.Millisecond),
					Others: sweep.Seconds(tt.others * 1e9), Hypervisor: sweep.Seconds(tt.hypervisor * 1e9),
				}},
			}}
			got := words.Plain(d.taken() + " " + d.load())
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("no %q in: %s", w, got)
				}
			}
			for _, w := range tt.never {
				if strings.Contains(got, w) {
					t.Errorf("%q in: %s", w, got)
				}
			}
		})
	}
}
