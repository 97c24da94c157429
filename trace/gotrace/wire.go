package gotrace

// The types of events in a trace, which are their first byte (Go source, internal/trace/tracev2/events.go).
const (
	wireEventBatch = iota + 1
	wireStacks
	wireStack
	wireStrings
	wireString
	wireCPUSamples
	wireCPUSample
	wireFrequency
	wireProcsChange
	wireProcStart
	wireProcStop
	wireProcSteal
	wireProcStatus
	wireGoCreate
	wireGoCreateSyscall
	wireGoStart
	wireGoDestroy
	wireGoDestroySyscall
	wireGoStop
	wireGoBlock
	wireGoUnblock
	wireGoSyscallBegin
	wireGoSyscallEnd
	wireGoSyscallEndBlocked
	wireGoStatus
	wireSTWBegin
	wireSTWEnd
	wireGCActive
	wireGCBegin
	wireGCEnd
	wireGCSweepActive
	wireGCSweepBegin
	wireGCSweepEnd
	wireGCMarkAssistActive
	wireGCMarkAssistBegin
	wireGCMarkAssistEnd
	wireHeapAlloc
	wireHeapGoal
	wireGoLabel
	wireUserTaskBegin
	wireUserTaskEnd
	wireUserRegionBegin
	wireUserRegionEnd
	wireUserLog
	wireGoSwitch
	wireGoSwitchDestroy
	wireGoCreateBlocked
	wireGoStatusStack
	wireExperimentalBatch
	wireSync
	wireClockSnapshot
	wireEndOfGeneration
)

// The experimental events, of which only the names are used.
const (
	wireSpan = iota + 128
	wireSpanAlloc
	wireSpanFree
	wireHeapObject
	wireHeapObjectAlloc
	wireHeapObjectFree
	wireGoroutineStack
	wireGoroutineStackAlloc
	wireGoroutineStackFree
)

// The states of a goroutine in a trace.
const (
	wireRunnable = iota + 1
	wireRunning
	wireSyscall
	wireWaiting
)

// The states of a processor in a trace.
const (
	wireProcRunning = iota + 1
	wireProcIdle
	wireProcSyscall
	wireProcAbandoned // it was left in a system call before the generation began, and is about to be taken away
)

const (
	noEvent = 0 // no type: a thread has no event, or a broken one
	maxArgs = 5
	noTask  = 1<<64 - 1
)

// notTimed is the count of arguments for types that have no time, and so are no events of a thread.
const notTimed = 255

// argCounts returns the number of arguments that an event of each type has after its time, or notTimed.
func argCounts() (t [256]uint8) {
	for i := range t {
		t[i] = notTimed
	}
	for n, types := range [][]uint8{
		0: {
			wireProcStop, wireGoDestroy, wireGoDestroySyscall, wireGoSyscallEnd, wireGoSyscallEndBlocked, wireSTWEnd,
			wireGCMarkAssistEnd,
		},
		1: {
			wireGoCreateSyscall, wireGCActive, wireGCEnd, wireGCSweepActive, wireGCSweepBegin, wireGCMarkAssistActive,
			wireGCMarkAssistBegin,
			wireHeapAlloc, wireHeapGoal, wireGoLabel, wireSpanFree, wireHeapObjectFree, wireGoroutineStackFree,
		},
		2: {
			wireProcsChange, wireProcStart, wireProcStatus, wireGoStart, wireGoStop, wireGoBlock, wireGoSyscallBegin,
			wireSTWBegin, wireGCBegin,
			wireGCSweepEnd, wireUserTaskEnd, wireGoSwitch, wireGoSwitchDestroy, wireHeapObject, wireHeapObjectAlloc,
			wireGoroutineStack,
			wireGoroutineStackAlloc,
		},
		3: {
			wireProcSteal, wireGoCreate, wireGoUnblock, wireGoStatus, wireUserRegionBegin, wireUserRegionEnd,
			wireGoCreateBlocked, wireSpan,
			wireSpanAlloc,
		},
		4: {wireUserTaskBegin, wireUserLog, wireGoStatusStack},
	} {
		for _, typ := range types {
			t[typ] = uint8(n)
		}
	}
	return t
}
