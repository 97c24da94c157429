package critical

import (
	"cmp"
	"iter"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A stepKey tells steps apart: a stack and a cause.
type stepKey uint64

func keyOf(c cause.Cause, stack gotrace.StackID) stepKey { return stepKey(stack)<<8 | stepKey(c) }

func (k stepKey) cause() cause.Cause { return cause.Cause(k) }

func (k stepKey) stack() gotrace.StackID { return gotrace.StackID(k >> 8) }

// A keyID numbers a stepKey, from 1.
type keyID int32

// A keyTable numbers stepKeys, so that sums by key fit in a slice.
type keyTable struct {
	keys  []stepKey // by number
	next  []keyID   // next with the same stack, by number; 0 if none
	first []keyID   // by stack; 0 if none
}

func (t *keyTable) id(k stepKey) keyID {
	stack := k.stack()
	if more := int(stack) + 1 - len(t.first); more > 0 {
		t.first = append(t.first, make([]keyID, more)...)
	}
	for i := t.first[stack]; i != 0; i = t.next[i] {
		if t.keys[i] == k {
			return i
		}
	}
	i := keyID(len(t.keys))
	t.keys = append(t.keys, k)
	t.next = append(t.next, t.first[stack])
	t.first[stack] = i
	return i
}

// A node is the last step or steps of a path; the rest is at its parent, which has a lower number. Nodes are numbered
// from 1; 0 is no node. They hold no pointers, so the garbage collector skips them.
type node struct {
	key    stepKey // of a single step
	d      int64   // of a single step
	parent int32
	bundle int32 // of several steps; 0: there is one
}

type step struct {
	key keyID
	d   int64
}

// A tree holds the nodes of all paths.
type tree struct {
	keys  keyTable
	nodes []node
	limit int // number of nodes beyond which chains are joined

	// What chains were joined into, with one step for each key. The first is not used.
	bundles     [][]step
	freeBundles []int32
	bundled     int // steps in all of them

	// Of the latest join: how many points and nodes refer to a node, and then its new number; those with any, last
	// first; and how many nodes were left.
	refs   []int32
	live   []int32
	joined int

	sums  []int64 // by key, of the path being added up
	found []keyID // the keys whose sums are not 0
}

const (
	firstLimit = 4096
	// near is how many nodes back a step looks for one of its kind: a path mostly alternates among few.
	near = 8
)

// newTree returns a tree without a path.
func newTree() tree {
	return tree{
		keys:  keyTable{keys: make([]stepKey, 1), next: make([]keyID, 1)},
		nodes: make([]node, 1),
		limit: firstLimit,
	}
}

// A point is a place on a path: virtual time and last node.
type point struct {
	v      int64
	last   int32
	shared int32 // the newest node that may be on other paths, too
}

// after lets p go on no earlier than q.
func (p *point) after(q *point) {
	if q.v > p.v {
		q.shared = q.last
		*p = *q
	}
}

// extend adds a step to the path that ends at p.
func (t *tree) extend(p *point, k stepKey, d int64) {
	// The order of steps that are on no other path does not matter.
	for back, m := 0, p.last; back < near && m > p.shared; back++ {
		n := &t.nodes[m]
		if n.key == k {
			n.d += d
			return
		}
		m = n.parent
	}
	m := int32(len(t.nodes))
	t.nodes = append(t.nodes, node{key: k, d: d, parent: p.last})
	p.last = m
}

// join forgets the nodes that are on no path to one of points, and makes one node of every chain of nodes that only the
// next one refers to; afterwards there are at most twice as many nodes as points. The next join is due when as many
// nodes have been added as this one has looked at steps, so that the cost per step does not grow with the bundles.
func (t *tree) join(points iter.Seq[*point]) {
	t.refs = slices.Grow(t.refs[:0], len(t.nodes))[:len(t.nodes)]
	clear(t.refs)
	for p := range points {
		t.refs[p.last]++
	}
	t.live = t.live[:0]
	for n := len(t.nodes) - 1; n > 0; n-- {
		if t.refs[n] > 0 {
			t.refs[t.nodes[n].parent]++
			t.live = append(t.live, int32(n))
		}
	}
	for _, n := range t.live {
		if p := t.nodes[n].parent; t.refs[n] > 0 && p != 0 && t.refs[p] == 1 {
			t.absorb(n)
		}
	}
	t.free()
	t.compact()
	for p := range points {
		p.last = t.refs[p.last]
		p.shared = p.last
	}
	t.joined = len(t.nodes)
	t.limit = max(firstLimit, 2*len(t.nodes)+t.bundled)
}

// absorb moves the ancestors of n with a single reference into n, up to the first with more.
func (t *tree) absorb(n int32) {
	t.gather(n)
	p := t.nodes[n].parent
	for p != 0 && t.refs[p] == 1 {
		t.gather(p)
		t.refs[p] = 0
		p = t.nodes[p].parent
	}
	t.nodes[n].parent = p
	t.settle(&t.nodes[n])
}

// free frees the bundles of nodes without a reference, which are all from earlier joins.
func (t *tree) free() {
	for n, p := range t.nodes[:t.joined] {
		if p.bundle != 0 && t.refs[n] == 0 {
			t.bundled -= len(t.bundles[p.bundle])
			t.freeBundles = append(t.freeBundles, p.bundle)
		}
	}
}

// compact moves the nodes with a reference together and makes refs their new numbers.
func (t *tree) compact() {
	t.refs[0] = 0
	kept := int32(1)
	for _, n := range slices.Backward(t.live) {
		if t.refs[n] == 0 {
			continue // it was absorbed
		}
		p := t.nodes[n]
		p.parent = t.refs[p.parent]
		t.nodes[kept] = p
		t.refs[n] = kept
		kept++
	}
	t.nodes = t.nodes[:kept]
}

// gather adds the steps of n to the sums.
func (t *tree) gather(n int32) {
	p := &t.nodes[n]
	if p.bundle == 0 {
		t.sum(step{t.keys.id(p.key), p.d})
		return
	}
	for _, s := range t.bundles[p.bundle] {
		t.sum(s)
	}
}

// sum adds a step to the sums. It is less than 0 for what was left out again.
func (t *tree) sum(s step) {
	for int(s.key) >= len(t.sums) {
		t.sums = append(t.sums, 0)
	}
	if t.sums[s.key] == 0 {
		t.found = append(t.found, s.key)
	}
	t.sums[s.key] += s.d
}

// settle gives the sums to a node in place of its own steps.
func (t *tree) settle(p *node) {
	if p.bundle == 0 && len(t.found) == 1 {
		k := t.found[0]
		p.key, p.d = t.keys.keys[k], t.sums[k]
		t.sums[k] = 0
		t.found = t.found[:0]
		return
	}
	if p.bundle == 0 {
		p.bundle = t.newBundle()
	}
	b := &t.bundles[p.bundle]
	t.bundled -= len(*b)
	*b = t.take((*b)[:0])
	t.bundled += len(*b)
}

// newBundle returns an unused bundle, if possible one that was freed.
func (t *tree) newBundle() int32 {
	if k := len(t.freeBundles) - 1; k >= 0 {
		b := t.freeBundles[k]
		t.freeBundles = t.freeBundles[:k]
		return b
	}
	if len(t.bundles) == 0 {
		t.bundles = make([][]step, 1)
	}
	t.bundles = append(t.bundles, nil)
	return int32(len(t.bundles) - 1)
}

// take moves the sums to the end of to.
func (t *tree) take(to []step) []step {
	for _, k := range t.found {
		to = append(to, step{k, t.sums[k]})
		t.sums[k] = 0
	}
	t.found = t.found[:0]
	return to
}

// path returns the steps of the path that ends at n, ordered by key.
func (t *tree) path(n int32) []step {
	for ; n != 0; n = t.nodes[n].parent {
		t.gather(n)
	}
	out := t.take(nil)
	slices.SortFunc(out, func(x, y step) int {
		a, b := t.keys.keys[x.key], t.keys.keys[y.key]
		return cmp.Or(cmp.Compare(a.cause(), b.cause()), cmp.Compare(a.stack(), b.stack()))
	})
	return out
}
