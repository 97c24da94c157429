package supervise

import (
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/sweep"
)

// Placeholders are what stands for the counts of a point in the words of a command.
func Placeholders() []string { return []string{"{workers}", "{procs}", "{cores}", "{size}", "{rank}"} }

// Uses reports whether a placeholder stands in one of the words.
func Uses(words []string, placeholder string) bool {
	for _, w := range words {
		if strings.Contains(w, placeholder) {
			return true
		}
	}
	return false
}

// Copies is how many copies of the command a run of p starts: one, if the command is told how many processes it is to be.
func Copies(argv []string, p sweep.Point) int {
	if Uses(argv, "{procs}") {
		return 1
	}
	return p.Procs
}

// Share is the part of the total size that copy number rank does: the first copies do one more if it does not divide.
func Share(size int64, copies, rank int) int64 {
	n := int64(copies)
	share := size / n
	if int64(rank) < size%n {
		share++
	}
	return share
}

// Expand puts the counts of p, for copy number rank of so many, into words.
func Expand(words []string, p sweep.Point, copies, rank int) []string {
	r := strings.NewReplacer(
		"{workers}", strconv.Itoa(p.Workers), "{procs}", strconv.Itoa(p.Procs), "{cores}", strconv.Itoa(p.Cores),
		"{size}", strconv.FormatInt(Share(p.Size, copies, rank), 10), "{rank}", strconv.Itoa(rank),
	)
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = r.Replace(w)
	}
	return out
}

// Environ is what a copy is told in its environment.
func Environ(p sweep.Point, copies, rank int) []string {
	return []string{
		"CORECURVE_WORKERS=" + strconv.Itoa(p.Workers), "CORECURVE_PROCS=" + strconv.Itoa(p.Procs),
		"CORECURVE_CORES=" + strconv.Itoa(p.Cores), "CORECURVE_RANK=" + strconv.Itoa(rank),
		"CORECURVE_SIZE=" + strconv.FormatInt(Share(p.Size, copies, rank), 10),
		"GOMAXPROCS=" + strconv.Itoa(p.GOMAXPROCS()), "OMP_NUM_THREADS=" + strconv.Itoa(p.Workers),
	}
}
