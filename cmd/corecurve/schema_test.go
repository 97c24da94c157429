package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v4"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/report/analysis"
	"github.com/corecurve/corecurve/report/comparison"
	"github.com/corecurve/corecurve/report/document"
	"github.com/corecurve/corecurve/report/fit"
	"github.com/corecurve/corecurve/report/prediction"
	"github.com/corecurve/corecurve/report/revisions"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/sweep"
)

// schemaDir has the JSON schemas of all that the tool reads and writes as JSON or YAML.
const schemaDir = "../../.github/schemas"

// A written is a document that the tool writes.
type written struct {
	of     reflect.Type
	schema string // its key "schema"; empty: it has none
	title  string
}

// documents are those that the tool writes, by the names of their schemas.
func documents() map[string]written {
	return map[string]written{
		"analysis":   {reflect.TypeFor[analysis.Document](), analysis.Schema, "corecurve analyze --json"},
		"check":      {reflect.TypeFor[checksDoc](), CheckSchema, "corecurve check --json"},
		"compare":    {reflect.TypeFor[comparison.Document](), comparison.Schema, "corecurve compare --json"},
		"doctor":     {reflect.TypeFor[diagnosis](), DoctorSchema, "corecurve doctor --json"},
		"fit":        {reflect.TypeFor[fit.Document](), fit.Schema, "corecurve fit --json: of several fits a line for each"},
		"history":    {reflect.TypeFor[revisions.Document](), revisions.Schema, "corecurve history --json"},
		"list":       {reflect.TypeFor[[]capture.Info](), "", "corecurve list --json"},
		"plan":       {reflect.TypeFor[planDoc](), PlanSchema, "corecurve run --dry-run --json"},
		"prediction": {reflect.TypeFor[prediction.Document](), prediction.Schema, "corecurve predict --json"},
		"predictions": {
			reflect.TypeFor[prediction.StudyDoc](), prediction.StudySchema, "corecurve predict --json of a study",
		},
		"report": {reflect.TypeFor[document.Document](), document.Schema, "report.json, and --json of run, bench and report"},
		"run":    {reflect.TypeFor[sweep.Result](), sweep.RunSchema, "a line of runs.jsonl"},
		"study":  {reflect.TypeFor[sweep.Header](), sweep.StudySchema, "study.json"},
		"variants": {
			reflect.TypeFor[comparison.StudyDocument](), comparison.StudySchema,
			"report.json of a study that compares variants, and --json of run, bench, report and compare",
		},
	}
}

// Names of the schemas of study files.
const (
	studyFile = "study-file"
	benchFile = "bench-file"
)

// schemaOf returns the schema of that name. One that is open allows keys that it does not name: additions to a document
// keep its number, and readers must ignore what they do not know.
func schemaOf(name string, open bool) (*jsonschema.Schema, error) {
	switch name {
	case studyFile:
		return studyFileSchema(newRun())
	case benchFile:
		return studyFileSchema(newBench())
	}
	d, ok := documents()[name]
	if !ok {
		return nil, fmt.Errorf("no schema is called %s", name)
	}
	known, err := ownForms()
	if err != nil {
		return nil, err
	}
	s, err := jsonschema.ForType(d.of, &jsonschema.ForOptions{TypeSchemas: known})
	if err != nil {
		return nil, err
	}
	(&describing{comments: map[string]map[string]string{}}).describe(d.of, s)
	s.Schema, s.Title = "https://json-schema.org/draft/2020-12/schema", d.title
	if d.schema != "" {
		s.Properties["schema"].Const = jsonschema.Ptr[any](d.schema)
	}
	if open {
		opened(s)
	}
	return s, nil
}

// ownForms are the schemas of types that write themselves.
func ownForms() (map[reflect.Type]*jsonschema.Schema, error) {
	out := map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[sweep.Seconds](): {Type: "number"},
		reflect.TypeFor[cause.Cause]():   {Type: "string"},
		reflect.TypeFor[[]byte]():        {Type: "string", ContentEncoding: "base64"},
	}
	for _, t := range []reflect.Type{ // each may hold those before it
		reflect.TypeFor[sweep.Command](), reflect.TypeFor[sweep.Program](), reflect.TypeFor[sweep.Header](),
	} {
		s, err := jsonschema.ForType(t, &jsonschema.ForOptions{TypeSchemas: out})
		if err != nil {
			return nil, err
		}
		s.Properties["not_utf8"] = &jsonschema.Schema{
			Type: "object", Description: "the bytes of texts that are not UTF-8, by key and index",
			AdditionalProperties: &jsonschema.Schema{Type: "string", ContentEncoding: "base64"},
		}
		s.PropertyOrder = append(s.PropertyOrder, "not_utf8")
		out[t] = s
	}
	return out, nil
}

// opened lets objects have keys that are not named.
func opened(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	for _, p := range s.Properties {
		opened(p)
	}
	opened(s.Items)
	if s.Properties != nil {
		s.AdditionalProperties = nil
	} else {
		opened(s.AdditionalProperties)
	}
}

// A describing puts the comments on fields into schemas.
type describing struct {
	comments map[string]map[string]string // by package, those of Type.Field
}

func (d *describing) describe(t reflect.Type, s *jsonschema.Schema) {
	switch t.Kind() {
	case reflect.Pointer:
		d.describe(t.Elem(), s)
	case reflect.Slice, reflect.Array:
		if s.Items != nil {
			d.describe(t.Elem(), s.Items)
		}
	case reflect.Map:
		d.describe(t.Elem(), s.AdditionalProperties)
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			p := s.Properties[name]
			if p == nil || f.Anonymous {
				continue
			}
			owner := t
			for _, i := range f.Index[:len(f.Index)-1] {
				if owner = owner.Field(i).Type; owner.Kind() == reflect.Pointer {
					owner = owner.Elem()
				}
			}
			p.Description = d.of(owner, f.Name)
			d.describe(f.Type, p)
		}
	}
}

