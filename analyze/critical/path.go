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

// A keyTable numbers stepKeys and adds up steps by them.
type keyTable struct {
	keys  []keySum // by number; the first is not used
	first []keyID  // by stack; 0 if none
	found []keyID  // the keys whose sums are not 0
}

// A keySum is the sum of the steps with one key.
type keySum struct {
	key  stepKey
	sum  int64
	next keyID // with the same stack; 0 if none
}

func (t *keyTable) id(k stepKey) keyID {
	if stack := k.stack(); int(stack) < len(t.first) {
		for i := t.first[stack]; i != 0; i = t.keys[i].next {
			if t.keys[i].key == k {
				return i
			}
		}
	}
	return t.add(k)
}

// add numbers a key that has no number.
func (t *keyTable) add(k stepKey) keyID {
	stack := k.stack()
	if more := int(stack) + 1 - len(t.first); more > 0 {
		t.first = append(t.first, make([]keyID, more)...)
	}
	t.keys = append(t.keys, keySum{key: k, next: t.first[stack]})
	i := keyID(len(t.keys) - 1)
	t.first[stack] = i
	return i
}

// sum adds a step to the sum of its key. It is less than 0 for what was left out again.
func (t *keyTable) sum(i keyID, d int64) {
	k := &t.keys[i]
	if k.sum == 0 {
		t.found = append(t.found, i)
	}
	k.sum += d
}

// take moves the sums to the end of to.
func (t *keyTable) take(to []step) []step {
	for _, i := range t.found {
		to = append(to, step{i, t.keys[i].sum})
		t.keys[i].sum = 0
	}
	t.found = t.found[:0]
	return to
}

// A node is the last step or steps of a path; the rest is at its parent. Nodes are numbered from 1; 0 is no node. They
// hold no pointers, so the garbage collector skips them.
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

	// Of the latest join: how many points and nodes refer to a node, or, less than 0, where it has moved; and the nodes
	// that were left.
	refs  []int32
	moved []node
}

const (
	firstLimit = 4096
	// near is how many nodes back a step looks for one of its kind: a path mostly alternates among few.
	near = 8
)

// newTree returns a tree without a path.
func newTree() tree {
	return tree{keys: keyTable{keys: make([]keySum, 1)}, nodes: make([]node, 1), bundles: make([][]step, 1), limit: firstLimit}
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

// extend adds a step, if it takes time, to the path that ends at p.
func (t *tree) extend(p *point, k stepKey, d int64) {
	if d == 0 {
		return
	}
	p.v += d
	// The order of steps that are on no other path does not matter.
	for back, m := 0, p.last; m > p.shared && back < near; back++ {
		n := &t.nodes[m]
		if n.key == k {
			n.d += d
			return
		}
		m = n.parent
	}
	t.nodes = append(t.nodes, node{key: k, d: d, parent: p.last})
	p.last = int32(len(t.nodes) - 1)
}

// join forgets the nodes that are on no path to one of points, and makes one node of every chain of nodes that only the
// next one refers to; afterwards there are at most twice as many nodes as points. The next join is due when as many
// nodes have been added as this one has looked at points and steps, so that the cost per step does not grow with them.
func (t *tree) join(points iter.Seq[*point]) {
	t.refs = slices.Grow(t.refs[:0], len(t.nodes))[:len(t.nodes)]
	clear(t.refs)
	ends := 0
	for p := range points {
		ends++
		t.refer(p.last)
	}
	t.free(len(t.moved))
	t.moved = append(t.moved[:0], node{})
	for p := range points {
		t.move(p.last)
		p.last = -t.refs[p.last]
		p.shared = p.last
	}
	for i := range t.moved {
		n := &t.moved[i]
		n.parent = -t.refs[n.parent]
	}
	t.nodes = append(t.nodes[:0], t.moved...)
	t.limit = max(firstLimit, 2*len(t.nodes)+t.bundled+ends)
}

// refer counts one more reference to n, and if that is the first, one from it to its parent.
func (t *tree) refer(n int32) {
	for n != 0 {
		t.refs[n]++
		if t.refs[n] > 1 {
			return
		}
		n = t.nodes[n].parent
	}
}

// free frees the bundles of those of the first nodes that have no reference. Nodes added since the latest join have no
// bundle.
func (t *tree) free(first int) {
	for n := range t.nodes[:first] {
		if t.refs[n] == 0 {
			t.freeBundle(&t.nodes[n])
		}
	}
}

// move moves n and those before it that have not been moved.
func (t *tree) move(n int32) {
	for t.refs[n] > 0 {
		t.refs[n] = -int32(len(t.moved))
		t.moved = append(t.moved, t.chain(n))
		n = t.moved[len(t.moved)-1].parent
	}
}

// chain returns one node for n and those before it to which only the next one refers.
func (t *tree) chain(n int32) node {
	x := t.nodes[n]
	if t.refs[x.parent] != 1 {
		return x
	}
	t.gather(&x)
	t.freeBundle(&x)
	for t.refs[x.parent] == 1 {
		before := &t.nodes[x.parent]
		t.gather(before)
		t.freeBundle(before)
		x.parent = before.parent
	}
	t.settle(&x)
	return x
}

// gather adds the steps of n to the sums.
func (t *tree) gather(n *node) {
	if n.bundle == 0 {
		t.keys.sum(t.keys.id(n.key), n.d)
		return
	}
	for _, s := range t.bundles[n.bundle] {
		t.keys.sum(s.key, s.d)
	}
}

// settle gives the sums to a node.
func (t *tree) settle(n *node) {
	if len(t.keys.found) == 1 {
		k := &t.keys.keys[t.keys.found[0]]
		n.key, n.d = k.key, k.sum
		k.sum = 0
		t.keys.found = t.keys.found[:0]
		return
	}
	if len(t.freeBundles) == 0 {
		t.freeBundles = append(t.freeBundles, int32(len(t.bundles)))
		t.bundles = append(t.bundles, nil)
	}
	last := len(t.freeBundles) - 1
	n.bundle = t.freeBundles[last]
	t.freeBundles = t.freeBundles[:last]
	b := &t.bundles[n.bundle]
	*b = t.keys.take(*b)
	t.bundled += len(*b)
}

// freeBundle takes from a node its bundle, if it has one, for settle to use it again.
func (t *tree) freeBundle(n *node) {
	if n.bundle == 0 {
		return
	}
	b := &t.bundles[n.bundle]
	t.bundled -= len(*b)
	*b = (*b)[:0]
	t.freeBundles = append(t.freeBundles, n.bundle)
	n.bundle = 0
}

// path returns the steps of the path that ends at n, ordered by key.
func (t *tree) path(n int32) []step {
	for ; n != 0; n = t.nodes[n].parent {
		t.gather(&t.nodes[n])
	}
	out := t.keys.take(nil)
	slices.SortFunc(out, func(x, y step) int {
		a, b := t.keys.keys[x.key].key, t.keys.keys[y.key].key
		return cmp.Or(cmp.Compare(a.cause(), b.cause()), cmp.Compare(a.stack(), b.stack()))
	})
	return out
}
