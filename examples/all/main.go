// All holds the workloads that are linked into corecurve, and the programs of known limits, as a program of their own:
// it can be built with sync events, which corecurve itself is not.
package main

import (
	"github.com/corecurve/corecurve/examples"
	"github.com/corecurve/corecurve/examples/known"
	"github.com/corecurve/corecurve/trace/workload"
)

func main() {
	ws := examples.All()
	for _, p := range known.All() {
		ws = append(ws, p.Workload)
	}
	workload.Main(ws...)
}
