package program

import (
	"math"
	"slices"
)

const (
	// leastSharers is how many goroutines there are at least of those that share out work by something unseen.
	leastSharers = 3
	// uneven is how many times as long as on average one of them has run at least: otherwise they are as good as equal.
	uneven = 1.15
	// together is the share of their running time within which all of them have ended.
	together = 0.05
	// aside is the share of their running time that they ran for after they did anything but run.
	aside = 0.01
	// pieces is how many pieces their work has for each of them, mostPieces how many in all, and allPieces how many all
	// work of a program would have: so finely is it shared out.
	pieces, mostPieces, allPieces = 64, 1 << 13, 1 << 18
)

// Kin returns the goroutines that ended, by groups: of each, one goroutine created them at one place, and none had
// ended before the last of them began.
func (p *Program) Kin() [][]int32 {
	type group struct {
		at  int
		end int64 // the first
	}
	latest := make(map[family]group)
	var out [][]int32
	for i := range p.Goroutines {
		g := &p.Goroutines[i]
		if g.Creator == None || g.Runtime || !g.Over {
			continue
		}
		of := family{g.Creator, g.Site}
		l, ok := latest[of]
		if !ok || g.Born > l.end {
			l = group{len(out), math.MaxInt64}
			out = append(out, nil)
		}
		l.end = min(l.end, g.Died)
		latest[of] = l
		out[l.at] = append(out[l.at], int32(i))
	}
	return out
}

// Together reports whether goroutines ended at once: within a small part of the time for which they ran.
func (p *Program) Together(gs []int32) bool {
	var sum int64
	for _, i := range gs {
		sum += p.Goroutines[i].Ran()
	}
	return float64(p.between(gs))*float64(max(p.Ps, 1)) <= together*float64(sum)
}

// between returns how long after the first of some goroutines the last one ended. Of goroutines with shares of their
// own that take turns, the one that ran for longest has what it ran for longer than another still to run when that
// ends.
func (p *Program) between(gs []int32) int64 {
	var first, last int64 = math.MaxInt64, 0
	for _, i := range gs {
		first, last = min(first, p.Goroutines[i].Died), max(last, p.Goroutines[i].Died)
	}
	return last - first
}

// share makes crews of goroutines that share out work as they go by something that the trace does not tell, as by an
// atomic counter: kin that only run, for different times, and yet end at once. With shares of their own those with less
// would have ended before. What each did is cut into small pieces, any of which any of them can do.
//
// Equal shares look like that, too, where others had the cores while some of the goroutines had a P, and only records
// of the OS tell that. They are as fast on any number of cores as if they shared the work out, so they may pass for
// that.
func (p *Program) share() {
	taken := make(map[int32]bool)
	for _, c := range p.Crews {
		for _, w := range c.Workers {
			taken[w] = true
		}
	}
	least := int64(p.Work()) / allPieces
	for _, gs := range p.Kin() {
		if len(gs) >= leastSharers && !slices.ContainsFunc(gs, func(g int32) bool { return taken[g] }) {
			p.shareOut(gs, least)
		}
	}
}

// shareOut makes a crew of goroutines, if they share out work, whose pieces take so many nanoseconds at least.
func (p *Program) shareOut(gs []int32, least int64) {
	var sum, long, after int64
	short := int64(math.MaxInt64)
	for _, i := range gs {
		g := &p.Goroutines[i]
		ran := g.Ran()
		sum, long, short = sum+ran, max(long, ran), min(short, ran)
		for _, op := range g.Ops[alone(g.Ops):] {
			if op.Kind == Run {
				after += op.D
			}
		}
	}
	equal := float64(long)*float64(len(gs)) < uneven*float64(sum)
	if equal || float64(after) > aside*float64(sum) || !p.Together(gs) || p.between(gs) > (long-short)/2 {
		return
	}
	piece := max(sum/int64(pieces*len(gs)), sum/mostPieces, least, 1)
	for k, i := range gs {
		p.cut(&p.Goroutines[i], piece, k, len(gs))
	}
	p.Crews = append(p.Crews, Crew{Workers: gs, Guessed: true})
}

// alone returns how many operations come before anything but running.
func alone(ops []Op) int {
	if i := slices.IndexFunc(ops, func(op Op) bool { return op.Kind != Run }); i >= 0 {
		return i
	}
	return len(ops)
}

// cut makes chunks of what a goroutine, number k of n, ran for, of so many nanoseconds each.
func (p *Program) cut(g *Goroutine, piece int64, k, n int) {
	runs := alone(g.Ops)
	var out []Op
	left := int64(0) // of the chunk
	for _, op := range g.Ops[:runs] {
		for op.D > 0 {
			if left == 0 {
				out = append(out, Op{Kind: Take, Ref: int32(len(p.Chunks))})
				p.Chunks = append(p.Chunks, Chunk{Lo: k, Hi: k + 1})
				k, left = k+n, piece
			}
			part := op
			part.D = min(op.D, left)
			out = append(out, part)
			op.D, left = op.D-part.D, left-part.D
		}
	}
	g.Ops = append(append(out, Op{Kind: Leave}), g.Ops[runs:]...)
}
