package wire

import (
	"encoding/json"

	"github.com/corecurve/corecurve/trace/internal/raw"
)

// raw are the texts of s that may hold any bytes: those of commands, and paths.
func (s *Spec) raw() raw.Texts {
	return raw.Texts{
		Lists: map[string][]string{"argv": s.Argv, "env": s.Env},
		Of:    map[string]*string{"work_dir": &s.WorkDir, "stdin": &s.Stdin, "dir": &s.Dir},
	}
}

// spec is a Spec without its methods.
type spec Spec

type specJSON struct {
	spec
	NotUTF8 raw.Bytes `json:"not_utf8,omitempty"`
}

// MarshalJSON writes s with all bytes of its texts.
func (s Spec) MarshalJSON() ([]byte, error) { return json.Marshal(specJSON{spec(s), s.raw().Bytes()}) }

// UnmarshalJSON reads what MarshalJSON has written.
func (s *Spec) UnmarshalJSON(b []byte) error {
	var x specJSON
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*s = Spec(x.spec)
	return s.raw().Restore(x.NotUTF8)
}
