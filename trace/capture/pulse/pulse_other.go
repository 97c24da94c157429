//go:build !linux

package pulse

// Start returns a pulse that feels nothing: outside Linux there is none of the three signs.
func Start() *Pulse { return &Pulse{felt: make(chan struct{}, 1), quit: make(chan struct{})} }

func (p *Pulse) look() {}

func (p *Pulse) settle() {}

type sleeper struct{}

func (*sleeper) end() {}
