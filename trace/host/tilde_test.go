package host

import (
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTilde(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the paths of this test are not absolute on Windows")
	}
	tests := []struct{ home, s, want string }{
		{"/home/ann", "/home/ann", "~"},
		{"/home/ann/", "/home/ann/x y", "~/x y"},
		{"/home/ann", "/home/anna/x", "/home/anna/x"},
		{"/home/ann", "/home/ann-old/x", "/home/ann-old/x"},
		{"/home/ann", "--out=/home/ann/x --in /home/ann", "--out=~/x --in ~"},
		{"/home/ann", "-I/home/ann/include", "-I~/include"},
		{"/home/ann", "PATH=/bin:/home/ann/bin:/home/ann", "PATH=/bin:~/bin:~"},
		{"/home/ann", "file:///home/ann/x", "file://~/x"},
		{"/home/ann", "@/home/ann/x", "@~/x"},
		{"/home/ann", "'/home/ann'", "'~'"},
		{"/home/ann", "/data/home/ann/x", "/data/home/ann/x"},
		{"/home/ann", "/home/ann/home/ann/x", "~/home/ann/x"},
		{"/root", "./root/x", "./root/x"},
		{"/", "/etc", "/etc"},
		{"", "/etc", "/etc"},
		{"home", "home/x", "home/x"},
		{"/home/ann", "", ""},
	}
	for _, tt := range tests {
		if got := tilde(tt.home, tt.s); got != tt.want {
			t.Errorf("tilde(%q, %q) = %q, want %q", tt.home, tt.s, got, tt.want)
		}
	}
}

func TestTildeAll(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the home directory stands in another variable on Windows")
	}
	t.Setenv("HOME", "/home/ann")
	argv := []string{"corecurve", "run", "/home/ann/w"}
	if d := cmp.Diff([]string{"corecurve", "run", "~/w"}, TildeAll(argv)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if argv[2] != "/home/ann/w" {
		t.Errorf("the argument list itself was changed: %q", argv)
	}
}

func TestUntilde(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the home directory stands in another variable on Windows")
	}
	t.Setenv("HOME", "/home/ann")
	for in, want := range map[string]string{
		"~": "/home/ann", "~/w/x": "/home/ann/w/x", "/w": "/w", "~ann/w": "~ann/w", "-I~/w": "-I~/w", "": "",
	} {
		if got := Untilde(in); got != want {
			t.Errorf("Untilde(%q) = %q, want %q", in, got, want)
		}
	}
}
