package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/report"
	"github.com/corecurve/corecurve/report/comparison"
	"github.com/corecurve/corecurve/trace/sweep"
)

// accounts are the parts of report.json that say where core time went, as it stands in a study.
type accounts struct {
	Schema string `json:"schema"`
	Curves []struct {
		Workload string        `json:"workload"`
		Mode     sweep.Mode    `json:"mode"`
		Scaling  sweep.Scaling `json:"scaling"`
		Size     int64         `json:"size"`
		Series   string        `json:"series"`
		Points   []struct {
			N      int               `json:"n"`
			Ledger *report.LedgerDoc `json:"ledger"`
		} `json:"points"`
	} `json:"curves"`
}

// readAccounts reads the report of a study; nil if there is none.
func readAccounts(s *sweep.Study) (*accounts, error) {
	path := filepath.Join(s.ReportDir(), "report.json")
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var a accounts
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := sweep.CheckSchema(a.Schema, report.Schema); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &a, nil
}

// shares is the part of the core time that each cause took at a point; nil if that is not known.
func (a *accounts) shares(k compare.Key, n int) map[cause.Cause]float64 {
	if a == nil {
		return nil
	}
	for _, c := range a.Curves {
		if k.Size == 0 { // of a benchmark: studies calibrate it for themselves
			c.Size = 0
		}
		if (compare.Key{Workload: c.Workload, Mode: c.Mode, Scaling: c.Scaling, Series: c.Series, Size: c.Size}) != k {
			continue
		}
		for _, p := range c.Points {
			if p.N != n || p.Ledger == nil || !(p.Ledger.CoreSeconds > 0) {
				continue
			}
			out := map[cause.Cause]float64{}
			for _, x := range p.Ledger.Causes {
				if slices.Contains(cause.All(), x.Cause) {
					out[x.Cause] += x.CoreSeconds / p.Ledger.CoreSeconds
				}
			}
			return out
		}
	}
	return nil
}

// causeChanges are the changes of causes between two studies whose reports are at hand. A report that cannot be read leaves them out, with a note, as
// the comparison of times does not rest on it.
func causeChanges(base, fresh *sweep.Study) (of func(compare.Key, float64) []comparison.Change, notes []string) {
	var sides [2]*accounts
	for i, s := range []*sweep.Study{base, fresh} {
		a, err := readAccounts(s)
		if err != nil {
			notes = append(notes, "causes are left out: "+err.Error())
		}
		sides[i] = a
	}
	if sides[0] == nil || sides[1] == nil {
		return nil, notes
	}
	return func(k compare.Key, n float64) []comparison.Change {
		return comparison.Changes(sides[0].shares(k, int(n)), sides[1].shares(k, int(n)))
	}, notes
}
