package syncevents

// A file is a file of Go's library with the functions in it that tell what they do.
type file struct {
	path  string // below the folder src of GOROOT
	sites []site
}

// A site is a function, and what is put into it.
type site struct {
	fn    string // as the language writes it: f, or (*T).m
	typ   string // its type; parameters and results have the names that inserted text uses
	edits []edit
}

// A place says where in a function an edit is made. All insertions stay in one line.
type place uint8

const (
	entry  place = iota // before the first statement
	exit                // after the last statement, which must not be a return
	before              // before each statement that reads as match
	after               // after it
	around              // in the place of match, everywhere in the function; the text has the whole
)

// An edit inserts text at a place, or replaces what matches. What an edit finds must be there as often as times says.
type edit struct {
	at    place
	match string // what the statement or expression reads, on one line
	times int
	text  string
}

func enter(text string) edit          { return edit{at: entry, times: 1, text: text} }
func leave(text string) edit          { return edit{at: exit, times: 1, text: text} }
func prepend(match, text string) edit { return edit{at: before, match: match, times: 1, text: text} }
func add(match, text string) edit     { return edit{at: after, match: match, times: 1, text: text} }
func replace(match, text string) edit { return edit{at: around, match: match, times: 1, text: text} }
func (e edit) often(times int) edit   { e.times = times; return e }

// files returns what is put where, for the releases that [known] names. Those operations that may wait tell it when
// they have succeeded, those that let others go on before they do it: so no recorded order is impossible. What is a
// part of another operation tells nothing: the mutexes of RWMutex and Once are locked without.
func files() []file {
	return []file{
		{"sync/mutex.go", mutexSites()},
		{"sync/rwmutex.go", rwmutexSites()},
		{"sync/waitgroup.go", []site{
			{"(*WaitGroup).Add", "func(delta int)", []edit{enter("corecurveOnGroup(corecurveAdd, delta, wg)")}},
			{"(*WaitGroup).Wait", "func()", []edit{prepend("return", "corecurveOnGroup(corecurveWait, 0, wg)").often(2)}},
		}},
		{"sync/cond.go", []site{
			{"(*Cond).Wait", "func()", []edit{
				prepend("c.L.Unlock()", "corecurveOnCond(corecurveCondWait, c)"),
				prepend("c.L.Lock()", "corecurveOnCond(corecurveCondWoken, c)"),
			}},
			{"(*Cond).Signal", "func()", []edit{enter("corecurveOnCond(corecurveSignal, c)")}},
			{"(*Cond).Broadcast", "func()", []edit{enter("corecurveOnCond(corecurveBroadcast, c)")}},
		}},
		{"sync/once.go", []site{
			{"(*Once).Do", "func(f func())", []edit{leave("corecurveOnOnce(corecurveOncePass, o)")}},
			{"(*Once).doSlow", "func(f func())", []edit{
				replace("o.m.Lock()", "o.m.mu.Lock()"),
				replace("o.m.Unlock()", "o.m.mu.Unlock()"),
				add("defer o.done.Store(true)", "defer corecurveOnOnce(corecurveOnceEnd, o)"),
				prepend("f()", "corecurveOnOnce(corecurveOnceBegin, o)"),
			}},
		}},
		{"runtime/trace.go", []site{
			{"StartTrace", "func() error", []edit{add("trace.enabled = true", "corecurveTracing = true")}},
			{"traceAdvance", "func(stopTrace bool)", []edit{add("trace.enabled = false", "corecurveTracing = false")}},
		}},
		{"runtime/chan.go", chanSites()},
		{"runtime/select.go", []site{
			{
				"selectgo",
				"func(cas0 *scase, order0 *uint16, pc0 *uintptr, nsends, nrecvs int, block bool) (int, bool)",
				[]edit{prepend("return casi, recvOK", "corecurveSelected(cas, casi, nsends, recvOK, block)")},
			},
		}},
	}
}

