package capture

import (
	"context"
	"fmt"
	"time"
)

// grace is how long after an interrupt all may take, together, that must be done nevertheless: cleaning up after a run,
// ending a service, passing on spans.
const grace = 400 * time.Millisecond

// Graced returns a context for that: it ends a moment after ctx does. The caller must call the function.
func Graced(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(grace):
			cancel(fmt.Errorf("not ended within %v of the interrupt", grace))
		case <-out.Done():
		}
	})
	return out, func() {
		stop()
		cancel(nil)
	}
}
