package hostile

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/sweep"
)

// Files are the files of a study, by their slash-separated paths.
type Files map[string][]byte

// Honest returns a small study with nothing wrong: three counts, timed and traced runs, and captures of every kind.
func Honest() Files {
	b := newBuilder(1000)
	p := b.counts()
	b.runs(p...)
	for i := range p {
		t := newTrace()
		t.worker()
		t.table(typStacks, func(b []byte) []byte { return appendStack(b, 1, 1, 1) })
		t.thread(0)
		t.event(10_000_000, typStatus, 1, 0, running)
		for k := range uint64(30) {
			t.event(100_000, typCreate, k+2, 1, 1)
			t.event(1_000_000, typRegion, 0, 1, 1)
			t.event(10_000_000, typRegion+1, 0, 1, 1)
			t.event(1_000_000, typStop, 0, 1)
			t.event(1_000_000, typStart, 1, k+1)
		}
		all := []sweep.Capture{captured(i, sweep.GoTrace, "p0.trace")}
		b.files[all[0].Path] = t.bytes()
		for _, s := range slices.Concat(records()[2:4], profiles()[:1], spans()[:1]) {
			other := newBuilder(20_000)
			s.fill(other)
			for path, content := range other.files {
				if strings.HasPrefix(path, "runs/0/") && path != all[0].Path {
					path = strings.Replace(path, "runs/0/", captured(i, "", "").Path, 1)
					b.files[path] = content
				}
			}
		}
		for _, c := range []sweep.Capture{
			captured(i, sweep.OSched, "osched.jsonl.gz"), captured(i, sweep.CPUProfile, "p0.cpu.pb.gz"), captured(i, sweep.Spans, "spans.jsonl"),
		} {
			if b.files[c.Path] != nil {
				all = append(all, c)
			}
		}
		b.traced(p[i], 0, all...)
	}
	return b.all()
}

// Write makes the files in dir.
func (f Files) Write(dir string) error {
	var errs []error
	for name, content := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		errs = append(errs, os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o644))
	}
	return errors.Join(errs...)
}

// Mutate returns the files with as many changes as recipe has fours of bytes: of values in JSON to others and to
// extremes, of bytes, lengths and lines, and of files with one another. The files given stay as they are.
func (f Files) Mutate(recipe []byte) Files {
	out := maps.Clone(f)
	names := slices.Sorted(maps.Keys(out))
	for ; len(recipe) >= 4; recipe = recipe[4:] {
		at, what := int(recipe[1])<<8|int(recipe[2]), int(recipe[3])
		file := names[at%len(names)]
		switch recipe[0] % 12 {
		case 0, 1, 2, 3:
			out["study.json"] = mutateJSON(out["study.json"], at, what)
		case 4, 5, 6, 7:
			lines := bytes.Split(bytes.Clone(out["runs.jsonl"]), []byte("\n"))
			i := what % len(lines)
			lines[i] = mutateJSON(lines[i], at, what)
			out["runs.jsonl"] = bytes.Join(lines, []byte("\n"))
		case 8:
			out[file] = scatter(out[file], at, what)
		case 9:
			b := out[file]
			out[file] = b[:len(b)*what/256]
		case 10:
			other := names[what%len(names)]
			out[file], out[other] = out[other], out[file]
		case 11:
			lines := bytes.Split(bytes.Clone(out["runs.jsonl"]), []byte("\n"))
			i, k := at%len(lines), what%len(lines)
			lines[i], lines[k] = lines[k], bytes.Clone(lines[k])
			out["runs.jsonl"] = bytes.Join(lines, []byte("\n"))
		}
	}
	return out
}

// scatter changes some bytes of b.
func scatter(b []byte, at, what int) []byte {
	b = bytes.Clone(b)
	rng := rand.New(rand.NewPCG(uint64(at), uint64(what)))
	for range min(1+what/8, len(b)) {
		b[rng.IntN(len(b))] = byte(rng.IntN(256))
	}
	return b
}

// extremes are values that no measurement has.
func extremes() []any {
	return []any{
		nil, true, false, 0, 1, -1, 0.5, -0.5, 1e-9, 1e300, -1e300, int64(1) << 62, -(int64(1) << 62), int64(math.MaxInt64), 4096, 4097,
		9007199254740992, 2147483647, "", "x", injection, strings.Repeat("x", 5000), "\ufffd\u202e",
		[]any{},
		map[string]any{},
		[]any{nil, 1, "x"},
		"spin", "pi", "threads", "grid", "weak", "ok", "traced", "../../x", "/dev/zero", "runs",
	}
}

// mutateJSON changes one value of a JSON document: to an extreme one, to another of the document, or to more or fewer
// of what it holds. What is no JSON stays.
func mutateJSON(text []byte, at, what int) []byte {
	var doc any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&doc) != nil {
		return text
	}
	var places []func(any)
	var values []any
	var walk func(v any, set func(any))
	walk = func(v any, set func(any)) {
		places, values = append(places, set), append(values, v)
		switch v := v.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				walk(v[key], func(x any) { v[key] = x })
			}
		case []any:
			for i := range v {
				walk(v[i], func(x any) { v[i] = x })
			}
		}
	}
	walk(doc, func(any) {})
	i := at % len(places)
	all := extremes()
	list, isList := values[i].([]any)
	switch {
	case what < 160:
		places[i](all[what%len(all)])
	case isList && what < 220:
		for range min(what-150, 1+2000/(1+len(list))) {
			list = append(list, values[i].([]any)...)
		}
		places[i](list)
	case isList:
		places[i](list[:len(list)/2])
	default:
		places[i](values[(at/7+what*31)%len(values)])
	}
	out, err := json.Marshal(doc)
	if err != nil || len(out) > 1<<20 { // a value that holds itself
		return text
	}
	return out
}
