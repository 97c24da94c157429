package secret

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hidden are command lines and what is stored of them. Their words are separated by single spaces; a word with
// spaces in it stands in brackets: [a b].
var hidden = []struct{ given, stored string }{
	// By name, whatever the value.
	{"db --password=hunter2 x", "db --password=*** x"},
	{"db --password hunter2 x", "db --password *** x"},
	{"db -password hunter2", "db -password ***"},
	{"db --password=1234", "db --password=***"},
	{"x --db-password=abc", "x --db-password=***"},
	{"x --dbPassword=abc", "x --dbPassword=***"},
	{"x --passphrase [correct horse]", "x --passphrase ***"},
	{"x --api-key abc123", "x --api-key ***"},
	{"x --apikey=abc123", "x --apikey=***"},
	{"x --apiKey abc123", "x --apiKey ***"},
	{"x token=abc", "x token=***"},
	{"x --token abc", "x --token ***"},
	{"x --access-token=abc", "x --access-token=***"},
	{"x --client-secret abc", "x --client-secret ***"},
	{"x --secret-access-key /aB3+dEF/0x", "x --secret-access-key ***"},
	{"x AWS_SECRET_ACCESS_KEY=abc", "x AWS_SECRET_ACCESS_KEY=***"},
	{"x GITHUB_TOKEN=abc", "x GITHUB_TOKEN=***"},
	{"x PGPASSWORD_=abc PG_PASSWORD=abc", "x PGPASSWORD_=*** PG_PASSWORD=***"},
	{"x --header=X-Api-Key:abcdef", "x --header=X-Api-Key:***"},
	{"x [X-Auth-Token: abcdef]", "x [X-Auth-Token: ***]"},
	{`x {"password":"abc","n":1}`, `x {"password":"***","n":1}`},
	{"x [host=db user=me password=abc dbname=d]", "x [host=db user=me password=*** dbname=d]"},
	{"x Server=db;Password=abc;Pooling=true", "x Server=db;Password=***;Pooling=true"},
	{"x https://h/p?user=me&access_token=abc&n=1", "x https://h/p?user=me&access_token=***&n=1"},
	{"corecurve run --env API_TOKEN=abc -- x", "corecurve run --env API_TOKEN=*** -- x"},
	{"x -Dspring.datasource.password=abc", "x -Dspring.datasource.password=***"},
	{"x --key=9f8Gh2kLm4Nq7Rs1", "x --key=***"},
	// By scheme and program.
	{"curl -H [Authorization: Bearer abcdefgh] u", "curl -H [Authorization: Bearer ***] u"},
	{"curl -H [authorization: Basic dXNlcjpwYXNz] u", "curl -H [authorization: Basic ***] u"},
	{"curl -u me:hunter2 https://h/", "curl -u me:*** https://h/"},
	{"sh -c [curl -u me:hunter2 https://h/ | jq .]", "sh -c [curl -u me:*** https://h/ | jq .]"},
	{"sh -c [mytool --token abc --n 3]", "sh -c [mytool --token *** --n 3]"},
	{"sh -c [PASSWORD=abc exec x]", "sh -c [PASSWORD=*** exec x]"},
	{"x https://me:hunter2@host/path", "x https://me:***@host/path"},
	{"x postgres://me:hunter2@host:5432/db?sslmode=off", "x postgres://me:***@host:5432/db?sslmode=off"},
	{"x redis://:hunter2@host", "x redis://:***@host"},
	{"sshpass -p hunter2 ssh h", "sshpass -p *** ssh h"},
	{"mysql -u me -phunter2 db", "mysql -u me -p*** db"},
	{"openssl enc -k x -pass pass:hunter2", "openssl enc -k x -pass pass:***"},
	{"redis-cli -a hunter2 ping", "redis-cli -a *** ping"},
	// By form.
	{"x ghp_abcdefghijklmnopqrstuvwxyz0123456789", "x ***"},
	{"x --to=glpat-abcdefghij0123456789", "x --to=***"},
	{"x AKIAIOSFODNN7EXAMPLE", "x ***"},
	{"x sk-proj-abcdefghijklmnopqrstuv", "x ***"},
	{"x xoxb-123456789012-abcdefghij", "x ***"},
	{"x sk_live_abcdefghijklmnop", "x ***"},
	{"x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk", "x ***"},
	{"x npm_abcdefghijklmnopqrstuvwxyz0123456789", "x ***"},
	// By chance.
	{"x wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "x ***"},
	{"x Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc", "x ***"},
	{"x --with=Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc", "x --with=***"},
	{"x u:Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc", "x u:Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc"}, // a name before a colon may be anything
}

// open are command lines in which nothing is hidden.
var open = []string{
	"xz -T{workers} -k -c big.tar",
	"make -j {workers} all",
	"llm --tokens 100 --max-tokens=4096 --tokenizer=bpe",
	"llm --token-count 5 --tokens=7 --token-limit 100",
	"x --password-file=/run/secrets/db --token-file t.txt --secret-name db",
	"x --password-stdin in.txt",
	"x --no-password in.txt --ask-pass host",
	"x --password=$PASSWORD --token ${TOKEN} [--secret=$(cat s)]",
	"x --token={size} --api-key <key> --password=***",
	"x --token=true --auth=basic --key-type rsa",
	"x --password= --token none",
	"sort -k 2 --key=2,3n --key=name in.txt",
	"ffmpeg -i in.mp4 -pass 2 -b:v 1M out.mp4",
	"mkdir -p /tmp/x",
	"ssh -p 2222 host",
	"docker run -p 8080:80 image",
	"docker run alpine@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"PWD=/home/ann/Work2 x",
	"x e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"x da39a3ee5e6b4b0d3255bfef95601890afd80709",
	"x 123e4567-e89b-12d3-a456-426614174000",
	"x 123E4567-E89B-12D3-A456-426614174000 123456789012345678901234567890",
	"x sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
	"x h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
	"x QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG",
	"go test -run ^TestHTTP2ServerPush2023WithABCHandlers$ ./...",
	"go test -bench=BenchmarkHTTP2ClientH2C1MB|BenchmarkSortInt1K$",
	"x --gtest_filter=FooBarTest.DoesThing1AndThing2/3",
	"x /usr/lib/jvm/java-17-openjdk-amd64/bin/java",
	"x /nix/store/3n58xw4373jp0ljirf06d8077j15pc4j-glibc-2.37-8/lib",
	"x ~/data/Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc.bin",
	"x Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc.parquet",
	"x cache/Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc/file",
	"x --id=Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc --commit=Zq3vT9xLm2Rk8Wp5Yh7Bd4Nc",
	"x IMG_20230101T123456_PANO_0001 v1.2.3-45-gabcdef0123456789",
	"x https://example.com/a/b?page=2&sort=key",
	"x https://example.com:8080/login?next=/token",
	"x http://localhost:9090 user@host:/path/to/file",
	"x github.com/corecurve/corecurve/trace/sweep.Zq3",
	"python3 -m http.server --bind 127.0.0.1",
	"java -Xmx4g -XX:+UseG1GC -cp a.jar:b.jar org.example.Main",
	"gcc -O3 -march=native -DNDEBUG=1 -I/usr/include/x86_64-linux-gnu main.c",
	"sh -c [for i in 1 2 3; do echo $i; done]",
	"sh -c [head -c 3000000 /dev/urandom | xz -T{workers} -c > /dev/null]",
	"awk [{print $1\":\"$2}] key=value",
	"x --cookie-jar=jar.txt --salt-rounds=12 --secrets-dir secrets",
	"openssl speed -multi {workers} -evp aes-256-gcm",
	"stress-ng --cpu {workers} --timeout 2s --metrics-brief",
	"x https://host/p?token_type=jwt&X-Amz-Algorithm=AWS4-HMAC-SHA256",
	"x aGVsbG8gd29ybGQ=",
	"x --signature-algorithm=rsa --key=server.pem --keys=10000",
}

// split makes words of a line of the tables.
func split(line string) (words []string) {
	for line != "" {
		var w string
		if rest, ok := strings.CutPrefix(line, "["); ok {
			w, line, _ = strings.Cut(rest, "]")
			line = strings.TrimPrefix(line, " ")
		} else {
			w, line, _ = strings.Cut(line, " ")
		}
		words = append(words, w)
	}
	return words
}

func TestHidden(t *testing.T) {
	for _, c := range hidden {
		var h Hider
		given := split(c.given)
		got := h.Words(given)
		if d := cmp.Diff(split(c.stored), got); d != "" {
			t.Errorf("%s: %s", c.given, d)
		}
		if n := strings.Count(c.stored, Mark); h.Places != n {
			t.Errorf("%s: %d places, want %d", c.given, h.Places, n)
		}
		for i, w := range given {
			if !Matches(got[i], w) {
				t.Errorf("%s: %q does not match %q", c.given, got[i], w)
			}
		}
		// What is hidden stays so, and hides nothing more.
		var again Hider
		if d := cmp.Diff(got, again.Words(got)); d != "" || again.Places > 0 {
			t.Errorf("%s: hidden again: %s", c.given, d)
		}
	}
}

func TestOpen(t *testing.T) {
	for _, line := range open {
		var h Hider
		words := split(line)
		if d := cmp.Diff(words, h.Words(words)); d != "" || h.Places > 0 {
			t.Errorf("%s: %s", line, d)
		}
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		stored, given string
		want          bool
	}{
		{"--a=***", "--a=x", true},
		{"--a=***", "--b=x", false},
		{"***", "anything", true},
		{"a", "a", true},
		{"a", "ab", false},
		{"a***b***c", "a1b2c", true},
		{"a***b***c", "a1c2b", false},
		{"a***", "b", false},
		{"", "", true},
		{"", "x", false},
		{"a****b", "a*secret*b", true},
	} {
		if got := Matches(c.stored, c.given); got != c.want {
			t.Errorf("%q for %q: %v", c.given, c.stored, got)
		}
	}
}

// A mark that still stands where something was hidden is found, whatever stands at the other places; asterisks within a
// secret are no mark.
func TestLeft(t *testing.T) {
	for _, c := range []struct {
		stored, given string
		want          int
	}{
		{"--a=***", "--a=***", 1},
		{"--a=***", "--a=x", 0},
		{"--a=***", "--a=x***y", 0},
		{"***", "*****", 1},
		{"a", "a", 0},
		{"a****b", "a****b", 1},
		{"a****b", "a*secret*b", 0},
		{"-u ***:*** \xff", "-u ***:*** \xff", 2},
		{"-u ***:*** \xff", "-u me:*** \xff", 1},
		{"-u ***:*** \xff", "-u ***:my pass: word \xff", 1},
		{"-u ***:*** \xff", "-u me:you:*** \xff", 1},
		{"-u ***:*** \xff", "-u me:x \xff", 0},
	} {
		if got := Left(c.stored, c.given); got != c.want || !Matches(c.stored, c.given) {
			t.Errorf("%q for %q: %d are left, want %d", c.given, c.stored, got, c.want)
		}
	}
}

// What a program writes may quote what it was given. The secrets in it are known from the words.
func TestText(t *testing.T) {
	var h Hider
	h.Words([]string{"x", "--password=hunter2", "--token", "abc", "--secret=hunter22"})
	const want = "wrong password *** for me; abc is no token; ***"
	if got := h.Text("wrong password hunter2 for me; abc is no token; hunter22"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Words of any length and bytes are looked through in little time, and what is hidden of them matches them.
func FuzzWords(f *testing.F) {
	for _, c := range hidden {
		f.Add(c.given)
	}
	f.Add(strings.Repeat("a=", 5000))
	f.Fuzz(func(t *testing.T, line string) {
		var h Hider
		words := strings.Split(line, " ")
		for i, w := range h.Words(words) {
			if !Matches(w, words[i]) {
				t.Errorf("%q does not match %q", w, words[i])
			}
		}
		h.Text(line)
	})
}

// The value of a variable is all that follows its name.
func TestVariables(t *testing.T) {
	var h Hider
	got := h.Variables([]string{"db_password=a b,c;d", "N=1", "PWD=/x", "DSN=user=u password=abc", "TOKEN=$T"})
	if d := cmp.Diff([]string{"db_password=***", "N=1", "PWD=/x", "DSN=user=u password=***", "TOKEN=$T"}, got); d != "" {
		t.Error(d)
	}
}
