package sweep_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/corecurve/corecurve/trace/sweep"
)

// From the counts that a user gives to the runs, in the order in which a study makes them.
func Example() {
	sweeps, err := sweep.Axes{Workers: []int{1, 2, 4}}.Sweeps(sweep.Subject{Workload: "pi", Size: 1000}, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	var plan sweep.Plan
	for rep := range 2 {
		plan = append(plan, sweep.Block(sweep.Points(sweeps), rep, sweep.Timed)...)
	}
	for _, run := range plan.Interleave(2) {
		fmt.Println(run.Dir())
	}
	// Output:
	// pi-p1-w4-c4-s1000-r00
	// pi-p1-w2-c2-s1000-r00
	// pi-p1-w1-c1-s1000-r00
	// pi-p1-w4-c4-s1000-r01
	// pi-p1-w1-c1-s1000-r01
	// pi-p1-w2-c2-s1000-r01
}

// A study is a directory: a journal writes it run by run, and anyone can read it at any time.
func ExampleReadStudy() {
	parent, err := os.MkdirTemp("", "example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(parent) }()
	dir := filepath.Join(parent, "study")
	journal, err := sweep.CreateStudy(dir, sweep.Header{Schema: sweep.StudySchema, Seed: 7})
	if err != nil {
		fmt.Println(err)
		return
	}
	point := sweep.Point{Workload: "pi", Procs: 1, Workers: 2, Cores: 2, Size: 1000}
	err = journal.Append(&sweep.Result{
		Schema: sweep.RunSchema,
		Run:    sweep.Run{Point: point, Kind: sweep.Timed},
		Status: sweep.OK,
		Total:  sweep.Seconds(1_250_000_000),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := journal.Close(); err != nil {
		fmt.Println(err)
		return
	}

	study, err := sweep.ReadStudy(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range study.Results {
		fmt.Printf("%s: %s, %.2f s\n", r.Point, r.Status, r.Total.Float())
	}
	// Output: pi-p1-w2-c2-s1000: ok, 1.25 s
}
