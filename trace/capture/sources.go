package capture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/corecurve/corecurve/trace/pattern"
)

// built says what the go command has built.
type built struct {
	folder  string // in which it was called
	query   string // the package
	tests   bool   // they were built with it
	library string // what stands for what Go's library has of ours; empty: nothing
}

// sources returns one SHA-256 of all that the go command has made the program exe of: the files of the package, those
// of its tests if they were built, those of all that it imports outside Go's own library, the version of Go and what
// its library was given, and the settings of the build. It does not depend on where the files lie, as the program
// itself does, which holds their paths. It is empty where files that the go command does not name have a part in the
// program: with cgo, which reads headers and libraries, with assembly that includes a file of another folder, and where
// flags of the user exchange files or tools.
//
// Rejected: building with -trimpath, which would make equal programs, and leave pprof, the traces and the report no
// path by which a source is found; and building a second time with it, which compiles Go's library again.
func sources(ctx context.Context, exe string, b built) (string, error) {
	sum := sha256.New()
	if b.library != "" {
		fmt.Fprintf(sum, "library %s\n", b.library)
	}
	if known, err := settings(ctx, sum, exe, b.folder); err != nil || !known {
		return "", err
	}
	args := []string{"list", "-deps", "-json=ImportPath,Dir,Standard,Module,GoFiles,CgoFiles,CFiles,CXXFiles,MFiles," +
		"HFiles,FFiles,SFiles,SwigFiles,SwigCXXFiles,SysoFiles,EmbedFiles,TestEmbedFiles,XTestEmbedFiles"}
	if b.tests {
		args = append(args, "-test")
	}
	cmd := exec.Command("go", append(args, "--", b.query)...)
	cmd.Dir = b.folder
	out, err := goOutput(ctx, cmd)
	if err != nil {
		return "", fmt.Errorf("sources of %s: %w", b.query, err)
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p sourcePackage
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return hex.EncodeToString(sum.Sum(nil)), nil
		case err != nil:
			return "", fmt.Errorf("sources of %s: the output of go list cannot be read: %w", b.query, err)
		case p.Standard:
			continue
		case len(p.CgoFiles)+len(p.SwigFiles)+len(p.SwigCXXFiles) > 0:
			return "", nil
		}
		if whole, err := p.add(sum); err != nil {
			return "", fmt.Errorf("sources of %s: %w", b.query, err)
		} else if !whole {
			return "", nil
		}
	}
}

// settings adds the version of Go, the user's flags and the settings of the build of exe to sum, and reports whether
// they are all. With -trimpath exe leaves some of them out.
func settings(ctx context.Context, sum io.Writer, exe, folder string) (known bool, err error) {
	env := exec.Command("go", "env", "GOFLAGS")
	env.Dir = folder
	flags, err := goOutput(ctx, env)
	if err != nil || bytes.Contains(flags, []byte("-overlay")) || bytes.Contains(flags, []byte("-toolexec")) {
		return false, err
	}
	info, err := buildinfo.ReadFile(exe)
	if err != nil {
		return false, err
	}
	fmt.Fprintf(sum, "%q %q\n", info.GoVersion, flags)
	for _, s := range info.Settings {
		if s.Key == "-pgo" { // a path
			if !filepath.IsAbs(s.Value) {
				return false, nil
			}
			if s.Value, err = hashFile(s.Value); err != nil {
				return false, err
			}
		}
		fmt.Fprintf(sum, "%q %q\n", s.Key, s.Value)
	}
	return true, nil
}

// A sourcePackage is a package as go list has it.
type sourcePackage struct {
	ImportPath, Dir string
	Standard        bool
	Module          *struct{ GoVersion string } // which decides what the language means

	GoFiles, CgoFiles, CFiles, CXXFiles, MFiles, HFiles, FFiles, SFiles, SwigFiles, SwigCXXFiles, SysoFiles []string
	EmbedFiles, TestEmbedFiles, XTestEmbedFiles                                                             []string
}

// add adds the names and contents of the files of p to sum, and reports whether they are all.
func (p *sourcePackage) add(sum io.Writer) (whole bool, err error) {
	version := ""
	if p.Module != nil {
		version = p.Module.GoVersion
	}
	fmt.Fprintf(sum, "%q %q\n", p.ImportPath, version)
	for _, name := range slices.Concat(p.GoFiles, p.CFiles, p.CXXFiles, p.MFiles, p.HFiles, p.FFiles, p.SFiles,
		p.SysoFiles, p.EmbedFiles, p.TestEmbedFiles, p.XTestEmbedFiles) {
		if filepath.IsAbs(name) { // the go command has made it, of the others
			continue
		}
		file, err := hashFile(filepath.Join(p.Dir, name))
		if err != nil {
			return false, err
		}
		fmt.Fprintf(sum, "%q %s\n", name, file)
	}
	for _, name := range slices.Concat(p.SFiles, p.HFiles) {
		text, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return false, err
		}
		for _, include := range includeRE().FindAllSubmatch(text, -1) {
			// Go's own (textflag.h) and those that it makes (go_asm.h) come with the version of Go.
			if file := string(include[1]); !slices.Contains(p.HFiles, file) && !slices.Contains(goHeaders(), file) {
				return false, nil
			}
		}
	}
	return true, nil
}

// includeRE finds what a file of assembly includes.
var includeRE = pattern.Of(`(?m)^\s*#\s*include\s*["<]?([^">\n]*)`)

// goHeaders are those that every package of assembly may include.
func goHeaders() []string {
	return []string{"go_asm.h", "textflag.h", "funcdata.h", "asm_amd64.h", "asm_ppc64x.h", "asm_riscv64.h"}
}
