package critical

import (
	"cmp"
	"iter"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A stepKey tells steps apart.
type stepKey struct {
	cause cause.Cause
	stack gotrace.StackID
}

// A keyID numbers a stepKey, from 1; -k is bundle k.
type keyID int32

// A keyTable numbers stepKeys, so that sums by key fit in a slice.
type keyTable struct {
	keys  []stepKey // by number
	next  []keyID   // next with the same stack, by number; 0 if none
	first []keyID   // by stack; 0 if none
}

func newKeyTable() keyTable {
	return keyTable{keys: []stepKey{{cause: noCause}}, next: make([]keyID, 1)}
}

// noCause is the cause of key 0, which no step has.
const noCause = ^cause.Cause(0)

func (t *keyTable) id(k stepKey) keyID {
	if int(k.stack) < len(t.first) {
		if i := t.first[k.stack]; t.keys[i].cause == k.cause {
			return i
		}
	}
	return t.find(k)
}

// find returns the number of a key that is not the first of its stack, or is new.
func (t *keyTable) find(k stepKey) keyID {
	if more := int(k.stack) + 1 - len(t.first); more > 0 {
		t.first = append(t.first, make([]keyID, more)...)
	}
	for i := t.first[k.stack]; i != 0; i = t.next[i] {
		if t.keys[i].cause == k.cause {
			return i
		}
	}
	i := keyID(len(t.keys))
	t.keys = append(t.keys, k)
	t.next = append(t.next, t.first[k.stack])
	t.first[k.stack] = i
	return i
}

// A node is the last step or steps of a path; the rest is at its parent, which has a lower number. Nodes are numbered
// from 1; 0 is no node. They hold no pointers, so the garbage collector skips them.
type node struct {
	d      int64 // of a single step
	parent int32
	key    keyID // of a single step, or the bundle of several
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
	freeBundles []keyID
	bundled     int // steps in all of them

	refs  []int32 // of the latest join: how many points and nodes refer to a node, and then its new number
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
	return tree{keys: newKeyTable(), nodes: make([]node, 1, 2*firstLimit), limit: firstLimit}
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
	id := t.keys.id(k)
	// The order of steps that are on no other path does not matter.
	for back, m := 0, p.last; back < near && m > p.shared; back++ {
		n := &t.nodes[m]
		if n.key == id {
			n.d += d
			return
		}
		m = n.parent
	}
	m := int32(len(t.nodes))
	t.nodes = append(t.nodes, node{d: d, parent: p.last, key: id})
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
	for n := len(t.nodes) - 1; n > 0; n-- {
		if t.refs[n] > 0 {
			t.refs[t.nodes[n].parent]++
		}
	}
	for n := len(t.nodes) - 1; n > 0; n-- {
		if p := t.nodes[n].parent; t.refs[n] > 0 && p != 0 && t.refs[p] == 1 {
			t.absorb(int32(n))
		}
	}
	t.compact()
	for p := range points {
		p.last = t.refs[p.last]
		p.shared = p.last
	}
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

// compact frees the nodes without a reference and makes refs the new numbers of the others.
func (t *tree) compact() {
	t.refs[0] = 0
	kept := t.nodes[:1]
	for n := 1; n < len(t.nodes); n++ {
		p := t.nodes[n]
		switch {
		case t.refs[n] > 0:
			p.parent = t.refs[p.parent]
			t.refs[n] = int32(len(kept))
			kept = append(kept, p)
		case p.key < 0:
			t.bundled -= len(t.bundles[-p.key])
			t.freeBundles = append(t.freeBundles, p.key)
		}
	}
	t.nodes = kept
}

// gather adds the steps of n to the sums.
func (t *tree) gather(n int32) {
	if more := len(t.keys.keys) - len(t.sums); more > 0 {
		t.sums = append(t.sums, make([]int64, more)...)
	}
	p := &t.nodes[n]
	if p.key > 0 {
		t.sum(step{p.key, p.d})
		return
	}
	for _, s := range t.bundles[-p.key] {
		t.sum(s)
	}
}

// sum adds a step to the sums. It is less than 0 for what was left out again.
func (t *tree) sum(s step) {
	if t.sums[s.key] == 0 {
		t.found = append(t.found, s.key)
	}
	t.sums[s.key] += s.d
}

// settle gives the sums to a node in place of its own steps.
func (t *tree) settle(p *node) {
	if p.key < 0 {
		t.bundled -= len(t.bundles[-p.key])
	} else if len(t.found) > 1 {
		p.key = t.newBundle()
	}
	if p.key > 0 {
		p.d = t.sums[p.key]
		t.sums[p.key] = 0
		t.found = t.found[:0]
		return
	}
	p.d = 0
	t.bundles[-p.key] = t.take(t.bundles[-p.key][:0])
	t.bundled += len(t.bundles[-p.key])
}

// newBundle returns an unused bundle, if possible one that was freed.
func (t *tree) newBundle() keyID {
	if k := len(t.freeBundles) - 1; k >= 0 {
		id := t.freeBundles[k]
		t.freeBundles = t.freeBundles[:k]
		return id
	}
	if len(t.bundles) == 0 {
		t.bundles = make([][]step, 1)
	}
	t.bundles = append(t.bundles, nil)
	return -keyID(len(t.bundles) - 1)
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
		return cmp.Or(cmp.Compare(a.cause, b.cause), cmp.Compare(a.stack, b.stack))
	})
	return out
}
