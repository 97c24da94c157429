package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// modules is where `npm ci` in .ci/browser puts what tests need, from the top of the module.
const modules = ".ci/browser/node_modules"

// Axe is the source of axe-core. Without it the test is skipped.
func Axe(t testing.TB) string {
	t.Helper()
	return installed(t, "axe-core/axe.min.js", "pages are not checked for accessibility")
}

// Mermaid is the sources of releases of Mermaid: the newest, and one whose charts have no legend. Without them the test
// is skipped.
func Mermaid(t testing.TB) (newest, old string) {
	t.Helper()
	const without = "charts of summaries are not drawn"
	return installed(t, "@mermaid-js/tiny/dist/mermaid.tiny.js", without), installed(t, "mermaid-without-legend/dist/mermaid.tiny.js", without)
}

// installed is a file of the modules. Without it the test is skipped, and says what is not done then.
func installed(t testing.TB, file, without string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || dir == filepath.Dir(dir) {
			break
		}
	}
	source, err := os.ReadFile(filepath.Join(dir, modules, filepath.FromSlash(file)))
	if os.IsNotExist(err) {
		t.Skipf("%s is not installed (npm ci --prefix .ci/browser): %s", file, without)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// A Violation is what axe-core finds fault with.
type Violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"` // minor, moderate, serious or critical
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// String names the fault and the first places that have it.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s; %d places", v.ID, v.Impact, v.Help, len(v.Nodes))
	for _, n := range v.Nodes[:min(len(v.Nodes), 3)] {
		fmt.Fprintf(&b, "\n  %.300s\n  %.300s", n.HTML, n.Summary)
	}
	return b.String()
}

// Serious is what axe-core, given its source, finds in the page that is serious or critical.
func (p *Page) Serious(axe string) []Violation {
	p.t.Helper()
	p.Do(chromedp.Evaluate[chromedp.Void](axe + ";0"))
	all := Value[[]Violation](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations)`)
	return slices.DeleteFunc(all, func(v Violation) bool { return v.Impact != "serious" && v.Impact != "critical" })
}
