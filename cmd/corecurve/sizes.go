package main

import (
	"fmt"

	"github.com/corecurve/corecurve/trace/sweep"
)

// sizesFlag is a flag that holds sizes, as [sweep.ParseSizes] reads them. Given several times, it has those of all.
type sizesFlag []int64

func (f *sizesFlag) Set(text string) error {
	sizes, err := sweep.ParseSizes(text)
	*f = append(*f, sizes...)
	return err
}

func (f *sizesFlag) Type() string { return "sizes" }

// String is empty without sizes, so that the help shows no default.
func (f *sizesFlag) String() string {
	if len(*f) == 0 {
		return ""
	}
	return fmt.Sprint(*f)
}
