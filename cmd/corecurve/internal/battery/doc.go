// Package battery holds the tool to its promises under attack: tests that start the built command as users do, and kill
// it, fill its disk, take its resources, signal it and hand it studies that others made.
//
// TestBattery is short in "go test ./...". CORECURVE_BATTERY=long makes it long: 100 kills, all sizes and signals.
// It logs a table of counts. TestSoak runs as long as CORECURVE_SOAK says and looks for leaks.
package battery
