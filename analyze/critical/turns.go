package critical

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A turns looks for goroutines that share out work among them as they go, through channels, locks or connections: which
// of them did what is a matter of this one schedule, and so is how much each did.
//
// Goroutines that wait at one place, or that end the waits at one, take turns there from the second time on. Where they
// take work without ever waiting, as from an atomic counter, there are still those of which one found all of it done.
type turns struct {
	waiting []place // by call stack, those who wait there
	ending  []place // by call stack, those who end waits in a send there
	count   int     // goroutines that take turns
	run     int64   // their running time since they did
	unequal int64   // the longest running time of a goroutine beside which an equal one hardly ran
}

// A place is a call stack at which goroutines may take turns.
type place struct {
	first  int64 // goroutine; with known
	known  bool
	shared bool // by another
}

// enoughTurns is from how many turns on a goroutine is taken for one of those that share out work.
const enoughTurns = 2

// at notes that goroutine id is at the place, and reports whether others have been.
func (p *place) at(id int64) bool {
	switch {
	case !p.known:
		p.first, p.known = id, true
	case p.first != id:
		p.shared = true
	}
	return p.shared
}

// placeAt returns the place for a call stack.
func placeAt(places *[]place, id gotrace.StackID) *place {
	if more := int(id) + 1 - len(*places); more > 0 {
		*places = append(*places, make([]place, more)...)
	}
	return &(*places)[id]
}

// turn counts a turn of g.
func (t *turns) turn(g *goroutine) {
	if g.turns >= enoughTurns {
		return
	}
	if g.turns++; g.turns == enoughTurns {
		t.count++
	}
}

// handsOn reports whether goroutines hand each other work by waits with that cause.
func handsOn(c cause.Cause) bool {
	switch c {
	case cause.Mutex, cause.RWMutex, cause.Cond, cause.ChanRecv, cause.Select, cause.Net:
		return true
	}
	return false
}
