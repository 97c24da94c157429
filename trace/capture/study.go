package capture

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Task is a study to make: what to run and when to stop.
type Task struct {
	Sweeps []sweep.Sweep
	Seed   uint64
	Rule   sweep.Rule
	Warmup int // unrecorded runs of each workload's first point
	Traced int // traced runs of every point, as far as the budget goes

	// Converged reports whether the results so far are good enough, and why, in words.
	Converged func([]sweep.Result) (ok bool, why string)
	// Progress, if not nil, is called before each run.
	Progress func(Progress)
	// Outlook, if not nil, is called before the first run, and again whenever more is known. Its error ends the study.
	Outlook func(Outlook) error
	// Expected is about how long a run takes at those points where it is known beforehand.
	Expected map[sweep.Point]time.Duration
}

// Progress says how far a study has come.
type Progress struct {
	Run    sweep.Run
	Block  int // number of the block, from 0
	Blocks int // at least this many will be made, unless the budget ends first
	Done   int // runs of this call that are finished
	Total  int // runs of this call, for Blocks blocks
}

// An Ending says how a study ended.
type Ending struct {
	Results []sweep.Result // those given and those made
	Why     string         // why it stopped, in words
	Failed  bool           // it stopped because no workload gave a result
	Missed  []sweep.Result // the last attempts at runs that were interrupted each time, and are not made
}

// giveUpAfter is how many runs of a point may fail, without one that succeeds, before further blocks leave the point
// out.
const giveUpAfter = 3

// Measure makes the runs of a study that are not among done, block by block, and records each. If ctx ends, or a result
// cannot be recorded, it returns what there is and the error.
func (r *Runner) Measure(ctx context.Context, t Task, done []sweep.Result) (Ending, error) {
	m := r.measuring(t, done)
	for i := range done {
		if err := r.remember(&done[i]); err != nil {
			return m.end, err
		}
	}
	err := m.begin(ctx)
	if err == nil {
		err = m.blocks(ctx)
	}
	if ctx.Err() != nil {
		m.end.Why = why(ctx)
	}
	return m.end, err
}

// blocks makes what the study lacks, until it ends.
func (m *measuring) blocks(ctx context.Context) (err error) {
	for k := 0; err == nil; {
		var stop bool
		if stop, m.end.Why = m.stop(k); !stop {
			err = m.round(ctx, k)
			k++
			continue
		}
		if err = m.trace(ctx, k, m.t.Traced); err == nil {
			if stop, err = m.repeat(ctx, k); !stop {
				break
			}
		}
	}
	m.end.Why += m.counts()
	return err
}

// why says what has ended ctx.
func why(ctx context.Context) string {
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err.Error()
	}
	return "interrupted"
}

// round makes timed block k and the traced blocks that are due after it.
func (m *measuring) round(ctx context.Context, k int) error {
	made := m.made
	if err := m.block(ctx, block{kind: sweep.Timed, rep: k}, k); err != nil {
		return err
	}
	if k == 0 && m.made > made {
		if err := m.outlook(FirstBlock); err != nil {
			return err
		}
	}
	return m.trace(ctx, k, m.tracedAfter(k))
}

// measuring begins a study that has the results done.
func (r *Runner) measuring(t Task, done []sweep.Result) *measuring {
	points := sweep.Points(t.Sweeps)
	m := &measuring{
		r: r, t: t, points: points, subjects: subjects(points), start: time.Now(), end: Ending{Results: done},
		ceilingTime: ceilingTime,
		have:        map[sweep.Run]bool{}, last: map[sweep.Kind]time.Duration{}, took: map[sweep.Point]time.Duration{},
	}
	maps.Copy(m.took, t.Expected)
	for i := range done {
		m.have[done[i].Run] = true
		m.count(&done[i])
	}
	return m
}

// tracedAfter returns how many traced blocks there shall be after timed block k: they are spread evenly among the timed
// blocks that the rule requires, so that a budget cuts both alike.
func (m *measuring) tracedAfter(k int) int {
	return min(m.t.Traced, k*m.t.Traced/max(1, m.t.Rule.MinRuns)+1)
}

