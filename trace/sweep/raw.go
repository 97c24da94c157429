package sweep

import (
	"encoding/json"
	"fmt"

	"github.com/corecurve/corecurve/trace/internal/raw"
)

// Arguments, variables of the environment and paths may hold any bytes. In study.json what is not UTF-8 of them stands
// a second time, under "not_utf8" (package raw).

func (h *Header) raw() raw.Texts {
	return raw.Texts{Lists: map[string][]string{"command": h.Command}, Of: map[string]*string{"cwd": &h.Folder}}
}

func (p *Program) raw() raw.Texts {
	return raw.Texts{Lists: map[string][]string{"argv": p.Argv}, Of: map[string]*string{"package": &p.Package}}
}

func (c *Command) raw() raw.Texts {
	t := raw.Texts{
		Lists: map[string][]string{
			"argv": c.Argv, "env": c.Env, "prepare": c.Prepare, "cleanup": c.Cleanup, "traced_args": c.TracedArgs,
		},
		Of: map[string]*string{"work_dir": &c.WorkDir, "stdin": &c.Stdin},
	}
	if c.Benchmark != nil {
		t.Of["benchmark/go_work_dir"] = &c.Benchmark.Folder
	}
	return t
}

// The types of JSON: those of the study without their methods.
type (
	header  Header
	program Program
	command Command
)

type (
	headerJSON struct {
		header
		NotUTF8 raw.Bytes `json:"not_utf8,omitempty"`
	}
	programJSON struct {
		program
		NotUTF8 raw.Bytes `json:"not_utf8,omitempty"`
	}
	commandJSON struct {
		command
		NotUTF8 raw.Bytes `json:"not_utf8,omitempty"`
	}
)

// MarshalJSON writes h with all bytes of its texts.
func (h Header) MarshalJSON() ([]byte, error) {
	return json.Marshal(headerJSON{header(h), h.raw().Bytes()})
}

// UnmarshalJSON reads what MarshalJSON has written.
func (h *Header) UnmarshalJSON(b []byte) error {
	var x headerJSON
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*h = Header(x.header)
	return restore(h.raw(), x.NotUTF8)
}

// MarshalJSON writes p with all bytes of its texts.
func (p Program) MarshalJSON() ([]byte, error) {
	return json.Marshal(programJSON{program(p), p.raw().Bytes()})
}

// UnmarshalJSON reads what MarshalJSON has written.
func (p *Program) UnmarshalJSON(b []byte) error {
	var x programJSON
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*p = Program(x.program)
	return restore(p.raw(), x.NotUTF8)
}

// MarshalJSON writes c with all bytes of its texts.
func (c Command) MarshalJSON() ([]byte, error) {
	return json.Marshal(commandJSON{command(c), c.raw().Bytes()})
}

// UnmarshalJSON reads what MarshalJSON has written.
func (c *Command) UnmarshalJSON(b []byte) error {
	var x commandJSON
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*c = Command(x.command)
	return restore(c.raw(), x.NotUTF8)
}

func restore(t raw.Texts, b raw.Bytes) error {
	if err := t.Restore(b); err != nil {
		return fmt.Errorf("not_utf8: %w", err)
	}
	return nil
}
