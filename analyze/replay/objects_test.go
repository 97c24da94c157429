package replay

import (
	"testing"

	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/limits"
)

// Memory is bounded: beyond the limit all objects are forgotten, which is told, and numbers go on.
func TestTooManyObjects(t *testing.T) {
	o := objects{all: make([]object, limits.Objects-1), n: 7}
	lock := func(address uint64) gotrace.Operation { return gotrace.Operation{Op: gotrace.OpLock, Object: address} }
	for i, want := range []struct {
		number int32
		forgot bool
	}{{7, false}, {7, false}, {8, true}, {9, false}} {
		x, forgot := o.of(lock([]uint64{4, 4, 8, 4}[i]))
		if x.number != want.number || forgot != want.forgot {
			t.Errorf("operation %d: object %d, forgot %t, want %+v", i, x.number, forgot, want)
		}
	}
	if len(o.all) != 2 {
		t.Errorf("%d objects are known", len(o.all))
	}
}
