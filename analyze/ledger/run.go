package ledger

import (
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

const (
	// disagreement is how far the CPU time by the OS and the busy time of Ps may differ before totals are corrected.
	disagreement = 0.05
	// enoughCPU is the least CPU time at which the two are compared: below, start-up and the clock tick weigh too much.
	enoughCPU = time.Second
	// Below that, down to littleCPU, only a gross lack of CPU time counts, which start-up cannot explain.
	grossLack = 0.25
	littleCPU = time.Second / 10
)

// OfRun accounts for all cores of a run over all of its total time: start-up, the window of the traces, teardown. The
// ledgers are those of its processes and its coordinator, over the work of the run (from Start + Startup to Start +
// Startup + Work).
//
// Where there are more Ps than cores, or the OS counted another CPU time than the Ps were busy, busy time is scaled to
// what the OS counted and idle time to the rest of the cores. What the cores then still have went to other programs
// while goroutines of the run could have used it: os.preempted. Idle Ps of the coordinator are left out: its processes
// run meanwhile, so nothing is lost.
//
// Processes that left no trace, be they copies of the command or programs that a process of the run started, are a row
// of their own, cause.Untraced: their time on the cores is no time of the processes that have one.
//
// With the OS scheduler's records of what the cores did during the work, unless on is nil, the totals are those of the
// records; the traces divide busy and idle time among causes and stacks.
func OfRun(res *sweep.Result, procs []*Ledger, on *OnCores) *Ledger {
	m := Merge(procs...)
	n := int64(res.Point.Cores)
	start := clock.Time(res.Start)
	end := clock.Time(res.Start + res.Total)
	from, to := clock.Time(res.Start+res.Startup), clock.Time(res.Start+res.Startup+res.Work)
	from, to = min(max(from, start), end), max(min(to, end), min(max(from, start), end))
	run := &Ledger{
		Level: Cores, Start: start, End: end, Wall: end.Sub(start), Total: CoreTime(n * int64(end-start)),
		Workers: m.Workers, Warnings: m.Warnings,
	}
	run.add(cause.Startup, Stack{Time: CoreTime(n * int64(from-start))})
	run.add(cause.Teardown, Stack{Time: CoreTime(n * int64(end-to))})
	w := window{run: run, res: res, room: CoreTime(n * int64(to-from)), wall: to.Sub(from)}
	w.collect(procs)
	w.divide(procs)
	if on != nil {
		w.fillOn(on)
	} else {
		w.fill()
	}
	sortRows(run)
	return run
}

// OnCores is what the cores did during the work of a run, by the records of the OS scheduler. The sum is cores × time.
type OnCores struct {
	Busy CoreTime // a thread of the run was on a core
	// Each is of that the part of the process of each ledger, and Untraced that of processes without a trace, by
	// program; neither is known if both are nil.
	Each      []CoreTime
	Untraced  []Stack
	Preempted CoreTime // none was, but one was ready
	Idle      CoreTime // all threads were blocked
	Unknown   CoreTime // records were lost
}

// A window accounts for the part of a run that the traces cover.
type window struct {
	run      *Ledger
	res      *sweep.Result
	room     CoreTime // cores × its length
	wall     time.Duration
	busy     []share // of the Ps, by process
	idle     []Row   // of the Ps
	sumBusy  CoreTime
	sumIdle  CoreTime
	ps       CoreTime      // without those of the coordinator
	cpu      CoreTime      // of the processes with a trace, by the OS; theirs are in busy, if all are known
	untraced CoreTime      // of the others, by the OS
	foreign  bool          // there is a process that was to leave a trace and left none
	seen     time.Duration // the length that a trace covers
}

// A share is the busy time of one process.
type share struct {
	rank int
	rows []Row
	sum  CoreTime
	cpu  CoreTime // by the OS; 0: not known
}

// collect splits the rows of the processes into busy and idle.
func (w *window) collect(procs []*Ledger) {
	for _, l := range procs {
		coordinator := len(l.parts) == 1 && l.parts[0].rank < 0
		if !coordinator {
			w.ps += l.Total
			w.seen = min(max(w.seen, l.Wall), w.wall)
		}
		own := share{rank: -1}
		if len(l.parts) > 0 {
			own.rank = l.parts[0].rank
		}
		for _, r := range l.rowsBeside(procs) {
			switch {
			case r.Cause.Busy():
				own.rows = append(own.rows, r)
				own.sum += r.Time
			case r.Cause == cause.Preempted: // a P without a core: the core is accounted for by itself
			case !coordinator:
				w.idle = append(w.idle, r)
				w.sumIdle += r.Time
			}
		}
		w.busy = append(w.busy, own)
		w.sumBusy += own.sum
	}
}

// fill shares the room of the window among the rows.
func (w *window) fill() {
	busy, counts := w.correct()
	parts := w.parts(busy, counts)
	if busy < w.sumBusy && counts {
		w.preempt(parts)
	}
	rest := w.room - w.putBusy(parts)
	take := func(d CoreTime) CoreTime {
		d = max(min(d, rest), 0)
		rest -= d
		return d
	}
	untraced := take(w.untraced)
	w.run.add(cause.Untraced, Stack{Time: untraced})
	w.put(w.idle, take(w.sumIdle))
	unseen := take(w.room - CoreTime(w.res.Point.Cores)*CoreTime(w.seen))
	w.run.add(cause.Unknown, Stack{Time: unseen}) // what no trace covers
	if w.foreign {                                // what it waited for nobody knows, nor how many cores it asked for
		w.run.add(cause.Unknown, Stack{Time: rest})
		return
	}
	w.run.add(cause.Serial, Stack{Time: take(w.unasked(untraced))})
	w.run.add(cause.Preempted, Stack{Time: rest})
}

// unasked returns the room of the cores beyond the number of Ps, which the program never asked for. What processes
// without a trace had, they asked for; how many cores they wanted while no trace tells of another nobody knows.
func (w *window) unasked(untraced CoreTime) CoreTime {
	room := w.room
	if untraced > 0 {
		room = min(room, CoreTime(w.res.Point.Cores)*CoreTime(w.seen))
	}
	return max(room-w.ps-untraced, 0)
}

// fillOn shares the room of the window among the rows as the OS scheduler's records say.
func (w *window) fillOn(on *OnCores) {
	if w.crowded() {
		w.warnPs(warning.PsByRecords)
	}
	rest := w.room
	take := func(d CoreTime) CoreTime {
		d = max(min(d, rest), 0)
		rest -= d
		return d
	}
	var untraced CoreTime
	for _, s := range on.Untraced {
		s.Time = take(s.Time)
		untraced += s.Time
		w.run.add(cause.Untraced, s)
	}
	busy, preempted, idle := take(on.Busy-untraced), take(on.Preempted), take(on.Idle)
	if w.ps > 0 && !w.foreign {
		serial := min(idle, w.unasked(untraced))
		w.run.add(cause.Serial, Stack{Time: serial})
		idle -= serial
	}
	if w.foreign || untraced > 0 { // what the Ps were not idle for, those without a trace may have been
		rest += max(idle-w.sumIdle, 0)
		idle = min(idle, w.sumIdle)
	}
	for i := range w.busy {
		if w.busy[i].cpu = 0; i < len(on.Each) {
			w.busy[i].cpu = on.Each[i]
		}
	}
	rest += busy - w.putBusy(w.parts(busy, true))
	if w.sumIdle > 0 {
		w.put(w.idle, idle)
	} else {
		rest += idle
	}
	w.run.add(cause.Preempted, Stack{Time: preempted})
	w.run.add(cause.Unknown, Stack{Time: rest})
}

// crowded reports whether there were more Ps than cores.
func (w *window) crowded() bool { return w.ps > w.room+w.room/100 }

func (w *window) warnPs(k warning.Kind) {
	w.run.Warnings = append(w.run.Warnings, warning.Warning{Kind: k, Figures: warning.Figures{
		Ratio: float64(w.ps) / float64(max(w.wall, 1)), Count: w.res.Point.Cores,
	}})
}

// put adds rows, scaled to total.
func (w *window) put(rows []Row, total CoreTime) {
	var stacks []Stack
	var of []cause.Cause
	for _, r := range rows {
		for _, s := range r.Stacks {
			stacks = append(stacks, s)
			of = append(of, r.Cause)
		}
	}
	for i, d := range Apportion(total, stacks, func(s Stack) float64 { return float64(s.Time) }) {
		s := stacks[i]
		s.Time = d
		w.run.add(of[i], s)
	}
}

// parts divides busy time of the cores among the processes with a trace: by the CPU time that the OS counted for each,
// if wanted and known of all, else by their Ps.
func (w *window) parts(busy CoreTime, counted bool) []CoreTime {
	for _, s := range w.busy {
		counted = counted && (s.cpu > 0 || s.sum == 0)
	}
	return Apportion(busy, w.busy, func(s share) float64 {
		if counted {
			return float64(s.cpu)
		}
		return float64(s.sum)
	})
}

// putBusy adds the rows of each process, scaled to its part, and returns the sum of what it added.
func (w *window) putBusy(parts []CoreTime) CoreTime {
	var sum CoreTime
	for i, s := range w.busy {
		if s.sum > 0 {
			w.put(s.rows, parts[i])
			sum += parts[i]
		}
	}
	return sum
}

// correct returns how much of the room was really used, and whether the OS counted it, with a warning if the Ps show
// otherwise.
func (w *window) correct() (busy CoreTime, counted bool) {
	cpu := w.cpu
	many := w.crowded()
	if many {
		w.run.Level = Ps
		w.warnPs(warning.PsNotCores)
	}
	if cpu <= 0 || w.sumBusy == 0 {
		return min(w.sumBusy, w.room), false
	}
	off := float64(cpu)/float64(w.sumBusy) - 1
	apart := math.Abs(off) > disagreement && time.Duration(cpu) >= enoughCPU || off < -grossLack &&
		time.Duration(cpu) >= littleCPU
	if apart {
		w.run.Warnings = append(w.run.Warnings, warning.Warning{Kind: warning.CPUDiffers, Figures: warning.Figures{
			Time: time.Duration(w.sumBusy), Against: time.Duration(cpu), Ratio: off,
		}})
	}
	if !apart && (!many || off >= 0) {
		return min(w.sumBusy, w.room), false
	}
	return min(cpu, w.room), true
}

// preempt leaves each worker the part of its busy time that its process had of the time of its Ps: for the rest it was
// ready without a core.
func (w *window) preempt(parts []CoreTime) {
	for i := range w.run.Workers {
		t := &w.run.Workers[i]
		k := slices.IndexFunc(w.busy, func(s share) bool { return s.rank == t.Rank })
		if k < 0 || parts[k] >= w.busy[k].sum {
			continue
		}
		lacks := 1 - float64(parts[k])/float64(w.busy[k].sum)
		for _, c := range cause.All() {
			if c.Busy() {
				busy := t.ByCause[c]
				if c == cause.GCAssist {
					busy -= t.Parked
				}
				t.move(c, cause.Preempted, time.Duration(math.Round(float64(busy)*lacks)))
			}
		}
	}
}
