package sweep

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Words, variables and paths that are not UTF-8 come out of study.json as they went in; what a reader of the plain
// fields sees is the text that it always was.
func TestRawWords(t *testing.T) {
	const odd = "a\xff\xfeb"
	h := Header{
		Schema: StudySchema, Command: []string{"corecurve", "run", "--", odd},
		Variants: []Variant{{Name: "base", Kind: OfFolder, Ref: odd, Folder: "~/" + odd}},
		Workloads: []Program{{
			Name: "x", Argv: []string{odd}, Package: "~/" + odd,
			Command: &Command{
				Argv: []string{"/bin/echo", odd, "plain"}, Env: []string{"K=" + odd}, WorkDir: "/" + odd, Stdin: odd,
				Prepare: []string{odd}, Cleanup: []string{odd}, TracedArgs: []string{odd},
				Benchmark: &Benchmark{Name: "BenchmarkX", Package: "x", Folder: "/" + odd},
			},
		}},
	}
	b, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var got Header
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(h, got); d != "" {
		t.Error(d)
	}
	var plain struct {
		Workloads []struct{ Command struct{ Argv []string } }
	}
	if err := json.Unmarshal(b, &plain); err != nil {
		t.Fatal(err)
	}
	want := []string{"/bin/echo", "a\ufffd\ufffdb", "plain"}
	if d := cmp.Diff(want, plain.Workloads[0].Command.Argv); d != "" {
		t.Error(d)
	}
	// A study cannot show one word and run another.
	forged := strings.Replace(string(b), `"plain"`, `"plain","other"`, 1)
	forged = strings.Replace(forged, `"argv/1":`, `"argv/3":`, 1)
	if err := json.Unmarshal([]byte(forged), &got); err == nil {
		t.Errorf("bytes of another word are read as %q", got.Workloads[0].Command.Argv)
	}
}
