package secret

import (
	"slices"
	"strings"
	"unicode"

	"github.com/corecurve/corecurve/trace/pattern"
)

// secretValue reports whether a value of a name that is as sure that of a secret is one.
func secretValue(sure certainty, value string) bool {
	if sure == no || reference(value) {
		return false
	}
	switch sure {
	case maybe:
		return len(value) >= 8 && len(value) <= mostRandom && !isPath(value) &&
			(random(value) || mixed(value) || keyRE().MatchString(value))
	case opaque:
		return len(value) >= 8 && !ordinary(value) && (strings.ContainsAny(value, "=0123456789") || random(value))
	case code:
		return codeRE().MatchString(value)
	case mode:
		return !slices.Contains(authModes, strings.ToLower(value)) && !numberRE().MatchString(value)
	}
	return !digitRE().MatchString(value)
}

var (
	codeRE   = pattern.Of(`^\d{4,10}$`)
	numberRE = pattern.Of(`^[\d.,]+$`)
	digitRE  = pattern.Of(`^\d$`) // -pass 2 of an encoder
	keyRE    = pattern.Of(`^(?:[0-9a-f]{32,}|[0-9A-F]{32,})$`)
)

// authModes are ways to log in, which names like --auth are set to.
var authModes = []string{
	"password", "digest", "ntlm", "kerberos", "gssapi", "spnego", "negotiate", "md5", "scram", "scram-sha-1",
	"scram-sha-256", "scram-sha-512", "cram-md5", "plain", "login", "trust", "peer", "ident", "jwt", "oauth", "oauth2",
	"oidc", "saml", "token", "tls", "mtls", "ssl", "x509", "cert", "certificate", "key", "publickey", "ssh", "iam", "aws",
	"azure", "google", "gcp", "github", "anonymous", "pam", "ldap", "radius", "ntlmv2", "any", "want", "need", "require",
	"request", "session", "cookie", "server", "client", "open", "shared", "wpa", "wpa2", "wpa3", "wep", "psk", "eap",
	"simple", "external", "internal", "local", "remote", "user", "userpass", "approle", "kubernetes", "workload", "adc",
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

// ordinaryRE matches plain words, and several that are joined.
var ordinaryRE = pattern.Of(`^[A-Za-z][a-z]*(?:[-_.][A-Za-z]?[a-z]*)*$`)

// ordinary reports whether a value is a plain word. Passwords may be plain words, what a generator made never is.
func ordinary(value string) bool { return ordinaryRE().MatchString(value) }

// referenceRE matches what stands for a secret that is elsewhere: a variable, the output of a command, a placeholder,
// an expression of a program.
var referenceRE = pattern.Of(`^(?:\$\w+|\$\{[^}]*\}|\$\(.*\)?|` + "`.*`?" +
	`|%\w+%|\{[A-Za-z_]*\}|\{\{.*\}\}?|<[^>]*>|\*+|[xX]+|\.\.\.|…|@-|@[a-z_-]+|@[^@]*[./][^@]*|env:.+|file:.+|fd:\d+` +
	`|vault:.+|op://.+|stdin|-` +
	`|\.[A-Za-z_][\w.]*|(?:process|os|env|self|this|args|opts|req|config|cfg|params|secrets|vars?|ENV|System)\.[\w.]+` +
	`|[A-Za-z_][\w.]*\[[^\]]*\]?|id=[\w./-]+|[\w./=-]+(?:,(?:id|type|src|source|target|uid|gid|mode|env)=[\w./-]+)+)$`)

// fileRE matches names of files that hold secrets or words.
var fileRE = pattern.Of(`^[\w.-]+\.(?:pem|key|crt|cer|der|p12|pfx|jks|pub|asc|gpg|json|ya?ml|toml|ini|conf|cfg|` +
	`env|txt|xml|properties|keystore|dat|csv|bin|go|py|js|ts|c|h|rb|rs|java|sh|html?|log|gz|zip|tar)$`)

// plainValues are what names of secrets are set to where there is none.
var plainValues = []string{
	"", "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "auto", "always", "never", "0", "1", "default",
	"required", "optional", "disabled", "enabled", "basic", "bearer", "digest", "redacted", "undefined", "todo", "prompt",
	"all", "first", "last",
}

// saidOfSecrets are words that stand behind the name of a secret and a colon in a text, or in a program.
var saidOfSecrets = []string{
	"str", "string", "int", "bool", "boolean", "number", "bytes", "text", "object", "any", "char", "varchar", "keyword",
	"incorrect", "invalid", "wrong", "missing", "expired", "required", "failed", "accepted", "changed", "denied", "ok",
	"is", "not", "must", "may", "can", "the", "a", "an", "and", "or", "in", "of", "for", "to", "please", "no",
	"asc", "desc",
}

// mostReference is the length of the longest text that says where a secret is.
const mostReference = 4096

// reference reports whether a value is not a secret but says where one is, that there is none, or that it is hidden.
func reference(value string) bool {
	if len(value) > mostReference {
		return false
	}
	hidden := strings.HasSuffix(value, Mark) || strings.HasPrefix(value, Mark)
	return hidden || slices.Contains(plainValues, strings.ToLower(value)) ||
		referenceRE().MatchString(value) || fileRE().MatchString(value) || isPath(value)
}

// pathRE matches paths that say so themselves and whose parts are words.
var pathRE = pattern.Of(`^(?:~|\.{1,2}|[A-Za-z]:)?(?:[/\\][\w.+@-]+)+[/\\]?$`)

// isPath reports whether a value is a path. Base64 may begin with a slash too, and then looks like chance.
func isPath(value string) bool {
	letters := strings.NewReplacer("/", "", `\`, "", "~", "", ".", "", "-", "", "_", "").Replace(value)
	return pathRE().MatchString(value) && (strings.ToLower(letters) == letters || classChanges(letters) < leastChanges)
}
