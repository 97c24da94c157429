package secret

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"

	"github.com/corecurve/corecurve/trace/pattern"
)

// The forms below are those that the services document, or that secret scanners have agreed on.

// privateKeyRE finds the body of a private key.
var privateKeyRE = pattern.Of(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)(?:-----END|$)`)

// formsRE finds the keys of services by the words that they begin with.
var formsRE = pattern.Of(`(?:^|[^A-Za-z0-9_])(` + strings.Join([]string{
	`gh[pousr]_[A-Za-z0-9]{20,}`, `github_pat_[A-Za-z0-9_]{20,}`, // GitHub
	`gl(?:pat|dt|rt|cbt|ptt|ft|oas|imt|agent|soat|ffct)-[A-Za-z0-9_-]{16,}`,   // GitLab
	`(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}`, `LTAI[A-Za-z0-9]{12,}`, // AWS, Alibaba
	`AIza[A-Za-z0-9_-]{30,}`, `ya29\.[A-Za-z0-9_-]{20,}`, `GOCSPX-[A-Za-z0-9_-]{20,}`, // Google
	`xox[abeoprs]-[A-Za-z0-9-]{10,}`, `xapp-[A-Za-z0-9-]{10,}`, // Slack
	`https://hooks\.slack\.com/services/[A-Za-z0-9/]+`, `https://discord(?:app)?\.com/api/webhooks/[A-Za-z0-9/_-]+`,
	`https://[\w.-]+\.webhook\.office\.com/webhookb2/[A-Za-z0-9/@_-]+`,
	`sk-[A-Za-z0-9_-]{20,}`, `gsk_[A-Za-z0-9]{20,}`, `xai-[A-Za-z0-9]{20,}`, // OpenAI, Anthropic and others
	`nvapi-[A-Za-z0-9_-]{20,}`, `pplx-[A-Za-z0-9]{20,}`, `r8_[A-Za-z0-9]{20,}`, `hf_[A-Za-z0-9]{30,}`,
	`(?:sk|rk|pk|whsec)_(?:live|test)_[A-Za-z0-9]{16,}`, `whsec_[A-Za-z0-9]{20,}`, // Stripe
	`eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[\w-]{8,}`, // JSON web tokens
	`npm_[A-Za-z0-9]{30,}`, `pypi-[A-Za-z0-9_-]{30,}`, `rubygems_[0-9a-f]{40,}`, // package registries
	`dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}`, `oy2[a-z0-9]{43}`, `CLOJARS_[a-z0-9]{50}`, // Docker, NuGet, Clojars
	`SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`, `key-[0-9a-f]{32}`, `[0-9a-f]{32}-us\d{1,2}`, // mail
	`SK[0-9a-f]{32}`,                                          // Twilio
	`do[opr]_v1_[0-9a-f]{40,}`, `hv[sbr]\.[A-Za-z0-9_-]{20,}`, // DigitalOcean, Vault
	`glsa_[A-Za-z0-9_]{30,}`, `glc_[A-Za-z0-9+/=]{30,}`, `shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}`, // Grafana, Shopify
	`lin_api_[A-Za-z0-9]{30,}`, `sq0[a-z]{3}-[A-Za-z0-9_-]{20,}`, `dapi[0-9a-f]{32}`, // Linear, Square, Databricks
	`ATATT3[A-Za-z0-9_=-]{20,}`, `figd_[A-Za-z0-9_-]{20,}`, `PMAK-[0-9a-f-]{30,}`, // Atlassian, Figma, Postman
	`tskey-[a-z]+-[A-Za-z0-9-]{10,}`, `sntry[su]_[A-Za-z0-9+/=_-]{30,}`, `NRAK-[A-Z0-9]{27}`, // Tailscale, Sentry, NR
	`pul-[0-9a-f]{40}`, `sbp_[0-9a-f]{40}`, `[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40,}`, // Pulumi, Supabase, Terraform
	`(?:ntn|secret)_[A-Za-z0-9]{40,}`, `dt0[a-z]01\.[A-Z0-9]{24}\.[A-Z0-9]{30,}`, // Notion, Dynatrace
	`AGE-SECRET-KEY-1[A-Z0-9]{50,}`, `\d{8,10}:AA[A-Za-z0-9_-]{32,34}`, // age, Telegram
}, "|") + `)`)

// headerRE finds what a header says of who asks: behind the name of a scheme, or at once.
var headerRE = pattern.Of(`(?i)\b(?:proxy-)?authorization\\*["']?\s*:\s*\\*["']?\s*` +
	`(?:(?:bearer|basic|digest|negotiate|api-?key|token|hmac|aws4-hmac-sha256|splunk|(?:sso-)?key|ntlm|oauth|bot)\s+)?` +
	`([^"'\\\r\n]+)`)

// wholeHeaderRE finds it in a word that is a header, quotes included.
var wholeHeaderRE = pattern.Of(`(?is)^(?:--header=|-H)?(?:proxy-)?authorization\s*:\s*(?:[a-z][\w-]*\s+)?(\S.*)$`)

