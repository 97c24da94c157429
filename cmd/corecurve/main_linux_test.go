package main

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the corecurve command, also for the processes of runs, which are started from the
// command's own executable, the program that disturbs them in TestUnderNoise, and that which is compared by proofs.
func TestMain(m *testing.M) {
	testscript.Main(heard{m}, map[string]func(){
		"corecurve": main, "denied": denied, "disturb": disturb, "toil": toil,
	})
}

// heard are the tests, of a process that does not ignore SIGHUP: under nohup, the commands that they start would.
type heard struct{ *testing.M }

// Run catches the signal and forgets it, because programs inherit that one is ignored, and not that it is caught.
func (h heard) Run() int {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	return h.M.Run()
}

// TestScripts runs testdata/script: real arguments, real files, exit status, stdout and stderr apart.
func TestScripts(t *testing.T) {
	repo, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			for _, key := range []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOFLAGS", "GOPROXY"} {
				env.Setenv(key, goEnv(t, key))
			}
			env.Setenv("REPO", repo)
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, ".state"))
			tool, err := exec.LookPath("corecurve")
			if err != nil {
				return err
			}
			env.Setenv("TOOLDIR", filepath.Dir(tool))
			env.Setenv("BAD", filepath.Join(repo, "cmd", "corecurve", "testdata", "bad"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":   cmdStatus,
			"runs":     cmdRuns,
			"smalldir": cmdSmallDir,
			"noprocs":  cmdNoProcs,
			"truncate": cmdTruncate,
			"json":     cmdJSON,
			"valid":    cmdValid,
			"await":    cmdAwait,
			"cause":    cmdCause,
			"finding":  cmdFinding,
			"foretold": cmdForetold,
			"grown":    cmdGrown,
			"waits":    cmdWaits,
			"workers":  cmdWorkers,
			"busy":     cmdBusy,
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "cpus": // more than one
				return runtime.NumCPU() > 1, nil
			case "denied":
				return exec.Command("denied", "true").Run() == nil, nil
			case "userns":
				return exec.Command("unshare", "-Ur", "true").Run() == nil, nil
			case "tmpfs":
				return os.Getuid() == 0 && canMount(t), nil
			}
			return false, os.ErrInvalid
		},
	})
}
