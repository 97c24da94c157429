package secret

import (
	"slices"
	"strings"
	"unicode"

	"github.com/corecurve/corecurve/trace/pattern"
)

// A certainty says which values of a name are secrets.
type certainty int

const (
	no     certainty = iota
	maybe            // those that look like keys
	opaque           // those that are no plain word
	code             // those of four to ten digits
	mode             // those that name no way to log in
	clear            // all
)

// clearNames are words, and words in a row, that make a name that of a secret. The scanners of repositories (gitleaks,
// detect-secrets, trufflehog) have them in common.
var clearNames = []string{
	"password", "passwords", "passwd", "passphrase", "passcode", "passwort", "pswd", "psw", "pword", "secret", "secrets",
	"pass word", "pass phrase", "pass code", "pass key",
	"apitoken", "authtoken", "accesstoken", "apikey", "api key", "app key", "application key", "appkey",
	"accesskey", "access key", "secretkey", "secret key", "private key", "privatekey", "priv key", "privkey",
	"auth key", "authkey", "license key", "encryption key", "signing key", "master key", "account key", "accountkey",
	"session key", "shared key", "storage key", "service key", "db key", "database key", "client key",
	"subscription key", "functions key", "credential", "credentials", "creds", "bearer", "authorization", "setcookie",
	"csrf", "jwt", "sas", "dsn password", "requirepass", "masterauth",
	"dbpw", "userpw", "rootpw", "adminpw", "bindpw", "ldappw",
}

// lastWords make a name that of a secret if they are its last word.
var lastWords = []string{"pass", "pwd", "pw", "token", "sig", "signature"}

// endings make a word that of a secret if it ends in them, as in dbpassword and PGPASS.
var endings = []string{"password", "passwd", "passphrase", "secret", "apikey", "token", "pass", "pwd"}

// endsOtherwise are words that end so and are none.
var endsOtherwise = []string{
	"bypass", "compass", "encompass", "surpass", "trespass", "overpass", "underpass", "multipass", "singlepass",
	"onepass", "twopass", "firstpass", "secondpass", "lastpass", "lowpass", "highpass", "bandpass", "allpass", "rpass",
	"prepass", "postpass", "oldpwd", "getpwd", "bostoken", "eostoken", "padtoken", "masktoken", "unktoken", "stoptoken",
	"nexttoken",
}

// otherBefore are words that make pass and token, at the end of a name, something else: a pass over data, a token of a
// text, a place in a list.
var otherBefore = []string{
	"first", "second", "third", "last", "final", "one", "two", "single", "multi", "num", "n", "max", "min", "per", "by",
	"low", "high", "band", "all", "render", "depth", "shadow", "z", "pre", "post", "opt", "each", "fast", "slow", "filter",
	"compiler", "lto", "llvm", "shader", "dry", "boarding",
	"bos", "eos", "pad", "mask", "unk", "stop", "start", "end", "sep", "cls", "special", "next", "prev", "starting",
	"continuation", "page", "cancellation", "cancel", "sync",
}

// otherKeys are words that make a key, behind them, one of data.
var otherKeys = []string{
	"public", "pub", "cache", "sort", "primary", "foreign", "partition", "group", "row", "hot", "range", "hash", "shard",
	"index", "object", "map", "lookup", "label", "column", "field", "routing", "message", "join", "host",
	"registry", "gpg",
}

// maybeNames are words that stand before secrets as well as before other values.
var maybeNames = []string{
	"key", "session", "login", "nonce", "salt", "cert", "hmac", "seed", "psk", "webhook", "token", "code",
}

// opaqueNames are words that stand before a secret, or before the name of a file.
var opaqueNames = []string{"cookie", "cookies", "sig", "signature", "pat"}

// codeNames are words that stand before a short number.
var codeNames = []string{"pin", "otp", "totp", "mfa"}

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
	"parallelism", "usage", "list", "cost", "strength", "engine", "class", "digits", "table",
	"changed", "expired", "updated", "at", "date", "time",
}

// askingNames are words that, at the start of a flag, make it one that has no value.
var askingNames = []string{
	"no", "ask", "prompt", "show", "hide", "use", "with", "without", "disable", "enable", "print", "check", "verify",
	"allow", "skip", "require", "need", "has", "is", "list", "get", "reset", "rotate", "generate", "dump",
}

// publicNames are the words of names whose values look like chance and are known to all.
var publicNames = []string{
	"id", "uuid", "guid", "commit", "rev", "revision", "ref", "digest", "hash", "sum", "checksum", "sha", "sha1", "sha256",
	"sha512", "md5", "etag", "cid", "fingerprint", "integrity", "version", "tag", "branch", "image", "name", "file",
	"ksuid", "ulid", "xid", "address", "addr",
	"path", "dir", "out", "output", "input", "bench", "run", "regexp", "regex", "filter", "pattern", "class", "test",
}

// patternNames are the words of names whose values are patterns, in which a name stands before what is looked for.
var patternNames = []string{"run", "bench", "fuzz", "grep", "regexp", "regex", "pattern"}

// names says which values of that name are secrets.
func names(name string) certainty {
	parts := parts(name)
	if len(parts) == 0 || slices.Contains(lastNames, parts[len(parts)-1]) {
		return no
	}
	last, before := parts[len(parts)-1], parts[:len(parts)-1]
	row := " " + strings.Join(parts, " ") + " "
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(row, " "+w+" ") })
	}
	other := slices.ContainsFunc(before, func(w string) bool { return slices.Contains(otherBefore, w) })
	variable := name == strings.ToUpper(name)
	switch {
	case has(clearNames):
		return clear
	case last == "auth":
		return mode
	case slices.Contains(codeNames, last):
		return code
	case len(parts) == 1 && slices.Contains(opaqueNames, last), slices.Contains(parts, "cookie"):
		return opaque
	case other && (endsSo(last) || last == "key" || slices.Contains(lastWords, last)):
		return no
	case slices.Contains(lastWords, last), slices.ContainsFunc(parts, endsSo) && !slices.Contains(parts, "token"),
		variable && len(parts) > 1 && (last == "pat" || slices.Contains(parts, "token")):
		return clear
	case last == "key" && slices.ContainsFunc(before, func(w string) bool { return slices.Contains(otherKeys, w) }):
		return no
	case has(maybeNames):
		return maybe
	}
	return no
}

// endsSo reports whether a word ends as those that stand for secrets do.
func endsSo(word string) bool {
	word = strings.TrimRight(word, "0123456789")
	return !slices.Contains(endsOtherwise, word) && word != "pass" &&
		slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(word, e) })
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

// searches reports whether what stands under a name is a pattern.
func searches(name string) bool {
	p := parts(name)
	return len(p) > 0 && slices.Contains(patternNames, p[len(p)-1])
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

// flagRE matches a flag and its value in one word, and a variable and its value.
var flagRE = pattern.Of(`^(-{1,2}[A-Za-z][A-Za-z0-9_.-]*|[A-Z_][A-Z0-9_]*)=`)