// trace makes traced blocks until there are n, after timed block k, as far as the budget goes. The first is made
// whatever it costs, because without it nothing is explained.
func (m *measuring) trace(ctx context.Context, k, n int) error {
	m.settled = m.explained() // the first timed block is made
	for m.traced < n && (m.traced == 0 || !m.exceeds(m.last[sweep.Traced])) {
		if err := m.block(ctx, block{kind: sweep.Traced, rep: m.traced}, k); err != nil {
			return err
		}
		m.traced++
	}
	return nil
}

// exceeds reports whether more time would exceed the budget.
func (m *measuring) exceeds(more time.Duration) bool {
	budget := m.t.Rule.Budget.Duration()
	return budget > 0 && time.Since(m.start)+more > budget
}

// measuring is the state of one call of Measure.
type measuring struct {
	r      *Runner
	t      Task
	points []sweep.Point // subjects, and those of the ceiling

	subjects []sweep.Point // what the study is about
	settled  []sweep.Point // those of subjects that have traced runs; nil: the first timed block is not made yet
	counted  int           // results at subjects, with those of earlier calls

	have   map[sweep.Run]bool
	start  time.Time
	last   map[sweep.Kind]time.Duration // how long the last block took
	traced int                          // traced blocks that are made
	made   int
	took   map[sweep.Point]time.Duration // by a run that was made, or as expected
	taken  sweep.Taken                   // by others from the runs made so far

	spent, spentCeiling time.Duration // by runs, with those of earlier calls; and of that by the ceiling
	ceilingTime         time.Duration // about how long a run of the ceiling takes if none was made yet

	end Ending
	dry bool // no run is made: the first that is missing is an error

	decided  int // results and missed runs, on which there is the decision
	decision decision
}

// stop decides before block k whether to stop, and why. A resumed study passes through the blocks that are finished
// already.
func (m *measuring) stop(k int) (bool, string) {
	rule := m.t.Rule
	if k > 0 && m.decide().hopeless {
		m.end.Failed = true
		return true, "every run failed"
	}
	if k >= rule.MaxRuns {
		if rule.MinRuns == rule.MaxRuns {
			if k == 1 {
				return true, "one run of every point was made, as asked"
			}
			return true, fmt.Sprintf("%d runs of every point were made, as asked", k)
		}
		_, why := m.converged()
		return true, why
	}
	if k >= rule.MinRuns {
		if ok, why := m.converged(); ok {
			return true, why
		}
	}
	if last := m.last[sweep.Timed]; k > 0 && m.exceeds(last) {
		return true, fmt.Sprintf("the budget of %s allowed %s of every point (one more block takes about %s)",
			rule.Budget, runs(k), sweep.Seconds(last))
	}
	return false, ""
}

// runs writes a count of runs.
func runs(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}

// begin tells the outlook of a study that has runs left to make, and warms up. A resumed study warms up as well: its
// machine may have slept meanwhile.
func (m *measuring) begin(ctx context.Context) error {
	if stop, _ := m.stop(0); stop || m.complete() {
		return nil
	}
	m.pace()
	if err := m.outlook(Calibration); err != nil || m.t.Warmup == 0 {
		return err
	}
	if err := m.warmUp(ctx); err != nil {
		return err
	}
	return m.outlook(WarmUp)
}

// warmUp runs the first point of each sweep without recording it, so that the first block does not pay for cold caches
// and it is known about how long runs take. Of several sizes that is the smallest first, and what is thought to take
// long by those is left out. The ceiling is a loop in registers, and needs none.
func (m *measuring) warmUp(ctx context.Context) error {
	for range m.t.Warmup {
		warm := map[sweep.Point]bool{}
		for _, s := range m.t.Sweeps {
			if len(s.Points) == 0 || m.isCeiling(s.Points[0]) || warm[s.Points[0]] || m.extrapolated(&s) > longWarmUp {
				continue
			}
			warm[s.Points[0]] = true
			began := time.Now()
			res, err := m.r.run(ctx, sweep.Run{Point: s.Points[0], Kind: sweep.Timed})
			if _, lost := errors.AsType[*LostError](err); err != nil && !lost { // what is lost here is met by the runs as well
				return err
			}
			m.observe(&res, time.Since(began))
		}
	}
	return nil
}

// complete reports whether all required blocks are there.
func (m *measuring) complete() bool {
	for k := range m.t.Rule.MinRuns {
		if len(sweep.Block(m.subjects, k, sweep.Timed).Without(m.have)) > 0 {
			return false
		}
	}
	return true
}

