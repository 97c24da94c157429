package finding_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A change is against a cause only if it takes away what is lost to that: another lock, or the function wherever it is
// called, do not.
func TestAgainst(t *testing.T) {
	helper := []gotrace.Frame{
		{Func: "example.com/a.helper", File: "/a/x.go"}, {Func: "example.com/b.serial", File: "/b/x.go"},
	}
	lock := func(at string) *ledger.Object { return &ledger.Object{Origin: frames("sync.(*Mutex).Lock", at)} }
	for _, tt := range []struct {
		name   string
		f      finding.Finding
		change predict.Change
		first  []gotrace.Frame
		want   bool
	}{
		{
			name: "collector", f: finding.Finding{Cause: cause.GCAssist},
			change: predict.Change{Kind: predict.WithoutCollector}, want: true,
		},
		{
			name: "collector of a lock", f: finding.Finding{Cause: cause.Mutex},
			change: predict.Change{Kind: predict.WithoutCollector},
		},
		{
			name: "lock", f: finding.Finding{Cause: cause.Mutex, Object: lock("main.first")},
			change: predict.Change{Kind: predict.WithoutLock}, first: frames("sync.(*Mutex).Lock", "main.first"), want: true,
		},
		{
			name: "another lock", f: finding.Finding{Cause: cause.Mutex, Object: lock("main.first")},
			change: predict.Change{Kind: predict.WithoutLock}, first: frames("sync.(*Mutex).Lock", "main.second"),
		},
		{
			name: "some lock", f: finding.Finding{Cause: cause.Mutex}, change: predict.Change{Kind: predict.WithoutLock},
			first: frames("sync.(*Mutex).Lock", "main.first"),
		},
		{
			name: "serial part", f: finding.Finding{Cause: cause.Serial, Stack: helper},
			change: predict.Change{Kind: predict.FasterFunction, Func: helper[0].Func, Caller: helper[1].Func}, want: true,
		},
		{
			name: "helper of a serial part", f: finding.Finding{Cause: cause.Serial, Stack: helper},
			change: predict.Change{Kind: predict.FasterFunction, Func: helper[0].Func},
		},
		{
			name: "function that is slower", f: finding.Finding{Cause: cause.WorkInflation, Stack: helper},
			change: predict.Change{Kind: predict.FasterFunction, Func: helper[0].Func, Caller: helper[1].Func},
		},
		{name: "workers", f: finding.Finding{Cause: cause.Join, Stack: helper}, change: predict.Change{Kind: predict.MoreWorkers}},
	} {
		if got := tt.f.Against(&tt.change, tt.first); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	f := finding.Finding{Cause: cause.Join, Stack: helper}
	if got := f.Function(); got != (place.Function{Name: "example.com/a.helper", Caller: "example.com/b.serial"}) {
		t.Errorf("%+v", got)
	}
}
