package words

import "testing"

func TestFaster(t *testing.T) {
	fast, slow := Fastest{"pi", 3.9, "4 workers", true}, Fastest{"sort", 1.31, "2 workers", true}
	flat := Fastest{"mutex", 1.02, "2 workers", false}
	for _, test := range []struct {
		want string
		all  []Fastest
	}{
		{"all 2 workloads get faster, most pi, 3.9× with 4 workers; least sort, 1.3×", []Fastest{slow, fast}},
		{"2 of 3 workloads get faster, most pi, 3.9× with 4 workers", []Fastest{slow, flat, fast}},
		{"of 2 workloads only pi is shown to get faster: 3.9× with 4 workers", []Fastest{flat, fast}},
		{"none of the 2 workloads is shown to get faster", []Fastest{flat, {Workload: "none"}}},
	} {
		if got := Faster(test.all); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
