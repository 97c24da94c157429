package cause

import "testing"

// TestTable: every constant has one line, with words, and those that share a group, a colour and a pattern could not be told apart.
func TestTable(t *testing.T) {
	type look struct {
		Colour
		Pattern
	}
	names, looks := map[string]Cause{}, map[look]Cause{}
	for _, e := range table() {
		if e.Name == "" || e.Doing == "" || e.Group == "" {
			t.Errorf("%s: no words or no group", e.Cause)
		}
		if c, ok := names[e.Name]; ok {
			t.Errorf("%s and %s are both called %q", e.Cause, c, e.Name)
		}
		l := look{e.Colour, e.Pattern}
		if c, ok := looks[l]; ok {
			t.Errorf("%s and %s look the same", e.Cause, c)
		}
		names[e.Name], looks[l] = e.Cause, e.Cause
	}
	if len(entries()) != len(table()) {
		t.Error("a cause has two lines")
	}
}

// TestBusy: what is known of time that is a P's, and of a cause of a newer version.
func TestBusy(t *testing.T) {
	for c, want := range map[Cause]bool{User: true, GCAssist: true, GCSTW: false, Mutex: false, Dispatch: true, Preempted: false, "new.cause": false} {
		if c.Busy() != want {
			t.Errorf("%s: busy %v, want %v", c, !want, want)
		}
	}
	if e := Cause("new.cause").Entry(); e.Name != "new.cause" || e.Group != Unexplained {
		t.Errorf("a cause that is not known: %+v", e)
	}
	if all := All(); len(all) != len(table())-2 || all[0] != User || all[len(all)-1] != Unknown {
		t.Errorf("all: %v", all)
	}
	if Compare(User, Mutex) >= 0 || Compare(Unknown, WorkInflation) >= 0 || Compare("new.cause", NotExplained) <= 0 {
		t.Error("order")
	}
}