// A block is one repetition of every point.
type block struct {
	kind     sweep.Kind
	rep      int
	replaces *int // the block that this one stands for; nil: none
}

// block makes the missing runs of one block, while the study stands at timed block k.
func (m *measuring) block(ctx context.Context, b block, k int) error {
	if m.dry {
		return m.missing(b)
	}
	alive := m.decide().alive
	var took time.Duration // without the ceiling, which another block need not have
	for _, run := range m.plan(b) {
		if !alive[run.Point] {
			continue
		}
		m.tell(run, k)
		began := time.Now()
		res, err := m.make(ctx, run, b.replaces)
		if err != nil {
			return err
		}
		if res.Status == sweep.Interrupted {
			m.end.Missed = append(m.end.Missed, res)
			continue // a later call of Measure makes it
		}
		m.have[run] = true
		m.made++
		m.count(&res)
		m.end.Results = append(m.end.Results, res)
		if !m.isCeiling(run.Point) {
			took += time.Since(began)
			m.last[b.kind] = took
		}
	}
	return ctx.Err()
}

// mostInterrupted is how many times in a row a run may be interrupted before the study goes on without it.
const mostInterrupted = 5

// make makes a run and records it, again and again as long as it is interrupted. It returns the last, and a [LostError]
// if that was lost.
func (m *measuring) make(ctx context.Context, run sweep.Run, replaces *int) (res sweep.Result, err error) {
	losses := 0
	for range mostInterrupted {
		begun := time.Now()
		res, err = m.r.run(ctx, run)
		lost, is := errors.AsType[*LostError](err)
		switch {
		case is:
			losses++
			lost.Times = losses
		case err != nil:
			return res, err
		}
		res.Replaces = replaces
		m.observe(&res, time.Since(begun))
		if err := m.record(&res); err != nil {
			return res, err
		}
		if res.Status != sweep.Interrupted {
			break
		}
	}
	return res, err
}

// record compares a result with those of the same work, and adds it to the journal.
func (m *measuring) record(res *sweep.Result) error {
	if err := m.r.remember(res); err != nil {
		res.Status, res.Error = sweep.Mismatch, err.Error()
	}
	err := m.r.journal.Append(res)
	if _, gone := errors.AsType[*folder.GoneError](err); err == nil || gone {
		return err
	}
	return fmt.Errorf("%w (the %d runs before it are kept; make room and continue with --resume)", err,
		len(m.end.Results))
}

// plan returns the runs of a block that are to be made yet.
func (m *measuring) plan(b block) sweep.Plan {
	points := m.points
	if b.kind == sweep.Traced {
		points = m.explained()
	}
	return m.withCeiling(sweep.Block(points, b.rep, b.kind).Interleave(m.t.Seed).Without(m.have), b.replaces)
}

// count counts a result, and the time that its run took.
func (m *measuring) count(res *sweep.Result) {
	took := res.Total.Duration()
	m.spent += took
	if m.isCeiling(res.Point) {
		m.spentCeiling += took
	} else {
		m.counted++
	}
}

func (m *measuring) tell(run sweep.Run, k int) {
	if m.t.Progress == nil {
		return
	}
	blocks := max(m.t.Rule.MinRuns, k+1)
	left := blocks*len(m.subjects) + m.t.Traced*len(m.explained()) - m.counted
	total := m.made + left
	m.t.Progress(Progress{Run: run, Block: k, Blocks: blocks, Done: m.made, Total: max(total, m.made+1)})
}

// errMismatch is wrapped by the error of a run whose results differ.
var errMismatch = errors.New("the results differ")

// remember returns an error if the digest of res differs from the first of its workload and size. Variants may have
// other results: that is what a change may do.
func (r *Runner) remember(res *sweep.Result) error {
	if res.Status != sweep.OK || res.Digest == "" {
		return nil
	}
	key := digestKey{res.Point.Key(), res.Point.Size}
	first, ok := r.digests[key]
	if !ok {
		r.digests[key] = digest{res.Digest, res.Run}
		return nil
	}
	if first.sum != res.Digest {
		return fmt.Errorf("%w from those of %s: digest %.12s… instead of %.12s… "+
			"(the same work must give the same results at every count)",
			errMismatch, first.run.Dir(), res.Digest, first.sum)
	}
	return nil
}

type digestKey struct {
	of   sweep.Key
	size int64
}

type digest struct {
	sum string
	run sweep.Run
}
