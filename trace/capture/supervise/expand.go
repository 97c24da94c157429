package supervise

import (
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/sweep"
)

// Uses reports whether the placeholder occurs in one of the words.
func Uses(words []string, placeholder string) bool {
	for _, w := range words {
		if strings.Contains(w, placeholder) {
			return true
		}
	}
	return false
}

// Copied reports whether a run starts a copy of the command for each of its processes. A command that is told how many
// processes to be starts them itself, unless it is told its rank as well: that is the rank of a copy.
func Copied(argv []string) bool { return !Uses(argv, "{procs}") || Uses(argv, "{rank}") }

// Copies returns how many copies of the command a run of p starts.
func Copies(argv []string, p sweep.Point) int {
	if !Copied(argv) {
		return 1
	}
	return p.Procs
}

// share returns the part of the total size that copy number rank does: the first copies do one more if it does not
// divide.
func share(size int64, copies, rank int) int64 {
	n := int64(copies)
	share := size / n
	if int64(rank) < size%n {
		share++
	}
	return share
}

// Expand replaces the placeholders {workers}, {procs}, {cores}, {size} and {rank} in words with the counts of p, for
// one of so many copies.
func Expand(words []string, p sweep.Point, copies, rank int) []string {
	r := strings.NewReplacer(
		"{workers}", strconv.Itoa(p.Workers), "{procs}", strconv.Itoa(p.Procs), "{cores}", strconv.Itoa(p.Cores),
		"{size}", strconv.FormatInt(share(p.Size, copies, rank), 10), "{rank}", strconv.Itoa(rank),
	)
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = r.Replace(w)
	}
	return out
}

// Environ returns the environment variables that tell a copy its counts.
func Environ(p sweep.Point, copies, rank int) []string {
	return []string{
		"CORECURVE_WORKERS=" + strconv.Itoa(p.Workers), "CORECURVE_PROCS=" + strconv.Itoa(p.Procs),
		"CORECURVE_CORES=" + strconv.Itoa(p.Cores), "CORECURVE_RANK=" + strconv.Itoa(rank),
		"CORECURVE_SIZE=" + strconv.FormatInt(share(p.Size, copies, rank), 10),
		"GOMAXPROCS=" + strconv.Itoa(p.GOMAXPROCS()), "OMP_NUM_THREADS=" + strconv.Itoa(p.Workers),
	}
}
