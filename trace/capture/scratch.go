package capture

import "github.com/corecurve/corecurve/trace/internal/scratch"

// ClearScratch removes the temporary folders of the tool and of workloads that were killed before they removed them.
func ClearScratch() { scratch.Clear() }
