// Command cmd writes the hostile studies of a size into folders of their names.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/corecurve/corecurve/trace/hostile"
)

func main() {
	size := flag.Int("size", 20_000_000, "bytes of each study, roughly")
	only := flag.String("only", "", "write only the study of this name")
	flag.Parse()
	for _, s := range hostile.All() {
		if *only != "" && s.Name != *only {
			continue
		}
		if err := s.Write(filepath.Join(flag.Arg(0), s.Name), *size); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1) //nolint:forbidigo // this is a main
		}
	}
}
