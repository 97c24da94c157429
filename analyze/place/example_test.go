package place_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A goroutine waits inside the standard library; the place that its author can change is a caller.
func Example() {
	f, ok := place.Of([]gotrace.Frame{
		{Func: "internal/sync.(*Mutex).lockSlow", File: "mutex.go", Line: 149},
		{Func: "sync.(*Mutex).Lock", File: "mutex.go", Line: 46},
		{Func: "example.com/shop/cache.(*Cache).Get", File: "/src/shop/cache.go", Line: 31},
		{Func: "main.main", File: "/src/shop/main.go", Line: 12},
	})
	fmt.Println(place.Name(f), ok)
	// Output:
	// cache.(*Cache).Get (cache.go:31) true
}