// of is the comment on a field of a struct of the module.
func (d *describing) of(owner reflect.Type, field string) string {
	pkg, ok := strings.CutPrefix(owner.PkgPath()+"/", module)
	if owner.PkgPath() == "main" || strings.HasSuffix(owner.PkgPath(), "/cmd/corecurve") {
		pkg, ok = "cmd/corecurve", true
	}
	if !ok {
		return ""
	}
	if d.comments[pkg] == nil {
		d.comments[pkg] = commentsOf(filepath.Join("..", "..", filepath.FromSlash(pkg)))
	}
	name, _, _ := strings.Cut(owner.Name(), "[") // without the parameters of its type
	return d.comments[pkg][name+"."+field]
}

// commentsOf are the comments on the fields of all structs of the package in dir.
func commentsOf(dir string) map[string]string {
	out := map[string]string{}
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, path := range files {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue // it does not build here, and the test would not run
		}
		ast.Inspect(f, func(n ast.Node) bool {
			t, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			s, ok := t.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, f := range s.Fields.List {
				for _, name := range f.Names {
					out[t.Name.Name+"."+name.Name] = strings.Join(strings.Fields(f.Doc.Text()+" "+f.Comment.Text()), " ")
				}
			}
			return true
		})
	}
	return out
}

// schemasHold holds the schemas in the repository to the types and flags that there are, or writes them.
func schemasHold(t *testing.T) {
	names := append(slices.Sorted(maps.Keys(documents())), studyFile, benchFile)
	for _, name := range names {
		s, err := schemaOf(name, true)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var b bytes.Buffer
		if err := printJSON(&b, s); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(schemaDir, name+".json")
		if os.Getenv("CORECURVE_REFERENCE") == "update" {
			if err := errors.Join(os.MkdirAll(schemaDir, 0o755), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		} else if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("CORECURVE_REFERENCE=update go test ./cmd/corecurve -run Reference writes %s anew:\n%s", path, d)
		}
	}
	files, err := filepath.Glob(filepath.Join(schemaDir, "*"))
	if err != nil || len(files) != len(names) {
		t.Errorf("%v, %v: want the schemas of %v and nothing else", files, err, names)
	}
	script, err := os.ReadFile("testdata/script/schemas.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.Contains(string(script), "\nvalid "+name+" ") {
			t.Errorf("schemas.txtar holds nothing against the schema %s", name)
		}
	}
}

// studyFileSchema is that of study files of a verb, of which a key is a flag.
func studyFileSchema(verb *cobra.Command) (*jsonschema.Schema, error) {
	number, text := &jsonschema.Schema{Type: "integer"}, &jsonschema.Schema{Type: "string"}
	typed := func(types ...string) *jsonschema.Schema { return &jsonschema.Schema{Types: types} }
	single := map[string]*jsonschema.Schema{
		"bool": typed("boolean"), "int": number, "uint64": number, "float64": typed("number"), "intSlice": number,
		"counts": typed("integer", "string"), "sizes": typed("number", "string"),
		"duration": text, "string": text, "stringArray": text, "words": text,
	}
	s := &jsonschema.Schema{
		Schema: "https://json-schema.org/draft/2020-12/schema", Title: "a study file, for corecurve " + verb.Name() + " -f",
		Type: "object", Properties: map[string]*jsonschema.Schema{},
		AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
	}
	flags := verb.Flags()
	for _, key := range keys(verb) {
		words, kind := "", "stringArray"
		switch key {
		case keyWorkloads:
			words = "what is measured: workloads that corecurve list names, and packages as ./FOLDER or ./FOLDER:NAME"
		case keyCommand:
			words, kind = "what is measured: a command in any language, with placeholders", "words"
		case keyPackages:
			words = "what is measured: import paths or patterns, as the go command takes them, and folders of packages"
		case keyVariants:
			words, kind = "what is compared: commands by their names, the first of which is the base", "words"
		default:
			f := flags.Lookup(key)
			words, kind = f.Usage, f.Value.Type()
		}
		one := single[kind]
		if one == nil {
			return nil, fmt.Errorf("%s: no schema for the type %s", key, kind)
		}
		p := one.CloneSchemas()
		if kinds()[kind].list {
			list := &jsonschema.Schema{Type: "array", Items: one.CloneSchemas(), MinItems: new(1)}
			p = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{p, list}}
		}
		if key == keyVariants {
			p = &jsonschema.Schema{Type: "object", AdditionalProperties: p, MinProperties: new(2)}
		}
		p.Description = strings.ReplaceAll(words, "\n", " ")
		s.Properties[key] = p
		s.PropertyOrder = append(s.PropertyOrder, key)
	}
	return s, nil
}

// yamlAsJSON returns YAML as the JSON that editors hold against a schema.
func yamlAsJSON(text string) (string, error) {
	var value any
	if err := yaml.Load([]byte(text), &value); err != nil {
		return "", err
	}
	b, err := json.Marshal(value)
	return string(b), err
}

// An open schema allows what it does not name, and the strict one of the tests does not.
func TestOpenSchema(t *testing.T) {
	for _, open := range []bool{false, true} {
		s, err := schemaOf("check", open)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Resolve(nil)
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal([]byte(`{"schema": "corecurve/check/1", "gates": [], "new": 1}`), &value); err != nil {
			t.Fatal(err)
		}
		if err := r.Validate(value); (err == nil) != open {
			t.Errorf("open %v: %v", open, err)
		}
	}
}
