package page

import "testing"

func TestInlineSVG(t *testing.T) {
	got, err := inline([]byte(`<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1000" viewBox="0 0 1600 1000"><defs><clipPath id="a"/></defs><g clip-path="url(#a)"><use href="#a"/></g></svg>
`), "p3-", `a "b"`)
	want := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 1000" role="img" aria-label="a &#34;b&#34;">` +
		`<defs><clipPath id="p3-a"/></defs><g clip-path="url(#p3-a)"><use href="#p3-a"/></g></svg>`
	if err != nil || string(got) != want {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
	if _, err := inline([]byte("no picture"), "", ""); err == nil {
		t.Error("what is no SVG was taken")
	}
}
