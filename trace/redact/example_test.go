package redact_test

import (
	"fmt"

	"github.com/corecurve/corecurve/trace/redact"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A study's command line loses its folders, and so does what a program said of them.
func ExampleRedactor() {
	h := sweep.Header{Command: []string{"corecurve", "run", "--", "acme/tool", "-I/srv/acme/include", "KEY=/srv/acme/key"}}
	results := []sweep.Result{{Error: "acme/config.yml: not found; exec /srv/acme/bin/x: exit status 1"}}
	r := redact.New(h, results, redact.Here{Home: "/home/ada"})
	h, results = r.Study(h, results)
	fmt.Println(h.Command[3:])
	fmt.Println(results[0].Error)
	// Output:
	// […/tool -I…/include KEY=…/key]
	// …/config.yml: not found; exec …/x: exit status 1
}
