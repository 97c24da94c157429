package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/corecurve/corecurve/report"
	"github.com/corecurve/corecurve/trace/sweep"
)

// writeProfiles writes the profiles of r into dir, compressed, as go tool pprof reads them.
func writeProfiles(dir string, r *report.Report) error {
	for _, p := range r.View.Profiles {
		var b bytes.Buffer
		if err := p.Profile.Write(&b); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		if err := sweep.WriteFile(filepath.Join(dir, p.Name), b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
