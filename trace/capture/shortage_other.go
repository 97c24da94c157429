//go:build !linux

package capture

import "github.com/corecurve/corecurve/trace/internal/shortage"

func limitOf(kind shortage.Kind) string { return "the limit on " + string(kind) }
