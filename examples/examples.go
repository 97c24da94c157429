package examples

import (
	"github.com/corecurve/corecurve/examples/alloc"
	"github.com/corecurve/corecurve/examples/cpu"
	"github.com/corecurve/corecurve/examples/dot"
	"github.com/corecurve/corecurve/examples/factorial"
	"github.com/corecurve/corecurve/examples/fetch"
	"github.com/corecurve/corecurve/examples/fib"
	"github.com/corecurve/corecurve/examples/files"
	"github.com/corecurve/corecurve/examples/imbalance"
	"github.com/corecurve/corecurve/examples/mutex"
	"github.com/corecurve/corecurve/examples/pi"
	"github.com/corecurve/corecurve/examples/pipeline"
	"github.com/corecurve/corecurve/examples/serial"
	"github.com/corecurve/corecurve/examples/sharing"
	"github.com/corecurve/corecurve/examples/sleep"
	"github.com/corecurve/corecurve/examples/sort"
	"github.com/corecurve/corecurve/examples/spinlock"
	"github.com/corecurve/corecurve/trace/workload"
)

// All returns every example, in listing order.
func All() []workload.Workload {
	return []workload.Workload{
		fib.Workload(),
		pi.Workload(),
		factorial.Workload(),
		cpu.Workload(),
		sleep.Workload(),
		fetch.Workload(),
		files.Workload(),
		dot.Workload(),
		sort.Workload(),
		mutex.Workload(),
		mutex.Held(1, "mutex-100"),
		spinlock.Workload(),
		sharing.Workload(),
		sharing.Padded(),
		serial.Workload(),
		serial.First(0.1, "serial-10"),
		imbalance.Workload(),
		pipeline.Workload(),
		alloc.Workload(),
	}
}
