package capture

import (
	"github.com/corecurve/corecurve/trace/capture/orphans"
	"github.com/corecurve/corecurve/trace/internal/scratch"
)

// ClearScratch removes the temporary folders of the tool and of workloads that were killed before they removed them.
func ClearScratch() { scratch.Clear() }

// EndOrphans ends the processes of runs whose tool was killed and that nobody else could end, and returns how many
// there were.
func EndOrphans() int { return orphans.End() }
