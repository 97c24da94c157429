package ledger

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
)

// sums are the running sums of the package documentation.
type sums struct {
	waited  [replay.NumWeights]float64 // W, for each weight
	instead [replay.NumWeights]instead // what would have become of that without the waits
	growths int64                      // how often a W has grown
	alone   float64                    // V
	spared  float64                    // as V, for time that active waits were charged for
	lent    float64                    // the part of V that doubtful waits claim
}

// An instead is time by where it would go without a wait.
type instead struct {
	serial float64 // to those who run
	join   float64 // to those who join
	idle   float64 // to nobody: there is nothing to run
}

func (i *instead) add(serial bool, d float64) {
	if serial {
		i.serial += d
	} else {
		i.idle += d
	}
}

func (i *instead) sub(x *instead) instead {
	return instead{i.serial - x.serial, i.join - x.join, i.idle - x.idle}
}

// A cost is what a wait has cost, and where that would have gone without it.
type cost struct {
	active   float64 // while it was active
	instead  instead // of that; the rest would have gone to others who wait
	doubtful instead // of what it has not been charged for yet
}

// costOf returns the cost of w so far.
func (b *blamer) costOf(w *wait) cost {
	grown := b.instead[w.Weight].sub(&w.instead)
	switch {
	case w.Weight == replay.Active:
		return cost{active: b.waited[replay.Active] - w.from, instead: grown}
	case w.asleep:
		return cost{active: w.hi - w.lo, instead: w.before, doubtful: grown}
	}
	return cost{doubtful: grown}
}

// share shares out idle Ps, for dt, among those who are blocked and those who run alone.
func (b *Builder) share(idle int, dt int64) {
	serial, spared, lent := b.running > 0, 0, 0
	left, join := idle, 0
	switch k := b.blocked[replay.Active]; {
	case k > 0:
		left -= b.grow(replay.Active, idle, dt)
		if idle >= k { // otherwise those who are left share what one leaves
			b.instead[replay.Active].add(serial, float64(dt))
			spared = k
		}
	case b.blocked[replay.Joining] > 0:
		join = b.grow(replay.Joining, idle, dt)
	}
	if left > 0 && b.blocked[replay.Doubtful]+b.blocked[replay.Light] > 0 {
		lent = b.lend(left, join, dt)
	}
	rest := left - join
	switch {
	case !serial:
		b.idleNothing += int64(rest) * dt
	case rest+spared > 0:
		each := float64(dt) / float64(b.running)
		b.alone += each * float64(rest)
		b.spared += each * float64(spared)
		b.lent += each * float64(lent)
	}
}

// lend notes for dt what doubtful waits would have of the idle Ps that are free, of which joins ask for some, and
// returns how many of the others they would have. They take no share yet: their sums hold what is theirs if they
// matter.
func (b *Builder) lend(free, joined int, dt int64) (lent int) {
	for w := replay.Doubtful; w <= replay.Light && free > 0; w++ {
		k := b.blocked[w]
		if k == 0 {
			continue
		}
		asked := b.grow(w, free, dt)
		free -= asked
		ofJoins := min(asked, joined) // they get nothing where others wait
		joined -= ofJoins
		i := &b.instead[w]
		i.join += float64(dt) * float64(ofJoins) / float64(k)
		i.add(b.running > 0, float64(dt)*float64(asked-ofJoins)/float64(k))
		lent += asked - ofJoins
	}
	return lent
}

// grow lets the sum of the waits of weight w grow, for dt in which there are idle Ps for them, and returns how many Ps
// they ask for.
func (b *Builder) grow(w replay.Weight, idle int, dt int64) int {
	k := b.blocked[w]
	asked := min(idle, k)
	if sum := b.waited[w] + float64(dt)*float64(asked)/float64(k); sum != b.waited[w] {
		b.waited[w] = sum
		b.growths++
	}
	return asked
}

// moves are what trials move: to serial parts from active waits, and from where doubtful waits have found it.
type moves struct {
	spared   float64
	sparedBy rowTable // what may be moved to serial parts, by those who ran
	lent     instead
	lentBy   rowTable
}

// owe notes what a goroutine that runs at a stack got while waits were active or doubtful.
func (m *moves) owe(k rowKey, spared, lent float64) {
	if spared > 0 {
		m.sparedBy.add(k, spared)
	}
	if lent > 0 {
		m.lentBy.add(k, lent)
	}
}

// take takes d from where it went while a wait was doubtful.
func (m *moves) take(d *instead) {
	m.lent.serial += d.serial
	m.lent.join += d.join
	m.lent.idle += d.idle
}

// apply moves time between rows, in proportion to what each has of it.
func (m *moves) apply(rows *rowTable) {
	for _, x := range []struct {
		d  float64
		by *rowTable
	}{{m.spared, &m.sparedBy}, {-m.lent.serial, &m.lentBy}} {
		all := x.by.total(func(rowKey) bool { return true })
		for _, r := range x.by.rows {
			rows.change(r.key, x.d*(r.sum/all))
		}
	}
	joins := func(k rowKey) bool { return k.cause == cause.Join }
	all := rows.total(joins)
	for i := range rows.rows {
		if r := &rows.rows[i]; joins(r.key) && all > 0 {
			r.sum = max(r.sum-m.lent.join*(r.sum/all), 0)
		}
	}
}
