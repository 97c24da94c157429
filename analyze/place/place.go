// Package place says which place of the user's own code a call stack stands for.
//
// A stack ends deep in what nobody can change: runtime.gopark, sync.(*Mutex).Lock, bytes.(*Buffer).Write. A person can
// act on the innermost frame of the program's own code, which is found in three steps:
//
//  1. Drop the frames from the outermost one of corecurve's own (package trace/workload and below trace/internal)
//     outwards: they only start the workload, and the main function that calls them may be corecurve's.
//  2. Drop frames of Go's standard library, and of the runtime's assembly functions, whose names have no package.
//  3. The first frame left is the place. If none is left, the first frame outside the runtime says more than how the
//     runtime parks a goroutine ([Nearest]).
//
// The standard library is known by the first element of the import path: there are few, and none has a dot. Rejected:
// the path of the file, which -trimpath makes look like that of any module.
package place

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/gotrace"
)

// User returns the frames of stack that are the user's own code. Both are innermost first.
func User(stack []gotrace.Frame) []gotrace.Frame {
	end := len(stack)
	for i, f := range slices.Backward(stack) {
		if starter(Package(f.Func)) {
			end = i
			break
		}
	}
	var own []gotrace.Frame
	for _, f := range stack[:end] {
		if p := Package(f.Func); !standard(p) && !starter(p) && !assembly(f) {
			own = append(own, f)
		}
	}
	return own
}

// Of returns the innermost frame of stack that is the user's own code, or false.
func Of(stack []gotrace.Frame) (f gotrace.Frame, ok bool) {
	own := User(stack)
	if len(own) == 0 {
		return gotrace.Frame{}, false
	}
	return own[0], true
}

// Nearest returns the frame that stands for stack where none is the user's own: the innermost one outside the runtime,
// or else the outermost, in which the goroutine began. It returns false if there is no frame.
func Nearest(stack []gotrace.Frame) (f gotrace.Frame, ok bool) {
	for _, f := range stack {
		if !inRuntime(f) {
			return f, true
		}
	}
	for _, f := range slices.Backward(stack) {
		if f.Func != "runtime.goexit" {
			return f, true
		}
	}
	return gotrace.Frame{}, false
}

// inRuntime reports whether a frame is of the Go runtime, be it under a name that another package knows it by, such as
// sync.runtime_Semacquire.
func inRuntime(f gotrace.Frame) bool {
	p := Package(f.Func)
	return p == "runtime" || strings.HasPrefix(p, "runtime/internal/") || strings.HasPrefix(p, "internal/runtime/") ||
		strings.HasPrefix(f.Func[len(p):], ".runtime_") || assembly(f)
}

// Starts reports whether stack is in code that starts workloads and deals out their tasks, and in none of the user's.
func Starts(stack []gotrace.Frame) bool {
	return len(User(stack)) == 0 && slices.ContainsFunc(stack,
		func(f gotrace.Frame) bool { return starter(Package(f.Func)) })
}

// A Function is what the user's own functions in a call stack are called: the innermost one and, if another package
// called into its own, the function there that did.
type Function struct{ Name, Caller string }

// FunctionOf returns the function that stack stands for; empty: none of it is the user's own.
func FunctionOf(stack []gotrace.Frame) Function {
	own := User(stack)
	if len(own) == 0 {
		return Function{}
	}
	f := Function{Name: own[0].Func}
	if c, ok := Caller(own); ok {
		f.Caller = c.Func
	}
	return f
}

// Caller returns the innermost frame of own, as User returns it, that is of another package than the first.
func Caller(own []gotrace.Frame) (f gotrace.Frame, ok bool) {
	i := slices.IndexFunc(own, func(f gotrace.Frame) bool { return !together(f, own[0]) })
	if i < 0 {
		return gotrace.Frame{}, false
	}
	return own[i], true
}

// together reports whether two functions are of one package. Names alone do not tell: an inlined function literal has
// the name of the function that it was inlined into.
func together(a, b gotrace.Frame) bool {
	in := folder(a.File)
	return Package(a.Func) == Package(b.Func) || in != "" && in == folder(b.File)
}

// folder returns the folder of a file of any system; if that was redacted, it returns the file.
func folder(file string) string {
	if dir := path.Dir(strings.ReplaceAll(file, `\`, "/")); file != "" && dir != "…" {
		return dir
	}
	return file
}

// Name returns what a frame is called in profiles and sentences: the function without the folders of its import path,
// with file and line.
func Name(f gotrace.Frame) string {
	name := f.Func
	if i := len(folders(name)); i > 0 {
		name = name[i:]
	}
	if name == "" {
		name = "a function without a name"
	}
	if f.File == "" {
		return name
	}
	return name + " (" + Line(f) + ")"
}

// Line returns the file and line of a frame, without the folders.
func Line(f gotrace.Frame) string {
	return fmt.Sprintf("%s:%d", path.Base(strings.ReplaceAll(f.File, `\`, "/")), f.Line)
}

// Package returns the import path of a function: "net/http" of "net/http.(*Server).Serve".
func Package(function string) string {
	dir := folders(function)
	base, _, _ := strings.Cut(function[len(dir):], ".")
	return dir + base
}

// folders returns the part of a function's name up to the last slash of its import path. Slashes of type arguments do
// not count.
func folders(function string) string {
	head, _, _ := strings.Cut(function, "[")
	return head[:strings.LastIndexByte(head, '/')+1]
}

// starter reports whether a package starts workloads.
func starter(pkg string) bool {
	const own = "github.com/corecurve/corecurve/trace/"
	rest, ok := strings.CutPrefix(pkg, own)
	return ok && (rest == "workload" || strings.HasPrefix(rest, "internal/"))
}

// assembly reports whether a frame is one of the runtime's assembly functions whose names have no package:
// gcWriteBarrier, expandAVX512_3. The file tells them from C functions.
func assembly(f gotrace.Frame) bool {
	return !strings.ContainsAny(f.Func, "./") && strings.HasSuffix(f.File, ".s")
}

// standard reports whether a package is in Go's standard library.
func standard(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	switch first {
	case "archive", "bufio", "builtin", "bytes", "cmp", "compress", "container", "context", "crypto", "database",
		"debug", "embed", "encoding",
		"errors", "expvar", "flag", "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log",
		"maps", "math",
		"mime", "net", "os", "path", "plugin", "reflect", "regexp", "runtime", "slices", "sort", "strconv", "strings",
		"structs",
		"sync", "syscall", "testing", "text", "time", "unicode", "unique", "unsafe", "vendor", "weak":
		return true
	}
	return false
}
