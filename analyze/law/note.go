package law

// A Choice is why a law is named, or why none is.
type Choice struct {
	Kind       ChoiceKind
	Law, Rival Name
	Counts     int     // that were fitted; of [Unnamed]
	Needed     int     // counts that it takes; of [Unnamed]
	By         float64 // by how much the AICc is less than the rival's; of [Preferred]
}

// A ChoiceKind says how a law was chosen.
type ChoiceKind string

// The kinds.
const (
	Unnamed   ChoiceKind = "unnamed"   // there are too few counts
	Asked     ChoiceKind = "asked"     // no other was fitted
	Alone     ChoiceKind = "alone"     // only it has two counts more than parameters
	Preferred ChoiceKind = "preferred" // by the AICc
)

// A Note is what must be known of the fits: a kind and the figures that it rests on.
type Note struct {
	Kind   NoteKind
	Law    Name      // that it is about
	N      []float64 // the counts that it is about
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
	FewCounts   NoteKind = "few-counts"    // Law has as many parameters as Needed and is not fitted to Count counts
	NotAtRest   NoteKind = "not-at-rest"   // the fit of Law did not come to rest in Count steps
	OnResiduals NoteKind = "on-residuals"  // counts have at most Count launches, of Needed: intervals rest on residuals
	Lacking     NoteKind = "lack-of-fit"   // Law does not describe the data
	Falling     NoteKind = "falling"       // the throughput falls, which Law cannot say
	OffBase     NoteKind = "off-base"      // n = 1 was measured by the part Value above what Law gives for it
	Superlinear NoteKind = "superlinear"   // at N workers do up to Value times the work of the one at n = 1
	TakenAsWeak NoteKind = "taken-as-weak" // Law was asked for: times are taken to be for work that grows with n
)
