// Package warning has the facts that a reader must know before relying on a figure: what could not be measured or read,
// and how much of it.
//
// A warning is a value beside the figure that it qualifies: a kind, what it is about, and the numbers that it rests on.
// Package words of the report makes the sentence. So warnings are told apart, counted and sorted by fields, never by
// wording.
package warning

import (
	"reflect"
	"slices"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A Warning is one fact about the figures beside it.
type Warning struct {
	Kind    Kind
	Subject Subject
	Figures Figures
	Items   []Item // what the figures count, one by one, if the kind says so
	// Text is what a capture recorded or a reader reported, word for word, if the kind says so.
	Text string
}

// A Subject is what a warning is about. Zero fields do not narrow it down.
type Subject struct {
	Workload string
	Point    sweep.Point
	Run      sweep.Run

	// Mode, Scaling, Size, Series and N are a place on a curve of Workload.
	Mode    sweep.Mode
	Scaling sweep.Scaling
	Size    int64
	Series  string
	N       int

	Among Among // the other curves of Workload, which words tell the curve from

	Process bool // it is about the process of Rank
	Rank    int  // -1 for the coordinator
	Worker  int
	Name    string // of a lane, region or measure; of a file, its path in the study
}

// Among says by what the curves of a workload differ, beside what their points count.
type Among struct{ Sizes, Scalings bool }

// Figures are the numbers of a warning; its [Kind] says which it has and what they count.
type Figures struct {
	Count, Of           int           // how many of how many
	Shown               int           // of Count: benchmarks that are faster or slower all the same, and count as that
	Time, Against       time.Duration // two that differ; the first is the trace's
	Ratio, AgainstRatio float64
	Tau, P              float64 // of a test
}

// An Item is one of the things that a warning counts.
type Item struct {
	Name  string // a status, a workload
	Point sweep.Point
	Rep   int
	Count int
	Of    int
	Kind  sweep.Kind
	Ratio float64
	Noisy bool

	Thread, CPU, Other int // of a record of the OS scheduler
}

// Of returns a warning about a workload.
func Of(k Kind, workload string) Warning {
	return Warning{Kind: k, Subject: Subject{Workload: workload}}
}

// OfPoint returns a warning about a point.
func OfPoint(k Kind, p sweep.Point) Warning {
	return Warning{Kind: k, Subject: Subject{Workload: p.Workload, Point: p}}
}

// OfProcess returns a warning about the process of that rank.
func OfProcess(k Kind, rank int) Warning {
	return Warning{Kind: k, Subject: Subject{Process: true, Rank: rank}}
}

// OfFile returns a warning about a file, with the words of its reader.
func OfFile(k Kind, name string, err error) Warning {
	return Warning{Kind: k, Subject: Subject{Name: name}, Text: err.Error()}
}

// Told returns what a capture recorded in words.
func Told(texts ...string) []Warning {
	var out []Warning
	for _, s := range texts {
		out = append(out, Warning{Kind: Recorded, Text: s})
	}
	return out
}

// Same reports whether v and w are equal.
func (v Warning) Same(w Warning) bool { return reflect.DeepEqual(v, w) }

// Unique returns each warning once, where it first stands.
func Unique(all []Warning) []Warning {
	var out []Warning
	for _, w := range all {
		if !slices.ContainsFunc(out, w.Same) {
			out = append(out, w)
		}
	}
	return out
}

// Enough is how many warnings a [Few] keeps, and how many of what a run recorded are warnings of a study.
const Enough = 20

// A Few collects the warnings of one analysis of one process. Damaged traces can give any number of them: it keeps the
// first 20, and then one of kind more.
type Few []Warning

// Add appends w. Instead of the first that is too many it appends one of kind more, about the same process.
func (f *Few) Add(w Warning, more Kind) {
	switch {
	case len(*f) < Enough:
		*f = append(*f, w)
	case len(*f) == Enough:
		*f = append(*f, Warning{Kind: more, Subject: Subject{Process: w.Subject.Process, Rank: w.Subject.Rank}})
	}
}
