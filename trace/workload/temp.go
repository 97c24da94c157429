package workload

import "github.com/corecurve/corecurve/trace/internal/scratch"

// TempDir makes a folder for temporary files, such as the state of a process needs. remove removes it; if the process
// is killed before, the next start of corecurve does.
func TempDir() (path string, remove func() error, err error) {
	f, err := scratch.New()
	if err != nil {
		return "", nil, err
	}
	return f.Path, f.Remove, nil
}
