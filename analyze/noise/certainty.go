package noise

// A Certainty is how sure a statement is whose figures differ from launch to launch and hold noise. The zero value is
// of what is not stated at all.
type Certainty string

// The certainties.
const (
	Certain Certainty = "sure"   // every launch, or the interval, says so, besides all that noise can explain
	Likely  Certainty = "likely" // their median says so, or there is but one launch, with some noise
	Hidden  Certainty = "hidden" // noise can be all of it
)
