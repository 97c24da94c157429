package secret

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A certainty says how sure it is that the value of a name is a secret.
type certainty int

const (
	no    certainty = iota
	maybe           // if the value looks like one
	clear
)

// clearNames are words, and words in a row, that make a name that of a secret.
var clearNames = []string{
	"password", "passwd", "passphrase", "passcode", "pwd", "pass", "pw", "secret", "secrets", "token",
	"apitoken", "authtoken", "accesstoken", "apikey", "api key",
	"accesskey", "access key", "secretkey", "secret key", "private key", "privatekey",
	"auth key", "authkey", "license key", "encryption key", "signing key", "master key", "account key", "session key",
	"shared key", "storage key", "signature", "sig", "credential", "credentials", "creds", "bearer", "authorization",
	"cookie", "csrf", "jwt", "pin", "otp", "totp", "sas", "dsn password",
}

// maybeNames are words that stand before secrets as well as before other values.
var maybeNames = []string{"key", "auth", "session", "login", "nonce", "salt", "cert", "hmac", "seed", "psk", "webhook"}

// lastNames are words that, at the end of a name, make it that of something else about a secret.
var lastNames = []string{
	"file", "files", "path", "dir", "folder", "stdin", "fd", "env", "var", "name", "names", "id", "ids", "type", "kind",
	"url", "uri", "host", "endpoint", "count", "counts", "size", "length", "len", "limit", "limits", "max", "min", "ttl",
	"timeout",
	"expiry", "expires", "age", "lifetime", "duration", "command", "cmd", "helper", "store", "provider", "policy",
	"method",
	"mode", "format", "scheme", "prompt", "rounds", "iterations", "hash", "hashes", "algorithm", "alg", "bits", "version",
	"index", "number", "budget", "rate", "prefix", "suffix", "header", "field", "column", "ref", "arn", "manager",
	"regex", "pattern", "validation", "check", "required", "enabled", "disabled", "source", "backend", "jar",
	"parallelism",
}

// askingNames are words that, at the start of a flag, make it one that has no value.
var askingNames = []string{
	"no", "ask", "prompt", "show", "hide", "use", "with", "without", "disable", "enable", "print", "check", "verify",
	"allow", "skip", "require", "need", "has", "is", "list", "get", "read", "reset", "rotate", "generate", "dump", "test",
}

// publicNames are the words of names whose values look like chance and are known to all.
var publicNames = []string{
	"id", "uuid", "guid", "commit", "rev", "revision", "ref", "digest", "hash", "sum", "checksum", "sha", "sha1", "sha256",
	"sha512", "md5", "etag", "cid", "fingerprint", "integrity", "version", "tag", "branch", "image", "name", "file",
	"path", "dir", "out", "output", "input", "bench", "run", "regexp", "regex", "filter", "pattern", "class", "test",
}

// names says whether the value of that name is a secret.
func names(name string) certainty {
	parts := parts(name)
	if len(parts) == 0 {
		return no
	}
	last := parts[len(parts)-1]
	if slices.Contains(lastNames, last) {
		return no
	}
	row := " " + strings.Join(parts, " ") + " "
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(row, " "+w+" ") })
	}
	switch {
	case slices.Contains([]string{"pass", "pin", "sig", "pwd", "pw"}, last) && len(parts) == 1:
		return maybe // -pass 2 of an encoder, PWD=/home/x, --pin of threads
	case slices.Contains([]string{"signature", "cookie"}, last) && len(parts) == 1:
		return maybe
	case has(clearNames):
		return clear
	case has(maybeNames):
		return maybe
	}
	return no
}

// asks reports whether a flag has no value, although it speaks of a secret.
func asks(flag string) bool {
	p := parts(flag)
	return len(p) > 1 && slices.Contains(askingNames, p[0])
}

// public reports whether what stands under a name is no secret, however much it looks like chance.
func public(name string) bool {
	return slices.ContainsFunc(parts(name), func(p string) bool { return slices.Contains(publicNames, p) })
}

// parts are the words of a name, in small letters: API_KEY, api-key and apiKey have api and key.
func parts(name string) []string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) ||
			unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte(' ')
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}

// nameRE finds names before values: --name=value, NAME=value, name: value, "name": "value", ?name=value&.
var nameRE = regexp.MustCompile(`([A-Za-z][A-Za-z0-9_.-]*)(["']?\s*[=:]\s*)`)

