package critical

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/internal/sched"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A stepKey is what a step is.
type stepKey struct {
	code  sched.Code
	stack gotrace.StackID
}

// A node is the last steps of a path; the rest is at its parent. Nodes are numbered from 1; 0 is no node.
type node struct {
	parent int32
	refs   int32 // goroutines whose last node it is, and nodes whose parent it is; 0: free
	key    stepKey
	seen   uint32 // epoch of the last join that has been here
	d      int64
	bundle []step // of the same stretch as d, when chains have been joined; sorted by key
}

type step struct {
	key stepKey
	d   int64
}

// A tree holds the nodes of all paths.
type tree struct {
	nodes   []node
	free    int32 // first free node; the next is its parent
	live    int
	limit   int // live nodes beyond which chains are joined
	epoch   uint32
	scratch []int32
}

const firstLimit = 4096

// hold makes one more reference to n.
func (t *tree) hold(n int32) int32 {
	if n != 0 {
		t.nodes[n].refs++
	}
	return n
}

// drop gives up a reference to n, and frees what nobody refers to any more.
func (t *tree) drop(n int32) {
	for n != 0 {
		p := &t.nodes[n]
		if p.refs--; p.refs > 0 {
			return
		}
		parent := p.parent
		p.bundle = nil
		p.parent, t.free = t.free, n
		t.live--
		n = parent
	}
}

// extend adds a step to the path that ends at n, whose reference it takes over, and returns its new end.
func (t *tree) extend(n int32, k stepKey, d int64) int32 {
	if n != 0 {
		if p := &t.nodes[n]; p.refs == 1 && p.key == k && p.bundle == nil {
			p.d += d
			return n
		}
	}
	m := t.free
	if m != 0 {
		t.free = t.nodes[m].parent
	} else {
		if len(t.nodes) == 0 {
			t.nodes = append(t.nodes, node{})
		}
		m = int32(len(t.nodes))
		t.nodes = append(t.nodes, node{})
	}
	t.nodes[m] = node{parent: n, refs: 1, key: k, d: d}
	t.live++
	return m
}

// join makes one node of every chain of nodes that only the next one refers to. heads are the nodes that goroutines refer to; afterwards there
// are at most twice as many nodes as those.
func (t *tree) join(heads []int32) {
	t.epoch++
	for _, n := range heads {
		for n != 0 && t.nodes[n].seen != t.epoch {
			t.nodes[n].seen = t.epoch
			if p := t.nodes[n].parent; p != 0 && t.nodes[p].refs == 1 {
				t.absorb(n)
			}
			n = t.nodes[n].parent
		}
	}
	t.limit = max(firstLimit, 2*t.live)
}

// absorb puts the ancestors of n that have a single reference into n, up to the first that has more.
func (t *tree) absorb(n int32) {
	sums := t.steps(n, nil)
	p := t.nodes[n].parent
	for p != 0 && t.nodes[p].refs == 1 {
		sums = t.steps(p, sums)
		parent := t.nodes[p].parent
		t.nodes[p] = node{parent: t.free}
		t.free = p
		t.live--
		p = parent
	}
	t.nodes[n].parent = p
	t.nodes[n].bundle = compact(sums)
}

// steps appends the steps of n.
func (t *tree) steps(n int32, to []step) []step {
	p := &t.nodes[n]
	if p.bundle != nil {
		return append(to, p.bundle...)
	}
	return append(to, step{p.key, p.d})
}

// compact adds up the steps with equal keys.
func compact(steps []step) []step {
	slices.SortFunc(steps, func(x, y step) int {
		return cmp.Or(cmp.Compare(x.key.code, y.key.code), cmp.Compare(x.key.stack, y.key.stack))
	})
	out := steps[:0]
	for _, s := range steps {
		if n := len(out); n > 0 && out[n-1].key == s.key {
			out[n-1].d += s.d
			continue
		}
		out = append(out, s)
	}
	return slices.Clip(slices.Clone(out))
}

// path returns the steps of the path that ends at n.
func (t *tree) path(n int32) []step {
	sums := map[stepKey]int64{}
	for ; n != 0; n = t.nodes[n].parent {
		if b := t.nodes[n].bundle; b != nil {
			for _, s := range b {
				sums[s.key] += s.d
			}
			continue
		}
		sums[t.nodes[n].key] += t.nodes[n].d
	}
	out := make([]step, 0, len(sums))
	for k, d := range sums {
		out = append(out, step{k, d})
	}
	return compact(out)
}
