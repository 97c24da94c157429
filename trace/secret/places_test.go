package secret

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Places are told by their names, and nothing else of a word is.
func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		line   string
		named  []Place
		others int
	}{
		{"x --password=hunter2 --token abcdef", []Place{"--password", "--token"}, 0},
		{"x --token a1b2 --token=c3d4", []Place{"--token"}, 0},
		{"env PGPASS=hunter2 psql", []Place{"$PGPASS"}, 0},
		{"corecurve run --env API_TOKEN=abc -- x", []Place{"$API_TOKEN"}, 0},
		{"curl -u ann:hunter2 https://h/", []Place{"-u"}, 0},
		{"mysql -phunter2 d", []Place{"-p"}, 0},
		{"curl -H [Authorization: Bearer abcdef] https://h/", []Place{"Authorization"}, 0},
		{"curl -H [Cookie: session=abcdef] https://h/", []Place{"Cookie"}, 0},
		{"curl -H [X-Api-Key: abcdef] https://h/", []Place{"X-Api-Key"}, 0},
		{`curl -d {"user":"ann","pwd":"hunter2"} https://h/`, []Place{"pwd"}, 0},
		{"x Server=db;Pwd=hunter2;Uid=ann", []Place{"Pwd"}, 0},
		{"x postgres://ann:hunter2@db/d", []Place{"postgres://"}, 0},
		{"x https://h/?a=b&sig=abcdef", []Place{"sig"}, 0},
		{"sh -c [mysql -phunter2 d; export DB_PASS=abc]", []Place{"-p", "$DB_PASS"}, 0},
		{"x ghp_abcdefghijklmnopqrstuvwxyz0123456789", nil, 1},
		{"x Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc --pass a", []Place{"--pass"}, 1},
		{"x --" + strings.Repeat("a", 70) + "-password=abc", nil, 1},
		{"x y", nil, 0},
	} {
		var h Hider
		named, others := Places(h.Words(split(c.line)))
		if d := cmp.Diff(c.named, named); d != "" || others != c.others {
			t.Errorf("%s: %d others; %s", c.line, others, d)
		}
	}
	for _, line := range withSecrets { // no secret is named
		var h Hider
		words := split(strings.NewReplacer("«", "", "»", "").Replace(line))
		named, _ := Places(h.Words(words))
		for _, p := range named {
			for v := range h.values {
				if strings.Contains(string(p), v) && !strings.Contains("--pass", v) {
					t.Errorf("%s: the place is called %q", line, p)
				}
			}
		}
	}
}
