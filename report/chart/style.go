package chart

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/trace/sweep"
)

// causeLook is how c is shown. A cause fills its segment.
func causeLook(c cause.Cause) canvas.Look {
	e := c.Entry()
	return canvas.Look{Name: e.Name, Fill: hueOf(e.Colour), Pattern: e.Pattern, Height: 1}
}

// hueOf is the shade of a colour.
func hueOf(c cause.Colour) canvas.Hue {
	return [...]canvas.Hue{
		cause.White: canvas.White, cause.Green: canvas.Green, cause.Black: canvas.Black,
		cause.Charcoal: canvas.Charcoal, cause.Vermillion: canvas.Vermillion,
		cause.Purple: canvas.Purple, cause.Sky: canvas.Sky, cause.Yellow: canvas.Yellow, cause.Orange: canvas.Orange,
		cause.Grey: canvas.Middle, cause.Silver: canvas.Silver, cause.Slate: canvas.Slate,
	}[c]
}

// maybeNoise is the look of causes that noise and tracing can be all of.
func maybeNoise() canvas.Look {
	return canvas.Look{Name: "may be noise or tracing", Fill: canvas.White, Pattern: cause.Rising, Height: 1}
}

// smallCauses stands for causes that are each too little to be seen.
func smallCauses() canvas.Look {
	return canvas.Look{Name: "smaller causes", Fill: canvas.Grid, Pattern: cause.Edged, Height: 1}
}

// lookOf is how s is shown.
func lookOf(s timeline.State) canvas.Look { return looks()[s] }

// idleLook is the row of a worker that has nothing to do: its line alone.
func idleLook() canvas.Look {
	return canvas.Look{Name: "empty: idle or not there", Fill: canvas.Grid, Height: 0.1}
}

// looks is the one table of the looks of states. The colour of each, and its pattern, is that of the cause as which the
// ledger books its time.
func looks() [timeline.NumStates]canvas.Look {
	const full, most, foot = 1, 0.7, 0.45
	as := func(c cause.Cause, name string, height float64) canvas.Look {
		look := causeLook(c)
		look.Name, look.Height = name, height
		return look
	}
	return [...]canvas.Look{
		timeline.Absent:   {Name: "not there"},
		timeline.Running:  as(cause.User, "running", full),
		timeline.Ready:    as(cause.SchedLatency, "ready, on no core", foot),
		timeline.Lock:     as(cause.Mutex, "waiting for a lock or a condition", foot),
		timeline.Join:     as(cause.Join, cause.Join.Entry().Name, foot),
		timeline.Channel:  as(cause.ChanRecv, "waiting at channels", foot),
		timeline.Waiting:  as(cause.Sleep, "sleep, network, input and output", foot),
		timeline.Dispatch: as(cause.Dispatch, "waiting for the next task", foot),
		timeline.GC:       as(cause.GCDedicated, "garbage collection", full),
		timeline.Serial:   as(cause.Serial, "idle while a serial part runs", foot),
		timeline.Startup:  as(cause.Startup, "start-up and end", most),
		timeline.Others:   {Name: "other threads of the run", Fill: canvas.Grid, Height: full},
		timeline.Unknown:  as(cause.Unknown, "not known", most),
	}
}

// modeStyle is the colour and the mark of the k-th workload under a mode: shades of blue for threads and of vermillion
// for processes. The marks differ as well, as blue and vermillion are the same grey.
func modeStyle(m sweep.Mode, k int) (canvas.Hue, canvas.Shape) {
	switch m {
	case sweep.Procs:
		return cycle(k, canvas.Vermillion, canvas.Orange, canvas.Purple, canvas.Muted).Visible(),
			cycle(k, canvas.Square, canvas.Diamond, canvas.PointDown, canvas.PointLeft)
	default:
		return cycle(k, canvas.Blue, canvas.Sky, canvas.Green, canvas.Black).Visible(),
			cycle(k, canvas.Circle, canvas.PointUp, canvas.Hexagon, canvas.PointRight)
	}
}

// sideStyle is that of a side of a comparison.
func sideStyle(s Side) (canvas.Hue, canvas.Shape) {
	if s == BaseSide {
		return canvas.Dark, canvas.Circle // the ideal is grey
	}
	return canvas.Blue.Visible(), canvas.Square
}

func cycle[T any](k int, of ...T) T { return of[k%len(of)] }