func mutexSites() []site {
	return []site{
		{"(*Mutex).Lock", "func()", []edit{add("m.mu.Lock()", "corecurveOnMutex(corecurveLock, m)")}},
		{"(*Mutex).TryLock", "func() bool", []edit{replace("m.mu.TryLock()", "corecurveTried(m, m.mu.TryLock())")}},
		{"(*Mutex).Unlock", "func()", []edit{prepend("m.mu.Unlock()", "corecurveOnMutex(corecurveUnlock, m)")}},
	}
}

func rwmutexSites() []site {
	return []site{
		{"(*RWMutex).RLock", "func()", []edit{leave("corecurveOnRWMutex(corecurveRLock, 0, rw)")}},
		{"(*RWMutex).TryRLock", "func() bool", []edit{
			prepend("return true", "corecurveOnRWMutex(corecurveRLock, corecurveNonBlocking, rw)"),
		}},
		{"(*RWMutex).RUnlock", "func()", []edit{enter("corecurveOnRWMutex(corecurveRUnlock, 0, rw)")}},
		{"(*RWMutex).Lock", "func()", []edit{
			replace("rw.w.Lock()", "rw.w.mu.Lock()"), leave("corecurveOnRWMutex(corecurveLock, 0, rw)"),
		}},
		{"(*RWMutex).TryLock", "func() bool", []edit{
			replace("rw.w.TryLock()", "rw.w.mu.TryLock()"), replace("rw.w.Unlock()", "rw.w.mu.Unlock()"),
			prepend("return true", "corecurveOnRWMutex(corecurveLock, corecurveNonBlocking, rw)"),
		}},
		{"(*RWMutex).Unlock", "func()", []edit{
			enter("corecurveOnRWMutex(corecurveUnlock, 0, rw)"), replace("rw.w.Unlock()", "rw.w.mu.Unlock()"),
		}},
	}
}

func chanSites() []site {
	const (
		sends    = "chansend(c, elem, true, sys.GetCallerPC())"
		tries    = "chansend(c, elem, false, sys.GetCallerPC())"
		reflects = "chansend(c, elem, !nb, sys.GetCallerPC())"
	)
	return []site{
		{"makechan", "func(t *chantype, size int) *hchan", []edit{prepend("return c", "corecurveMade(c)")}},
		{"closechan", "func(c *hchan)", []edit{enter("corecurveCloses(c)")}},
		{"chansend1", "func(c *hchan, elem unsafe.Pointer)", []edit{add(sends, "corecurveSent(c)")}},
		{"selectnbsend", "func(c *hchan, elem unsafe.Pointer) (selected bool)", []edit{
			replace(tries, "corecurveTriedSend(c, false, "+tries+")"),
		}},
		{"reflect_chansend", "func(c *hchan, elem unsafe.Pointer, nb bool) (selected bool)", []edit{
			replace(reflects, "corecurveTriedSend(c, !nb, "+reflects+")"),
		}},
		{"chanrecv1", "func(c *hchan, elem unsafe.Pointer)", []edit{
			replace("chanrecv(c, elem, true)", "_, ok := chanrecv(c, elem, true); corecurveReceived(c, ok)"),
		}},
		{"chanrecv2", "func(c *hchan, elem unsafe.Pointer) (received bool)", []edit{
			prepend("return", "corecurveReceived(c, received)"),
		}},
		{"selectnbrecv", "func(elem unsafe.Pointer, c *hchan) (selected, received bool)", []edit{
			replace("return chanrecv(c, elem, false)", "selected, received = chanrecv(c, elem, false); "+
				"corecurveTriedRecv(c, false, selected, received); return"),
		}},
		{"reflect_chanrecv", "func(c *hchan, nb bool, elem unsafe.Pointer) (selected bool, received bool)", []edit{
			replace("return chanrecv(c, elem, !nb)", "selected, received = chanrecv(c, elem, !nb); "+
				"corecurveTriedRecv(c, !nb, selected, received); return"),
		}},
	}
}
