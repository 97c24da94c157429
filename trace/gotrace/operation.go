package gotrace

import "strconv"

// OperationCategory is the category of the log events by which a program that was built with sync events (package
// trace/syncevents) tells what it does with its locks and channels. Other readers take them for log events of tasks
// that they do not know.
const OperationCategory = "corecurve.sync"

// An Op is what a goroutine does with a lock, a channel or the like.
type Op uint8

// The operations. An event of those that may wait comes when they have succeeded, one of those that let others go on
// comes before they do it.
const (
	BadOp       Op = iota
	OpMake         // makes a channel
	OpSend         // has sent
	OpRecv         // has received
	OpClose        // closes a channel
	OpLock         // has locked a Mutex or, for writing, an RWMutex
	OpUnlock       // unlocks one
	OpRLock        // has locked an RWMutex for reading
	OpRUnlock      // unlocks one
	OpAdd          // adds to a WaitGroup
	OpWait         // has waited for a WaitGroup
	OpCondWait     // begins to wait for a Cond, before it unlocks
	OpCondWoken    // was woken, and will lock
	OpSignal       // wakes one that waits for a Cond
	OpBroadcast    // wakes all of them
	OpOnceBegin    // runs the function of a Once
	OpOnceEnd      // has run it
	OpOncePass     // returns from Once.Do: the function has run
	numOps
)

// A Thing is a kind of object that goroutines wait for.
type Thing uint8

// The kinds of objects.
const (
	NoThing Thing = iota
	Channel
	Lock // a Mutex or an RWMutex
	Group
	Cond
	Once
)

// String returns what Go calls it; empty for NoThing. What operations lock may be a Mutex or an RWMutex.
func (t Thing) String() string {
	return [...]string{"", "chan", "Mutex", "WaitGroup", "Cond", "Once"}[t]
}

// On returns what op is done with.
func (op Op) On() Thing {
	switch op {
	case OpMake, OpSend, OpRecv, OpClose:
		return Channel
	case OpLock, OpUnlock, OpRLock, OpRUnlock:
		return Lock
	case OpAdd, OpWait:
		return Group
	case OpCondWait, OpCondWoken, OpSignal, OpBroadcast:
		return Cond
	case OpOnceBegin, OpOnceEnd, OpOncePass:
		return Once
	}
	return NoThing
}

// The fields of the task number of an operation, from the lowest bit: the Op, its Modes, the amount, and a quarter of
// the address. So the number takes few bytes, and is far above those of tasks.
const (
	opBits     = 5
	modeBits   = 3
	amountBits = 10

	ModeShift    = opBits // positions of the fields
	AmountShift  = ModeShift + modeBits
	AddressShift = AmountShift + amountBits

	// LongAmount stands for an amount that the task number has no room for, and which the message of the event has, in
	// decimal.
	LongAmount = -1 << (amountBits - 1)
)

// A Mode says more about an operation on a channel.
type Mode uint8

// The modes, which are bits.
const (
	InSelect    Mode = 1 << iota // of a select with several cases
	NonBlocking                  // of a select with a default, or TryLock
	OfClosed                     // a receive from a channel that is closed and empty
)

// Made is a mode that no event has: package replay adds it to operations on channels whose making the trace tells.
const Made Mode = 1 << modeBits

// An Operation is what an event of kind [Operated] tells.
type Operation struct {
	Op   Op
	Mode Mode
	// Amount is the capacity of a channel, or what is added to a WaitGroup.
	Amount int64
	// Object is the address of the channel or lock, of which the two lowest bits are zero. Another object may get it when
	// this one is not used any more.
	Object uint64
}

// Pack returns the task number of an operation, and the amount that its message must have if that does not fit.
func (o Operation) Pack() (task uint64, message string) {
	amount := o.Amount
	if amount <= LongAmount || amount >= -LongAmount {
		message, amount = strconv.FormatInt(o.Amount, 10), LongAmount
	}
	return uint64(o.Op) | uint64(o.Mode)<<ModeShift | uint64(amount)&(1<<amountBits-1)<<AmountShift |
		o.Object>>2<<AddressShift, message
}

// Operation returns what an event of kind [Operated] tells.
func (ev *Event) Operation() Operation {
	o := unpack(ev.Task)
	if o.Amount == LongAmount {
		o.Amount = ev.Value
	}
	return o
}

func unpack(task uint64) Operation {
	return Operation{
		Op:     Op(task & (1<<opBits - 1)),
		Mode:   Mode(task >> ModeShift & (1<<modeBits - 1)),
		Amount: int64(task<<(64-AddressShift)) >> (64 - amountBits),
		Object: task >> AddressShift << 2,
	}
}

// operated makes an event of kind Operated of the log event ev, whose category is that of operations, or leaves it if
// it is none.
func operated(ev *Event, message string) {
	o := unpack(ev.Task)
	if o.Op == BadOp || o.Op >= numOps {
		return
	}
	if o.Amount == LongAmount {
		n, err := strconv.ParseInt(message, 10, 64)
		if err != nil {
			return
		}
		ev.Value = n
	}
	ev.Kind, ev.Name = Operated, 0
}
