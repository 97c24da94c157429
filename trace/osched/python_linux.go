package osched

import (
	"bufio"
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// runtimeSymbol is the structure that holds the state of CPython since 3.7. The lock of the interpreter is part of it:
// threads wait on the addresses of its mutex and its condition.
const runtimeSymbol = "_PyRuntime"

// A pythonRuntime is the range of addresses of that structure in a process.
type pythonRuntime struct{ start, end uint64 }

func (p pythonRuntime) found() bool { return p.end > p.start }

func (p pythonRuntime) holds(address uint64) bool { return address >= p.start && address < p.end }

// An elves remembers what was found in ELF files, which takes milliseconds to find, by device and inode.
type elves map[[2]uint64]elfRuntime

// findPython looks for the runtime in the process's program and in the Python libraries that it has loaded.
func (e elves) findPython(pid int) pythonRuntime {
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
		if r := e.runtimeIn(file).in(m.path, maps); r.found() {
			return r
		}
	}
	return pythonRuntime{}
}

// An elfRuntime is where the structure lies in an ELF file.
type elfRuntime struct {
	value, size uint64 // size 0: there is none
	fixed       bool   // the file is linked to a fixed address
	offset      uint64 // of the first segment, in whole pages
	base        uint64 // its address, in whole pages
}

// runtimeIn looks up the symbol in an ELF file.
func (e elves) runtimeIn(file string) elfRuntime {
	var st unix.Stat_t
	if unix.Stat(file, &st) != nil {
		return elfRuntime{}
	}
	key := [2]uint64{st.Dev, st.Ino}
	r, known := e[key]
	if !known {
		r = readRuntime(file)
		e[key] = r
	}
	return r
}

func readRuntime(file string) (r elfRuntime) {
	f, err := elf.Open(file)
	if err != nil {
		return r
	}
	defer func() { _ = f.Close() }()
	r.value, r.size = symbol(f)
	r.fixed = f.Type == elf.ET_EXEC
	page := uint64(os.Getpagesize())
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD {
			r.offset, r.base = p.Off&^(page-1), p.Vaddr&^(page-1)
			break
		}
	}
	return r
}

// in relocates the structure to where the file of that name is mapped. A program linked to a fixed address needs no
// relocation; any other program or library is moved by the difference between its first segment and its first mapping.
func (r elfRuntime) in(name string, maps []mapping) pythonRuntime {
	switch i := slices.IndexFunc(maps, func(m mapping) bool { return m.path == name && m.offset == r.offset }); {
	case r.size == 0:
		return pythonRuntime{}
	case r.fixed:
		return pythonRuntime{r.value, r.value + r.size}
	case i < 0:
		return pythonRuntime{}
	default:
		start := maps[i].start - r.base + r.value
		return pythonRuntime{start, start + r.size}
	}
}

// symbol returns address and size of the runtime in f, or 0 if f has none. It looks at the dynamic symbols too, because
// stripping keeps them.
func symbol(f *elf.File) (value, size uint64) {
	for _, kind := range []elf.SectionType{elf.SHT_DYNSYM, elf.SHT_SYMTAB} {
		table := f.SectionByType(kind)
		if table == nil || int(table.Link) >= len(f.Sections) || f.Class != elf.ELFCLASS64 {
			continue
		}
		if value, size = symbolIn(table, f.Sections[table.Link], f.ByteOrder); size > 0 {
			break
		}
	}
	return value, size
}

// symbolIn looks the name up among the names, and then for the symbol that has it. That takes a tenth of the time of
// reading all symbols, of which an interpreter has tens of thousands, and it takes place while the program runs.
func symbolIn(table, names *elf.Section, order binary.ByteOrder) (value, size uint64) {
	at := find(names.Open(), []byte(runtimeSymbol+"\x00")) // linkers let a name be the end of another
	if len(at) == 0 {
		return 0, 0
	}
	r := bufio.NewReaderSize(table.Open(), 32<<10)
	var sym [elf.Sym64Size]byte
	for {
		if _, err := io.ReadFull(r, sym[:]); err != nil {
			return 0, 0
		}
		// Elf64_Sym: name, info, other, section, value, size.
		if slices.Contains(at, int64(order.Uint32(sym[:]))) && elf.SectionIndex(order.Uint16(sym[6:])) != elf.SHN_UNDEF {
			return order.Uint64(sym[8:]), order.Uint64(sym[16:])
		}
	}
}

// find returns where r has what.
func find(r io.Reader, what []byte) (at []int64) {
	buf := make([]byte, 32<<10)
	for base, kept := int64(0), 0; ; {
		n, err := r.Read(buf[kept:])
		text := buf[:kept+n]
		from := 0
		for i := bytes.Index(text, what); i >= 0; i = bytes.Index(text[from:], what) {
			at = append(at, base+int64(from+i))
			from += i + 1
		}
		if err != nil {
			return at
		}
		from = max(from, len(text)-len(what)+1, 0) // it may be there in part
		base += int64(from)
		kept = copy(buf, text[from:])
	}
}

// kindOf returns the kind of file number fd of a process, or "".
func kindOf(pid int32, fd uint64) string {
	link, err := os.Readlink("/proc/" + strconv.Itoa(int(pid)) + "/fd/" + strconv.FormatUint(fd, 10))
	if err != nil {
		return ""
	}
	return kindOfFile(link)
}
