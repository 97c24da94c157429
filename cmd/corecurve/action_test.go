package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestAction: what a caller of the GitHub action says reaches no script but by the environment, each input is
// documented and used, and each step of its script is one.
func TestAction(t *testing.T) {
	dir := filepath.Join("..", "..", ".github", "actions", "corecurve")
	source, err := os.ReadFile(filepath.Join(dir, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join(dir, "steps.sh"))
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]struct{ Description string }
		Runs   struct {
			Using string
			Steps []struct {
				Run, Shell, Uses string
				Env              map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(source, &action); err != nil {
		t.Fatal(err)
	}
	if action.Runs.Using != "composite" || len(action.Inputs) == 0 || len(action.Runs.Steps) == 0 {
		t.Fatalf("%+v", action)
	}
	for name, in := range action.Inputs {
		if in.Description == "" || !strings.Contains(string(source), "inputs."+name) {
			t.Errorf("the input %s is not described, or not used", name)
		}
	}
	for _, s := range action.Runs.Steps {
		if (s.Run == "") == (s.Uses == "") || s.Run != "" && s.Shell != "bash" || strings.Contains(s.Run, "${{") {
			t.Errorf("a step that is not one call of the script, without inputs in it: %+v", s)
		}
		for name := range s.Env {
			if !strings.Contains(string(script), "$"+name) && !strings.Contains(string(script), "${"+name) {
				t.Errorf("the script does not use %s", name)
			}
		}
		if verb := strings.TrimPrefix(s.Run, `"$GITHUB_ACTION_PATH/steps.sh" `); s.Run != "" && !strings.Contains(string(script), "\n"+verb+")\n") {
			t.Errorf("the script has no step %q", verb)
		}
	}
}
