// Package document is report.json: figures in SI units, the unit in the key, nothing rounded, and words beside them.
package document

import (
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/report/fit"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/prediction"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Schema is the schema of report.json.
const Schema = "corecurve/report/1"

// A Document is report.json: SI units, the unit in the key, nothing rounded.
type Document struct {
	Schema  string       `json:"schema"`
	Study   sweep.Header `json:"study"`
	Stopped string       `json:"stopped"` // why the study stopped, in words

	Ceiling       *Ceiling `json:"ceiling"` // the measured ideal
	CeilingReason string   `json:"ceiling_reason,omitempty"`

	Overview       *Overview `json:"overview"` // of several workloads
	OverviewReason string    `json:"overview_reason,omitempty"`

	Curves   []Curve    `json:"curves"`
	Failures []Failure  `json:"failures"`
	Grids    []Grid     `json:"grids,omitempty"` // of workloads that were run on one
	Sizes    []SizeAxis `json:"sizes"`           // what the size does to curves, where several were measured
	Findings []Finding  `json:"findings"`        // of each workload, those of the points that its curves are judged by first
	Warnings []string   `json:"warnings"`

	// Hidden are the places of the command line that are not stored; nil: all of it is.
	Hidden *Hidden `json:"hidden_words,omitempty"`
	// Interrupted is how many runs were made beside those that count.
	Interrupted int `json:"interrupted_runs,omitempty"`
}

// A Hidden is what of a command line looks like secrets and is not stored.
type Hidden struct {
	Words   int      `json:"words"`
	Places  []string `json:"places"`  // the flags, variables, headers and schemes before them, each once
	Unnamed int      `json:"unnamed"` // words that stand behind none
}

// A Ceiling is the speedup of a loop that only counts in registers, at each number of cores.
type Ceiling struct {
	Workload string         `json:"workload"`
	Points   []CeilingPoint `json:"points"`
}

// A CeilingPoint is one point of the measured ideal.
type CeilingPoint struct {
	N              int             `json:"n"` // cores
	Runs           int             `json:"runs"`
	Speedup        schema.Number   `json:"speedup"`
	SpeedupReason  string          `json:"speedup_reason,omitempty"`
	Interval       *curve.Interval `json:"interval"`
	IntervalReason string          `json:"interval_reason,omitempty"`
}

// A Curve is one curve.
type Curve struct {
	Workload string        `json:"workload"`
	Mode     sweep.Mode    `json:"mode"`
	Scaling  sweep.Scaling `json:"scaling"`
	Basis    sweep.Basis   `json:"scaling_basis,omitempty"` // why; empty: recorded without
	Size     int64         `json:"size"`
	Axis     string        `json:"axis"`
	Series   string        `json:"series"`

	Base       *Base  `json:"base"`
	BaseReason string `json:"base_reason,omitempty"`

	Points []Point `json:"points"`

	Models        []fit.ModelDoc  `json:"models"`   // the laws that there were counts enough to fit
	Best          *law.Name       `json:"best_law"` // of the models; null: none is named
	BestReason    string          `json:"best_law_reason"`
	KarpFlattLine *law.CrossCheck `json:"karp_flatt_line"` // a straight line through the fractions: a cross-check of alpha and beta
	LineReason    string          `json:"karp_flatt_line_reason,omitempty"`
	LawWarnings   []string        `json:"law_warnings"`
	// Prediction is what replays of a recording give on more cores; absent: it was not asked for.
	Prediction *prediction.ForecastDoc `json:"prediction,omitempty"`

	Recommended       *Recommended `json:"recommended"` // the largest count that is worth its cores
	RecommendedReason string       `json:"recommended_reason,omitempty"`
	Ignored           string       `json:"workers_ignored,omitempty"` // that the program takes no notice of the count

	Verdict Verdict `json:"verdict"`
}

// A Base is what a curve's speedups are relative to.
type Base struct {
	Point        sweep.Point   `json:"point"`
	Median       schema.Number `json:"median_s"`
	MedianReason string        `json:"median_s_reason,omitempty"`
}

// A Point is one point of a curve.
type Point struct {
	Procs      int           `json:"procs"`
	Workers    int           `json:"workers"`
	Cores      int           `json:"cores"`
	GOMAXPROCS int           `json:"gomaxprocs"`
	Size       int64         `json:"size"`
	N          int           `json:"n"`
	Runs       int           `json:"runs"`
	Failed     int           `json:"failed"`
	Noisy      int           `json:"noisy"`
	Measure    curve.Measure `json:"measure"`

	Median             schema.Number   `json:"median_s"`
	MedianReason       string          `json:"median_s_reason,omitempty"`
	MedianInterval     *curve.Interval `json:"median_s_interval"`
	MedianIvReason     string          `json:"median_s_interval_reason,omitempty"`
	WorkMedian         schema.Number   `json:"work_median_s"`
	WorkMedianReason   string          `json:"work_median_s_reason,omitempty"`
	Startup            schema.Number   `json:"startup_s"`
	StartupReason      string          `json:"startup_s_reason,omitempty"`
	Speedup            schema.Number   `json:"speedup"`
	SpeedupReason      string          `json:"speedup_reason,omitempty"`
	Efficiency         schema.Number   `json:"efficiency"`
	EfficiencyReason   string          `json:"efficiency_reason,omitempty"`
	Interval           *curve.Interval `json:"interval"` // of the speedup
	IntervalReason     string          `json:"interval_reason,omitempty"`
	CeilingShare       schema.Number   `json:"share_of_ceiling"` // speedup over the measured ideal at the same count
	CeilingShareReason string          `json:"share_of_ceiling_reason,omitempty"`
	KarpFlatt          schema.Number   `json:"karp_flatt"`
	KarpFlattReason    string          `json:"karp_flatt_reason,omitempty"`
	CPU                schema.Number   `json:"cpu_s"`
	CPUReason          string          `json:"cpu_s_reason,omitempty"`
	Sys                schema.Number   `json:"sys_s"`
	SysReason          string          `json:"sys_s_reason,omitempty"`
	MaxRSS             *int64          `json:"max_rss_bytes"`
	MaxRSSReason       string          `json:"max_rss_bytes_reason,omitempty"`
	MeanBusy           schema.Number   `json:"mean_busy_cores"` // CPU time over total
	MeanBusyReason     string          `json:"mean_busy_cores_reason,omitempty"`
	Overhead           schema.Number   `json:"trace_overhead"` // work of traced runs over work of timed runs
	OverheadReason     string          `json:"trace_overhead_reason,omitempty"`

	Metrics map[string]float64 `json:"metrics,omitempty"` // medians of what a Go benchmark reports, by its unit: "ns/op", "B/op"

	Voluntary         schema.Number `json:"voluntary_switches"`
	VoluntaryReason   string        `json:"voluntary_switches_reason,omitempty"`
	Involuntary       schema.Number `json:"involuntary_switches"`
	InvoluntaryReason string        `json:"involuntary_switches_reason,omitempty"`
	TreeRSS           schema.Number `json:"tree_rss_bytes"` // of all processes
	TreeRSSReason     string        `json:"tree_rss_bytes_reason,omitempty"`
	TreeRSSBound      bool          `json:"tree_rss_is_upper_bound"` // a sum of peaks that need not fall together
	Threads           schema.Number `json:"max_threads"`
	ThreadsReason     string        `json:"max_threads_reason,omitempty"`

	Cost      Cost   `json:"cost_per_unit"`
	POP       *POP   `json:"pop"`
	POPReason string `json:"pop_reason,omitempty"`

	Traced       *Traced `json:"traced"` // the traced run that the pictures show
	TracedReason string  `json:"traced_reason,omitempty"`

	Ledger       *Ledger `json:"ledger"` // core-seconds by cause, of the traced run
	LedgerReason string  `json:"ledger_reason,omitempty"`
	Stack        []Share `json:"stack"` // what each cause takes from the speedup; empty at the base and without ledgers
	Path         *Path   `json:"path,omitempty"`
}

// A Traced is what a traced run says of its point.
type Traced struct {
	Run      string        `json:"run"`               // directory below runs/
	Mean     float64       `json:"mean_busy_cores"`   // by the trace, within the window
	Window   float64       `json:"window_s"`          // length of the part that was traced and is shown
	Profile  []schema.Busy `json:"profile"`           // the durations add up to the window
	Warnings []string      `json:"warnings,omitzero"` // what the trace cannot say
}

// A Verdict is what bounds a curve, and the figures that decided it.
type Verdict struct {
	Bound string `json:"bound"`
	// Certainty is how sure that is: sure, likely, or hidden if noise can be all of it; absent if the bound is unclear.
	Certainty noise.Certainty `json:"certainty,omitempty"`
	BaseOnly  bool            `json:"at_base_only,omitempty"` // CPU-bound at the base, and the judged point wants less of its cores
	Evidence  []Evidence      `json:"evidence"`
}

// An Evidence is one figure that spoke for a verdict.
type Evidence struct {
	Name        string        `json:"name"`
	Value       schema.Number `json:"value"`
	ValueReason string        `json:"value_reason,omitempty"`
	// Low and High are what launches and noise allow of the value, where the verdict is less than sure.
	Low  *float64 `json:"low,omitempty"`
	High *float64 `json:"high,omitempty"`
	Text string   `json:"text"`
}

// A Failure is one or more runs of a point that ended in the same way.
type Failure struct {
	Point  sweep.Point  `json:"point"`
	Kind   sweep.Kind   `json:"kind"`
	Status sweep.Status `json:"status"`
	Error  string       `json:"error"`
	Stderr string       `json:"stderr_tail,omitempty"`
	Runs   []string     `json:"runs"` // directories below runs/
}

// A POP is the POP efficiencies of a point.
type POP struct {
	LoadBalance    schema.Number `json:"load_balance"`
	LoadReason     string        `json:"load_balance_reason,omitempty"`
	Communication  schema.Number `json:"communication"`
	CommReason     string        `json:"communication_reason,omitempty"`
	Parallel       schema.Number `json:"parallel"`
	ParallelReason string        `json:"parallel_reason,omitempty"`
	Computation    schema.Number `json:"computation"`
	CompReason     string        `json:"computation_reason,omitempty"`
	Global         schema.Number `json:"global"`
	GlobalReason   string        `json:"global_reason,omitempty"`
}

// A Recommended is the count that a curve is worth.
type Recommended struct {
	N   int     `json:"n"`
	Low float64 `json:"efficiency_low"`
	Why string  `json:"why"`
	// Counts beyond that may be worth their cores without that being shown; absent: none.
	Likely int    `json:"likely_n,omitempty"` // by its medians
	Untold int    `json:"too_noisy_n,omitempty"`
	Beyond string `json:"beyond,omitempty"` // why
}

// A Cost is what a unit of work costs at a point.
type Cost struct {
	Held       schema.Number `json:"held_core_s"`
	HeldReason string        `json:"held_core_s_reason,omitempty"`
	CPU        schema.Number `json:"cpu_s"`
	CPUReason  string        `json:"cpu_s_reason,omitempty"`
	Over       schema.Number `json:"over_base"`
	OverReason string        `json:"over_base_reason,omitempty"`
}
