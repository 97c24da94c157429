package report

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"

	"github.com/google/pprof/profile"
)

// pathRE finds paths that are absolute, in a home directory or relative to where the command was given, at the beginning of a word or of a value.
var pathRE = regexp.MustCompile(`(^|[\s"'=:,;()\[\]{}<>])((?:~[\w.-]*|\.{1,2})?/[^\s"'=:,;()\[\]{}<>]+)`)

// redactText keeps the last part of every path in s.
func redactText(s string) string {
	return pathRE.ReplaceAllStringFunc(s, func(m string) string {
		parts := pathRE.FindStringSubmatch(m)
		return parts[1] + "…/" + path.Base(parts[2])
	})
}

// withoutPaths is v with every text in it redacted but names that others refer to. It goes by way of JSON, which all that a report holds can be written as.
func withoutPaths[T any](v T) (T, error) {
	var out T
	b, err := json.Marshal(v)
	if err != nil {
		return out, fmt.Errorf("redacting: %w", err)
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		return out, fmt.Errorf("redacting: %w", err)
	}
	if b, err = json.Marshal(redactTree("", tree)); err != nil {
		return out, fmt.Errorf("redacting: %w", err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return out, fmt.Errorf("redacting: %w", err)
	}
	return out, nil
}

// redactTree redacts the texts below key.
func redactTree(key string, v any) any {
	switch v := v.(type) {
	case string:
		switch key {
		case "workload", "name", "cause", "schema", "func":
			return v
		}
		return redactText(v)
	case []any:
		for i := range v {
			v[i] = redactTree(key, v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = redactTree(k, v[k])
		}
	}
	return v
}

// Redact leaves out of r what tells whose machine it was made on: the host's name, its boot identifier, and of every path in commands, errors, stacks and
// profiles all but the last part. What the figures depend on stays: CPU model, counts of cores, kernel, versions. Names of functions, and what a program
// printed on standard error besides paths, stay as well. The study itself is not changed. After an error r must not be shown.
func (r *Report) Redact() error {
	r.redacted = true
	var err error
	if r.in.Header, err = withoutPaths(r.in.Header); err != nil {
		return err
	}
	r.in.Header.Host.Name, r.in.Header.Host.BootID = "", ""
	if r.in.Results, err = withoutPaths(r.in.Results); err != nil {
		return err
	}
	r.in.Stopped = redactText(r.in.Stopped)
	if r.Document, err = withoutPaths(r.Document); err != nil {
		return err
	}
	r.Document.Study = r.in.Header
	for i := range r.warned {
		n := &r.warned[i]
		n.Text = redactText(n.Text)
		for k, d := range n.Details {
			n.Details[k] = redactText(d)
		}
	}
	for _, p := range r.profiles {
		redactProfile(p.Profile)
	}
	return nil
}

func redactProfile(p *profile.Profile) {
	for _, f := range p.Function {
		f.Filename = redactText(f.Filename)
	}
	for _, m := range p.Mapping {
		m.File = redactText(m.File)
	}
	for i, c := range p.Comments {
		p.Comments[i] = redactText(c)
	}
}
