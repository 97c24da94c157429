package law

// A Choice says why a law is named, or why none is.
type Choice struct {
	Kind       ChoiceKind
	Law, Rival Name
	Counts     int     // fitted counts; of [Unnamed]
	Needed     int     // counts that a law takes; of [Unnamed]
	By         float64 // how much less the AICc is than the rival's; of [Preferred]
}

// A ChoiceKind says how a law was chosen.
type ChoiceKind string

// The kinds.
const (
	Unnamed   ChoiceKind = "unnamed"   // there are too few counts
	Asked     ChoiceKind = "asked"     // no other was fitted
	Alone     ChoiceKind = "alone"     // only this one has two counts more than parameters
	Preferred ChoiceKind = "preferred" // by the AICc
)

// A Note is what a reader must know of the fits: a kind and its figures.
type Note struct {
	Kind   NoteKind
	Law    Name      // the law concerned
	N      []float64 // the counts concerned
	Count  int
	Needed int
	Value  float64
	Few    bool       // there are few launches
	Lack   *LackOfFit // of [Lacking]
}

// A NoteKind says what a note is about.
type NoteKind string

// The kinds.
const (
	BeyondCores NoteKind = "beyond-cores"  // N are beyond the cores, of which there are Value, and not fitted
	NoBase      NoteKind = "no-base"       // n = 1 was not measured
	FewCounts   NoteKind = "few-counts"    // Law has as many parameters as Needed, too many for Count counts
	NotAtRest   NoteKind = "not-at-rest"   // the fit of Law did not come to rest in Count steps
	OnResiduals NoteKind = "on-residuals"  // some count has only Count launches of Needed: intervals rest on residuals
	Lacking     NoteKind = "lack-of-fit"   // Law does not describe the data
	Falling     NoteKind = "falling"       // the throughput falls, which Law cannot describe
	OffBase     NoteKind = "off-base"      // the throughput at n = 1 is the part Value above Law's
	Superlinear NoteKind = "superlinear"   // at N workers do up to Value times the work of the one at n = 1
	TakenAsWeak NoteKind = "taken-as-weak" // Law was asked for, so the work is taken to grow with n
)
