package host

import (
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tilde returns s with the user's home directory shown as ~ wherever it occurs, as itself or at the start of a longer
// path, alone or after an option: "-I/home/ann/include" becomes "-I~/include".
func Tilde(s string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return s
	}
	s = tilde(home, s)
	// A program may have been given the same directory under its real name.
	if resolved, err := filepath.EvalSymlinks(home); err == nil && resolved != home {
		s = tilde(resolved, s)
	}
	return s
}

// TildeAll returns a command line with the home directory shown as ~ in every argument.
func TildeAll(argv []string) []string {
	out := make([]string, len(argv))
	for i, a := range argv {
		out[i] = Tilde(a)
	}
	return out
}

func tilde(home, s string) string {
	home = filepath.Clean(home)
	if !filepath.IsAbs(home) || filepath.Dir(home) == home {
		return s // no home, or the root, which reveals nothing
	}
	var b strings.Builder
	for {
		i := strings.Index(s, home)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + len(home)
		next, _ := utf8.DecodeRuneInString(s[end:])
		if begins(b.String()+s[:i]) && (end == len(s) || !partOfName(next)) {
			b.WriteString(s[:i])
			b.WriteByte('~')
			s = s[end:]
			continue
		}
		b.WriteString(s[:i+1])
		s = s[i+1:]
	}
}

// begins reports whether a path can begin after before: not in the middle of another path ("/data" + "/home/ann"), but
// after an option ("-I" + "/home/ann") and after slashes alone ("file://" + "/home/ann").
func begins(before string) bool {
	last := strings.LastIndexFunc(before, func(r rune) bool { return !partOfName(r) && r != '/' && r != '~' })
	if last >= 0 {
		_, size := utf8.DecodeRuneInString(before[last:])
		before = before[last+size:]
	}
	return strings.Trim(before, "/") == "" || strings.HasPrefix(before, "-") && !strings.Contains(before, "/")
}

// partOfName reports whether r may continue the name of a file, as opposed to ending it on a command line.
func partOfName(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-+%", r)
}

// Untilde puts the home directory back in front of a path that [Tilde] shortened.
func Untilde(path string) string {
	rest, ok := strings.CutPrefix(path+"/", "~/")
	home, err := os.UserHomeDir()
	if !ok || err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
