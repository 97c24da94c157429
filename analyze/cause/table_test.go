package cause

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTable: every cause has one line, with words, and no two could be taken for one another.
func TestTable(t *testing.T) {
	type look struct {
		Colour
		Pattern
	}
	ids, names, looks := map[string]Cause{}, map[string]Cause{}, map[look]Cause{}
	for i, e := range table {
		c := Cause(i)
		if e.ID == "" || e.Name == "" || e.Doing == "" || e.Group == "" {
			t.Errorf("cause %d has no identifier, no words or no group: %+v", i, e)
		}
		if other, ok := ids[e.ID]; ok {
			t.Errorf("%d and %d are both %q", c, other, e.ID)
		}
		if other, ok := names[e.Name]; ok {
			t.Errorf("%s and %s are both called %q", c, other, e.Name)
		}
		l := look{e.Colour, e.Pattern}
		if other, ok := looks[l]; ok {
			t.Errorf("%s and %s look the same", c, other)
		}
		ids[e.ID], names[e.Name], looks[l] = c, c, c
	}
}

// What is known of time that is a P's, and which causes a ledger can have.
func TestBusy(t *testing.T) {
	for c, want := range map[Cause]bool{
		User: true, GCAssist: true, GCSTW: false, Mutex: false, Dispatch: true, Preempted: false,
	} {
		if c.Busy() != want {
			t.Errorf("%s: busy %v, want %v", c, !want, want)
		}
	}
	if all := All(); len(all) != len(table)-2 || all[0] != User || all[len(all)-1] != Unknown {
		t.Errorf("all: %v", all)
	}
	if Unknown.Derived() || !WorkInflation.Derived() || !NotExplained.Derived() {
		t.Error("the rows that only speedup stacks have are not told from the others")
	}
}

// JSON has identifiers, as values and as keys, and one that is not known is refused by its name.
func TestJSON(t *testing.T) {
	in := map[Cause]Cause{User: Mutex, NotExplained: GCDedicated}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"not.explained":"gc.dedicated","user":"block.mutex"}`; string(b) != want {
		t.Errorf("got %s, want %s", b, want)
	}
	var out map[Cause]Cause
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(in, out); d != "" {
		t.Error(d)
	}
	var c Cause
	err = json.Unmarshal([]byte(`"block.hash"`), &c)
	if err == nil || err.Error() != `cause "block.hash" is not known` {
		t.Errorf("got error %v", err)
	}
}
