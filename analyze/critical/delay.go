package critical

import "github.com/corecurve/corecurve/analyze/cause"

// A delay is how long a goroutine waited at one place for something outside the program.
type delay struct {
	key   stepKey
	took  int64 // in all; it is on the goroutine's path
	least int64 // of that, what least has of it
}

// delayed adds a delay of g, of which part is surely one, to its path, and returns its place among the delays.
func (b *Builder) delayed(g *goroutine, c cause.Cause, took, surely int64) (place int) {
	b.tree.extend(&g.point, keyOf(c, g.stack), took)
	g.delay += took
	g.least.advance(surely)
	key := keyOf(c, g.stack)
	for place < len(g.delays) && g.delays[place].key != key {
		place++
	}
	if place == len(g.delays) {
		g.delays = append(g.delays, delay{key: key})
	}
	g.delays[place].took += took
	g.delays[place].least += surely
	return place
}

// settle takes the latest nap of g for one that it took for itself.
func (g *goroutine) settle() {
	if g.nap.took == 0 {
		return
	}
	g.least.advance(g.nap.delay)
	if g.nap.place >= 0 {
		g.delays[g.nap.place].least += g.nap.delay
	}
	g.nap.took = 0
}

// follow lets g go on no earlier than q, to which delays take that long at most. If that is later, its own delays are
// not on its path any more.
func (g *goroutine) follow(q *point, delay int64) {
	if q.v > g.v {
		g.delays, g.nap.place = g.delays[:0], -1
	}
	g.after(q)
	g.delay, g.taken = max(g.delay, delay), max(g.taken, delay)
}

// leaveOut takes a delay off the path of g, which ends here.
func (b *Builder) leaveOut(g *goroutine, k stepKey, took, surely int64) {
	if took <= 0 {
		return
	}
	b.tree.extend(&g.point, k, -took)
	g.delay = max(g.delay-took, g.taken)
	g.least.advance(-surely)
}

// leaveOutTurns takes off the path of g, alive at the end, what it waited for something outside the program since it
// waited first where it does so now: it waits there again and again, as at a ticker or for requests, and that it does
// takes the program no time. What it ran for does.
func (b *Builder) leaveOutTurns(g *goroutine) {
	again := false
	for _, d := range g.delays {
		again = again || d.key.stack() == g.stack
		if again {
			b.leaveOut(g, d.key, d.took, d.least)
		}
	}
	g.delays = g.delays[:0]
}
