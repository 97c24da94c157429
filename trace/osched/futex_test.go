package osched

import "testing"

// The arguments are those that the C libraries pass, seen in /proc/TID/syscall.
func TestFutexFor(t *testing.T) {
	const address, never = 0x7f0000001000, 0
	const anyone = 1<<32 - 1
	for _, tt := range []struct {
		name string
		args [6]uint64
		want string
	}{
		{"GNU mutex", [6]uint64{address, 0x80, 2, never}, HeldLock},
		{"GNU condition", [6]uint64{address, 0x189, 0, never, 0, anyone}, ""},
		{"GNU condition, third signal", [6]uint64{address, 0x189, 2, never, 0, anyone}, ""},
		{"GNU semaphore", [6]uint64{address, 0x189, 0, never, 0, anyone}, ""},
		{"GNU barrier, fifth round of four", [6]uint64{address, 0x80, 16, never}, ""},
		{"GNU join", [6]uint64{address, 0x109, 1234, never, 0, anyone}, ThreadEnd},
		{"shared memory that holds a number", [6]uint64{address, 0x109, 77, never, 0, anyone}, ""},
		{"Rust mutex", [6]uint64{address, 0x89, 2, never, 0, anyone}, HeldLock},
		{"Rust, parked", [6]uint64{address, 0x89, anyone, never, 0, anyone}, ""},
		{"musl mutex", [6]uint64{address, 0x80, 1<<31 | 1234, never}, HeldLock},
		{"musl, no thread of that number", [6]uint64{address, 0x80, 1<<31 | 77, never}, ""},
		{"with priority inheritance", [6]uint64{address, 0x86, 0, never}, HeldLock},
		{"Go, a thread without work", [6]uint64{address, 0x80, 0, never}, ""},
		{"Go, for a while", [6]uint64{address, 0x80, 2, 0x7ffc00001000}, ""},
		{"a wake-up", [6]uint64{address, 0x81, 2, never}, ""},
	} {
		if got := futexFor(tt.args, func(tid uint64) bool { return tid == 1234 }); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
