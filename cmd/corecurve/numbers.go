package main

import (
	"fmt"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A listFlag is a flag that holds a list of numbers. Given several times, it has those of all.
type listFlag[T any] struct {
	list  *[]T
	parse func(string) ([]T, error)
	noun  string
}

// sizesFlag holds sizes, as [sweep.ParseSizes] reads them.
func sizesFlag(list *[]int64) *listFlag[int64] {
	return &listFlag[int64]{list, sweep.ParseSizes, "sizes"}
}

// countsFlag holds counts, as [sweep.ParseCounts] reads them.
func countsFlag(list *[]int) *listFlag[int] {
	return &listFlag[int]{list, sweep.ParseCounts, "counts"}
}

func (f *listFlag[T]) Set(text string) error {
	numbers, err := f.parse(text)
	*f.list = append(*f.list, numbers...)
	return err
}

func (f *listFlag[T]) Type() string { return f.noun }

// GetSlice returns the numbers, as they can be given again.
func (f *listFlag[T]) GetSlice() []string {
	out := make([]string, len(*f.list))
	for i, n := range *f.list {
		out[i] = fmt.Sprint(n)
	}
	return out
}

// String is empty without numbers, so that the help shows no default.
func (f *listFlag[T]) String() string {
	if len(*f.list) == 0 {
		return ""
	}
	return fmt.Sprint(*f.list)
}
