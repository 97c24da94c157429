package syncevents

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"slices"
	"strings"
)

// A ShapeError says that a function of Go's library is not as it is expected to be, so that it cannot be patched.
type ShapeError struct {
	File, Func, Version string
	Why                 string
}

func (e *ShapeError) Error() string {
	return fmt.Sprintf("%s of %s is not as expected: %s %s", e.File, e.Version, e.Func, e.Why)
}

// patch returns the source of a file with its edits made.
func (f *file) patch(source []byte, version string) ([]byte, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, f.path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", version, err)
	}
	var changes []change
	for _, s := range f.sites {
		fn := find(tree, s.fn)
		why := "is not there"
		if fn != nil {
			p := patcher{fset: fset, fn: fn, source: source}
			why = p.site(s)
			changes = append(changes, p.changes...)
		}
		if why != "" {
			return nil, &ShapeError{File: f.path, Func: s.fn, Version: version, Why: why}
		}
	}
	return apply(source, changes), nil
}

// find returns the declaration of the function that the language writes as name, or nil.
func find(tree *ast.File, name string) *ast.FuncDecl {
	for _, d := range tree.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		full := fn.Name.Name
		if fn.Recv != nil && len(fn.Recv.List) == 1 {
			full = "(" + text(fn.Recv.List[0].Type) + ")." + full
		}
		if full == name {
			return fn
		}
	}
	return nil
}

// text returns what a node reads. That of several lines matches nothing.
func text(n ast.Node) string {
	var b strings.Builder
	if err := printer.Fprint(&b, token.NewFileSet(), n); err != nil {
		return ""
	}
	return b.String()
}

// A change puts text in the place of the bytes from one offset to another.
type change struct {
	from, to int
	text     string
}

// apply makes changes, those at one offset in their order.
func apply(source []byte, changes []change) []byte {
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.from, b.from) })
	var out bytes.Buffer
	at := 0
	for _, c := range changes {
		out.Write(source[at:c.from])
		out.WriteString(c.text)
		at = c.to
	}
	out.Write(source[at:])
	return out.Bytes()
}

// A patcher finds the changes of one function.
type patcher struct {
	fset    *token.FileSet
	source  []byte
	fn      *ast.FuncDecl
	changes []change
}

// site finds the changes of a site and returns what is wrong with the function, if anything.
func (p *patcher) site(s site) string {
	if typ := text(p.fn.Type); typ != s.typ {
		return fmt.Sprintf("is a %s, not a %s", typ, s.typ)
	}
	if r := p.receiver(); r != "" && !strings.Contains(s.edits[0].text+s.edits[0].match, r) {
		return fmt.Sprintf("has the receiver %s", r)
	}
	for _, e := range s.edits {
		switch n := p.edit(e); {
		case n == e.times:
		case e.at == exit:
			return "has a return at its end"
		default:
			return fmt.Sprintf("has %q %d times, not %d", e.match, n, e.times)
		}
	}
	return ""
}

// receiver returns the name of the receiver.
func (p *patcher) receiver() string {
	if p.fn.Recv == nil || len(p.fn.Recv.List[0].Names) == 0 {
		return ""
	}
	return p.fn.Recv.List[0].Names[0].Name
}

// edit finds the changes of an edit and returns how many they are.
func (p *patcher) edit(e edit) int {
	body := p.fn.Body
	switch e.at {
	case entry:
		p.insert(body.Lbrace+1, " "+e.text+";")
		return 1
	case exit:
		if len(body.List) == 0 || terminates(body.List[len(body.List)-1]) {
			return 0
		}
		p.insert(body.Rbrace, ";"+e.text+";")
		return 1
	}
	n := 0
	ast.Inspect(body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			if strings.HasPrefix(e.match, "return") { // to another
				return false
			}
		case *ast.BlockStmt:
			n += p.list(node.List, e)
		case *ast.CaseClause:
			n += p.list(node.Body, e)
		}
		if e.at != around || !reads(node, e.match) {
			return true
		}
		p.changes = append(p.changes, change{p.offset(node.Pos()), p.offset(node.End()), e.text})
		n++
		return false
	})
	return n
}

// list finds the changes before and after statements of a list and returns how many they are.
func (p *patcher) list(stmts []ast.Stmt, e edit) (n int) {
	if e.at == around {
		return 0
	}
	for _, s := range stmts {
		if !reads(s, e.match) {
			continue
		}
		if e.at == before {
			p.insert(s.Pos(), e.text+"; ")
		} else {
			p.insert(s.End(), "; "+e.text)
		}
		n++
	}
	return n
}

// reads reports whether node is a statement or an expression that reads as match.
func reads(node ast.Node, match string) bool {
	switch node.(type) {
	case ast.Stmt, ast.Expr:
		return text(node) == match
	}
	return false
}

// terminates reports whether nothing comes after a statement, as far as its kind tells.
func terminates(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.ReturnStmt, *ast.BranchStmt, *ast.ForStmt, *ast.SelectStmt, *ast.SwitchStmt, *ast.LabeledStmt:
		return true
	}
	return false
}

func (p *patcher) insert(at token.Pos, text string) {
	p.changes = append(p.changes, change{p.offset(at), p.offset(at), text})
}

func (p *patcher) offset(at token.Pos) int { return p.fset.PositionFor(at, false).Offset }
