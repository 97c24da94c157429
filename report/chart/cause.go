package chart

import (
	"sync"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
)

// CauseName is a cause in few words, as pictures and tables have it.
func CauseName(c cause.Cause) string { return causeLook(c).name }

// causeLooks is the one table of the looks of causes. Causes of a group share the hue of the state that a timeline shows them as, and differ by
// pattern, so that they can be told apart in grey.
var causeLooks = sync.OnceValue(func() map[cause.Cause]look {
	return map[cause.Cause]look{
		cause.User:          {name: "own code", fill: green},
		stack.WorkInflation: {name: "same work, more CPU time", fill: green, pattern: crossed},
		cause.Syscall:       {name: "system calls", fill: green, pattern: rising},
		cause.Runtime:       {name: "Go runtime", fill: green, pattern: falling},

		cause.GCDedicated: {name: "GC workers", fill: black},
		cause.GCIdle:      {name: "GC on idle cores", fill: charcoal, pattern: rising},
		cause.GCAssist:    {name: "GC assists", fill: black, pattern: level},
		cause.GCSweep:     {name: "GC sweeping", fill: charcoal, pattern: falling},
		cause.GCSTW:       {name: "GC stops the world", fill: black, pattern: crossed},

		cause.Mutex:   {name: "mutex", fill: vermillion, pattern: rising},
		cause.RWMutex: {name: "read-write mutex", fill: vermillion, pattern: falling},
		cause.Join:    {name: "waiting for others to finish", fill: vermillion},
		cause.Cond:    {name: "condition variable", fill: vermillion, pattern: level},
		cause.Futex:   {name: "lock outside Go", fill: vermillion, pattern: crossed},

		cause.ChanSend: {name: "channel send", fill: purple, pattern: rising},
		cause.ChanRecv: {name: "channel receive", fill: purple, pattern: falling},
		cause.Select:   {name: "select", fill: purple, pattern: crossed},

		cause.Sleep:        {name: "sleep", fill: sky},
		cause.Net:          {name: "network", fill: sky, pattern: rising},
		cause.BlockSyscall: {name: "blocking system call", fill: sky, pattern: falling},
		cause.IO:           {name: "input and output", fill: sky, pattern: crossed},

		cause.SchedLatency: {name: "ready, not yet running", fill: yellow, pattern: edged},
		cause.Preempted:    {name: "ready, taken off its core", fill: yellow, pattern: outlined},

		cause.Startup:  {name: "start-up", fill: middle},
		cause.Dispatch: {name: "dispatch", fill: middle, pattern: rising},
		cause.Teardown: {name: "teardown", fill: middle, pattern: falling},
		cause.Tracer:   {name: "tracing", fill: middle, pattern: level},

		cause.Serial:       {name: "serial part", fill: orange, pattern: crossed},
		stack.NotExplained: {name: "not explained", fill: white, pattern: framed},
		cause.Unknown:      {name: "not known", fill: white, pattern: outlined},
	}
})

// causeLook is how c is shown: by its name alone if this version has no look for it. A cause fills its segment.
func causeLook(c cause.Cause) look {
	l, ok := causeLooks()[c]
	if !ok {
		l = look{name: string(c), fill: white, pattern: edged}
	}
	l.height = 1
	return l
}

// smallCauses stands for causes that are each too little to be seen.
func smallCauses() look { return look{name: "smaller causes", fill: grid, pattern: edged, height: 1} }