// replacePairs hides the values of names that are those of secrets.
func replacePairs(s string, h *Hider) string {
	var b strings.Builder
	end := 0
	for _, m := range nameRE.FindAllStringSubmatchIndex(s, -1) {
		if m[0] < end { // within what is hidden
			continue
		}
		name, sep := s[m[2]:m[3]], s[m[4]:m[5]]
		sure := names(name)
		spoken := strings.Contains(sep, ":") && !strings.ContainsAny(sep, `"' `) // host:port, a::b
		if sure == no || spoken && sure != clear {
			continue
		}
		lo, hi := valueAt(s, m[1])
		if value := s[lo:hi]; value != "" && value != Mark && secretValue(sure, value) {
			b.WriteString(s[end:lo])
			b.WriteString(h.hide(value))
			end = hi
		}
	}
	return b.String() + s[end:]
}

// valueAt returns where the value is that begins at a place: within quotes, or to white space or what separates pairs.
func valueAt(s string, at int) (lo, hi int) {
	if at == len(s) {
		return at, at
	}
	if q := s[at]; q == '"' || q == '\'' {
		for hi = at + 1; hi < len(s) && s[hi] != q; hi++ {
			if s[hi] == '\\' && q == '"' {
				hi++
			}
		}
		return at + 1, min(hi, len(s))
	}
	for _, pair := range []string{"$()", "${}", "{}", "<>"} { // a variable, the output of a command, a placeholder
		if rest, ok := strings.CutPrefix(s[at:], pair[:len(pair)-1]); ok {
			if i := strings.IndexByte(rest, pair[len(pair)-1]); i >= 0 {
				return at, at + len(pair) - 1 + i + 1
			}
		}
	}
	if i := strings.IndexAny(s[at:], " \t\r\n&;,\"'<>|(){}"); i >= 0 {
		return at, at + i
	}
	return at, len(s)
}

// secretValue reports whether a value of a name that is as sure that of a secret is one.
func secretValue(sure certainty, value string) bool {
	switch {
	case sure == no || reference(value):
		return false
	case sure == maybe:
		return len(value) >= 8 && len(value) <= mostRandom && !isPath(value) && (random(value) || mixed(value))
	}
	return true
}

// mixed reports whether a value is one word of letters and digits, as keys are, and no plain word or number.
func mixed(value string) bool {
	var letter, digit bool
	for _, r := range value {
		switch {
		case unicode.IsLetter(r):
			letter = true
		case unicode.IsDigit(r):
			digit = true
		case !strings.ContainsRune("+/=_-!@#$%^*.", r):
			return false
		}
	}
	return letter && digit && len(value) >= 12 && classChanges(value) >= leastChanges
}

// referenceRE matches what stands for a secret that is elsewhere: a variable, the output of a command, a placeholder.
var referenceRE = regexp.MustCompile(`^(?:\$\w+|\$\{[^}]*\}|\$\(.*\)?|` + "`.*`?" +
	`|%\w+%|\{\w*\}|\{\{.*\}\}|<[^>]*>|\*+|[xX]+|\.\.\.|…|@.+|env:.+|file:.+|fd:\d+|vault:.+|op://.+|stdin|-)$`)

// plainValues are what names of secrets are set to where there is none.
var plainValues = []string{
	"", "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "auto", "always", "never", "0", "1", "default",
	"required", "optional", "disabled", "enabled", "basic", "bearer", "digest", "redacted",
}

// mostReference is the length of the longest text that says where a secret is.
const mostReference = 4096

// reference reports whether a value is not a secret but says where one is, or that there is none.
func reference(value string) bool {
	if len(value) > mostReference {
		return false
	}
	return slices.Contains(plainValues, strings.ToLower(value)) || referenceRE.MatchString(value) || isPath(value)
}

// pathRE matches paths that say so themselves and whose parts are words.
var pathRE = regexp.MustCompile(`^(?:~|\.{1,2}|[A-Za-z]:)?(?:[/\\][\w.+@-]+)+[/\\]?$`)

// isPath reports whether a value is a path. Base64 may begin with a slash too, and then looks like chance.
func isPath(value string) bool {
	letters := strings.NewReplacer("/", "", `\`, "", "~", "", ".", "", "-", "", "_", "").Replace(value)
	return pathRE.MatchString(value) && (strings.ToLower(letters) == letters || classChanges(letters) < leastChanges)
}
