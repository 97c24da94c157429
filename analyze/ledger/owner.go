package ledger

import (
	"cmp"
	"slices"
)

// Numbers of an [Owner].
const (
	NoWorker = noWorker // of no worker of the process, or not known which
	NoRank   = -2       // of no process, or not known which
)

// An Owner is a process, or one of its workers, that part of a stack's time belongs to.
type Owner struct {
	Rank   int // of the process; NoRank
	Worker int // number in the process; NoWorker
	Time   CoreTime
}

// Divided returns the owners of a stack with their times scaled to add up to that of the stack, by largest remainder.
func (s *Stack) Divided() []Owner {
	if len(s.Owners) == 0 {
		return []Owner{{NoRank, NoWorker, s.Time}}
	}
	out := slices.Clone(s.Owners)
	for i, d := range Apportion(s.Time, out, func(o Owner) float64 { return float64(o.Time) }) {
		out[i].Time = d
	}
	return out
}

// joinOwners returns the owners of two stacks with equal frames.
func joinOwners(x, y *Stack) []Owner {
	all := append(x.Divided(), y.Divided()...)
	slices.SortStableFunc(all, func(a, b Owner) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Worker, b.Worker))
	})
	out := all[:0]
	for _, o := range all {
		if n := len(out); n > 0 && out[n-1].Rank == o.Rank && out[n-1].Worker == o.Worker {
			out[n-1].Time += o.Time
			continue
		}
		out = append(out, o)
	}
	return out
}

// owned gives all of a stack's time to the process, or to one of its workers by index.
func (b closing) owned(s Stack, worker int32) Stack {
	o := Owner{Rank: b.Rank, Worker: NoWorker, Time: s.Time}
	if worker != noWorker {
		o.Worker = b.workers[worker].id
	}
	s.Owners = []Owner{o}
	return s
}
