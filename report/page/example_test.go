package page_test

import (
	"fmt"
	"os"

	"github.com/corecurve/corecurve/report/page"
)

// One page is read on a terminal and as a comment on a change.
func Example() {
	t := &page.Table{Head: []page.Head{{Name: "n"}, {Name: "speedup", Unit: "×"}, {Name: "verdict", Left: true}}}
	t.Add("1", "1.00", "base")
	t.Add("16", "9.80", "slower")
	p := page.Page{Title: "slower at n = 16", Blocks: []page.Block{{Head: "pi", Table: t}}}
	if err := p.WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	if err := p.WriteMarkdown(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// slower at n = 16
	//
	// pi
	//  n speedup verdict
	//          ×
	//  1    1.00 base
	// 16    9.80 slower
	// ### slower at n = 16
	//
	// #### pi
	//
	// | n | speedup × | verdict |
	// |---:|---:|---|
	// | 1 | 1.00 | base |
	// | 16 | 9.80 | slower |
}
