package chart

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
)

// Hatchings, each darker than the fill it lies on but for that on black.
const (
	darkGreen      hue = 0x00513B
	darkVermillion hue = 0x7A2F00
	darkPurple     hue = 0x7D3A60
	darkSky        hue = 0x1B5E87
	darkYellow     hue = 0x6B6410
	darkOrange     hue = 0x7A4A00
	charcoal       hue = 0x4A4A4A
)

// CauseName is a cause in few words, as pictures and tables have it.
func CauseName(c cause.Cause) string { return causeLook(c).name }

// causeLook is the one table of the looks of causes. Causes of a group share the hue of the state that a timeline shows them as, and differ by
// pattern, so that they can be told apart in grey.
func causeLook(c cause.Cause) look {
	name, fill, pattern, hatch := causeTable(c)
	return look{name: name, fill: fill, pattern: pattern, hatch: hatch, height: 1}
}

func causeTable(c cause.Cause) (string, hue, pattern, hue) {
	switch c {
	case cause.User:
		return "own code", green, plain, 0
	case stack.WorkInflation:
		return "same work, more CPU time", green, crossed, darkGreen
	case cause.Syscall:
		return "system calls", green, rising, darkGreen
	case cause.Runtime:
		return "Go runtime", green, falling, darkGreen
	case cause.GCDedicated:
		return "GC workers", black, plain, 0
	case cause.GCIdle:
		return "GC on idle cores", charcoal, rising, white
	case cause.GCAssist:
		return "GC assists", black, level, white
	case cause.GCSweep:
		return "GC sweeping", charcoal, falling, white
	case cause.GCSTW:
		return "GC stops the world", black, crossed, white
	case cause.Mutex:
		return "mutex", vermillion, rising, darkVermillion
	case cause.RWMutex:
		return "read-write mutex", vermillion, falling, darkVermillion
	case cause.Join:
		return "waiting for others to finish", vermillion, plain, 0
	case cause.Cond:
		return "condition variable", vermillion, level, darkVermillion
	case cause.Futex:
		return "lock outside Go", vermillion, crossed, darkVermillion
	case cause.ChanSend:
		return "channel send", purple, rising, darkPurple
	case cause.ChanRecv:
		return "channel receive", purple, falling, darkPurple
	case cause.Select:
		return "select", purple, crossed, darkPurple
	default:
		return restTable(c)
	}
}

// restTable goes on with the causes that are neither work nor waiting for another goroutine.
func restTable(c cause.Cause) (string, hue, pattern, hue) {
	switch c {
	case cause.Sleep:
		return "sleep", sky, plain, 0
	case cause.Net:
		return "network", sky, rising, darkSky
	case cause.BlockSyscall:
		return "blocking system call", sky, falling, darkSky
	case cause.IO:
		return "input and output", sky, crossed, darkSky
	case cause.SchedLatency:
		return "ready, not yet running", yellow, edged, darkYellow
	case cause.Preempted:
		return "ready, taken off its core", yellow, outlined, darkYellow
	case cause.Startup:
		return "start-up", middle, plain, 0
	case cause.Dispatch:
		return "dispatch", middle, rising, charcoal
	case cause.Teardown:
		return "teardown", middle, falling, charcoal
	case cause.Tracer:
		return "tracing", middle, level, charcoal
	case cause.Serial:
		return "serial part", orange, crossed, darkOrange
	case stack.NotExplained:
		return "not explained", white, framed, middle
	case cause.Unknown:
		return "not known", white, outlined, middle
	default:
		return string(c), white, edged, middle // a cause that this version has no look for
	}
}

// smallCauses stands for causes that are each too little to be seen.
func smallCauses() look {
	return look{name: "smaller causes", fill: grid, pattern: edged, hatch: muted, height: 1}
}