// cookieRE finds cookies.
var cookieRE = pattern.Of(`(?i)(?:^|["'\s=]|-H)(?:set-)?cookie:\s*([^"'\r\n]*=[^"'\r\n]*)`)

// schemeRE finds what follows the name of a scheme of HTTP authentication.
var schemeRE = pattern.Of(`(?i)\b(bearer|basic|negotiate|apikey|token)\s+([A-Za-z0-9._~+/=:-]{8,})`)

// replaceSchemes hides what follows the name of a scheme, unless it is a text about one.
func (h *Hider) replaceSchemes(s string) string {
	return schemeRE().ReplaceAllStringFunc(s, func(match string) string {
		m := schemeRE().FindStringSubmatchIndex(match)
		value := match[m[4]:m[5]]
		is := false
		switch strings.ToLower(match[m[2]:m[3]]) {
		case "bearer":
			is = !ordinary(value)
		case "basic":
			b, err := base64.StdEncoding.DecodeString(value)
			is = err == nil && strings.Contains(string(b), ":")
		default:
			is = secretValue(maybe, value)
		}
		if !is || reference(value) {
			return match
		}
		return match[:m[4]] + h.hide(value)
	})
}

// urlREs find the password in an URL, with a slash in it too, and in the addresses of drivers and proxies.
var urlREs = []func() *regexp.Regexp{
	pattern.Of(`[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'"]*:([^\s/'"?]+)@`),
	pattern.Of(`://[^\s/:@'"]+:([^\s@'"?/:]*[^\s@'"?/:0-9][^\s@'"?/:]*/[^\s@'"?:]*)@`),
	pattern.Of(`(?:^|[\s=,"'])[\w.-]+:([^\s@'"]+)@(?:tcp|tcp4|tcp6|udp|unix)\(`),
	pattern.Of(`(?:^|[\s=,"'])[\w.-]+:([^\s@:/'"]+)@[\w.-]+:\d+(?:[/\s,;"'?]|$)`),
	pattern.Of(`(?:^|\s)\w+/([^\s@/]+)@//\w`),
	pattern.Of(`jdbc:oracle:\w+:\w+/([^\s@]+)@`),
}

// userRE finds who asks by an URL, if it is one word.
var userRE = pattern.Of(`(?:https?|git\+https|wss?)://([^\s/:@'"?]{8,}):?@`)

// tokenUserRE matches those that are tokens by their name.
var tokenUserRE = pattern.Of(`^(?:tok|token|pat|key|sk|api)[_-]\w`)

// unlessUser hides who asks by an URL if that is a token.
func (h *Hider) unlessUser(user string) string {
	letter, digit := strings.ContainsFunc(user, unicode.IsLetter), strings.ContainsFunc(user, unicode.IsDigit)
	if tokenUserRE().MatchString(user) || secretValue(maybe, user) || letter && digit && len(user) >= 12 {
		return h.unlessReference(user)
	}
	return user
}

// sqlREs find the passwords of SQL, and those of calls that log in.
var sqlREs = []func() *regexp.Regexp{
	pattern.Of(`(?i)\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?\\*["']([^"'\\]+)`),
	pattern.Of(`(?i)\bidentified\s+by\s+([^\s"'\\;]+)`),
	pattern.Of(`(?i)\bpassword\s+(?:for\s+\S+\s*=\s*)?\\*["']([^"'\\]+)\\*["']`),
	pattern.Of(`(?:\bauth\s*=\s*|BasicAuth)\(\s*\\*["'][^"'\\]*\\*["']\s*,\s*\\*["']([^"'\\]+)`),
	pattern.Of(`(?i)\bpassword\(\\*["']([^"'\\]+)\\*["']\)`),
}

// stdinRE finds what a script writes to a program that reads a password.
var stdinRE = pattern.Of(`\b(?:echo|printf)\s+(?:-\w+\s+|["']?%s(?:\\n)?["']?\s+)*["']?(?:[\w.-]+:)?([^\s"'|:]+)["']?` +
	`\s*\|\s*(?:sudo\s+)?(?:-S|chpasswd|sudo\s+-S|[^|;&]*--(?:password|passphrase|pass|token)-(?:stdin|fd))`)

// elementRE finds the elements of XML that hold nothing but a text.
var elementRE = pattern.Of(`<(?:\w+:)?([A-Za-z][\w.-]*)(?:\s[^<>]*)?>([^<>]+)</`)

// replaceElements hides the texts of elements whose names are those of secrets.
func (h *Hider) replaceElements(s string) string {
	return elementRE().ReplaceAllStringFunc(s, func(match string) string {
		m := elementRE().FindStringSubmatchIndex(match)
		value := match[m[4]:m[5]]
		if names(match[m[2]:m[3]]) != clear || reference(strings.TrimSpace(value)) {
			return match
		}
		return match[:m[4]] + h.hide(value) + match[m[5]:]
	})
}
