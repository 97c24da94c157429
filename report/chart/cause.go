package chart

import "github.com/corecurve/corecurve/analyze/cause"

// causeLook is how c is shown. A cause fills its segment.
func causeLook(c cause.Cause) look {
	e := c.Entry()
	return look{name: e.Name, fill: hueOf(e.Colour), pattern: e.Pattern, height: 1}
}

// hueOf is the shade of a colour.
func hueOf(c cause.Colour) hue {
	return [...]hue{
		cause.White: white, cause.Green: green, cause.Black: black, cause.Charcoal: charcoal, cause.Vermillion: vermillion,
		cause.Purple: purple, cause.Sky: sky, cause.Yellow: yellow, cause.Orange: orange, cause.Grey: middle,
	}[c]
}

// smallCauses stands for causes that are each too little to be seen.
func smallCauses() look {
	return look{name: "smaller causes", fill: grid, pattern: cause.Edged, height: 1}
}
