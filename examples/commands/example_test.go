package commands_test

import (
	"fmt"

	"github.com/corecurve/corecurve/examples/commands"
)

// What a program needs, and the command that it is.
func Example() {
	for _, p := range commands.All() {
		if p.Name == "c-threads" {
			fmt.Println(p.Needs, p.Compile, p.Argv)
		}
	}
	// Output: [cc] [cc -O2 -pthread -o {out} {file}] [{file} {workers} {size}]
}
