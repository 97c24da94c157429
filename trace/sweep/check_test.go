package sweep_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
	"github.com/corecurve/corecurve/trace/sweep"
)

// studyOf returns the folder of a study with these files.
func studyOf(tb testing.TB, header, runs string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range map[string]string{"study.json": header, "runs.jsonl": runs} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// A header that is beyond a limit is refused by the name of its field, and nothing of it is echoed.
func TestHeaderLimits(t *testing.T) {
	point := `{"workload":"w","procs":1,"workers":%d,"cores":1,"size":1}`
	points := func(n int) string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf(point, i+1))
		}
		return `{"workload":"w","points":[` + strings.Join(out, ",") + `]}`
	}
	of := func(p string) string { return `"sweeps":[{"workload":"w","points":[` + p + `]}]` }
	for name, c := range map[string]struct{ field, want string }{
		"none":              {`"seed":1`, ""},
		"whole":             {`"sweeps":[` + points(256) + `]`, ""},
		"workers":           {of(`{"workload":"w","procs":1,"workers":4611686018427387904,"cores":1,"size":1}`), "sweeps[0].points[0]: workers is 4611686018427387904: must be at most 4096"},
		"beyond int64":      {of(`{"workload":"w","procs":9223372036854775808}`), "study.json: json: cannot unmarshal number 9223372036854775808"},
		"procs":             {of(`{"workload":"w","procs":0,"workers":1,"cores":1,"size":1}`), "points[0]: procs is 0: must be at least 1"},
		"cores":             {of(`{"workload":"w","procs":1,"workers":1,"cores":-1,"size":1}`), "points[0]: cores is -1: must be at least 1"},
		"size":              {of(`{"workload":"w","procs":1,"workers":1,"cores":1,"size":9223372036854775807}`), "points[0]: size is 9223372036854775807: must be at most"},
		"path as workload":  {of(`{"workload":"../victim","procs":1,"workers":1,"cores":1,"size":1}`), `points[0]: workload name "../victim"`},
		"another workload":  {of(`{"workload":"v","procs":1,"workers":1,"cores":1,"size":1}`), `workload is "v", and that of the sweep "w"`},
		"twice":             {of(fmt.Sprintf(point+","+point, 1, 1)), "points[1]: w-p1-w1-c1-s1 stands there twice"},
		"a sweep twice":     {`"sweeps":[` + points(2) + "," + points(3) + "," + points(2) + `]`, "sweeps[2] is sweeps[0] again"},
		"points of a sweep": {`"sweeps":[` + points(257) + `]`, "sweeps[0]: 257 points: at most 256 points"},
		"points":            {`"sweeps":[` + points(241) + strings.Repeat(","+points(241), 16) + `]`, "4097 points: at most 4096 points"},
		"sweeps":            {`"sweeps":[{}` + strings.Repeat(",{}", 1024) + `]`, "1025 sweeps: at most 1024"},
		"workloads":         {`"workloads":[{}` + strings.Repeat(",{}", 1024) + `]`, "1025 workloads: at most 1024"},
		"max runs":          {`"rule":{"max_runs":4611686018427387904}`, "rule.max_runs is 4611686018427387904: must be at most 100000"},
		"min runs":          {`"rule":{"min_runs":-1}`, "rule.min_runs is -1: must not be negative"},
		"half width":        {`"rule":{"relative_half_width":-1e300}`, "rule.relative_half_width is -1e+300: must be from 0"},
		"budget":            {`"rule":{"budget_s":-1}`, "rule.budget_s is -1 s: must be from 0 s to"},
		"timeout":           {`"settings":{"timeout_s":1e300}`, `seconds "1e300": out of range`},
		"chunk":             {`"settings":{"chunk":-2}`, "settings.chunk is -2"},
		"cpus":              {`"host":{"cpus":[{}` + strings.Repeat(",{}", 8192) + `]}`, "8193 CPUs: at most 8192"},
		"cpu":               {`"host":{"cpus":[{"id":0},{"id":65536}]}`, "host.cpus[1].id is 65536: must be at most 65535"},
		"quota":             {`"host":{"quota_cores":-0.5}`, "host.quota_cores is -0.5: must be from 0"},
		"memory":            {`"host":{"memory_bytes":-1}`, "host.memory_bytes is -1: must not be negative"},
		"scheduler":         {`"scheduler":{"wake_s":1.5}`, "scheduler.wake_s is 1.5 s: must be from 0 s to 1 s"},
		"scheduler before":  {`"scheduler":{"switch_s":-1}`, "scheduler.switch_s is -1 s"},
		"resume":            {`"resumes":[{"first_run":-1}]`, "resumes[0].first_run is -1"},
		"warnings":          {`"warnings":[""` + strings.Repeat(`,""`, 1000) + `]`, "1001 warnings: at most 1000"},
		"words":             {`"command":["a"` + strings.Repeat(`,"a"`, limits.Words) + `]`, "131073 words of the command: at most 131072"},
		"long model":        {`"host":{"cpu_model":"` + strings.Repeat("x", 5000) + `"}`, "host: 4.9 KiB: at most 4 KiB"},
		"long text":         {`"stopped":"` + strings.Repeat("x", 1<<20) + `"`, "study.json: 1048576 bytes of one text: at most"},
		"long number":       {`"seed":` + strings.Repeat("1", 1<<20), "study.json: 1048576 bytes of one number: at most"},
		"values":            {`"unknown":[[]` + strings.Repeat(",[]", 1<<20) + `]`, "study.json: more than 400000 values"},
		"nested":            {`"unknown":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), "exceeded max depth"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := studyOf(t, `{"schema":"corecurve/study/1",`+c.field+`}`, "")
			s, err := sweep.ReadStudy(dir)
			switch {
			case (err == nil) != (c.want == ""), err != nil && !strings.Contains(err.Error(), c.want):
				t.Fatalf("error %v, want %q", err, c.want)
			case err != nil && len(err.Error()) > 700+len(dir):
				t.Errorf("the error has %d bytes", len(err.Error()))
			case err == nil && s.Header.Schema != sweep.StudySchema:
				t.Errorf("header %+v", s.Header)
			}
		})
	}
}

// A header with a text of a gigabyte is refused before it is read.
func TestHugeHeader(t *testing.T) {
	dir := studyOf(t, `{"schema":"`, "")
	if err := os.Truncate(filepath.Join(dir, "study.json"), 1<<30); err != nil {
		t.Skip(err)
	}
	limitstest.Holds(t, 1<<20, func() {
		_, err := sweep.ReadStudy(dir)
		if err == nil || !strings.HasSuffix(err.Error(), "study.json: 1 GiB: at most 8 MiB") {
			t.Error(err)
		}
	})
	schema := strings.Repeat("x", 1<<10)
	_, err := sweep.ReadStudy(studyOf(t, `{"schema":"`+schema+`"}`, ""))
	if err == nil || strings.Contains(err.Error(), schema[:100]) {
		t.Errorf("the error echoes the input: %v", err)
	}
}

// line returns a line of runs.jsonl with one field replaced or added.
func line(rep int, field, value string) string {
	b, err := json.Marshal(result(rep))
	if err != nil {
		panic(err)
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil {
		panic(err)
	}
	m[field] = json.RawMessage(value)
	b, err = json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(b) + "\n"
}

// A line beyond a limit is skipped, with a warning that names the line and the field; the others are read.
func TestResultLimits(t *testing.T) {
	good := line(0, "rep", "0")
	for name, c := range map[string]struct{ line, want string }{
		"rep":             {line(1, "rep", "-1"), "line 2 was skipped: rep is -1: must not be negative"},
		"large rep":       {line(1, "rep", "4611686018427387904"), "line 2 was skipped: rep is 4611686018427387904: must be at most 100000"},
		"replaces":        {line(1, "replaces_rep", "-5"), "replaces_rep is -5"},
		"kind":            {line(1, "kind", `"sideways"`), `kind is "sideways": must be timed or traced`},
		"total":           {line(1, "total_s", "-1"), "total_s is -1 s: must be from 0 s to 9007199 s"},
		"long total":      {line(1, "total_s", "9223372036"), "total_s is 9223372036 s: must be"},
		"float":           {line(1, "total_s", "1e300"), `seconds "1e300": out of range`},
		"start":           {line(1, "start_monotonic_s", "-0.5"), "start_monotonic_s is -500 ms: must be from 0 s"},
		"offset":          {line(1, "unix_minus_monotonic_ns", "9223372036854775807"), "unix_minus_monotonic_ns is 9223372036854775807"},
		"user":            {line(1, "user_s", "-1"), "user_s is -1 s"},
		"switches":        {line(1, "voluntary_switches", "-1"), "voluntary_switches is -1"},
		"memory":          {line(1, "max_rss_bytes", "9223372036854775807"), "max_rss_bytes is 9223372036854775807"},
		"tasks":           {line(1, "tasks", "-7"), "tasks is -7"},
		"process":         {line(1, "processes", `[{},{"pid":-1}]`), "processes[1].pid is -1"},
		"process time":    {line(1, "processes", `[{"user_s":1e9}]`), "processes[0].user_s is 1000000000 s"},
		"rank":            {line(1, "processes", `[{"rank":5000}]`), "processes[0].rank is 5000"},
		"processes":       {line(1, "processes", `[{}`+strings.Repeat(",{}", 8193)+`]`), "8194 processes: at most 8193"},
		"captures":        {line(1, "captures", `[{}`+strings.Repeat(",{}", 16388)+`]`), "16389 captures: at most 16388"},
		"warnings":        {line(1, "warnings", `[""`+strings.Repeat(`,""`, 1000)+`]`), "1001 warnings: at most 1000"},
		"metric":          {line(1, "metrics", `{"ns/op":1e200}`), `metrics["ns/op"] is 1e+200: must be from`},
		"noise":           {line(1, "noise", `{"run_cpus":{"had_core_s":-1}}`), "noise.run_cpus.had_core_s is -1 s"},
		"share":           {line(1, "noise", `{"others_share":1e300}`), "noise.others_share is 1e+300"},
		"digest":          {line(1, "digest", `"`+strings.Repeat("x", 5000)+`"`), "digest: 4.9 KiB: at most 4 KiB"},
		"point":           {strings.Replace(line(1, "rep", "1"), `"workers":2`, `"workers":4611686018427387904`, 1), "point: workers is 4611686018427387904"},
		"long line":       {`{"` + strings.Repeat("x", limits.ResultBytes) + "\n", "line 2 is damaged and was skipped: 4194307 bytes: at most 4194304 bytes"},
		"long text":       {line(1, "error", `"`+strings.Repeat("x", 1<<20)+`"`), "line 2 is damaged and was skipped: 1048576 bytes of one text"},
		"values":          {line(1, "unknown", `[[]`+strings.Repeat(",[]", 300_000)+`]`), "line 2 is damaged and was skipped: more than 200000 values"},
		"long number":     {line(1, "tasks", strings.Repeat("1", 60_000)), "line 2 is damaged and was skipped: json: cannot unmarshal number 111"},
		"path":            {line(1, "captures", `[{"path":"../x"}]`), `line 2: a capture has the path "../x"`},
		"the same twice":  {line(1, "captures", `[{"path":"runs/a/b"},{"path":"runs/a/b"}]`), `line 2: a capture is "runs/a/b", which line 2 has named already: it was left out`},
		"long sum":        {line(1, "processes", `[{}`+strings.Repeat(`,{"user_s":280000000}`, 20)+`]`), "add up to more than 4611686018 s"},
		"unknown key":     {line(1, "new", `[{"a":1}]`), ""},
		"negative margin": {line(1, "teardown_s", "-0.001"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := sweep.ReadStudy(studyOf(t, `{"schema":"corecurve/study/1"}`, good+c.line+line(2, "rep", "2")))
			if err != nil {
				t.Fatal(err)
			}
			results := 2
			if c.want == "" || strings.HasPrefix(c.want, "line 2: a capture") {
				results = 3
			}
			if len(s.Results) != results {
				t.Errorf("%d results, want %d", len(s.Results), results)
			}
			warnings := strings.Join(s.Warnings, "\n")
			if !strings.Contains(warnings, c.want) || (c.want == "") != (warnings == "") || len(warnings) > 700 {
				t.Errorf("warnings %q, want %q", warnings, c.want)
			}
		})
	}
}

// A file that several results name would be analysed for each.
func TestCapturesOnce(t *testing.T) {
	same := `[{"kind":"gotrace","path":"runs/a/p0.trace"}]`
	s, err := sweep.ReadStudy(studyOf(t, `{"schema":"corecurve/study/1"}`, line(1, "captures", same)+line(2, "captures", same)))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Results) != 2 || len(s.Results[0].Captures) != 1 || len(s.Results[1].Captures) != 0 || len(s.Warnings) != 1 {
		t.Errorf("results %+v, warnings %q", s.Results, s.Warnings)
	}
}

// Of many damaged lines the first are named and the others counted.
func TestManyDamages(t *testing.T) {
	dir := studyOf(t, `{"schema":"corecurve/study/1"}`, strings.Repeat("x\n", 100_000)+line(1, "rep", "1"))
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.Warnings); n != limits.Damages+1 || s.Warnings[n-1] != "runs.jsonl: 99980 more lines were skipped" || len(s.Results) != 1 {
		t.Errorf("%d results, %d warnings, the last %q", len(s.Results), n, s.Warnings[n-1])
	}
}

// More runs than a study can have are refused as a whole.
func TestManyRuns(t *testing.T) {
	var b bytes.Buffer
	for i := range limits.Results + 1 {
		fmt.Fprintf(&b, `{"schema":"corecurve/run/1","point":{"workload":"w%d","procs":1,"workers":1,"cores":1,"size":1},"rep":%d,"kind":"timed","status":"failed"}`+"\n", i/1000, i%1000)
	}
	_, err := sweep.ReadStudy(studyOf(t, `{"schema":"corecurve/study/1"}`, b.String()))
	if err == nil || !strings.HasSuffix(err.Error(), "runs.jsonl: 131073 runs: at most 131072 runs") {
		t.Error(err)
	}
}

// What is recorded can be read: what a program makes too long is shortened, and what cannot be makes the run a failed
// one that says why.
func TestAppendKeepsLimits(t *testing.T) {
	dir := newStudy(t, 0)
	_, j, err := sweep.ContinueStudy(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	long, nan, many, negative := result(0), result(1), result(2), result(3)
	long.Status, long.Error = sweep.Failed, strings.Repeat("\x01é", 10<<20)
	for range 5000 {
		long.Warnings = append(long.Warnings, "a warning")
	}
	nan.Metrics = map[string]float64{"ns/op": math.NaN()}
	many.Processes = make([]sweep.Process, limits.Processes+1)
	negative.Tasks = -1
	for _, r := range []*sweep.Result{long, nan, many, negative, result(4)} {
		if err := j.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Results) != 5 || len(s.Warnings) > 0 {
		t.Fatalf("%d results, warnings %q", len(s.Results), s.Warnings)
	}
	if r := s.Results[0]; len(r.Warnings) != limits.Notes || r.Warnings[limits.Notes-1] != "and 4001 more" ||
		!strings.HasSuffix(r.Error, "bytes more)") {
		t.Errorf("%d warnings, error of %d bytes", len(r.Warnings), len(r.Error))
	}
	for i, want := range map[int]string{
		1: `the result of the run is refused: metrics["ns/op"] is NaN: must be from -1e+100 to 1e+100`,
		2: "the result of the run is refused: 8194 processes: at most 8193 processes",
		3: "the result of the run is refused: tasks is -1: must not be negative",
	} {
		if r := s.Results[i]; r.Status != sweep.Failed || r.Error != want {
			t.Errorf("%d: %s, %q, want %q", i, r.Status, r.Error, want)
		}
	}
	if s.Results[4].Status != sweep.OK {
		t.Errorf("a good run is %s", s.Results[4].Status)
	}
}

// A study that could not be read again is not begun.
func TestCreateKeepsLimits(t *testing.T) {
	h := sweep.Header{Schema: sweep.StudySchema, Rule: sweep.Rule{MaxRuns: 1 << 62}}
	_, err := sweep.CreateStudy(filepath.Join(t.TempDir(), "x"), h)
	if err == nil || !strings.Contains(err.Error(), "rule.max_runs is 4611686018427387904: must be at most 100000") {
		t.Error(err)
	}
	h = sweep.Header{Schema: sweep.StudySchema, Command: []string{strings.Repeat("x", 1<<20)}}
	_, err = sweep.CreateStudy(filepath.Join(t.TempDir(), "x"), h)
	if err == nil || !strings.Contains(err.Error(), "bytes of one text") {
		t.Error(err)
	}
}

// FuzzReadStudy: whatever stands in the two files, reading takes memory in proportion to them, and the results that
// come out keep the limits: they can be recorded, and read, again.
func FuzzReadStudy(f *testing.F) {
	header, err := json.Marshal(sweep.Header{
		Schema: sweep.StudySchema, Command: []string{"corecurve", "run", "a\xff"},
		Workloads: []sweep.Program{{Name: "w", Command: &sweep.Command{Argv: []string{"x", "{workers}"}}}},
		Sweeps:    []sweep.Sweep{{Workload: "w", Mode: sweep.Threads, Size: 3, Points: []sweep.Point{result(0).Point}}},
		Host:      sweep.Host{CPUs: []sweep.CPU{{ID: 0}, {ID: 1}}},
	})
	if err != nil {
		f.Fatal(err)
	}
	full := result(0)
	full.Processes = []sweep.Process{{Role: sweep.Worker, PID: 7, User: 5}}
	full.Captures = []sweep.Capture{{Kind: sweep.GoTrace, Path: "runs/w/p0.trace"}}
	full.Metrics = map[string]float64{"ns/op": 1.5}
	full.Noise.CPUs = &sweep.Taken{Had: sweep.Seconds(time.Second)}
	runs, err := json.Marshal(full)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(header, append(runs, '\n'))
	f.Add(header, []byte(line(1, "rep", "1")+line(1, "rep", "1")+"x\n"+line(2, "status", `"interrupted"`)+"{"))
	f.Add([]byte(`{"schema":"corecurve/study/1","sweeps":[{"workload":"w","points":[{"workload":"w","procs":1}]}]}`), []byte("\n\n"))
	f.Fuzz(func(t *testing.T, header, runs []byte) {
		dir := studyOf(t, string(header), string(runs))
		var s *sweep.Study
		var err error
		limitstest.Holds(t, 200*int64(len(header)+len(runs))+4<<20, func() { s, err = sweep.ReadStudy(dir) })
		if err != nil {
			if len(err.Error()) > 2000 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			return
		}
		again := filepath.Join(t.TempDir(), "again")
		j, err := sweep.CreateStudy(again, s.Header)
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Results {
			status := s.Results[i].Status
			if err := j.Append(&s.Results[i]); err != nil || s.Results[i].Status != status {
				t.Errorf("%s is %q now: %v", s.Results[i].Dir(), s.Results[i].Error, err)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		copied, err := sweep.ReadStudy(again)
		if err != nil {
			t.Fatal(err)
		}
		if len(copied.Results)+len(copied.Replaced) != len(s.Results) {
			t.Errorf("%d results became %d: %q", len(s.Results), len(copied.Results), copied.Warnings)
		}
	})
}
