package ledger

import (
	"cmp"
	"slices"
)

// Numbers of an [Owner].
const (
	NoWorker = noWorker // time is that of a process but of none of its workers, or it is not known which
	NoRank   = -2       // time is no process's, or it is not known whose
)

// An Owner is a process, or a worker of it, that part of a stack's time belongs to.
type Owner struct {
	Rank   int // of the process; NoRank
	Worker int // its number in the process; NoWorker
	Time   CoreTime
}

// Divided returns the owners of a stack with times that add up to that of the stack, by largest remainder: the ones that it has
// are in proportion to them.
func (s *Stack) Divided() []Owner {
	if len(s.Owners) == 0 {
		return []Owner{{NoRank, NoWorker, s.Time}}
	}
	weights := make([]float64, len(s.Owners))
	for i, o := range s.Owners {
		weights[i] = float64(o.Time)
	}
	out := slices.Clone(s.Owners)
	for i, d := range apportion(int64(s.Time), weights) {
		out[i].Time = CoreTime(d)
	}
	return out
}

// joinOwners puts together what two stacks with equal frames belong to.
func joinOwners(x, y *Stack) []Owner {
	all := append(x.Divided(), y.Divided()...)
	slices.SortStableFunc(all, func(a, b Owner) int { return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Worker, b.Worker)) })
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

// owned says that all of a stack's time is that of the process or of one of its workers, by its place.
func (b *Builder) owned(s Stack, worker int32) Stack {
	o := Owner{Rank: b.Rank, Worker: NoWorker, Time: s.Time}
	if worker != noWorker {
		o.Worker = b.workers[worker].id
	}
	s.Owners = []Owner{o}
	return s
}
