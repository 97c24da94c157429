package cores

import "github.com/corecurve/corecurve/trace/clock"

// Set says that from t on so many cores are busy: what the OS scheduler's records tell. It is not to be mixed with Add.
func (b *Builder) Set(t clock.Time, busy int) {
	if !b.begun {
		b.start(t)
	}
	b.now = max(b.now, t)
	b.account(b.now)
	b.busy = busy
}
