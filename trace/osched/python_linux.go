package osched

import (
	"debug/elf"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// runtimeSymbol is the structure that holds the state of CPython since 3.7. The lock of the interpreter is part of it:
// threads wait on the addresses of its mutex and its condition.
const runtimeSymbol = "_PyRuntime"

// A pythonRuntime is the range of addresses of that structure in a process.
type pythonRuntime struct{ start, end uint64 }

func (p pythonRuntime) found() bool { return p.end > p.start }

func (p pythonRuntime) holds(address uint64) bool { return address >= p.start && address < p.end }

// findPython looks for the runtime in the process's program and in the Python libraries that it has loaded.
func findPython(pid int) pythonRuntime {
	dir := "/proc/" + strconv.Itoa(pid)
	text, err := os.ReadFile(dir + "/maps")
	if err != nil {
		return pythonRuntime{}
	}
	maps := parseMaps(text)
	exe, _ := os.Readlink(dir + "/exe") // if this fails, the program itself is not searched
	var tried []string
	for _, m := range maps {
		if m.path != exe && !strings.Contains(path.Base(m.path), "python") || slices.Contains(tried, m.path) {
			continue
		}
		tried = append(tried, m.path)
		// The path is that in the process's own file system, which differs in a container.
		file := dir + "/root" + m.path
		if m.path == exe {
			file = dir + "/exe"
		}
		if r := runtimeIn(file, m.path, maps); r.found() {
			return r
		}
	}
	return pythonRuntime{}
}

// runtimeIn looks up the symbol in an ELF file and relocates it to where the file is mapped. A program linked to a
// fixed address needs no relocation; any other program or library is moved by the difference between its first segment
// and its first mapping.
func runtimeIn(file, name string, maps []mapping) pythonRuntime {
	f, err := elf.Open(file)
	if err != nil {
		return pythonRuntime{}
	}
	defer func() { _ = f.Close() }()
	value, size := symbol(f)
	if size == 0 {
		return pythonRuntime{}
	}
	if f.Type == elf.ET_EXEC {
		return pythonRuntime{value, value + size}
	}
	page := uint64(os.Getpagesize())
	for _, p := range f.Progs {
		if p.Type != elf.PT_LOAD {
			continue
		}
		for _, m := range maps {
			if m.path == name && m.offset == p.Off&^(page-1) {
				start := m.start - p.Vaddr&^(page-1) + value
				return pythonRuntime{start, start + size}
			}
		}
	}
	return pythonRuntime{}
}

// symbol returns address and size of the runtime in f, or 0 if f has none. It looks at the dynamic symbols too, because
// stripping keeps them.
func symbol(f *elf.File) (value, size uint64) {
	for _, list := range []func() ([]elf.Symbol, error){f.DynamicSymbols, f.Symbols} {
		symbols, err := list()
		if err != nil {
			continue // no such section
		}
		for _, s := range symbols {
			if s.Name == runtimeSymbol && s.Section != elf.SHN_UNDEF {
				return s.Value, s.Size
			}
		}
	}
	return 0, 0
}

// fileKind returns the kind of file number fd of a process, or "".
func fileKind(pid int, fd uint64) string {
	link, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/fd/" + strconv.FormatUint(fd, 10))
	if err != nil {
		return ""
	}
	return kindOfFile(link)
}
