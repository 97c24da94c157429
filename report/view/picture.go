package view

import (
	"slices"

	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Place says where a picture stands in the documents.
type Place int

// The places of pictures.
const (
	Lead   Place = iota // above the tables
	Sizes               // in the section on what the size does
	Causes              // in the section on where the cores go
	Memory              // beside the figures
	Below               // with the timelines
	Small               // at the end, where there are many alike: in half the width if there is room for two
)

// A Picture is a picture that was drawn, to be set into a document.
type Picture struct {
	Name       string // of its file, without .png or .svg
	Workload   string // whose it is; empty: of several
	Place      Place
	Points     []sweep.Point // whose traced runs it shows; nil: it is of curves
	Title      string
	Head       string       // over it in a page; empty: the section that it stands in says it
	Caption    string       // what to look at; may be empty
	Alt        string       // what it shows, for readers who do not see it
	SVG        []byte       // the file, with its title; may be empty for report.md
	Page       page.Drawing // for report.html, without its title; may be empty for report.md
	Other      page.Drawing // the same on other axes; empty: there is none
	PageLabel  string       // what the axes of Page are, if there is another: "logarithmic"
	OtherLabel string       // what those of Other are
}

// Shows reports whether a traced run of the point is in p.
func (p *Picture) Shows(at sweep.Point) bool { return slices.Contains(p.Points, at) }
