package critical

import (
	"cmp"
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

func (t *keyTable) id(k stepKey) keyID {
	if int(k.stack) >= len(t.first) {
		t.first = append(t.first, make([]keyID, int(k.stack)+1-len(t.first))...)
	}
	for i := t.first[k.stack]; i != 0; i = t.next[i] {
		if t.keys[i].cause == k.cause {
			return i
		}
	}
	if len(t.keys) == 0 {
		t.keys, t.next = make([]stepKey, 1), make([]keyID, 1)
	}
	i := keyID(len(t.keys))
	t.keys = append(t.keys, k)
	t.next = append(t.next, t.first[k.stack])
	t.first[k.stack] = i
	return i
}

// A node is the last step or steps of a path; the rest is at its parent. Nodes are numbered from 1; 0 is no node. They
// hold no pointers, so the garbage collector skips them.
type node struct {
	d      int64 // of a single step
	parent int32
	refs   int32  // goroutines whose last node it is, plus nodes whose parent it is; 0 if free
	key    keyID  // of a single step, or the bundle of several
	seen   uint32 // epoch of the last join that came here
}

type step struct {
	key keyID
	d   int64
}

// A tree holds the nodes of all paths.
type tree struct {
	keys  keyTable
	nodes []node
	free  int32 // first free node; parent links the next
	live  int
	limit int // number of live nodes beyond which chains are joined
	epoch uint32

	// What chains were joined into, with one step for each key. The first is not used.
	bundles     [][]step
	freeBundles []keyID
	bundled     int // steps in all of them

	sums  []int64 // by key, of the path being added up
	found []keyID // the keys whose sums are not 0
	heads []int32 // of the latest join
}

const (
	firstLimit = 4096
	// near is how many nodes back a step looks for one of its kind: a path mostly alternates among few.
	near = 8
)

// hold adds a reference to n.
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
		n = t.release(n)
	}
}

// release frees n, which nobody refers to, and returns its parent.
func (t *tree) release(n int32) (parent int32) {
	p := &t.nodes[n]
	if p.key < 0 {
		t.bundled -= len(t.bundles[-p.key])
		t.freeBundles = append(t.freeBundles, p.key)
	}
	parent = p.parent
	p.parent, t.free = t.free, n
	t.live--
	return parent
}

// extend adds a step to the path that ends at n, takes over the reference to n, and returns the new end.
func (t *tree) extend(n int32, k stepKey, d int64) int32 {
	id := t.keys.id(k)
	// As far back as nobody else refers to, the order of steps does not matter.
	for back, m := 0, n; back < near && m != 0; back++ {
		p := &t.nodes[m]
		if p.refs != 1 {
			break
		}
		if p.key == id {
			p.d += d
			return n
		}
		m = p.parent
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
	t.nodes[m] = node{parent: n, refs: 1, key: id, d: d}
	t.live++
	return m
}

// join makes one node of every chain of nodes that only the next one refers to. heads are the nodes that goroutines
// refer to; afterwards there are at most twice as many nodes as those. The next join is due when as many nodes have
// been added as this one has looked at steps, so that the cost per step does not grow with the bundles.
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
	t.limit = max(firstLimit, 2*t.live+t.bundled)
}

// absorb moves the ancestors of n with a single reference into n, up to the first with more.
func (t *tree) absorb(n int32) {
	t.gather(n)
	p := t.nodes[n].parent
	for p != 0 && t.nodes[p].refs == 1 {
		t.gather(p)
		t.nodes[p].refs = 0
		p = t.release(p)
	}
	t.nodes[n].parent = p
	t.settle(&t.nodes[n])
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
